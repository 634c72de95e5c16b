/*
 * 13.6-files.c - checks what the server answers from a folder, and that nothing outside
 * of the folder can be had.
 */
#include <sys/stat.h>

#include "13.6-talk.h"
#include "folder.h"
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
    get("//sub//../sub"); /* never "//sub/", which leads to another host */
    EXPECT(strstr(talk.answer, "Location: /sub/\r\n") != NULL);
    get("/sub/");
    EXPECT(strstr(talk.answer, "<a href=\"%3Cb%3E%26.txt\">&lt;b&gt;&amp;.txt</a>") !=
           NULL);
    tear_down_files();
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
    char absolute[400];

    set_up_files();
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        get(tries[i]);
        EXPECT(talk.n > 0 && strstr(talk.answer, "SECRET") == NULL &&
               strstr(talk.answer, "secret") == NULL &&
               strstr(talk.answer, "root:") == NULL);
    }
    snprintf(absolute, sizeof absolute, "/%s/secret.txt", folder);
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
           { "no escape", check_no_escape })
