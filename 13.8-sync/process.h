/*
 * process.h - asyncio's subprocess: a child process as something to wait for.
 *
 * The work is done on the shelf. Next: channel.h.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

#include "event.h"

/* What a descriptor of the child shall be, besides a descriptor of ours (0 or more). */
enum {
    PROCESS_PIPE = -1,    /* a pipe to us */
    PROCESS_STDOUT = -2,  /* stderr only: what its stdout is */
    PROCESS_DEVNULL = -3, /* nothing */
    PROCESS_INHERIT = -4, /* what ours is: asyncio's None */
};

struct process_options {
    int io[3];      /* of stdin, stdout, stderr */
    bool own_group; /* process_group=0: Ctrl-C at the terminal does not reach the child */
};

struct process_pipe {
    int fd; /* our end, without waiting, or -1; process_close() closes it */
    /* what process_communicate() has read; a '\0' stands behind it */
    char *data; /* NULL: nothing */
    size_t length, room;
    struct process_communicate *reader; /* who is reading or writing it */
    struct handle handle;
};

struct process {
    pid_t pid;
    bool running;        /* it has not been waited for: its number is still its own */
    int returncode;      /* when it is over: its status, or minus the signal */
    struct event exited; /* set when it is over */
    struct process_pipe pipe[3];
    struct loop *loop;
    struct link sibling; /* its place among the children that are watched */
};

struct async_create_subprocess_exec {
    struct coro co;
    struct process *process;
    char *const *argv;
    const struct process_options *options;
};

struct process_communicate {
    struct coro co;
    struct process *process;
    const char *input; /* what is left to write ... */
    size_t length;     /* ... and how much of it */
    int open;          /* pipes that have not come to their end */
    struct future done;
    struct event_wait wait;
};

/* asyncio.create_subprocess_exec(): start argv[0], looked for in PATH. `process` is the
 * caller's and must not move until process_close(). It holds virtual time until the child
 * is over. Raises what keeps it from starting (ENOENT, EACCES, EMFILE, ...); EBUSY when
 * another loop of this program has children. Options NULL: all three are inherited. */
struct coro *async_create_subprocess_exec(struct async_create_subprocess_exec *self,
                                          struct process *process, char *const argv[],
                                          const struct process_options *options);

/* Process.communicate(): write `input` to the child's stdin and close it, read its stdout
 * and stderr to their ends into process->pipe[1] and [2], wait for it. It is no error
 * when the child does not want the input. Raises ECANCELED, ENOMEM, what read() says. */
struct coro *process_communicate(struct process_communicate *self,
                                 struct process *process, const char *input,
                                 size_t length);

/* Process.wait(): wait until it is over; see process->returncode. Any number may wait; to
 * be cancelled does the child nothing. It may still have output in its pipes. */
struct coro *process_wait(struct event_wait *self, struct process *process);

/* Process.send_signal(), terminate(), kill(). 0; ESRCH when it is over (its number may be
 * another process's by now); EINVAL, EPERM. */
int process_send_signal(struct process *process, int number);
int process_terminate(struct process *process);
int process_kill(struct process *process);

/* Release everything: pipes and what was read. A child that still runs is killed and
 * waited for. Accepts a struct of zeros. */
void process_close(struct process *process);

#endif
