/* static_type.c - which Content-Type a file gets: a table of endings. */
#include <string.h>

#include "static_files.h"

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

const char *static_type(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash != NULL ? slash + 1 : name;
    const char *dot = strrchr(base, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof *types; i++)
        if (http_span_is((struct span){ dot + 1, strlen(dot + 1) }, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}
