/*
 * files.c - the file calls. Bytes are collected in a batch. drain() writes it, or cuts
 * the file back to its last whole record. Without memory for a batch the bytes are
 * written at once: this is slower but loses nothing. Next: store.c.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static bool is_empty(DIR *dir)
{
    const struct dirent *entry;

    while ((entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return false;
    return true;
}

int file_open_folder(DIR **dir, const char *path)
{
    *dir = NULL;
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return errno;
    *dir = opendir(path);
    if (*dir == NULL)
        return errno;
    errno = 0; /* readdir() sets errno only on a failure, not at the end */
    return !is_empty(*dir) ? ENOTEMPTY : errno;
}

static int sync_file(int fd)
{
    while (fsync(fd) != 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

int file_close_folder(DIR *dir)
{
    int error = dir == NULL ? 0 : sync_file(dirfd(dir));

    if (dir != NULL)
        closedir(dir);
    return error == EINVAL ? 0 : error; /* some file systems cannot sync a folder */
}

/* Creates a new file in the folder. Never opens a file that exists. */
static int create(DIR *dir, const char *name, int how, mode_t mode)
{
    return openat(dirfd(dir), name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | how,
                  mode);
}

int file_create(struct file_out *f, DIR *dir, const char *name)
{
    *f = (struct file_out){ .name = name };
    f->fd = create(dir, name, O_WRONLY | O_APPEND, 0666);
    f->error = f->fd < 0 ? errno : 0;
    return f->error;
}

void file_remove(const struct file_out *f, DIR *dir)
{
    if (f->fd >= 0)
        unlinkat(dirfd(dir), f->name, 0);
}

/* Writes the whole batch and then n more bytes, which are not copied into the batch. Adds
 * the written bytes to *size. */
static int write_all(int fd, const struct text *batch, const void *bytes, size_t n,
                     off_t *size)
{
    struct iovec part[2] = { { batch->at, batch->n }, { (void *)bytes, n } };

    while (part[0].iov_len + part[1].iov_len > 0) {
        ssize_t k = writev(fd, part, 2);
        size_t left = (size_t)k;

        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return k < 0 ? errno : EIO;
        *size += k;
        for (int i = 0; left > 0; i++) {
            size_t done = left < part[i].iov_len ? left : part[i].iov_len;

            if (done == 0)
                continue; /* the pointer may be NULL: nothing is added to it */
            part[i].iov_base = (char *)part[i].iov_base + done;
            part[i].iov_len -= done;
            left -= done;
        }
    }
    return 0;
}

/* Notes which records are written whole: those that end within the first f->size
 * bytes. */
static void settle(struct file_out *f)
{
    int n = 0;

    while (n < f->mark_n && f->marks[n] <= f->size)
        f->whole = f->marks[n++];
    memmove(f->marks, f->marks + n, (size_t)(f->mark_n - n) * sizeof f->marks[0]);
    f->mark_n -= n;
}

/* Stops writing to the file and keeps the whole records in it. */
static int break_off(struct file_out *f, int error)
{
    f->error = error;
    settle(f);
    while (f->size > f->whole && ftruncate(f->fd, f->whole) != 0)
        if (errno != EINTR)
            break; /* nothing is left to try */
    text_free(&f->batch);
    return error;
}

/* Writes the batch and n more bytes. */
static int drain(struct file_out *f, const void *bytes, size_t n)
{
    int error = write_all(f->fd, &f->batch, bytes, n, &f->size);

    if (error != 0)
        return break_off(f, error);
    f->batch.n = 0;
    settle(f);
    return 0;
}

int file_put(struct file_out *f, const void *bytes, size_t n)
{
    if (f->error == 0 && n > FILE_BATCH - f->batch.n)
        drain(f, NULL, 0);
    if (f->error != 0)
        return f->error;
    if (n <= FILE_BATCH / 4) {
        text_add(&f->batch, bytes, n);
        if (f->batch.error == 0)
            return 0;
        f->batch.error = 0;
    }
    return drain(f, bytes, n);
}

int file_mark(struct file_out *f)
{
    if (f->error != 0)
        return f->error;
    f->marks[f->mark_n++] = f->size + (off_t)f->batch.n;
    return f->mark_n == FILE_MARKS ? drain(f, NULL, 0) : 0;
}

int file_abandon(struct file_out *f, int error)
{
    if (f->error == 0 && drain(f, NULL, 0) == 0)
        break_off(f, error);
    return f->error;
}

int file_close(struct file_out *f)
{
    int error = 0;

    if (f->fd < 0)
        return f->error;
    if (f->error == 0)
        drain(f, NULL, 0);
    error = sync_file(f->fd);
    if (close(f->fd) != 0 && errno != EINTR && error == 0)
        error = errno;
    text_free(&f->batch);
    f->fd = -1;
    return f->error != 0 ? f->error : error;
}

int file_spool_add(struct file_spool *spool, DIR *dir, const void *bytes, size_t n)
{
    static const char name[] = "spool.tmp";
    int error;

    if (n <= FILE_BATCH - spool->tail.n) {
        text_add(&spool->tail, bytes, n);
        if (spool->tail.error == 0)
            return 0;
        spool->tail.error = 0;
    }
    if (!spool->on_disk) {
        spool->fd = create(dir, name, O_RDWR, 0600);
        if (spool->fd < 0)
            return errno;
        spool->on_disk = true;
        unlinkat(dirfd(dir), name, 0);
    }
    error = write_all(spool->fd, &spool->tail, bytes, n, &spool->size);
    spool->tail.n = 0;
    return error;
}

int file_spool_put(const struct file_spool *spool, struct file_out *f, bool *reading)
{
    char piece[FILE_BATCH];
    ssize_t k;

    for (off_t at = 0; at < spool->size; at += k) {
        k = pread(spool->fd, piece, sizeof piece, at);
        if (k < 0 && errno == EINTR) {
            k = 0;
        } else if (k <= 0) {
            *reading = true;
            return k < 0 ? errno : EIO;
        } else if (file_put(f, piece, (size_t)k) != 0) {
            return f->error;
        }
    }
    return file_put(f, spool->tail.at, spool->tail.n);
}

void file_spool_free(struct file_spool *spool)
{
    if (spool->on_disk)
        close(spool->fd);
    text_free(&spool->tail);
    *spool = (struct file_spool){ .on_disk = false };
}
