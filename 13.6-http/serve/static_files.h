/*
 * static_files.h - answers requests from a folder, as Python's http.server does: files,
 * index.html, listings.
 *
 *     err = folder_open(&root, "public");
 *     static_files_answer(root, request, reply);      in a handler
 *
 * A path is decoded and its dot segments are resolved before the system sees it, so it
 * cannot leave the folder; symbolic links in the folder may. File calls block: a slow
 * disk stops the loop. Next: static_files.c.
 */
#ifndef STATIC_FILES_H
#define STATIC_FILES_H

#include "http_server.h"

enum { STATIC_PATH_MAX = HTTP_LINE_MAX };

/* Turns the path of a request into a path below the folder: "." or "a/b", without "..",
 * "//" or a slash at an end. Sets `folder` when it ends with a slash or a dot segment,
 * which only a folder's path does. False for a path that no file can have: a NUL or a
 * slash in a name, or too long. */
bool static_path(char out[STATIC_PATH_MAX], bool *folder, struct span path);

/* Fills in `reply` for a GET or HEAD: 200; 206 or 416 for a range of a file; 301 to the
 * folder's path with a slash; 304 when a file has not changed since If-Modified-Since;
 * 403, 404, 500 or 503. `root` is a descriptor of folder_open(). */
void static_files_answer(int root, const struct http_request *request,
                         struct http_reply *reply);

#endif
