/* static_files.c - finds the file, the redirect or the listing for a path. Next:
 * serve.c. */
#include "static_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "folder.h"

/* ---- paths ------------------------------------------------------------------------- */

/* Decodes one segment into `out`, which has room for it, and ends it with NUL. A '%' that
 * begins no escape stays. Returns false when the result has a NUL or a slash. */
static bool decode(char *out, const char *at, const char *end)
{
    while (at < end) {
        char c = *at++;

        if (c == '%' && end - at >= 2 && ascii_hex_digit(at[0]) >= 0 &&
            ascii_hex_digit(at[1]) >= 0) {
            c = (char)(ascii_hex_digit(at[0]) << 4 | ascii_hex_digit(at[1]));
            at += 2;
        }
        if (c == '\0' || c == '/')
            return false;
        *out++ = c;
    }
    *out = '\0';
    return true;
}

/* Removes dot segments (RFC 3986 5.2.4) after decoding, because the system would see
 * "%2e%2e" as "..". */
bool static_path(char out[STATIC_PATH_MAX], bool *folder, struct span path)
{
    const char *at = path.at, *end = at + path.n, *next;
    size_t n = 0;

    if (path.n + 2 > STATIC_PATH_MAX)
        return false;
    for (*folder = true; at < end; at = next) {
        char *name = out + n + (n > 0);

        next = memchr(at + 1, '/', (size_t)(end - at - 1));
        next = next != NULL ? next : end;
        if (!decode(name, at + 1, next))
            return false;
        *folder = *name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
        if (!*folder) {
            if (n > 0)
                out[n] = '/';
            n = (size_t)(name - out) + strlen(name);
        } else if (strcmp(name, "..") == 0) {
            while (n > 0 && out[--n] != '/')
                ;
        }
    }
    if (n == 0)
        out[n++] = '.';
    out[n] = '\0';
    return true;
}

/* Writes everything but letters, digits, "-._~" and '/' as %XX. */
static void put_encoded(FILE *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~/";

    for (; *text != '\0'; text++)
        if (strchr(plain, *text) != NULL)
            putc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
}

/* ---- types ------------------------------------------------------------------------- */

static const struct {
    const char *ending, *type;
} types[] = {
    { "html", "text/html" },
    { "htm", "text/html" },
    { "txt", "text/plain" },
    { "md", "text/markdown" },
    { "c", "text/plain" },
    { "h", "text/plain" },
    { "py", "text/x-python" },
    { "css", "text/css" },
    { "csv", "text/csv" },
    { "xml", "text/xml" },
    { "js", "text/javascript" },
    { "mjs", "text/javascript" },
    { "json", "application/json" },
    { "pdf", "application/pdf" },
    { "wasm", "application/wasm" },
    { "zip", "application/zip" },
    { "gz", "application/gzip" },
    { "tar", "application/x-tar" },
    { "png", "image/png" },
    { "jpg", "image/jpeg" },
    { "jpeg", "image/jpeg" },
    { "gif", "image/gif" },
    { "webp", "image/webp" },
    { "svg", "image/svg+xml" },
    { "ico", "image/vnd.microsoft.icon" },
    { "woff2", "font/woff2" },
    { "mp3", "audio/mpeg" },
    { "mp4", "video/mp4" },
    { "webm", "video/webm" },
};

static const char *static_type(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash != NULL ? slash + 1 : name;
    const char *dot = strrchr(base, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof *types; i++)
        if (http_span_is((struct span){ dot + 1, strlen(dot + 1) }, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

/* ---- replies that are built in memory ---------------------------------------------- */

static void release(struct http_reply *reply)
{
    folder_close(reply->fd);
    free(reply->owned);
}

static void fail(struct http_reply *reply, int err)
{
    bool short_of = err == EMFILE || err == ENFILE || err == ENOMEM;
    bool missing = err == ENOENT || err == ENOTDIR || err == ENAMETOOLONG || err == ELOOP;
    bool forbidden = err == EACCES || err == EPERM || err == ENXIO;

    http_reply_status(reply, missing ? 404 : forbidden ? 403 : short_of ? 503 : 500);
}

/* Redirects to `path` with a slash at the end. A Location "//host" would lead to another
 * host, but `path` comes from static_path() and has no empty name. */
static void redirect(struct http_reply *reply, const char *path, struct span query)
{
    char *location = NULL;
    size_t n;
    FILE *out = open_memstream(&location, &n);

    if (out == NULL) {
        fail(reply, errno);
        return;
    }
    putc('/', out);
    put_encoded(out, path);
    putc('/', out);
    if (query.n > 0)
        fprintf(out, "?%.*s", (int)query.n, query.at);
    if (fclose(out) != 0)
        fail(reply, ENOMEM);
    else
        http_reply_status(reply, 301);
    reply->location = reply->owned = location;
}

static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else
            putc(*text, out);
}

static void put_entry(void *arg, const char *name, bool is_folder, bool is_link)
{
    FILE *out = arg;

    fputs("<li><a href=\"", out);
    put_encoded(out, name);
    fputs(is_folder ? "/\">" : "\">", out);
    put_escaped(out, name);
    fputs(is_link ? "@</a></li>\n" : is_folder ? "/</a></li>\n" : "</a></li>\n", out);
}

static void list(struct http_reply *reply, int folder, const char *path)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    int err;

    if (out == NULL) {
        fail(reply, errno);
        return;
    }
    for (int i = 0; i < 2; i++) {
        fputs(i == 0 ? "<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<meta "
                       "charset=\"utf-8\">\n"
                       "<title>"
                     : "</title>\n</head>\n<body>\n<h1>",
              out);
        fputs("Directory listing for /", out);
        put_escaped(out, strcmp(path, ".") == 0 ? "" : path);
        fputs(strcmp(path, ".") == 0 ? "" : "/", out);
    }
    fputs("</h1>\n<hr>\n<ul>\n", out);
    err = folder_list(folder, put_entry, out);
    fputs("</ul>\n<hr>\n</body>\n</html>\n", out);
    if (fclose(out) != 0)
        err = ENOMEM;
    reply->type = "text/html; charset=utf-8";
    reply->body = reply->owned = text;
    reply->size = (off_t)n;
    if (err != 0)
        fail(reply, err);
}

static ssize_t read_file(struct http_reply *reply, void *to, size_t room, off_t at)
{
    return folder_read(reply->fd, to, room, at);
}

/* RFC 9110 13.1.3: If-None-Match takes precedence, and we have no entity tags. */
static bool is_unchanged(const struct http_head *head, time_t modified)
{
    const struct span *since = http_field(head, "if-modified-since");

    return since != NULL && http_field(head, "if-none-match") == NULL && modified >= 0 &&
           http_date_parse(since, time(NULL), -1) >= modified;
}

static void send_file(struct http_reply *reply, const struct http_head *head,
                      const struct folder_entry *entry, const char *path)
{
    reply->modified = entry->modified;
    if (is_unchanged(head, entry->modified)) {
        reply->status = 304;
        return;
    }
    reply->type = static_type(path);
    reply->size = entry->size;
    reply->read = read_file;
    http_reply_range(reply, head, time(NULL));
}

static void enter_folder(struct http_reply *reply, const struct http_head *head,
                         const char *path)
{
    struct folder_entry index;
    int err = folder_look(&index, reply->fd, "index.html");

    if (err == 0 && !index.is_folder) {
        folder_close(reply->fd);
        reply->fd = index.fd;
        send_file(reply, head, &index, "index.html");
        return;
    }
    if (err == 0)
        folder_close(index.fd);
    list(reply, reply->fd, path);
}

void static_files_answer(int root, const struct http_request *request,
                         struct http_reply *reply)
{
    char path[STATIC_PATH_MAX];
    struct folder_entry entry;
    bool folder;
    int err = static_path(path, &folder, request->path) ? 0 : ENOENT;

    if (err == 0)
        err = folder_look(&entry, root, path);
    if (err != 0) {
        fail(reply, err);
        return;
    }
    reply->fd = entry.fd;
    reply->release = release;
    if (entry.is_folder && folder)
        enter_folder(reply, request->head, path);
    else if (entry.is_folder)
        redirect(reply, path, request->query);
    else if (folder)
        fail(reply, ENOTDIR);
    else
        send_file(reply, request->head, &entry, path);
}
