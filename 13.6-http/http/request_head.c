/*
 * request_head.c - the head of a request, as it goes out.
 *
 * The last place where a URL could put a line of its own into a request. A parsed URL has
 * none, but this is cheaper to check than to trust. Next: client.c.
 */
#include "client.h"

struct head_text {
    char *at, *end; /* room that is left */
    bool whole;     /* everything fitted, and each byte was allowed */
};

static void put(struct head_text *text, const char *bytes, size_t n)
{
    if (n > (size_t)(text->end - text->at)) {
        text->whole = false;
        return;
    }
    memcpy(text->at, bytes, n);
    text->at += n;
}

/* What comes from elsewhere: of this class only. */
static void put_checked(struct head_text *text, struct span s, int class)
{
    if (s.n == 0 || http_skip(s.at, s.at + s.n, class) != s.at + s.n)
        text->whole = false;
    put(text, s.at, s.n);
}

static void put_text(struct head_text *text, const char *s)
{
    put(text, s, strlen(s));
}

size_t http_request_head(char *text, size_t size, const char *method,
                         const struct url *url, const char *user_agent, const char *more)
{
    struct head_text out = { text, text + size - (size > 0), size > 0 };
    struct span name = { method, strlen(method) };
    struct span agent = { user_agent, strlen(user_agent) };

    put_checked(&out, name, HTTP_TOKEN);
    put_text(&out, " ");
    put_checked(&out, url_target(url), HTTP_VISIBLE);
    put_text(&out, " HTTP/1.1\r\nHost: ");
    put_checked(&out, url_host_field(url), HTTP_VISIBLE);
    put_text(&out, "\r\nUser-Agent: ");
    put_checked(&out, agent, HTTP_TEXT);
    put_text(&out, "\r\n");
    put_text(&out, more);
    put_text(&out, "\r\n");
    if (size > 0)
        *out.at = '\0';
    return out.whole ? (size_t)(out.at - text) : 0;
}
