/* fetch_with.c - a request of another kind than the crawl's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page_fetch.h"

static bool is_token(const char *at, size_t n)
{
    static const char letters[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return n > 0 && strspn(at, letters) >= n;
}

/* RFC 9110 5: "name: value" CR LF, again and again, and no byte that could make another
 * line of it. */
static bool are_fields(const char *text)
{
    while (*text != '\0') {
        size_t name = strcspn(text, ":\n"), value = name;

        if (text[name] != ':' || !is_token(text, name))
            return false;
        while (text[value] == '\t' ||
               ((unsigned char)text[value] >= ' ' && text[value] != 0x7f))
            value++;
        if (text[value] != '\r' || text[value + 1] != '\n')
            return false;
        text += value + 2;
    }
    return true;
}

static bool is_one_of(const char *method, const char *const *methods)
{
    while (*methods != NULL && strcmp(method, *methods) != 0)
        methods++;
    return *methods != NULL;
}

/* RFC 9110 8.6: a length is sent, even of nothing, where a body is expected. */
static bool sends_length(const char *method, struct span body)
{
    static const char *const with_body[] = { "POST", "PUT", "PATCH", NULL };

    return body.n > 0 || is_one_of(method, with_body);
}

int fetch_with(struct fetch *self, const char *method, const char *fields,
               struct span body)
{
    static const char *const idempotent[] = { "GET",     "HEAD",  "PUT", "DELETE",
                                              "OPTIONS", "TRACE", NULL };
    size_t room = strlen(method) + strlen(fields) + strlen(self->settings->user_agent) +
                  self->url.end + 128;
    char length[48] = "";
    size_t n;

    if (!is_token(method, strlen(method)) || !are_fields(fields))
        return EINVAL;
    free(self->own);
    self->own = malloc(room + body.n);
    if (self->own == NULL)
        return ENOMEM;
    if (sends_length(method, body))
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", body.n);
    n = http_request_head(self->own, room, method, &self->url, self->settings->user_agent,
                          length);
    if (n == 0)
        return ENAMETOOLONG;
    n -= 2; /* the further fields come before the empty line */
    n += (size_t)snprintf(self->own + n, room - n, "%s\r\n", fields);
    if (body.n > 0)
        memcpy(self->own + n, body.at, body.n);
    self->method = method;
    self->request = self->own;
    self->request_n = n + body.n;
    self->repeatable = is_one_of(method, idempotent);
    return 0;
}
