/*
 * folder.h - the file calls of the server that serves a folder. They are all in folder.c,
 * so that a simulated disk can replace it. Next: static_files.h.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct folder_entry {
    int fd;         /* open for reading; the caller closes it with folder_close() */
    bool is_folder; /* false: a regular file */
    off_t size;     /* bytes */
    time_t modified;
};

/* Opens the folder `path` and stores its descriptor, which the caller closes with
 * folder_close(), in *folder. Returns 0 or an errno value. */
int folder_open(int *folder, const char *path);

/* Opens the file or folder `path`, relative to the descriptor `folder`. Follows symbolic
 * links, also those that lead out of the folder. The caller checks that `path` is
 * relative and has no "..". Returns 0 or an errno value; also EACCES for anything but a
 * regular file or a folder. The open does not block, even for a named pipe. */
int folder_look(struct folder_entry *entry, int folder, const char *path);

/* Calls pread(), and repeats it after EINTR. Returns the number of bytes, 0 at the end,
 * or -1 with errno set. */
ssize_t folder_read(int fd, void *to, size_t room, off_t at);

/* Calls `visit` for each name in `folder` except "." and "..", sorted without regard to
 * letter case. For a symbolic link to a folder, is_folder and is_link are both true. The
 * whole list is in memory during the call. Returns 0, or an errno value and has not
 * called `visit`. */
int folder_list(int folder,
                void (*visit)(void *arg, const char *name, bool is_folder, bool is_link),
                void *arg);

/* Closes a descriptor. Does nothing for -1. */
void folder_close(int fd);

#endif
