/*
 * process.c - to start a child, to signal it, to let go of it. Next: reaper.h, which
 * notices that it is over, and communicate.c.
 */
#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "reaper.h"

extern char **environ;

/* A copy of `fd` that is none of 0 to 2, so that putting the child's descriptors in their
 * places overwrites none of those still to be placed, and that no exec hands on. */
static int copy_above(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* Make a pipe: *ours does not block, *childs does. 0 or an errno value. */
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

/* What becomes the child's descriptor `i`: *childs is a descriptor of ours to be put
 * there and closed here, or -1. */
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

/* The child gets SIGPIPE as every program expects it, whatever we do with ours. */
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
    err = reaper_open(loop);
    if (err != 0)
        return err;
    err = start(process, argv, options != NULL ? options : &inherit);
    if (err != 0) {
        close_pipes(process);
        process->pid = 0;
        reaper_rest(loop);
        return err;
    }
    process->running = true;
    reaper_watch(process);
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

/* Shortcut: a killed child is waited for right here; that is short, but it is a wait. */
void process_close(struct process *process)
{
    if (process->pid == 0)
        return;
    if (process->running) {
        process_kill(process);
        reaper_wait(process);
    }
    close_pipes(process);
    process->pid = 0;
}
