/*
 * files.c - checks of static files: what the server answers from a folder, and that
 * nothing outside of the folder can be read.
 */
#include <sys/stat.h>

#include "folder.h"
#include "raw_client.h"
#include "static_files.h"

static int root = -1; /* the folder that is served */
static char folder[256];

static void answer(struct http_server *server, const struct http_request *request,
                   struct http_reply *reply)
{
    (void)server;
    static_files_answer(root, request, reply);
}

static void write_file(const char *name, const char *text)
{
    char path[300];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    EXPECT(f != NULL);
    if (f != NULL) {
        fputs(text, f);
        fclose(f);
    }
}

static void make_folder(const char *name)
{
    char path[300];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    EXPECT_INT(mkdir(path, 0700), 0);
}

static void remove_all(void)
{
    static const char *const names[] = { "root/sub/<b>&.txt", "root/sub",
                                         "root/in.txt",       "root/site/index.html",
                                         "root/site",         "root",
                                         "secret.txt",        "" };
    char path[300];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
}

static void set_up_files(void)
{
    const char *tmp = getenv("BATS_TEST_TMPDIR");
    char path[300];

    snprintf(folder, sizeof folder, "%s/serve-XXXXXX", tmp != NULL ? tmp : "/tmp");
    EXPECT(mkdtemp(folder) != NULL);
    write_file("secret.txt", "SECRET");
    make_folder("root");
    write_file("root/in.txt", "inside");
    make_folder("root/sub");
    write_file("root/sub/<b>&.txt", "odd");
    make_folder("root/site");
    write_file("root/site/index.html", "<p>index");
    snprintf(path, sizeof path, "%s/root", folder);
    EXPECT_INT(folder_open(&root, path), 0);
}

static void tear_down_files(void)
{
    folder_close(root);
    root = -1;
    remove_all();
}

static void get(const char *target)
{
    static char request[9000];

    snprintf(request, sizeof request, LAST("%s"), target);
    run((struct step[]){ { 0, request }, { 0, NULL } }, true);
    trace_answers("G");
}

static void check_files(void)
{
    char again[200];
    const char *date;

    set_up_files();
    get("/in.txt");
    EXPECT_TRACE("200/6");
    EXPECT(strstr(talk.answer, "Content-Type: text/plain\r\n") != NULL);
    date = strstr(talk.answer, "Last-Modified: ");
    EXPECT(date != NULL);
    if (date != NULL) {
        snprintf(again, sizeof again,
                 "GET /in.txt" HOST
                 "Connection: close\r\nIf-Modified-Since: %.29s\r\n\r\n",
                 date + strlen("Last-Modified: "));
        run((struct step[]){ { 0, again }, { 0, NULL } }, true);
        trace_answers("G");
        EXPECT_TRACE("304/0");
    }
    get("/in.txt?query");
    get("/%69n.txt");
    get("/sub/../in.txt");
    get("/in.txt/");
    get("/none");
    get("/in.txt/none");
    EXPECT_TRACE("200/6 200/6 200/6 404/9 404/9 404/9");
    get("/site/");
    EXPECT_TRACE("200/8");
    get("/sub?a=b");
    EXPECT(strstr(talk.answer, "301 Moved") &&
           strstr(talk.answer, "Location: /sub/?a=b\r\n"));
    get("//sub//../sub"); /* never "//sub/", which would name another host */
    EXPECT(strstr(talk.answer, "Location: /sub/\r\n") != NULL);
    get("/sub/");
    EXPECT(strstr(talk.answer, "<a href=\"%3Cb%3E%26.txt\">&lt;b&gt;&amp;.txt</a>") !=
           NULL);
    tear_down_files();
}

/* ---- ranges ---- */

#define MODIFIED 784111777 /* Sun, 06 Nov 1994 08:49:37 GMT */

static void set_modified(const char *name, time_t when)
{
    struct timespec both[2] = { { .tv_sec = when }, { .tv_sec = when } };
    char path[300];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    EXPECT_INT(utimensat(AT_FDCWD, path, both, 0), 0);
}

/* A request for root/in.txt, "inside", with extra fields: STATUS/BYTES RANGE BODY. */
static void get_part(const char *method, const char *fields)
{
    static char request[900];
    const char *range, *end;

    snprintf(request, sizeof request, "%s /in.txt" HOST "%sConnection: close\r\n\r\n",
             method, fields);
    run((struct step[]){ { 0, request }, { 0, NULL } }, true);
    trace_answers(method[0] == 'H' ? "H" : "G");
    range = strstr(talk.answer, "Content-Range: ");
    if (range != NULL)
        trace("%.*s", (int)strcspn(range + 15, "\r"), range + 15);
    end = strstr(talk.answer, "\r\n\r\n");
    trace("%s", end != NULL ? end + 4 : "no end");
}

static void check_ranges(void)
{
    static const struct {
        const char *range, *want;
    } rows[] = {
        { "bytes=0-2", "206/3 bytes 0-2/6 ins" },
        { "bytes=2-3", "206/2 bytes 2-3/6 si" },
        { "bytes=5-5", "206/1 bytes 5-5/6 e" },
        { "bytes=4-", "206/2 bytes 4-5/6 de" },
        { "bytes=0-", "206/6 bytes 0-5/6 inside" },
        { "bytes=4-99", "206/2 bytes 4-5/6 de" },
        { "bytes=4-99999999999999999999999999", "206/2 bytes 4-5/6 de" },
        { "bytes=-2", "206/2 bytes 4-5/6 de" },
        { "bytes=-6", "206/6 bytes 0-5/6 inside" },
        { "bytes=-99999999999999999999999999", "206/6 bytes 0-5/6 inside" },
        { "BYTES=1-1", "206/1 bytes 1-1/6 n" },
        { "bytes=6-", "416/21 bytes */6 Range Not Satisfiable" },
        { "bytes=6-9", "416/21 bytes */6 Range Not Satisfiable" },
        { "bytes=-0", "416/21 bytes */6 Range Not Satisfiable" },
        { "bytes=99999999999999999999999-", "416/21 bytes */6 Range Not Satisfiable" },
        { "bytes=18446744073709551616-", "416/21 bytes */6 Range Not Satisfiable" },
        { "bytes=3-2", "200/6 inside" },
        { "bytes=", "200/6 inside" },
        { "bytes=-", "200/6 inside" },
        { "bytes=2", "200/6 inside" },
        { "bytes=a-b", "200/6 inside" },
        { "bytes=1-2x", "200/6 inside" },
        { "bytes=+1-2", "200/6 inside" },
        { "bytes=1-2,4-5", "200/6 inside" },
        { "bytes 1-2", "200/6 inside" },
        { "lines=1-2", "200/6 inside" },
        { "", "200/6 inside" },
    };
    char field[100];

    set_up_files();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(field, sizeof field, "Range: %s\r\n", rows[i].range);
        get_part("GET", field);
        EXPECT(strstr(talk.answer, "Accept-Ranges: bytes\r\n") != NULL);
        EXPECT_TRACE(rows[i].want);
    }
    get_part("HEAD", "Range: bytes=1-2\r\n");
    EXPECT_TRACE("200/0 ");
    write_file("root/in.txt", "");
    get_part("GET", "Range: bytes=-1\r\n"); /* not a valid range, so it is ignored */
    EXPECT_TRACE("200/0 ");
    tear_down_files();
}

static void check_conditions(void)
{
#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
    static const struct {
        const char *fields, *want;
    } rows[] = {
        { "If-Modified-Since: " DATE "\r\n", "304/0 " },
        { "If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT\r\n", "304/0 " },
        { "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", "200/6 inside" },
        { "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n", "304/0 " },
        { "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n", "304/0 " },
        { "If-Modified-Since: Sun Nov  6 08:49:36 1994\r\n", "200/6 inside" },
        { "If-Modified-Since: yesterday\r\n", "200/6 inside" },
        { "If-Modified-Since: " DATE "\r\nIf-None-Match: \"a\"\r\n", "200/6 inside" },
        { "If-Modified-Since: " DATE "\r\nRange: bytes=1-2\r\n", "304/0 " },
        { "If-Range: " DATE "\r\nRange: bytes=1-2\r\n", "206/2 bytes 1-2/6 ns" },
        { "If-Range: Sun, 06 Nov 1994 08:49:38 GMT\r\nRange: bytes=1-2\r\n",
          "200/6 inside" },
        { "If-Range: \"tag\"\r\nRange: bytes=1-2\r\n", "200/6 inside" },
        { "If-Range: " DATE "\r\n", "200/6 inside" },
    };

    set_up_files();
    set_modified("root/in.txt", MODIFIED);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        get_part("GET", rows[i].fields);
        EXPECT_TRACE(rows[i].want);
    }
    EXPECT(strstr(talk.answer, "Last-Modified: " DATE "\r\n") != NULL);
    tear_down_files();
}

/* A file modified in this second may change again in it, so its date is not a
 * validator. */
static void check_fresh_date(void)
{
    struct http_reply reply;
    struct http_head head;
    static const char text[] =
        "GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\nIf-Range: " DATE "\r\n\r\n";

    for (int i = 0; i < 3; i++) {
        http_reply_init(&reply);
        reply.size = 10;
        reply.modified = MODIFIED;
        http_head_init(&head);
        EXPECT(http_parse_request(&head, text, sizeof text - 1) > 0);
        http_reply_range(&reply, &head, MODIFIED - 1 + i);
        trace("%d", reply.status);
    }
    EXPECT_TRACE("200 200 206");
}

static void check_dates(void)
{
    static const time_t times[] = { 0,         1,           951782399,  951782400,
                                    951868800, 1078012800,  1709164800, 4102444799,
                                    MODIFIED,  253402300799 };
    static const char *const none[] = {
        "",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 nov 1994 08:49:37 gmt ",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 0x Nov 1994 08:49:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 -8:49:37 GMT",
    };
    char text[HTTP_DATE_SIZE];
    struct span date = { text, 29 };

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        http_date(text, times[i]);
        EXPECT_INT(strlen(text), 29);
        EXPECT_INT(http_date_parse(&date, 0, -1), times[i]);
    }
    for (time_t t = 0; t < 4102444800; t += 86399 * 17) {
        http_date(text, t);
        if (http_date_parse(&date, 0, -1) != t)
            check_fail(__FILE__, __LINE__, "%s", text);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        date = (struct span){ none[i], strlen(none[i]) };
        EXPECT_INT(http_date_parse(&date, 0, -1), -1);
    }
}

static void check_no_escape(void)
{
    static const char *const tries[] = {
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2e/secret.txt",
        "/.%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/sub/../../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/./.././secret.txt",
        "//../secret.txt",
        "/..//secret.txt",
        "/....//secret.txt",
        "/..;/secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/in.txt/../../secret.txt",
        "/in.txt%00/../../secret.txt",
        "/%00",
        "/..%00/secret.txt",
        "/../root/../secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "http://x/../secret.txt",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/%2e%2e",
    };
    char absolute[3 * sizeof folder + 16] = "/";
    size_t n = 1;

    set_up_files();
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        get(tries[i]);
        EXPECT(talk.n > 0 && strstr(talk.answer, "SECRET") == NULL &&
               strstr(talk.answer, "secret") == NULL &&
               strstr(talk.answer, "root:") == NULL);
    }
    for (const char *c = folder; *c != '\0'; c++) /* any byte may be in it: encode all */
        n += (size_t)sprintf(absolute + n, *c == '/' ? "/" : "%%%02x", (unsigned char)*c);
    strcpy(absolute + n, "/secret.txt");
    get(absolute);
    EXPECT(strstr(talk.answer, "404 Not Found") != NULL);
    tear_down_files();
    trace_reset();
}

static void check_paths(void)
{
    static const char *const rows[][2] = {
        { "/", ". folder" },     { "", ". folder" },      { "/a", "a" },
        { "/a/", "a folder" },   { "/a/b", "a/b" },       { "//a///b", "a/b" },
        { "/a/.", "a folder" },  { "/a/..", ". folder" }, { "/a/b/..", "a folder" },
        { "/a/b/../c", "a/c" },  { "/../../a", "a" },     { "/%61%2e%62", "a.b" },
        { "/a%2fb", "refused" }, { "/a%00", "refused" },  { "/100%", "100%" },
        { "/%zz", "%zz" },       { "/...", "..." },       { "/ab/../..", ". folder" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span path = { rows[i][0], strlen(rows[i][0]) };
        char out[STATIC_PATH_MAX];
        bool is_folder;

        if (!static_path(out, &is_folder, path))
            trace("refused");
        else
            trace(is_folder ? "%s folder" : "%s", out);
        EXPECT_TRACE(rows[i][1]);
    }
}

CHECK_MAIN({ "paths", check_paths }, { "files", check_files },
           { "parts of a file", check_ranges }, { "conditions", check_conditions },
           { "a date of this second", check_fresh_date }, { "dates", check_dates },
           { "no escape", check_no_escape })
