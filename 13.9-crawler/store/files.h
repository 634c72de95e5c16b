/*
 * files.h - all file calls of the crawler: a new folder, files to which whole records are
 * appended in large batches, and spools for content that is too large for memory.
 *
 *     file_create(&file, dir, "pages.jsonl");
 *     file_put(&file, bytes, n);
 *     file_mark(&file);
 *     file_close(&file);
 *
 * They are in one file, so a check can replace them by a simulated disk. Every function
 * that can fail returns 0 or an errno value. Next: files.c, then store.h.
 */
#ifndef FILES_H
#define FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>

#include "text.h"

enum {
    FILE_BATCH = 256 * 1024, /* bytes that a file or a spool keeps in memory */
    FILE_MARKS = 512,        /* whole records in a batch */
};

/* A file that is appended to. */
struct file_out {
    const char *name;        /* within the folder; valid as long as the file */
    int fd;                  /* -1: not open */
    int error;               /* the first failure, or 0; after it nothing is written */
    struct text batch;       /* bytes not yet written */
    off_t size;              /* bytes written */
    off_t whole;             /* end of the last whole record among these bytes */
    off_t marks[FILE_MARKS]; /* the ends of the records that are not yet written whole */
    int mark_n;              /* the number of marks */
};

/* Bytes that are collected and then copied to a file. When there are many, the first ones
 * are on disk. A struct of zeros is an empty spool. */
struct file_spool {
    struct text tail; /* the last bytes */
    off_t size;       /* the bytes before them, on disk */
    int fd;           /* the file on disk, which has no name */
    bool on_disk;     /* fd is open */
};

/* Creates the folder `path`, whose parent must exist, or opens it when it is empty.
 * Returns 0; ENOTEMPTY when it contains anything; another errno value. Close *dir with
 * file_close_folder() unless it is NULL. */
int file_open_folder(DIR **dir, const char *path);

/* Syncs the folder's entries and closes it. Accepts NULL. */
int file_close_folder(DIR *dir);

/* Creates a file for appending. It must not exist, not even as a link. */
int file_create(struct file_out *f, DIR *dir, const char *name);

/* Appends n bytes of a record; file_mark() ends the record. When a write fails, the
 * file is cut back to its last whole record, and all later calls return that failure. */
int file_put(struct file_out *f, const void *bytes, size_t n);
int file_mark(struct file_out *f);

/* Ends a file because of an error elsewhere: whole records are written, the incomplete
 * one is dropped. Returns the file's first failure, which may be older than `error`. */
int file_abandon(struct file_out *f, int error);

/* Writes the batch, syncs and closes. Returns the file's first failure, if any. */
int file_close(struct file_out *f);

/* Removes a file that was created and is not needed. */
void file_remove(const struct file_out *f, DIR *dir);

/* Appends n bytes. Beyond FILE_BATCH bytes they go to a nameless file in the folder. */
int file_spool_add(struct file_spool *spool, DIR *dir, const void *bytes, size_t n);

/* Appends the whole content to a file, as part of a record. Sets *reading when the spool
 * failed and not the file. */
int file_spool_put(const struct file_spool *spool, struct file_out *f, bool *reading);

/* Releases memory and disk; the spool is empty then. */
void file_spool_free(struct file_spool *spool);

#endif
