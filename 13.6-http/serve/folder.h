/*
 * folder.h - the file calls of the server that serves a folder, all in one file so that a
 * simulated disk can take its place. Read next: static_files.h.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct folder_entry {
    int fd;         /* open for reading; to be closed with folder_close() */
    bool is_folder; /* else a regular file */
    off_t size;     /* bytes */
    time_t modified;
};

/* Open the folder `path`: 0 and its descriptor, or an errno value. */
int folder_open(int *folder, const char *path);

/* Open what lies at `path` below `folder`; links are followed, wherever they lead. The
 * caller sees to it that the path is relative and has no "..". 0 or an errno value;
 * EACCES for what is neither file nor folder. Never waits, not even for a pipe. */
int folder_look(struct folder_entry *entry, int folder, const char *path);

/* pread() that EINTR does not disturb. */
ssize_t folder_read(int fd, void *to, size_t room, off_t at);

/* Visit the names in `folder`, without "." and "..", sorted, letter case aside. The whole
 * list is in memory for that time. 0 or an errno value. */
int folder_list(int folder,
                void (*visit)(void *arg, const char *name, bool is_folder, bool is_link),
                void *arg);

/* Close a descriptor; -1 is fine. */
void folder_close(int fd);

#endif
