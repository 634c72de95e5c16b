/*
 * message.c - fuzzes heads and bodies of responses and requests.
 *
 * The first byte selects the kind of message and the size of the pieces, the second the
 * end of the first piece; the rest is the message. Whole and in pieces, the verdict is
 * the same. All spans of the head lie in it and consist of the bytes that the policy
 * allows.
 */
#include "fuzz.h"
#include "parse_record.h"

enum { LONGEST = 4096 };

static const struct http_limits low = { .line = 64,
                                        .head = 200,
                                        .fields = 4,
                                        .interim = 2,
                                        .chunk_line = 16,
                                        .overhead_free = 64,
                                        .overhead_each = 1 };

static bool inside(struct span s, const char *buf, size_t n)
{
    return s.n == 0 || (s.at >= buf && s.at + s.n <= buf + n);
}

/* The bytes that each span may contain; a folded value has CR LF in it. */
static bool made_of(struct span s, int class)
{
    return http_skip(s.at, s.at + s.n, class) == s.at + s.n;
}

static void look_at_head(const struct input *in)
{
    static struct http_head head;
    ssize_t n;

    http_head_init(&head);
    head.limits = in->limits;
    n = in->method != NULL ? http_parse_response(&head, in->bytes, in->n)
                           : http_parse_request(&head, in->bytes, in->n);
    HOLDS(n <= (ssize_t)in->n && (n < 0) == (head.why != NULL));
    if (n <= 0)
        return;
    HOLDS(n <= (ssize_t)in->limits->head && head.count <= in->limits->fields);
    HOLDS(inside(head.reason, in->bytes, (size_t)n) && made_of(head.reason, HTTP_TEXT));
    HOLDS(inside(head.target, in->bytes, (size_t)n) &&
          made_of(head.target, HTTP_VISIBLE));
    HOLDS(inside(head.method, in->bytes, (size_t)n) && made_of(head.method, HTTP_TOKEN));
    for (int i = 0; i < head.count; i++) {
        struct http_field f = head.fields[i];

        HOLDS(inside(f.name, in->bytes, (size_t)n) &&
              inside(f.value, in->bytes, (size_t)n));
        HOLDS(f.name.n > 0 && made_of(f.name, HTTP_TOKEN));
        HOLDS(made_of(f.value, HTTP_TEXT | (in->method != NULL ? HTTP_BLANK : 0)));
        HOLDS(f.value.n == 0 ||
              (!http_is_blank(*f.value.at) && !http_is_blank(f.value.at[f.value.n - 1])));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char whole_body[LONGEST], cut_body[LONGEST];
    static const char *const methods[] = { "GET", "HEAD", NULL, "GET" };
    struct input in = { (const char *)data + 2, n - 2, NULL, false, &http_usual_limits };
    struct verdict whole, cut;

    if (n < 3 || n > LONGEST)
        return 0;
    in.method = methods[data[0] & 3];
    in.eof = (data[0] & 4) != 0;
    if ((data[0] & 8) != 0)
        in.limits = &low;
    look_at_head(&in);
    whole = run_cut(&in, 0, in.n, whole_body);
    HOLDS(whole.payload <= in.n && whole.left <= in.n);
    cut = run_cut(&in, data[1] % in.n, 1 + data[0] / 16, cut_body);
    HOLDS(verdict_equal(&whole, &cut));
    return 0;
}
