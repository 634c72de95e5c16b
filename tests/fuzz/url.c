/*
 * url.c - fuzzes the URL parser, and the request head that is built from its results.
 *
 * The first byte is the length of a base (0: none), which comes next; the rest is the
 * text. Every result is sound (see url_soundness.h): offsets and bytes are right, and
 * parsing it again or making its key again changes nothing. A request head has the
 * intended lines.
 */
#include <errno.h>

#include "client.h"
#include "fuzz.h"
#include "rfc3986.h"
#include "url_soundness.h"

enum { LONGEST = 4096 };

static bool plain(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.at[i] <= ' ' || s.at[i] >= 0x7f)
            return false;
    return s.n > 0;
}

static void look_at_head(const struct url *u)
{
    static char head[2 * URL_MAX + 100], meant[2 * URL_MAX + 100];
    struct span target = url_target(u), host = url_host_field(u);
    size_t n = http_request_head(head, sizeof head, "GET", u, "w", "A: b\r\n");
    int want =
        snprintf(meant, sizeof meant,
                 "GET %.*s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: w\r\nA: b\r\n\r\n",
                 (int)target.n, target.at, (int)host.n, host.at);

    HOLDS(plain(target) && plain(host) && plain(url_host_name(u)) && *target.at == '/');
    HOLDS(n == (size_t)want && memcmp(head, meant, n) == 0);
}

static void look_at(const struct url *u)
{
    check_sound(u);
    HOLDS(bad == 0);
    checks = 0;
    look_at_head(u);
    HOLDS(url_same_origin(u, u) && url_page(u).n == u->fragment);
}

/* Ends with a NUL, because the resolver of RFC 3986 takes strings. */
static void resolve_strings(const char *ref, size_t ref_n, const char *base,
                            size_t base_n)
{
    static char out[3 * LONGEST];
    char *r = malloc(ref_n + 1), *b = malloc(base_n + 1);
    size_t room = 1 + ref_n * 5 % (ref_n + base_n + 2); /* too few bytes, or enough */
    int err;

    memcpy(r, ref, ref_n);
    memcpy(b, base, base_n);
    r[ref_n] = b[base_n] = '\0';
    err = url_resolve_rfc3986(out, room, r, b);
    HOLDS(err == 0 || err == EINVAL || err == ENAMETOOLONG);
    HOLDS(err != 0 || strlen(out) < room);
    free(r);
    free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct url base, u;
    const char *text = (const char *)data + 1;
    size_t base_n;
    bool has_base;
    int err;

    if (n < 2 || n > LONGEST)
        return 0;
    base_n = data[0] < n - 1 ? data[0] : n - 1;
    n -= 1 + base_n;
    has_base = base_n > 0 && url_parse(&base, text, base_n, NULL) == 0;
    if (has_base)
        look_at(&base);
    memset(u.text, '1', 256); /* stale bytes must not be read */
    err = url_parse(&u, text + base_n, n, has_base ? &base : NULL);
    HOLDS(err == 0 || err == EINVAL || err == EPROTONOSUPPORT || err == ENAMETOOLONG);
    if (err == 0)
        look_at(&u);
    resolve_strings(text + base_n, n, text, base_n);
    return 0;
}
