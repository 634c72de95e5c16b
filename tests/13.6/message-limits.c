/*
 * message-limits.c - both sides of every limit of the HTTP message parsers, for default
 * and custom limits: the last accepted value and the first refused one.
 *
 * Next: message-hostile.c.
 */
#include "parse_record.h"

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct http_limits *set; /* the limits set by limit(), or NULL */

/* `start`, `times` times `part`, `end`: `result`. */
static void limit(const char *name, const char *start, const char *part, size_t times,
                  const char *end, const char *result)
{
    size_t n = strlen(part), room = strlen(start) + n * times + strlen(end);
    char *bytes = malloc(room + 1), *at = bytes;
    struct input in = { bytes, room, "GET", false, set };

    at += strlen(strcpy(at, start));
    for (size_t i = 0; i < times; i++, at += n)
        memcpy(at, part, n);
    strcpy(at, end);
    tap(expect(&in, result, strcmp(result, "OK") == 0), name);
    free(bytes);
}

static void limits(void)
{
    static const char head[] = "HTTP/1.1 204 x\r\n", last[] = "HTTP/1.1 204 x\r\n\r\n";
    char line[1100], rest[1100];

    limit("a line of 8192", "HTTP/1.1 204 x\r\nA:", "b", 8188, "\r\n\r\n", "OK");
    limit("a line of 8193", "HTTP/1.1 204 x\r\nA:", "b", 8189, "\r\n\r\n",
          "ERROR:too-big");
    limit("no end of line", "HTTP/1.1 204 ", "b", 8179, "", "ERROR:too-big");
    limit("128 fields", head, "A: b\r\n", 128, "\r\n", "OK");
    limit("129 fields", head, "A: b\r\n", 129, "\r\n", "ERROR:too-big");
    limit("16 interim", "", "HTTP/1.1 100 x\r\n\r\n", 16, last, "OK");
    limit("17 interim", "", "HTTP/1.1 100 x\r\n\r\n", 17, last, "ERROR:too-many-interim");
    limit("a chunk line of 1024", CHUNKED "0;", "a", 1020, "\r\n\r\n", "OK");
    limit("a chunk line of 1025", CHUNKED "0;", "a", 1021, "\r\n\r\n", "ERROR:too-big");
    limit("endless zeros", CHUNKED, "0", 1025, "", "ERROR:too-big");
    limit("128 trailers", CHUNKED "0\r\n", "A: b\r\n", 128, "\r\n", "OK");
    limit("129 trailers", CHUNKED "0\r\n", "A: b\r\n", 129, "\r\n", "ERROR:too-big");
    limit("a trailer line of 8192", CHUNKED "0\r\nA:", "b", 8188, "\r\n\r\n", "OK");
    limit("a trailer line of 8193", CHUNKED "0\r\nA:", "b", 8189, "\r\n\r\n",
          "ERROR:too-big");
    snprintf(line, sizeof line, "A:%01020d\r\n", 0);
    snprintf(rest, sizeof rest, "B:%01002d\r\n\r\n", 0);
    limit("a head of 65536", head, line, 63, rest, "OK");
    snprintf(rest, sizeof rest, "B:%01003d\r\n\r\n", 0);
    limit("a head of 65537", head, line, 63, rest, "ERROR:too-big");
    snprintf(rest, sizeof rest, "B:%01018d\r\n\r\n", 0);
    limit("a trailer of 65536", CHUNKED "0\r\n", line, 63, rest, "OK");
    snprintf(rest, sizeof rest, "B:%01019d\r\n\r\n", 0);
    limit("a trailer of 65537", CHUNKED "0\r\n", line, 63, rest, "ERROR:too-big");
}

/* The same with custom limits, lower and higher than the defaults. */
static void other_limits(void)
{
    static const struct http_limits low = { .line = 24,
                                            .head = 60,
                                            .fields = 2,
                                            .interim = 1,
                                            .chunk_line = 8,
                                            .overhead_free = 40,
                                            .overhead_each = 1 };
    static const char ok[] = "HTTP/1.1 204 x\r\n", early[] = "HTTP/1.1 100 x\r\n\r\n";
    static const char last[] = "HTTP/1.1 204 x\r\n\r\n";
    static const char chunked[] = "HTTP/1.1 200 x\r\nTransfer-Encoding:chunked\r\n\r\n";
    struct http_limits other = low;

    set = &other;
    limit("low: a line of 24", "HTTP/1.1 204 ", "b", 9, "\r\n\r\n", "OK");
    limit("low: a line of 25", "HTTP/1.1 204 ", "b", 10, "\r\n\r\n", "ERROR:too-big");
    limit("low: a field of 24", ok, "b", 0, "A:20-45678-01234567890\r\n\r\n", "OK");
    limit("low: a field of 25", ok, "b", 0, "A:20-45678-012345678901\r\n\r\n",
          "ERROR:too-big");
    limit("low: a head of 60", ok, "A:01234567890123456\r\n", 2, "\r\n", "OK");
    limit("low: a head of 61", "HTTP/1.1 204 xy\r\n", "A:01234567890123456\r\n", 2,
          "\r\n", "ERROR:too-big");
    limit("low: 2 fields", ok, "A: b\r\n", 2, "\r\n", "OK");
    limit("low: 3 fields", ok, "A: b\r\n", 3, "\r\n", "ERROR:too-big");
    limit("low: 1 interim", "", early, 1, last, "OK");
    limit("low: 2 interim", "", early, 2, last, "ERROR:too-many-interim");
    other.line = 27;
    limit("low: a chunk line of 8", chunked, "0", 6, "\r\n\r\n", "OK");
    limit("low: a chunk line of 9", chunked, "0", 7, "\r\n\r\n", "ERROR:too-big");
    limit("low: 2 trailers", chunked, "", 0, "0\r\nA: b\r\nA: b\r\n\r\n", "OK");
    limit("low: 3 trailers", chunked, "", 0, "0\r\nA:b\r\nA:b\r\nA:b\r\n\r\n",
          "ERROR:too-big");
    limit("low: a trailer line", chunked, "", 0,
          "0\r\nA:012345678901234567890123\r\n\r\n", "ERROR:too-big");
    limit("low: a trailer", chunked, "", 0,
          "0\r\nA:01234567890123456789012\r\nA:01234567890123456789012\r\n01234567\r\n",
          "ERROR:too-big");
    limit("low: small chunks", chunked, "1\r\nx\r\n", 9, "0\r\n\r\n", "OK");
    limit("low: too many small chunks", chunked, "1\r\nx\r\n", 11, "0\r\n\r\n",
          "ERROR:too-much-overhead");
    other.overhead_each = 0;
    limit("low: no overhead more", chunked, "1\r\nx\r\n", 8, "0\r\n\r\n",
          "ERROR:too-much-overhead");
    other = http_usual_limits;
    other.line = other.head = 100000;
    other.fields = 1000;
    other.interim = 20;
    other.chunk_line = 2000;
    other.overhead_free = 1000000;
    limit("high: a line of 90000", "HTTP/1.1 204 x\r\nA:", "b", 89996, "\r\n\r\n", "OK");
    limit("high: 20 interim", "", early, 20, last, "OK");
    limit("high: 128 fields are all there is room for", ok, "A: b\r\n", 129, "\r\n",
          "ERROR:too-big");
    limit("high: 1000 trailers", CHUNKED "0\r\n", "A: b\r\n", 1000, "\r\n", "OK");
    limit("high: a chunk line of 2000", CHUNKED "0;", "a", 1996, "\r\n\r\n", "OK");
    limit("high: overhead", CHUNKED, "1;01234567890123456789\r\nx\r\n", 9000, "0\r\n\r\n",
          "OK");
    set = NULL;
    limit("usual: overhead", CHUNKED, "1;01234567890123456789\r\nx\r\n", 9000,
          "0\r\n\r\n", "ERROR:too-much-overhead");
}

int main(void)
{
    limits();
    other_limits();
    return tap_end();
}
