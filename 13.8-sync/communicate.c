/*
 * communicate.c - feed a child and read it, all at once: who did one after the other
 * would wait for a child that waits for him, as soon as a pipe is full.
 */
#include "process.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static const struct future_kind communicate_kind = { .what = "a child's pipes",
                                                     .cancel = future_end_cancelled };

/* Take our hands off the pipe. */
static void detach(struct process_pipe *pipe)
{
    struct loop *loop = pipe->reader->process->loop;

    loop_remove_reader(loop, pipe->fd);
    loop_remove_writer(loop, pipe->fd);
    pipe->reader = NULL;
}

/* The pipe has come to its end. */
static void end(struct process_pipe *pipe)
{
    struct process_communicate *self = pipe->reader;

    detach(pipe);
    close(pipe->fd);
    pipe->fd = -1;
    if (--self->open == 0)
        future_set_result(&self->done, NULL);
}

/* Room for at least one byte more and the '\0'. */
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

/* write() without the SIGPIPE that would end this program when the child has gone: it is
 * blocked meanwhile, and taken away if it came. */
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

/* Any error ends the feeding, and is no error of ours: the child wanted no more. */
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

/* stdin, the first, is fed; the others are read. */
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
        self->open = 1; /* until all are attached */
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
