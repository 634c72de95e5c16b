/* http_routes.c - from a method and a path to the row that answers. Next:
 * http_decide.c. */
#include <string.h>

#include "http_connection.h"

static bool fits(const struct http_route *row, struct span path)
{
    size_t n = strlen(row->path);

    if (path.n < n || memcmp(path.at, row->path, n) != 0)
        return false;
    return path.n == n || row->path[n - 1] == '/';
}

/* Add `name` to the list, once; what does not fit is left out. */
static void add_method(char allow[HTTP_ALLOW_MAX], const char *name)
{
    size_t n = strlen(allow), more = strlen(name);
    const char *at = strstr(allow, name);

    if (at != NULL && (at[more] == '\0' || at[more] == ',') &&
        (at == allow || at[-1] == ' '))
        return;
    if (n + more + sizeof ", " > HTTP_ALLOW_MAX)
        return;
    if (n > 0)
        strcpy(allow + n, ", ");
    strcat(allow, name);
}

const struct http_route *http_route(const struct http_route *routes, struct span method,
                                    struct span path, char allow[HTTP_ALLOW_MAX])
{
    const char *wanted = http_method_is(method, "HEAD") ? "GET" : NULL;

    allow[0] = '\0';
    for (const struct http_route *row = routes; row->path != NULL; row++) {
        if (!fits(row, path))
            continue;
        if (http_method_is(method, row->method) ||
            (wanted != NULL && strcmp(row->method, wanted) == 0))
            return row;
        add_method(allow, row->method);
        if (strcmp(row->method, "GET") == 0)
            add_method(allow, "HEAD");
    }
    return NULL;
}
