/*
 * message.c - the HTTP message parsers on requests, and on cases that the vectors lack.
 *
 * Next: message-limits.c; the vectors are in message-vectors.c.
 */
#include "parse_record.h"

/* ---- cases: bytes in, result out -------------------------------------------------- */

struct example {
    const char *name, *bytes, *result;
    bool reuse;
};

static void run_examples(const struct example *e, size_t count, const char *method)
{
    for (size_t i = 0; i < count; i++) {
        struct input in = { e[i].bytes, strlen(e[i].bytes), method, false, NULL };

        tap(expect(&in, e[i].result, e[i].reuse), e[i].name);
    }
}

#define R "HTTP/1.1\r\nHost: h\r\n"
#define BAD(kind) "ERROR:" kind, false

static const struct example requests[] = {
    { "origin-form", "GET /a?b " R "\r\n", "OK", true },
    { "absolute-form", "GET http://h/p " R "\r\n", "OK", true },
    { "asterisk-form", "OPTIONS * " R "\r\n", "OK", true },
    { "authority-form", "CONNECT h:443 " R "\r\n", "OK", true },
    { "a body by length", "POST / " R "Content-Length: 2\r\n\r\nhi", "OK", true },
    { "a body in chunks",
      "POST / " R "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "OK", true },
    { "Connection: close", "GET / " R "Connection: close\r\n\r\n", "OK", false },
    { "HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", "OK", false },
    { "HTTP/1.0 that stays", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "OK",
      true },
    { "an empty line before", "\r\nGET / " R "\r\n", "OK", false },
    { "LF alone", "GET / HTTP/1.1\nHost: h\n\n", "OK", false },
    { "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "OK", true },
    { "an IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "OK", true },
    { "not there yet", "GET / HTTP/1.1\r\nHost: h\r\n", "MORE", false },
    { "two empty lines before", "\r\n\r\nGET / " R "\r\n", BAD("bad-start") },
    { "no Host", "GET / HTTP/1.1\r\n\r\n", BAD("bad-host") },
    { "two Hosts", "GET / " R "host: i\r\n\r\n", BAD("bad-host") },
    { "userinfo in Host", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", BAD("bad-host") },
    { "a path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", BAD("bad-host") },
    { "a space in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", BAD("bad-host") },
    { "no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n", BAD("bad-request-line") },
    { "an empty target", "GET  " R "\r\n", BAD("bad-target") },
    { "a relative target", "GET a " R "\r\n", BAD("bad-target") },
    { "another scheme", "GET ftp://h/ " R "\r\n", BAD("bad-target") },
    { "a scheme alone", "GET http:// " R "\r\n", BAD("bad-target") },
    { "asterisk with GET", "GET * " R "\r\n", BAD("bad-target") },
    { "asterisk and more", "OPTIONS *a " R "\r\n", BAD("bad-target") },
    { "CONNECT to nothing", "CONNECT  " R "\r\n", BAD("bad-target") },
    { "a tab before the version", "GET /\tHTTP/1.1\r\nHost: h\r\n\r\n",
      BAD("bad-target") },
    { "CONNECT to a path", "CONNECT /a " R "\r\n", BAD("bad-target") },
    { "a high byte in the target", "GET /\xc3\xa9 " R "\r\n", BAD("bad-target") },
    { "a tab in the target", "GET /a\tb " R "\r\n", BAD("bad-target") },
    { "a space in the target", "GET /a b " R "\r\n", BAD("bad-request-line") },
    { "a tab behind the method", "GET\t/ " R "\r\n", BAD("bad-request-line") },
    { "a method that is no token", "G(T / " R "\r\n", BAD("bad-request-line") },
    { "a space before the method", " GET / " R "\r\n", BAD("bad-request-line") },
    { "HTTP/0.9", "GET /\r\n\r\n", BAD("bad-request-line") },
    { "HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", BAD("bad-version") },
    { "http/1.1", "GET / http/1.1\r\nHost: h\r\n\r\n", BAD("bad-request-line") },
    { "a space behind the version", "GET / HTTP/1.1 \r\n\r\n", BAD("bad-request-line") },
    { "a TLS client", "\x16\x03\x01\x02", BAD("bad-request-line") },
    { "bare CR in the request line", "GET /\rX HTTP/1.1\r\n\r\n", BAD("bare-cr") },
    { "bare CR in a field", "GET / " R "A: b\rContent-Length: 9\r\n\r\n",
      BAD("bare-cr") },
    { "a folded line", "GET / " R "A: b\r\n c\r\n\r\n", BAD("folded-field") },
    { "a folded length", "GET / " R "Content-Length:\r\n 2\r\n\r\n",
      BAD("folded-field") },
    { "space before the colon", "GET / " R "Content-Length : 2\r\n\r\n",
      BAD("ws-before-colon") },
    { "two lengths", "GET / " R "Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
      BAD("bad-length") },
    { "one length twice", "GET / " R "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
      "OK", false },
    { "length and chunks",
      "POST / " R "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
      BAD("te-and-length") },
    { "chunks and length",
      "POST / " R "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
      BAD("te-and-length") },
    { "xchunked", "POST / " R "Transfer-Encoding: xchunked\r\n\r\n",
      BAD("te-unsupported") },
    { "chunked not last", "POST / " R "Transfer-Encoding: chunked, gzip\r\n\r\n",
      BAD("te-unsupported") },
    { "a vertical tab by chunked", "POST / " R "Transfer-Encoding: \vchunked\r\n\r\n",
      BAD("ctl-in-field") },
};

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct example responses[] = {
    { "SSH answers", "SSH-2.0-x", BAD("bad-status-line") },
    { "TLS answers", "\x15\x03", BAD("bad-status-line") },
    { "not yet SSH", "SSH", "MORE", false },
    { "not yet TLS", "\x15", "MORE", false },
    { "not yet HTTP", "HTTP", "MORE", false },
    { "HTTP/0.9 answers", "<html>", BAD("bad-status-line") },
    { "SMTP answers", "220 x", BAD("bad-status-line") },
    { "HTTP/1.2", "HTTP/1.2 200 OK\r\n", BAD("bad-version") },
    { "a folded first line", "HTTP/1.1 200 OK\r\n A: b\r\n\r\n", BAD("bad-name") },
    { "an empty name", "HTTP/1.1 200 OK\r\n: b\r\n\r\n", BAD("bad-name") },
    { "ESC in a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n \x1b\r\n\r\n",
      BAD("ctl-in-field") },
    { "bare CR in a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\rd\r\n\r\n",
      BAD("bare-cr") },
    { "CR CR LF", "HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", BAD("bare-cr") },
    { "CR CR LF at the end", "HTTP/1.1 200 OK\r\n\r\r\n", BAD("bare-cr") },
    { "CR in a name", "HTTP/1.1 200 OK\r\nA\rB: c\r\n\r\n", BAD("bare-cr") },
    { "101, which nobody asked for", "HTTP/1.1 101 x\r\nUpgrade: a\r\n\r\n",
      BAD("unexpected-101") },
    { "101 behind 100", "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 101 x\r\n\r\n",
      BAD("unexpected-101") },
    { "a control byte in a name", "HTTP/1.1 200 OK\r\nA\1: b\r\n\r\n", BAD("bad-name") },
    { "two lengths that differ",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
      BAD("bad-length") },
    { "lengths that differ in a list", "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n",
      BAD("bad-length") },
    { "304 has no body, whatever it says", "HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n",
      "OK", true },
    { "204 has no chunks", "HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n", "OK",
      true },
    { "100 has no body",
      "HTTP/1.1 100 x\r\nContent-Length: 9\r\n\r\n" CHUNKED "0\r\n\r\n", "OK", true },
    { "bytes behind a 204", "HTTP/1.1 204 x\r\n\r\nx", "OK", false },
    { "no reason and no space", "HTTP/1.1 204\r\n\r\n", "OK", false },
    { "Connection: keep-alive, close",
      "HTTP/1.0 204 x\r\nConnection: keep-alive\r\nConnection: a, close\r\n\r\n", "OK",
      false },
    { "keep-alive in 1.0", "HTTP/1.0 204 x\r\nConnection: a, Keep-Alive\r\n\r\n", "OK",
      true },
    { "close in a folded list", "HTTP/1.1 204 x\r\nConnection: a,\r\n close\r\n\r\n",
      "OK", false },
    { "an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
      BAD("bad-length") },
    { "an empty coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: ,\r\n\r\n",
      BAD("bad-te") },
    { "a length behind 9", "HTTP/1.1 200 OK\r\nContent-Length: 1:\r\n\r\n",
      BAD("bad-length") },
    { "2^63 - 1", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n",
      "MORE", false },
    { "2^63", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n",
      BAD("length-overflow") },
    { "a bad length in a 204", "HTTP/1.1 204 x\r\nContent-Length: -1\r\n\r\n",
      BAD("bad-length") },
    { "chunk 2^64 - 1", CHUNKED "ffffffffffffffff\r\nx", "MORE", false },
    { "chunk 2^64 + 5", CHUNKED "10000000000000005\r\nx", BAD("chunk-overflow") },
    { "chunk data and no CR", CHUNKED "1\r\nxy\n0\r\n\r\n", BAD("bad-chunk-end") },
    { "extension: name = value", CHUNKED "0;a = \"b\\\"\t\" ; c\r\n\r\n", "OK", true },
    { "extension: CR in quotes", CHUNKED "0;a=\"\r\n\"\r\n\r\n", BAD("bad-chunk-ext") },
    { "extension: LF in quotes", CHUNKED "0;a=\"\n\"\r\n\r\n", BAD("bad-chunk-ext") },
    { "extension: LF", CHUNKED "0;a\n\r\n", BAD("lf-in-chunk-line") },
    { "extension: no value", CHUNKED "0;a=\r\n\r\n", BAD("bad-chunk-ext") },
    { "extension: behind quotes", CHUNKED "0;a=\"b\"c\r\n\r\n", BAD("bad-chunk-ext") },
    { "extension: two names", CHUNKED "0;a b\r\n\r\n", BAD("bad-chunk-ext") },
    { "extension: DEL", CHUNKED "0;a\x7f\r\n\r\n", BAD("bad-chunk-ext") },
    { "trailer: folded", CHUNKED "0\r\nA: b\r\n c\r\n\r\n", "OK", true },
    { "trailer: folded first", CHUNKED "0\r\n c\r\n\r\n", BAD("bad-name") },
    { "trailer: no colon", CHUNKED "0\r\nab\r\n\r\n", BAD("no-colon") },
    { "trailer: space before colon", CHUNKED "0\r\na : b\r\n\r\n", BAD("bad-name") },
    { "trailer: bare CR", CHUNKED "0\r\na: b\rc\r\n\r\n", BAD("bare-cr") },
    { "trailer: CR at the end", CHUNKED "0\r\n\rx", BAD("bare-cr") },
    { "trailer: ESC", CHUNKED "0\r\na: \x1b\r\n\r\n", BAD("ctl-in-field") },
    { "trailer: LF alone", CHUNKED "0\r\n\n", "OK", false },
};

/* An answer to HEAD ends with its head. */
static const struct example to_head[] = {
    { "HEAD: a length", "HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\n", "OK", true },
    { "HEAD: chunks", CHUNKED, "OK", true },
    { "HEAD: neither", "HTTP/1.1 200 x\r\n\r\n", "OK", true },
    { "HEAD: a body all the same", "HTTP/1.1 200 x\r\nContent-Length: 1\r\n\r\nx", "OK",
      false },
    { "HEAD: two lengths", "HTTP/1.1 200 x\r\nContent-Length: 9, 8\r\n\r\n",
      BAD("bad-length") },
};

/* ---- how a caller uses a head ----------------------------------------------------- */

static void fields(void)
{
    static const char text[] = "HTTP/1.1 200 Fine \r\nSet-Cookie: a\r\nB: c, ,d ,\r\n"
                               "set-cookie:\t b\r\nE: f\r\n\tg \r\n\r\n";
    static struct http_head head;
    static const char *const items[] = { "c", "", "d", "" };
    struct span list, item;
    int i = 0;
    bool fine = true;

    http_head_init(&head);
    tap(http_parse_response(&head, text, sizeof text - 1) == (ssize_t)sizeof text - 1 &&
            http_span_is(head.reason, "Fine") && head.count == 4 && head.status == 200,
        "a head");
    i = http_find(&head, "SET-COOKIE", 0);
    tap(i == 0 && http_find(&head, "set-cookie", 1) == 2 &&
            http_find(&head, "set-cookie", 3) == -1 && http_field(&head, "x") == NULL &&
            http_field(&head, "set-cooki") == NULL,
        "repeated fields are found in order");
    tap(http_span_is(*http_field(&head, "e"), "f\r\n\tg"), "a folded value is trimmed");
    i = 0;
    for (list = *http_field(&head, "b"); http_next_item(&list, &item); i++)
        fine = fine && i < 4 && http_span_is(item, items[i]);
    tap(fine && i == 4, "items of a list");
}

/* Two properties that a whole exchange does not show. */
static void details(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    const char *end = text + sizeof text - 1;
    static struct http_head head;
    struct http_body body;
    struct span data;
    size_t used;
    bool early;

    http_head_init(&head);
    http_parse_response(&head, text, sizeof text - 2);
    http_framing(&body, &head, "GET");
    early = http_keep_alive(&body);
    tap(http_body_read(&body, end - 1, 1, &used, &data) == 1 && data.at == end - 1 &&
            !early && http_keep_alive(&body),
        "no reuse before the end of the body");
    http_head_init(&head);
    tap(http_parse_response(&head, "SSH-2.0", 7) < 0 && strstr(head.why, "SSH") != NULL,
        "the reason names an SSH server");
    http_head_init(&head);
    tap(http_parse_response(&head, "\x15\x03", 2) < 0 && strstr(head.why, "TLS") != NULL,
        "the reason names a TLS server");
}

int main(void)
{
    run_examples(requests, sizeof requests / sizeof *requests, NULL);
    run_examples(responses, sizeof responses / sizeof *responses, "GET");
    run_examples(to_head, sizeof to_head / sizeof *to_head, "HEAD");
    fields();
    details();
    return tap_end();
}
