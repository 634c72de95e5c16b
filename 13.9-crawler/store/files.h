/*
 * files.h - all file calls of the crawler: a new folder, files to which whole records are
 * appended in large batches, and spools for content that is too large for memory.
 *
 *     file_create(&file, dir, "pages.jsonl");
 *     file_put(&file, bytes, n);
 *     file_mark(&file);
 *     file_close(&file);
 *
 * All file calls are in files.c, so a check can replace them by a simulated disk. Every
 * function that can fail returns 0 or an errno value. Next: files.c, then store.h.
 */
#ifndef FILES_H
#define FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>

#include "text.h"

enum {
    FILE_BATCH = 256 * 1024, /* bytes that a file or a spool keeps in memory */
    FILE_MARKS = 512,        /* whole records in a batch, at most */
};

/* A file that is appended to. */
struct file_out {
    const char *name;        /* within the folder; the caller's, until file_close() */
    int fd;                  /* -1: not open */
    int error;               /* the first failure, or 0; after it nothing is written */
    struct text batch;       /* bytes not yet written */
    off_t size;              /* bytes written */
    off_t whole;             /* end of the last whole record among these bytes */
    off_t marks[FILE_MARKS]; /* offsets of the ends of records not yet written whole */
    int mark_n;              /* the number of marks */
};

/* Bytes that are collected and then copied to a file. When there are many, the first ones
 * are on disk. A struct of zeros is an empty spool. */
struct file_spool {
    struct text tail; /* the last bytes */
    off_t size;       /* the number of bytes before these, which are on disk */
    int fd;           /* the file on disk, which has no name */
    bool on_disk;     /* fd is open */
};

/* Creates the folder `path`, whose parent must exist, or opens the folder when it exists
 * and is empty. Returns 0; ENOTEMPTY when it contains anything; another errno value. In
 * each case, pass *dir to file_close_folder(). */
int file_open_folder(DIR **dir, const char *path);

/* Syncs the folder's entries and closes the folder. Accepts NULL. */
int file_close_folder(DIR *dir);

/* Creates a file for appending. `name` must not exist yet, not even as a symbolic
 * link. */
int file_create(struct file_out *f, DIR *dir, const char *name);

/* Appends n bytes of a record; file_mark() ends the record. When a write fails, the
 * file is cut back to its last whole record, and all later calls return that failure. */
int file_put(struct file_out *f, const void *bytes, size_t n);
int file_mark(struct file_out *f);

/* Ends a file because of an error elsewhere: writes the whole records and drops the
 * incomplete one. Returns the file's own first failure, or `error` if there is none.
 * Later calls return the same. */
int file_abandon(struct file_out *f, int error);

/* Writes the batch, syncs and closes. Returns 0 or the file's first failure. */
int file_close(struct file_out *f);

/* Removes the name of a file that is not needed. Call it before file_close(). */
void file_remove(const struct file_out *f, DIR *dir);

/* Appends n bytes. When more than FILE_BATCH bytes would be in memory, writes all of them
 * to a nameless file in the folder. */
int file_spool_add(struct file_spool *spool, DIR *dir, const void *bytes, size_t n);

/* Appends the whole content to the file `f`, as part of a record. When the failure is one
 * of reading the spool and not of `f`, sets *reading to true. */
int file_spool_put(const struct file_spool *spool, struct file_out *f, bool *reading);

/* Releases the memory and the file on disk, and makes the spool empty. */
void file_spool_free(struct file_spool *spool);

#endif
