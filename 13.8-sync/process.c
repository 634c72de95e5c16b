/*
 * process.c - child processes: the child watcher, which notices that a child has ended;
 * starting and signalling a child; and communicate(). Next: channel.h.
 *
 * A child's process ID cannot be reused until the child has been waited for. Only the
 * loop's thread waits for children, so no signal can go to another process that got the
 * same ID. SIGCHLD says that some child may have ended; the watcher asks for each child
 * by its ID, because it must not wait for children that other code has started.
 */
#include "process.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"

extern char **environ;

/* ---- the child watcher ---- */

/* SIGCHLD is sent to the process, not to a loop, so there is one watcher for the whole
 * process. */
static struct {
    _Atomic(struct loop *) loop; /* the loop whose children are watched; NULL: none */
    struct link children;        /* the watched children (struct process) */
    struct handle handle;        /* called on SIGCHLD */
    struct closer closer;
} watcher;

static void watcher_stop_if_idle(struct loop *loop)
{
    if (atomic_load(&watcher.loop) != loop || !ring_empty(&watcher.children))
        return;
    loop_remove_signal_handler(loop, SIGCHLD);
    ring_remove(&watcher.closer.link);
    atomic_store(&watcher.loop, NULL);
}

static void unwatch(struct process *process)
{
    if (process->sibling.next == NULL)
        return;
    ring_remove(&process->sibling);
    loop_hold(process->loop, -1);
    watcher_stop_if_idle(process->loop);
}

/* A child that other code has waited for is reported as 255, as in asyncio. */
static void reap(struct process *process, int flags)
{
    int status = 0;
    pid_t pid;

    do {
        pid = waitpid(process->pid, &status, flags);
    } while (pid < 0 && errno == EINTR);
    if (pid == 0)
        return;
    process->running = false;
    process->returncode = pid < 0               ? 255
                          : WIFSIGNALED(status) ? -WTERMSIG(status)
                                                : WEXITSTATUS(status);
    unwatch(process);
    event_set(&process->exited);
}

static void on_sigchld(struct handle *h)
{
    struct link *next;

    (void)h;
    for (struct link *l = watcher.children.next; l != &watcher.children; l = next) {
        next = l->next;
        reap(container_of(l, struct process, sibling), WNOHANG);
    }
}

/* The loop closes before its children have ended: they are not watched any more. */
static void forget_children(struct closer *closer)
{
    (void)closer;
    while (!ring_empty(&watcher.children))
        unwatch(container_of(watcher.children.next, struct process, sibling));
}

static int watcher_open(struct loop *loop)
{
    int err;

    if (atomic_load(&watcher.loop) == loop)
        return 0;
    err = loop_add_signal_handler(loop, SIGCHLD, &watcher.handle, on_sigchld);
    if (err != 0)
        return err;
    ring_init(&watcher.children);
    watcher.closer.shutdown = NULL;
    watcher.closer.close = forget_children;
    loop_on_close(loop, &watcher.closer);
    atomic_store(&watcher.loop, loop);
    return 0;
}

static void watcher_add(struct process *process)
{
    ring_append(&watcher.children, &process->sibling);
    loop_hold(process->loop, +1);
}

static void watcher_wait(struct process *process)
{
    reap(process, 0);
}

/* ---- starting, signalling, closing ---- */

/* Returns a copy of `fd` above 2, or -1. Placing one of the child's descriptors then
 * cannot overwrite another that is still to be placed. The copy is closed on exec. */
static int copy_above(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* Makes a pipe: *ours does not block, *childs does. Returns 0 or an errno value. */
static int open_pipe(int *ours, int *childs, bool we_write)
{
    int ends[2], err = 0;

    if (pipe(ends) != 0)
        return errno;
    *ours = copy_above(ends[we_write]);
    *childs = copy_above(ends[!we_write]);
    if (*ours < 0 || *childs < 0 || fcntl(*ours, F_SETFL, O_NONBLOCK) != 0)
        err = errno;
    close(ends[0]);
    close(ends[1]);
    return err;
}

/* Adds the action that makes the child's descriptor `i`. When the action uses a
 * descriptor of this process, sets *childs to it, and the caller closes it; otherwise
 * *childs stays -1. */
static int prepare(struct process *process, int i, int io, int *childs,
                   posix_spawn_file_actions_t *actions)
{
    int err = 0;

    if (io == PROCESS_PIPE)
        err = open_pipe(&process->pipe[i].fd, childs, i == STDIN_FILENO);
    else if (io >= 0 && (*childs = copy_above(io)) < 0)
        err = errno;
    if (err != 0 || io == PROCESS_INHERIT)
        return err;
    if (*childs >= 0)
        return posix_spawn_file_actions_adddup2(actions, *childs, i);
    if (io == PROCESS_DEVNULL)
        return posix_spawn_file_actions_addopen(actions, i, "/dev/null", O_RDWR, 0);
    if (io == PROCESS_STDOUT && i == STDERR_FILENO)
        return posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, i);
    return EINVAL;
}

/* The child gets the default action for SIGPIPE, whatever this process does with it. */
static int spawn(struct process *process, char *const argv[],
                 const posix_spawn_file_actions_t *actions, bool own_group)
{
    short flags = POSIX_SPAWN_SETSIGDEF | (own_group ? POSIX_SPAWN_SETPGROUP : 0);
    posix_spawnattr_t attributes;
    sigset_t normal;
    int err = posix_spawnattr_init(&attributes);

    if (err != 0)
        return err;
    sigemptyset(&normal);
    sigaddset(&normal, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &normal);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, flags);
    err = posix_spawnp(&process->pid, argv[0], actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    return err;
}

static void close_pipes(struct process *process)
{
    for (int i = 0; i < 3; i++) {
        if (process->pipe[i].fd >= 0)
            close(process->pipe[i].fd);
        free(process->pipe[i].data);
        process->pipe[i] = (struct process_pipe){ .fd = -1 };
    }
}

static int start(struct process *process, char *const argv[],
                 const struct process_options *options)
{
    posix_spawn_file_actions_t actions;
    int childs[3] = { -1, -1, -1 };
    int err = posix_spawn_file_actions_init(&actions);

    if (err != 0)
        return err;
    for (int i = 0; i < 3 && err == 0; i++)
        err = prepare(process, i, options->io[i], &childs[i], &actions);
    if (err == 0)
        err = spawn(process, argv, &actions, options->own_group);
    for (int i = 0; i < 3; i++)
        if (childs[i] >= 0)
            close(childs[i]);
    posix_spawn_file_actions_destroy(&actions);
    return err;
}

static int create(struct process *process, char *const argv[],
                  const struct process_options *options)
{
    static const struct process_options inherit = {
        .io = { PROCESS_INHERIT, PROCESS_INHERIT, PROCESS_INHERIT },
    };
    struct loop *loop = get_running_loop();
    int err;

    *process = (struct process){ .loop = loop };
    for (int i = 0; i < 3; i++)
        process->pipe[i].fd = -1;
    event_init(&process->exited);
    err = watcher_open(loop);
    if (err != 0)
        return err;
    err = start(process, argv, options != NULL ? options : &inherit);
    if (err != 0) {
        close_pipes(process);
        process->pid = 0;
        watcher_stop_if_idle(loop);
        return err;
    }
    process->running = true;
    watcher_add(process);
    return 0;
}

static co_status create_body(struct coro *co)
{
    struct async_create_subprocess_exec *self =
        co_self(co, struct async_create_subprocess_exec);

    ASYNC (co) {
        return co_raise(co, create(self->process, self->argv, self->options));
    }
    return co_done(co);
}

struct coro *async_create_subprocess_exec(struct async_create_subprocess_exec *self,
                                          struct process *process, char *const argv[],
                                          const struct process_options *options)
{
    self->process = process;
    self->argv = argv;
    self->options = options;
    return co_init(&self->co, create_body);
}

struct coro *process_wait(struct event_wait *self, struct process *process)
{
    return event_wait(self, &process->exited);
}

int process_send_signal(struct process *process, int number)
{
    if (!process->running)
        return ESRCH;
    return kill(process->pid, number) == 0 ? 0 : errno;
}

int process_terminate(struct process *process)
{
    return process_send_signal(process, SIGTERM);
}

int process_kill(struct process *process)
{
    return process_send_signal(process, SIGKILL);
}

/* A killed child is waited for here. The wait is short, but it blocks the loop. */
void process_close(struct process *process)
{
    if (process->pid == 0)
        return;
    if (process->running) {
        process_kill(process);
        watcher_wait(process);
    }
    close_pipes(process);
    process->pid = 0;
}

/* ---- communicate() ---- */

static const struct future_kind communicate_kind = { .what = "a child's pipes",
                                                     .cancel = future_end_cancelled };

/* Stops watching the pipe. */
static void detach(struct process_pipe *pipe)
{
    struct loop *loop = pipe->reader->process->loop;

    loop_remove_reader(loop, pipe->fd);
    loop_remove_writer(loop, pipe->fd);
    pipe->reader = NULL;
}

/* Closes a pipe that has reached its end. */
static void end(struct process_pipe *pipe)
{
    struct process_communicate *self = pipe->reader;

    detach(pipe);
    close(pipe->fd);
    pipe->fd = -1;
    if (--self->open == 0)
        future_set_result(&self->done, NULL);
}

/* Makes room for at least one more byte and the '\0'. */
static bool grow(struct process_pipe *pipe)
{
    size_t room = pipe->room > 0 ? pipe->room * 2 : 4096;
    char *data;

    if (pipe->room - pipe->length > 1)
        return true;
    if (pipe->room > SIZE_MAX / 2 || (data = realloc(pipe->data, room)) == NULL)
        return false;
    pipe->data = data;
    pipe->room = room;
    return true;
}

static bool try_again(int error)
{
    return error == EAGAIN || error == EINTR;
}

static void on_readable(struct handle *h)
{
    struct process_pipe *pipe = container_of(h, struct process_pipe, handle);
    ssize_t n;

    if (!grow(pipe)) {
        future_set_exception(&pipe->reader->done, ENOMEM);
        return;
    }
    n = read(pipe->fd, pipe->data + pipe->length, pipe->room - pipe->length - 1);
    if (n > 0)
        pipe->length += (size_t)n;
    pipe->data[pipe->length] = '\0';
    if (n == 0)
        end(pipe);
    else if (n < 0 && !try_again(errno))
        future_set_exception(&pipe->reader->done, errno);
}

/* Calls write() without the SIGPIPE that would end this program when the child has
 * closed its stdin: the signal is blocked during the call, and removed if it was
 * raised. */
static ssize_t write_quietly(int fd, const char *data, size_t length)
{
    sigset_t sigpipe, before, pending;
    int number, err;
    ssize_t n;

    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    n = write(fd, data, length);
    err = errno;
    sigpending(&pending);
    if (n < 0 && err == EPIPE && sigismember(&pending, SIGPIPE))
        sigwait(&sigpipe, &number);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = err;
    return n;
}

/* Any error ends the writing and is not reported: the child wants no more input. */
static void on_writable(struct handle *h)
{
    struct process_pipe *pipe = container_of(h, struct process_pipe, handle);
    struct process_communicate *self = pipe->reader;
    ssize_t n = write_quietly(pipe->fd, self->input, self->length);

    if (n > 0) {
        self->input += n;
        self->length -= (size_t)n;
    }
    if (self->length == 0 || (n < 0 && !try_again(errno)))
        end(pipe);
}

/* Watches one pipe: stdin, the first, for writing, the others for reading. */
static int attach(struct process_communicate *self, struct process_pipe *pipe)
{
    struct loop *loop = self->process->loop;
    int err;

    if (pipe->fd < 0)
        return 0;
    if (pipe->reader != NULL)
        return EBUSY;
    if (pipe == self->process->pipe)
        err = loop_add_writer(loop, pipe->fd, &pipe->handle, on_writable);
    else
        err = loop_add_reader(loop, pipe->fd, &pipe->handle, on_readable);
    if (err != 0)
        return err;
    pipe->reader = self;
    self->open++;
    if (pipe == self->process->pipe && self->length == 0)
        end(pipe);
    return 0;
}

static co_status communicate_body(struct coro *co)
{
    struct process_communicate *self = co_self(co, struct process_communicate);
    struct process_pipe *pipe = self->process->pipe;
    int err = 0;

    ASYNC (co) {
        future_init_kind(&self->done, self->process->loop, &communicate_kind);
        self->open = 1; /* counts this function until all pipes are attached */
        for (int i = 0; i < 3 && err == 0; i++)
            err = attach(self, &pipe[i]);
        if (err != 0)
            return co_raise(co, err);
        if (--self->open > 0)
            AWAIT(&self->done);
        AWAIT(process_wait(&self->wait, self->process));

    FINALLY:
        for (int i = 0; i < 3; i++)
            if (pipe[i].reader == self)
                detach(&pipe[i]);
    }
    return co_done(co);
}

struct coro *process_communicate(struct process_communicate *self,
                                 struct process *process, const char *input,
                                 size_t length)
{
    self->process = process;
    self->input = input;
    self->length = length;
    return co_init(&self->co, communicate_body);
}
