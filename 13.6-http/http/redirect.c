/* redirect.c - resolves the target, and stores a fingerprint of each request of the
 * chain. Next: date.h. */
#include "redirect.h"

#include <errno.h>
#include <string.h>

/* Returns the hash of a method and a URL without its fragment. A collision makes the
 * request look like an earlier one, and so like a loop. */
static uint64_t fingerprint(const char *method, struct span page)
{
    return span_hash(span_hash(SPAN_HASH, (struct span){ method, strlen(method) }), page);
}

void redirect_init(struct redirect *self, const char *method, const struct url *url,
                   int most)
{
    self->method = method;
    url_assign(&self->url, url);
    self->hops = 0;
    self->most = most < REDIRECTS_MOST ? most : REDIRECTS_MOST;
    self->once = self->drops_body = self->crossed = false;
    self->seen[0] = fingerprint(method, url_page(url));
}

void redirect_came_from(struct redirect *self, struct span earlier)
{
    if (self->hops < REDIRECTS_MOST)
        self->seen[++self->hops] = fingerprint(self->method, earlier);
}

bool redirect_status(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 ||
           status == 308;
}

/* Returns the method of the next request: POST becomes GET after 301 and 302, and every
 * method except GET and HEAD becomes GET after 303. */
static const char *next_method(const char *method, int status)
{
    bool is_post = strcmp(method, "POST") == 0;
    bool is_safe = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;

    if (((status == 301 || status == 302) && is_post) || (status == 303 && !is_safe))
        return "GET";
    return method;
}

static bool was_seen(const struct redirect *self, uint64_t request)
{
    for (int i = 0; i <= self->hops; i++)
        if (self->seen[i] == request)
            return true;
    return false;
}

/* Tests that Location is not empty and has no control byte, for instance from a folded
 * field. The URL parser would drop such a byte. */
static bool is_clean(const char *location)
{
    const char *c = location;

    while ((unsigned char)*c >= ' ' && *c != 0x7f)
        c++;
    return c > location && *c == '\0';
}

/* Resolves the target, which inherits the fragment of `from` when it has none. Returns 0
 * or an error of url_parse(). */
static int resolve(struct url *target, const char *location, const struct url *from)
{
    int err = url_parse(target, location, strlen(location), from);
    size_t n = (size_t)(from->end - from->fragment);

    if (err != 0 || target->fragment != target->end || n == 0)
        return err;
    if (target->end + n > URL_MAX)
        return ENAMETOOLONG;
    memcpy(target->text + target->end, from->text + from->fragment, n + 1);
    target->end = (unsigned short)(target->end + n);
    return 0;
}

enum redirect_fault redirect_follow(struct redirect *self, int status,
                                    const char *location)
{
    const char *method = next_method(self->method, status);
    struct url target;
    int err = is_clean(location) ? resolve(&target, location, &self->url) : EINVAL;
    uint64_t request;

    if (err != 0)
        return err == EPROTONOSUPPORT ? REDIRECT_OTHER_SCHEME : REDIRECT_BAD_TARGET;
    request = fingerprint(method, url_page(&target));
    if (self->once && was_seen(self, request))
        return REDIRECT_LOOP;
    if (self->hops >= self->most)
        return was_seen(self, request) ? REDIRECT_LOOP : REDIRECT_TOO_MANY;
    self->drops_body = self->drops_body || method != self->method;
    self->crossed = !url_same_origin(&target, &self->url);
    self->method = method;
    url_assign(&self->url, &target);
    self->seen[++self->hops] = request;
    return REDIRECT_OK;
}
