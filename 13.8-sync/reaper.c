/*
 * reaper.c - SIGCHLD says that some child may be over; each is asked by its number,
 * because children that others have started are not ours to wait for.
 */
#include "reaper.h"

#include <signal.h>
#include <sys/wait.h>

#include "signals.h"

/* SIGCHLD reaches the process, not a loop: so this is the process's. */
static struct {
    _Atomic(struct loop *) loop; /* who has the children, NULL: there are none */
    struct link children;        /* of struct process */
    struct handle handle;        /* called at SIGCHLD */
    struct closer closer;
} reaper;

void reaper_rest(struct loop *loop)
{
    if (atomic_load(&reaper.loop) != loop || !ring_empty(&reaper.children))
        return;
    loop_remove_signal_handler(loop, SIGCHLD);
    ring_remove(&reaper.closer.link);
    atomic_store(&reaper.loop, NULL);
}

static void unwatch(struct process *process)
{
    if (process->sibling.next == NULL)
        return;
    ring_remove(&process->sibling);
    loop_hold(process->loop, -1);
    reaper_rest(process->loop);
}

/* A child that somebody else has waited for is reported as 255, as asyncio does. */
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
    for (struct link *l = reaper.children.next; l != &reaper.children; l = next) {
        next = l->next;
        reap(container_of(l, struct process, sibling), WNOHANG);
    }
}

/* The loop ends before its children: nobody watches them any more. */
static void forget_children(struct closer *closer)
{
    (void)closer;
    while (!ring_empty(&reaper.children))
        unwatch(container_of(reaper.children.next, struct process, sibling));
}

int reaper_open(struct loop *loop)
{
    int err;

    if (atomic_load(&reaper.loop) == loop)
        return 0;
    err = loop_add_signal_handler(loop, SIGCHLD, &reaper.handle, on_sigchld);
    if (err != 0)
        return err;
    ring_init(&reaper.children);
    reaper.closer.shutdown = NULL;
    reaper.closer.close = forget_children;
    loop_on_close(loop, &reaper.closer);
    atomic_store(&reaper.loop, loop);
    return 0;
}

void reaper_watch(struct process *process)
{
    ring_append(&reaper.children, &process->sibling);
    loop_hold(process->loop, +1);
}

void reaper_wait(struct process *process)
{
    reap(process, 0);
}
