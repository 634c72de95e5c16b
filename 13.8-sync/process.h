/*
 * process.h - asyncio's subprocess: a task starts a child process and waits for it.
 *
 *     AWAIT(async_create_subprocess_exec(&self->create, &self->process, argv, NULL));
 *     AWAIT(process_wait(&self->wait, &self->process));
 * FINALLY:
 *     process_close(&self->process);
 *
 * Call every function on the loop's thread only. Next: process.c, then channel.h.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

#include "event.h"

/* The values of process_options.io. A value of 0 or more is a descriptor of this process,
 * of which the child gets a copy. */
enum {
    PROCESS_PIPE = -1,    /* a pipe to this process */
    PROCESS_STDOUT = -2,  /* for stderr only: the same as the child's stdout */
    PROCESS_DEVNULL = -3, /* /dev/null */
    PROCESS_INHERIT = -4, /* the same as this process's: asyncio's None */
};

struct process_options {
    int io[3];      /* what the child's stdin, stdout and stderr become */
    bool own_group; /* process_group=0: its own group, which Ctrl-C does not reach */
};

struct process_pipe {
    int fd; /* this process's end, non-blocking, or -1; process_close() closes it */
    /* what process_communicate() has read, followed by a '\0' */
    char *data; /* NULL: nothing was read */
    size_t length, room;
    struct process_communicate *reader; /* the reader or writer of the pipe, or NULL */
    struct handle handle;
};

struct process {
    pid_t pid;
    bool running;   /* not waited for yet, so no other process has its `pid` */
    int returncode; /* once it has ended: the exit status, or minus the signal number */
    struct event exited; /* set when the child has ended */
    struct process_pipe pipe[3];
    struct loop *loop;
    struct link sibling; /* its link in the list of watched children */
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
    const char *input; /* the input that is not yet written */
    size_t length;     /* the number of bytes in `input` */
    int open;          /* pipes that have not reached their end */
    struct future done;
    struct event_wait wait;
};

/* asyncio.create_subprocess_exec(): starts the program argv[0], searched for in PATH.
 * `process` is the caller's and must not be moved until process_close(). Virtual time
 * stands still until the child has ended. When `options` is NULL, the child inherits all
 * three descriptors. Raises the error that prevents the start (ENOENT, EACCES, EMFILE,
 * ...); EBUSY when another loop of this process has children. */
struct coro *async_create_subprocess_exec(struct async_create_subprocess_exec *self,
                                          struct process *process, char *const argv[],
                                          const struct process_options *options);

/* Process.communicate(): writes `input` to the child's stdin and closes the pipe, reads
 * its stdout and stderr to their ends into process->pipe[1] and [2], and waits for the
 * child. All pipes are served at the same time, because a child that waits on a full pipe
 * would otherwise never read its input. A child that does not read its input causes no
 * error. The caller owns `input` and keeps it until the coroutine has ended. Raises
 * ECANCELED; ENOMEM; an error of read(); EBUSY while another task runs
 * process_communicate() for the same child. */
struct coro *process_communicate(struct process_communicate *self,
                                 struct process *process, const char *input,
                                 size_t length);

/* Process.wait(): waits until the child has ended; then process->returncode is set.
 * Any number of tasks may wait. Cancelling the wait does not affect the child. Output
 * can remain in the pipes. */
struct coro *process_wait(struct event_wait *self, struct process *process);

/* Process.send_signal(), terminate() and kill(): return 0; ESRCH when the child has ended
 * (another process may have its `pid` by now); EINVAL or EPERM from kill(). */
int process_send_signal(struct process *process, int number);
int process_terminate(struct process *process);
int process_kill(struct process *process);

/* Closes the pipes and frees what was read. Kills a child that still runs and waits
 * for its end, which blocks the loop for a moment. Accepts a struct of zeros; calling
 * it again does nothing. */
void process_close(struct process *process);

#endif
