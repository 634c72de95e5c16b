/*
 * static_files.h - answers requests from a folder, as Python's http.server does: files,
 * index.html, listings.
 *
 *     err = folder_open(&root, "public");
 *     static_files_answer(root, request, reply);      in a handler
 *
 * A path is decoded and its dot segments are resolved before it is opened, so it cannot
 * lead out of the folder. A symbolic link in the folder can. File calls block: a slow
 * disk stops the loop. Next: static_files.c.
 */
#ifndef STATIC_FILES_H
#define STATIC_FILES_H

#include "http_server.h"

enum { STATIC_PATH_MAX = HTTP_LINE_MAX };

/* Turns the path of a request into a path below the folder: "." or "a/b", without "..",
 * "//" or a slash at an end. Sets *folder to true when the path of the request ends with
 * a slash or a dot segment: such a path can name only a folder. Returns false when no
 * file can have the path: a name contains a NUL or a slash, or the path is too long. */
bool static_path(char out[STATIC_PATH_MAX], bool *folder, struct span path);

/* Fills in `reply` for a GET or HEAD: 200; 206 or 416 for a range of a file; 301 to the
 * folder's path with a slash; 304 when a file has not changed since If-Modified-Since;
 * 403 when the system denies access; 404 when there is no such file; 503 when descriptors
 * or memory have run out; 500 after another error. `root` is a descriptor from
 * folder_open(). */
void static_files_answer(int root, const struct http_request *request,
                         struct http_reply *reply);

#endif
