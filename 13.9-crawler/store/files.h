/*
 * files.h - all file calls of the crawler: a new folder, files that are appended to in
 * large batches and hold whole records only, and spools for what is too large for
 * memory.
 *
 * They are in one file so that a simulated disk can take its place. Every function that
 * can fail returns 0 or an errno value.
 *
 * Read next: files.c, then store.h, which says what is written.
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
    const char *name;        /* within the folder; lives as long as the file */
    int fd;                  /* -1: not open */
    int error;               /* the first failure: nothing is written any more */
    struct text batch;       /* bytes not yet written */
    off_t size;              /* bytes written */
    off_t whole;             /* where the last whole record among them ends */
    off_t marks[FILE_MARKS]; /* where the records end that are not yet written whole */
    int mark_n;              /* how many */
};

/* Bytes that are read back once. The first ones are on disk when there are many. All
 * zero is an empty spool. */
struct file_spool {
    struct text tail; /* the last bytes */
    off_t size;       /* the bytes before them, on disk */
    int fd;           /* where; the file has no name any more */
    bool on_disk;     /* fd is open */
};

/* Makes the folder `path` (its parent must exist) or takes an empty one. ENOTEMPTY when
 * there is anything in it. *dir is to be closed with file_close_folder() unless it is
 * NULL. */
int file_open_folder(DIR **dir, const char *path);

/* Syncs the folder's entries and closes it. NULL is fine. */
int file_close_folder(DIR *dir);

/* Creates a file for appending. It must not exist, not even as a link. */
int file_create(struct file_out *f, DIR *dir, const char *name);

/* Appends n bytes of a record; file_mark() says that the record ends here. When a write
 * fails, the file is cut back to its last whole record, and the failure is returned
 * from then on. */
int file_put(struct file_out *f, const void *bytes, size_t n);
int file_mark(struct file_out *f);

/* Ends a file for an error that happened elsewhere: whole records are written, the
 * begun one is not. Returns the file's first failure, which may be an older one. */
int file_abandon(struct file_out *f, int error);

/* Writes the batch, syncs and closes. Returns the file's first failure, if any. */
int file_close(struct file_out *f);

/* Removes a file that was created and that nobody needs. */
void file_remove(const struct file_out *f, DIR *dir);

/* Appends n bytes. Beyond FILE_BATCH bytes they go to a nameless file in the folder. */
int file_spool_add(struct file_spool *spool, DIR *dir, const void *bytes, size_t n);

/* Appends the whole content to a file, part of a record. Sets *reading when it was the
 * spool that failed, not the file. */
int file_spool_put(const struct file_spool *spool, struct file_out *f, bool *reading);

/* Releases memory and disk; the spool is empty then. */
void file_spool_free(struct file_spool *spool);

#endif
