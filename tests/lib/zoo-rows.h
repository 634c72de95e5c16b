/*
 * zoo-rows.h - the table of the zoo: connecting, the head, the body, kept connections,
 * redirects. A row's reason is the text before the colon of an error in pages.jsonl.
 *
 * Read next: zoo-peer.h.
 */
#ifndef ZOO_ROWS_H
#define ZOO_ROWS_H

#include "zoo.h"

/* clang-format off: it would give each field a line of its own */
#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define X500 X100 X100 X100 X100 X100

#define OK "HTTP/1.1 200 OK\r\n"
#define HTML OK "Content-Type: text/html\r\n"
#define TE "Transfer-Encoding: chunked\r\n"
#define CHUNKED OK TE "\r\n"
#define LENGTH(n) OK "Content-Length: " n "\r\n\r\n"
#define SIX "Content-Length: 6\r\n\r\nhello!"
#define ZIPPED(as, n) HTML "Content-Encoding: " as "\r\nContent-Length: " n "\r\n\r\n"
#define KEEP HTML "Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n" KEPT_LENGTH
#define KEPT_LENGTH "Content-Length: 38\r\n\r\n"
#define TO(...) "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " __VA_ARGS__

/* FIRST is the body of a first page that links to a second. GZIP is the same body packed
 * by gzip, and GZIP_TWICE is that body packed twice. */
#define FIRST "<title>first</title><a href=next>n</a>"
#define FIRST_PAGE HTML "Content-Length: 38\r\n\r\n" FIRST
#define GZIP                                                                           \
    "\037\213\010\000\000\000\000\000\002\377\263\051\311\054\311\111\265\113\313\054" \
    "\052\056\261\321\207\160\154\022\025\062\212\122\323\154\363\122\053\112\354\362" \
    "\154\364\023\355\000\245\127\132\023\046\000\000\000"
#define GZIP_TWICE                                                                     \
    "\037\213\010\000\000\000\000\000\002\377\223\357\346\140\000\001\246\377\233\065" \
    "\117\352\234\364\334\352\175\132\107\113\157\343\305\366\202\034\041\121\243\256" \
    "\240\313\071\237\203\264\275\336\174\312\371\042\374\226\141\151\170\224\260\032" \
    "\120\061\000\330\050\231\201\065\000\000\000"

/* A response that nobody asked for. It must not be taken for the second page. */
#define UNASKED HTML "Content-Length: 19\r\n\r\n<title>evil</title>"

/* FAILS: each attempt fails after `each_` seconds, and the page is retried. REFUSED: the
 * page fails and is not retried. */
#define FAILS(reason_, each_) .reason = (reason_), .each = (each_), .tries = ZOO_TRIES
#define REFUSED(reason_, status_) .reason = (reason_), .status = (status_)
/* COMES: all pages arrive. LEADS: a redirect is not followed, which is no error for
 * robots.txt. */
#define COMES(pages_) .status = 200, .pages = (pages_)
#define LEADS(reason_) .end = ZOO_NEXT, .reason = (reason_), .robots = "", .status = 302

/* The row of every good host: five pages, each sent after a tenth of a second. */
static const struct zoo_row zoo_good = {
    0, "", "good", .latency = 0.1, .end = ZOO_NEXT, COMES(5)
};

static const struct zoo_row zoo_rows[] = {
    /* connecting */
    { 1, "", "refuses", ZOO_REFUSES, FAILS("refused", 0), .requests = -1 },
    { 2, "", "accepts, never answers", .end = ZOO_SILENT, FAILS("head-timeout", 30) },
    { 3, "", "accepts and closes", .deaf = true, FAILS("closed-early", 0) },
    { 4, "", "resets at once", .deaf = true, .end = ZOO_RESET, FAILS("closed-early", 0) },
    { 5, "", "its line is full", ZOO_FULL, FAILS("connect-timeout", 10), .requests = -1 },
    { 6, "", "has no address", ZOO_NO_NAME, FAILS("no-address", 0), .requests = -1 },
    { 7, "a", "slow name server", ZOO_LATE_NAME, .text = BYTES(LENGTH("5") "hello"),
      .end = ZOO_NEXT, COMES(1), .each = 5 },
    { 7, "b", "dead name server", ZOO_LOST_NAME, FAILS("connect-timeout", 10),
      .requests = -1 },
    { 8, "a", "first address refuses", ZOO_DEAD_ONE, .text = BYTES(FIRST_PAGE),
      .end = ZOO_NEXT, COMES(2) },
    { 8, "b", "first address is mute", ZOO_MUTE_ONE, .text = BYTES(LENGTH("5") "hello"),
      .end = ZOO_NEXT, COMES(1), .each = 0.25 },
    /* the head */
    { 9, "", "a byte each 5 s", .text = BYTES(OK "X: "), .again = BYTES("x"), .pause = 5,
      FAILS("head-timeout", 30) },
    { 10, "", "endless status line", .text = BYTES("HTTP/1.1 200 "), .again = BYTES(X100),
      REFUSED("too-big", 0) },
    { 11, "", "endless field", .text = BYTES(OK "X: "), .again = BYTES(X100),
      REFUSED("too-big", 0) },
    { 12, "", "endless fields", .text = BYTES(OK), .again = BYTES("X: y\r\n"),
      REFUSED("too-big", 0) },
    { 13, "", "field of 1 MB", .text = BYTES(OK "X: "), .again = BYTES(X100),
      .times = 10000, .end = ZOO_SILENT, REFUSED("too-big", 0) },
    { 14, "", "endless 1xx", .again = BYTES("HTTP/1.1 100 Continue\r\n\r\n"),
      REFUSED("too-many-interim", 0) },
    { 15, "", "unasked 101",
      .text = BYTES("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
      .end = ZOO_SILENT, REFUSED("unexpected-101", 0) },
    { 16, "a", "NUL in a field", .text = BYTES(OK "X: a\0b\r\n\r\n"), .end = ZOO_SILENT,
      REFUSED("nul-in-field", 0) },
    { 16, "b", "ESC in a field", .text = BYTES(OK "X: \033[2J\r\n\r\n"),
      .end = ZOO_SILENT, REFUSED("ctl-in-field", 0) },
    { 16, "c", "bare CR in a field", .text = BYTES(OK "X: a\rb\r\n\r\n"),
      .end = ZOO_SILENT, REFUSED("bare-cr", 0) },
    { 17, "", "HTTP/0.9", .text = BYTES("<html>as it once was</html>"),
      REFUSED("bad-status-line", 0) },
    { 18, "a", "TLS alert", .text = BYTES("\025\003\001\000\002\002\050"),
      .end = ZOO_SILENT, REFUSED("bad-status-line", 0) },
    { 18, "b", "SSH banner", .text = BYTES("SSH-2.0-server\r\n"), .end = ZOO_SILENT,
      REFUSED("bad-status-line", 0) },
    { 19, "", "two Content-Lengths", .text = BYTES(OK "Content-Length: 5\r\n" SIX),
      .end = ZOO_NEXT, REFUSED("bad-length", 0) },
    { 20, "", "length and chunks",
      .text = BYTES(OK TE "Content-Length: 5\r\n\r\n0\r\n\r\n"), .end = ZOO_NEXT,
      REFUSED("te-and-length", 0) },
    /* the body */
    { 21, "", "length too large, then EOF", .text = BYTES(LENGTH("1000") "hello"),
      FAILS("closed-early", 0), .status = 200 },
    { 22, "", "length too large, silence", .text = BYTES(LENGTH("1000") "hello"),
      .end = ZOO_SILENT, FAILS("idle-timeout", 30), .status = 200 },
    { 23, "", "length too small", .text = BYTES(FIRST_PAGE UNASKED), .end = ZOO_NEXT,
      COMES(2) },
    { 24, "", "length 2^63", .text = BYTES(LENGTH("9223372036854775808")),
      .end = ZOO_SILENT, REFUSED("length-overflow", 0) },
    { 25, "", "endless until the close", .text = BYTES(OK "\r\n"), .again = BYTES(X100),
      REFUSED("too-large", 200), .robots = "", .most = ZOO_BODY },
    { 26, "", "endless chunks", .text = BYTES(CHUNKED),
      .again = BYTES("64\r\n" X100 "\r\n"), REFUSED("too-large", 200), .robots = "",
      .most = ZOO_BODY / 100 * 106 },
    { 27, "", "chunks of one byte", .text = BYTES(CHUNKED),
      .again = BYTES("1;" X500 "\r\nx\r\n"), REFUSED("too-much-overhead", 200),
      .most = 70000 },
    { 28, "", "chunk of 2^64+5", .text = BYTES(CHUNKED "10000000000000005\r\nhello"),
      .end = ZOO_SILENT, REFUSED("chunk-overflow", 200) },
    { 29, "", "endless trailers", .text = BYTES(CHUNKED "0\r\n"),
      .again = BYTES("X: y\r\n"), REFUSED("too-big", 200) },
    { 30, "", "resets in the middle", .deaf = true, .text = BYTES(LENGTH("1000") "hello"),
      .pause = 0.1, .times = 1, .end = ZOO_RESET, FAILS("closed-early", 0.1),
      .status = 200 },
    { 31, "a", "110 bytes/s for ever", .text = BYTES(OK "\r\n"), .again = BYTES(X10 "x"),
      .pause = 0.1, FAILS("total-timeout", 120), .status = 200 },
    { 31, "b", "10 bytes/s for ever", .text = BYTES(OK "\r\n"), .again = BYTES(X10),
      .pause = 1, FAILS("slow", 30), .status = 200 },
    { 32, "a", "unasked gzip", .text = BYTES(ZIPPED("gzip", "53") GZIP), .end = ZOO_NEXT,
      COMES(2) },
    { 32, "b", "gzip in gzip", .text = BYTES(ZIPPED("gzip, gzip", "71") GZIP_TWICE),
      .end = ZOO_NEXT, COMES(2) },
    { 32, "c", "gzip in gzip in gzip",
      .text = BYTES(ZIPPED("gzip, gzip, gzip", "71") GZIP_TWICE), .end = ZOO_NEXT,
      REFUSED("too-many-codings", 200) },
    { 32, "d", "gzip that is none", .text = BYTES(ZIPPED("gzip", "38") FIRST),
      .end = ZOO_NEXT, REFUSED("bad-gzip", 200) },
    { 32, "e", "an unknown coding", .text = BYTES(ZIPPED("br", "38") FIRST),
      .end = ZOO_NEXT, REFUSED("unknown-coding", 200) },
    /* kept connections */
    { 33, "", "closes when asked again", .text = BYTES(FIRST_PAGE), .end = ZOO_ONCE,
      COMES(2), .requests = 3 },
    { 34, "a", "second response unasked", .text = BYTES(FIRST_PAGE UNASKED),
      .end = ZOO_NEXT, COMES(2) },
    { 34, "b", "half a second later", .text = BYTES(FIRST_PAGE), .again = BYTES(UNASKED),
      .pause = 0.5, .times = 1, .end = ZOO_NEXT, COMES(2) },
    { 35, "", "408 on idle", .text = BYTES(FIRST_PAGE), .pause = 0.5, .times = 1,
      COMES(2),
      .again = BYTES("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n") },
    { 36, "", "keep-alive, and closes", .text = BYTES(KEEP FIRST), COMES(2) },
    /* redirects */
    { 37, "", "to itself", .ring = 1, LEADS("redirect-loop") },
    { 38, "", "ring of three", .ring = 3, LEADS("redirect-loop"), .pages = 3 },
    { 39, "", "on and on", .ring = -1, LEADS("too-many-redirects"), .pages = 11 },
    { 40, "a", "to 127.0.0.1", .text = BYTES(TO("http://127.0.0.1:9/\r\n\r\n")),
      .end = ZOO_NEXT, .robots = "forbidden-address", .status = 302 },
    { 40, "b", "to file:", .text = BYTES(TO("file:///etc/passwd\r\n\r\n")),
      LEADS("other-scheme") },
    { 40, "c", "to gopher:", .text = BYTES(TO("gopher://127.0.0.1:9/\r\n\r\n")),
      LEADS("other-scheme") },
    { 40, "d", "to userinfo@",
      .text = BYTES(TO("http://me:secret@z40d/40d/next\r\n\r\n")), .end = ZOO_NEXT,
      COMES(2) },
    { 41, "a", "Location with CR LF", .text = BYTES(TO("/next\r\n Evil: 1\r\n\r\n")),
      LEADS("bad-redirect") },
    { 41, "b", "Location of 100 KB", .text = BYTES(TO("/")), .again = BYTES(X100),
      .times = 1000, .end = ZOO_SILENT, REFUSED("too-big", 0) },
    { 41, "c", "no Location",
      .text = BYTES("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
      LEADS("bad-redirect") },
};
/* clang-format on */

enum { ZOO_ROWS = sizeof zoo_rows / sizeof *zoo_rows };

#endif
