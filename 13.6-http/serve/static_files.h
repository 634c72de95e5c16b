/*
 * static_files.h - answers requests from a folder, as python's http.server does: files,
 * index.html, listings.
 *
 * A path is decoded and its dot segments are resolved before the system sees it, so it
 * cannot leave the folder; links in the folder may, they are their owner's. File calls
 * block: a slow disk holds the loop up. Read next: serve.c.
 */
#ifndef STATIC_FILES_H
#define STATIC_FILES_H

#include "http_server.h"

enum { STATIC_PATH_MAX = HTTP_LINE_MAX };

/* The path of a request below the folder: "." or "a/b", never with "..", "//" or a slash
 * at an end. `folder`: it ended in a way that only a folder's does. False for a path that
 * no file can have: with a NUL or a slash in a name, or too long. */
bool static_path(char out[STATIC_PATH_MAX], bool *folder, struct span path);

/* Fill in `reply` for a GET or HEAD: 200, 206 or 416 for a range of a file, 301 to the
 * folder's path with a slash, 304 when a file has not changed If-Modified-Since, 403,
 * 404, 500 or 503. `root` is a descriptor of folder_open(). */
void static_files_answer(int root, const struct http_request *request,
                         struct http_reply *reply);

/* The Content-Type for a file of that name. */
const char *static_type(const char *name);

#endif
