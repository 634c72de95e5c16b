/*
 * message-hostile.c - the HTTP message parsers against every byte in every place, damaged
 * messages and amplification; and proof that they scan no byte twice.
 */
#include "parse_record.h"

/* ---- every byte in every place ---------------------------------------------------- */

/* `pattern` with its '@' replaced by each byte: it must be "OK" for those in `allowed`
 * and for 0x80 to 0xff if `high`, and ERROR or MORE for all others. */
static void every_byte(const char *name, const char *pattern, const char *method,
                       const char *allowed, bool high)
{
    size_t n = strlen(pattern), place = strcspn(pattern, "@");
    char bytes[256];
    bool fine = true;

    for (int c = 0; c < 256; c++) {
        struct input in = { bytes, n, method, false, NULL };
        bool want = c >= 0x80 ? high : c != 0 && strchr(allowed, c) != NULL;
        char body[256];
        struct verdict v;

        memcpy(bytes, pattern, n);
        bytes[place] = (char)c;
        v = run_cut(&in, 0, n, body);
        if ((strcmp(v.result, "OK") == 0) != want || !run_all_cuts(&in, &v)) {
            printf("# byte 0x%02x: %s\n", (unsigned)c, v.result);
            fine = false;
        }
    }
    tap(fine, name);
}

#define ALNUM "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define TOKEN ALNUM "!#$%&'*+-.^_`|~"
#define VISIBLE TOKEN "\"(),/:;<=>?@[\\]{}"

static void every_place(void)
{
    every_byte("a byte of a name", "HTTP/1.1 204 x\r\na@b: c\r\n\r\n", "GET", TOKEN ":",
               false);
    every_byte("a byte of a value", "HTTP/1.1 204 x\r\na: b@c\r\n\r\n", "GET",
               VISIBLE " \t", true);
    for (size_t i = 0; i < 19; i++) { /* eight bytes are compared at once */
        char value[] = "HTTP/1.1 204 x\r\na: 01234567890123456789\r\n\r\n";

        value[19 + i] = '@';
        every_byte("a byte of a long value", value, "GET", VISIBLE " \t", true);
    }
    every_byte("a byte of a reason", "HTTP/1.1 204 b@c\r\n\r\n", "GET", VISIBLE " \t",
               true);
    every_byte("a byte of a status", "HTTP/1.1 @04 b\r\n\r\n", "HEAD", "23456789", false);
    every_byte("a byte of a method", "G@T / HTTP/1.0\r\n\r\n", NULL, TOKEN, false);
    every_byte("a byte of a target", "GET /@ HTTP/1.0\r\n\r\n", NULL, VISIBLE, false);
    every_byte("a byte of Host", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", NULL,
               ALNUM "!$&'()*+,;=-._~%:[]", false);
    every_byte("a byte of a length", "HTTP/1.1 200 x\r\nContent-Length: @\r\n\r\n", "GET",
               "0", false);
    every_byte("a byte of a trailer name",
               "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na@b: c\r\n\r\n",
               "GET", TOKEN ":", false);
    every_byte("a byte of a trailer value",
               "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: b@c\r\n\r\n",
               "GET", VISIBLE " \t", true);
    every_byte("a byte in a quoted extension",
               "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0;a=\"\\@\"\r\n\r\n",
               "GET", VISIBLE " \t", true);
}

/* ---- damage: the verdict is the same in every cut --------------------------------- */

static unsigned long long random_state = 1;

static unsigned random_below(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

static void damage(char *bytes, size_t n)
{
    static const char odd[] = "\r\n\0 \t:;=\"\\,0a/";

    for (unsigned times = 1 + random_below(3); times > 0; times--)
        bytes[random_below((unsigned)n)] = random_below(4) > 0
                                               ? odd[random_below(sizeof odd - 1)]
                                               : (char)random_below(256);
}

static void damaged(void)
{
    static const char *const seeds[] = {
        "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\nA:b\r\n "
        "c\r\n\r\nabcX",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\" ;c\r\nabc\r\n"
        "0\r\nT: u\r\n v\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive, x\r\n\r\nall",
        "POST /a HTTP/1.1\r\nHost: h:80\r\nContent-Length: 2\r\n\r\nhiGET",
    };
    int count[3] = { 0, 0, 0 };
    bool fine = true;

    for (int i = 0; i < 20000 && fine; i++) {
        char bytes[256], body[256];
        struct input in = { bytes, strlen(seeds[i % 4]), i % 4 == 3 ? NULL : "GET",
                            random_below(2) == 0, NULL };
        struct verdict v;

        memcpy(bytes, seeds[i % 4], in.n);
        damage(bytes, in.n);
        v = run_cut(&in, 0, in.n, body);
        fine = run_all_cuts(&in, &v);
        count[v.result[0] == 'O' ? 0 : v.result[0] == 'M' ? 1 : 2]++;
    }
    printf("# OK %d, MORE %d, ERROR %d\n", count[0], count[1], count[2]);
    tap(fine && count[0] > 1000 && count[1] > 500 && count[2] > 5000,
        "20,000 damaged messages, the same in every cut");
}

/* ---- no byte is scanned twice ------------------------------------------------------ */

/* A head of `lines` fields arrives byte by byte. Complete lines are overwritten with
 * garbage, and the bytes of the current line with LF until its own LF arrives: a parser
 * that scans any byte again sees them. */
static bool looks_once(int lines)
{
    static struct http_head head;
    static char sent[HTTP_HEAD_MAX], buf[HTTP_HEAD_MAX];
    size_t n = (size_t)sprintf(sent, "HTTP/1.1 200 OK\r\n"), line = 0;
    ssize_t got = 0;

    for (int i = 0; i < lines; i++)
        n += (size_t)sprintf(sent + n, "Field-%d: %0400d\r\n", i, i);
    n += (size_t)sprintf(sent + n, "\r\n");
    http_head_init(&head);
    for (size_t i = 0; i < n && got == 0; i++) {
        if (sent[i] == '\n') {
            memcpy(buf + line, sent + line, i - line);
            line = i + 1;
        } else {
            memset(buf, '\0', line);
            memset(buf + line, '\n', i - line);
            if (i < 17) /* the first bytes of a message are compared, the five at most */
                memcpy(buf, sent, i);
        }
        buf[i] = sent[i];
        got = http_parse_response(&head, buf, i + 1);
    }
    return got == (ssize_t)n && head.count == lines &&
           head.fields[lines - 1].value.n == 400;
}

/* A body of 1 MB in 1-byte chunks arrives byte by byte: each call consumes its byte. */
static bool takes_each(void)
{
    static const char text[] = "1\r\nx\r\n";
    struct http_body body = { .kind = HTTP_CHUNKED, .limits = &http_usual_limits };
    size_t used, taken = 0, n = 1000000 / 6 * 6;
    struct span data;

    for (size_t i = 0; i < n; i++) {
        if (http_body_read(&body, text + i % 6, 1, &used, &data) != 0)
            return false;
        taken += used;
    }
    return taken == n && body.payload == n / 6;
}

/* Chunks of one byte with extensions of `ext` bytes: how many are accepted of 100,000? */
static int amplified(size_t ext)
{
    struct http_body body = { .kind = HTTP_CHUNKED, .limits = &http_usual_limits };
    char chunk[1100] = "1;";
    size_t n = ext > 0 ? ext + 7 : 6;

    memset(chunk + 2, 'a', ext);
    strcpy(chunk + n - 5, "\r\nx\r\n");
    for (int i = 0; i < 100000; i++) {
        struct span data;

        for (size_t used, at = 0; at < n; at += used)
            if (http_body_read(&body, chunk + at, n - at, &used, &data) < 0)
                return i;
    }
    return 100000;
}

int main(void)
{
    every_place();
    damaged();
    tap(looks_once(1) && looks_once(100), "no byte of a head is searched twice");
    tap(takes_each(), "1 MB of chunks byte by byte, each byte taken by its call");
    tap(amplified(0) == 100000, "one-byte chunks are legal");
    tap(amplified(500) < 200 && amplified(20) < 5000,
        "with large extensions they are not");
    return tap_end();
}
