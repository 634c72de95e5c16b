/* folder.c - open, fstat, pread, readdir, close. Next: static_files.c. */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ascii.h"

int folder_open(int *folder, const char *path)
{
    *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *folder < 0 ? errno : 0;
}

int folder_look(struct folder_entry *entry, int folder, const char *path)
{
    struct stat st;
    int err = 0;

    entry->fd = openat(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (entry->fd < 0)
        return errno;
    if (fstat(entry->fd, &st) != 0)
        err = errno;
    else if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
        err = EACCES;
    if (err != 0) {
        folder_close(entry->fd);
        return err;
    }
    entry->is_folder = S_ISDIR(st.st_mode);
    entry->size = st.st_size;
    entry->modified = st.st_mtime;
    return 0;
}

ssize_t folder_read(int fd, void *to, size_t room, off_t at)
{
    ssize_t n;

    do {
        n = pread(fd, to, room, at);
    } while (n < 0 && errno == EINTR);
    return n;
}

void folder_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* ---- listing ----------------------------------------------------------------------- */

struct names {
    char **at; /* owned, and so is each */
    size_t n, room;
};

static int add_name(struct names *names, const char *name)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return 0;
    if (names->n == names->room) {
        size_t room = names->room * 2 + 64;
        char **at = realloc(names->at, room * sizeof *at);

        if (at == NULL)
            return ENOMEM;
        names->at = at;
        names->room = room;
    }
    names->at[names->n] = strdup(name);
    return names->at[names->n++] != NULL ? 0 : ENOMEM;
}

static int read_names(struct names *names, DIR *dir)
{
    struct dirent *entry;
    int err = 0;

    while (err == 0) {
        errno = 0;
        entry = readdir(dir);
        if (entry == NULL)
            return errno;
        err = add_name(names, entry->d_name);
    }
    return err;
}

static int lower(char c)
{
    return (unsigned char)ascii_lower(c);
}

static int compare(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    size_t i = 0;

    while (x[i] != '\0' && lower(x[i]) == lower(y[i]))
        i++;
    return x[i] == y[i] ? strcmp(x, y) : lower(x[i]) - lower(y[i]);
}

static bool has_mode(int folder, const char *name, int flag, mode_t mode)
{
    struct stat st;

    return fstatat(folder, name, &st, flag) == 0 && (st.st_mode & S_IFMT) == mode;
}

int folder_list(int folder,
                void (*visit)(void *arg, const char *name, bool is_folder, bool is_link),
                void *arg)
{
    struct names names = { 0 };
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    int err = dir == NULL ? errno : read_names(&names, dir);

    if (dir != NULL)
        closedir(dir);
    else
        folder_close(fd);
    if (err == 0 && names.n > 0)
        qsort(names.at, names.n, sizeof *names.at, compare);
    for (size_t i = 0; i < names.n; i++) {
        const char *name = names.at[i];

        if (err == 0)
            visit(arg, name, has_mode(folder, name, 0, S_IFDIR),
                  has_mode(folder, name, AT_SYMLINK_NOFOLLOW, S_IFLNK));
        free(names.at[i]);
    }
    free(names.at);
    return err;
}
