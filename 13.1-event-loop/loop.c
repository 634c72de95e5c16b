/*
 * loop.c - the event loop. Read run_pass() first: it is asyncio's _run_once.
 */
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "task.h"

/* A timer is due when its deadline is less than one clock tick ahead. In seconds. */
#define CLOCK_RESOLUTION 1e-9
/* As in asyncio, one wait takes a day at most: a later deadline could overflow the
 * argument of a system call. In seconds. */
#define LONGEST_WAIT (24 * 3600.0)

int loop_init(struct loop *loop, const struct loop_policy *policy)
{
    struct loop_policy from_environment;
    const char *wrong;
    int err;

    *loop = (struct loop){ 0 };
    ring_init(&loop->ready);
    ring_init(&loop->tasks);
    ring_init(&loop->closers);
    ring_init(&loop->inbox.posted);
    pthread_mutex_init(&loop->inbox.lock, NULL); /* never destroyed, for late threads */
    loop->closed = true;
    if (policy == NULL) {
        err = loop_policy_from_environment(&from_environment, &wrong);
        if (err != 0)
            return err;
        policy = &from_environment;
    }
    loop->selector = policy->selector;
    loop->clock = policy->clock;
    err = loop->selector->open(&loop->selector_state);
    loop->closed = err != 0;
    return err;
}

int loop_close(struct loop *loop)
{
    if (loop->running)
        return AIO_LOOP_RUNNING;
    if (loop->closed)
        return 0;
    while (!ring_empty(&loop->closers)) {
        struct closer *newest = container_of(loop->closers.prev, struct closer, link);

        ring_remove(&newest->link);
        newest->close(newest);
    }
    timer_heap_free(&loop->timers);
    task_abandon_all(loop);
    loop->closed = true;
    loop->selector->close(loop->selector_state);
    free(loop->watches);
    loop->watches = NULL;
    loop->watch_room = 0;
    if (get_event_loop() == loop)
        set_event_loop(NULL);
    return 0;
}

double loop_time(struct loop *loop)
{
    return loop->clock->time(loop);
}

/* BaseEventLoop._check_closed and, in debug mode, _check_thread. */
static int check(const struct loop *loop)
{
    return loop->closed ? AIO_LOOP_CLOSED : loop->hooks->check(loop);
}

int loop_call_soon(struct loop *loop, struct handle *h, void (*fn)(struct handle *))
{
    if ((loop->closed || loop->hooks != NULL) && check(loop) != 0)
        return check(loop);
    if (handle_scheduled(h))
        return EBUSY;
    h->fn = fn;
    loop_collect(loop);
    ring_append(&loop->ready, &h->link);
    return 0;
}

int loop_call_at(struct loop *loop, struct timer *t, double when,
                 void (*fn)(struct handle *))
{
    if ((loop->closed || loop->hooks != NULL) && check(loop) != 0)
        return check(loop);
    if (handle_scheduled(&t->handle) || t->slot != 0)
        return EBUSY;
    if (when != when) /* a NaN cannot be ordered */
        return EINVAL;
    t->handle.fn = fn;
    t->when = when;
    return timer_heap_push(&loop->timers, t);
}

int loop_call_later(struct loop *loop, struct timer *t, double delay,
                    void (*fn)(struct handle *))
{
    return loop_call_at(loop, t, loop_time(loop) + delay, fn);
}

void timer_cancel(struct loop *loop, struct timer *t)
{
    timer_heap_cancel(&loop->timers, t);
    handle_cancel(&t->handle);
}

/* ---- descriptors ---- */

/* A descriptor has at most one reader and one writer, as in asyncio. */
static int watch_grow(struct loop *loop, int fd)
{
    struct watch *watches;
    int room;

    if (fcntl(fd, F_GETFD) < 0) /* checked before the table grows to that size */
        return errno;
    room = fd < 32 ? 64 : fd * 2;
    watches = realloc(loop->watches, (size_t)room * sizeof *watches);
    if (watches == NULL)
        return ENOMEM;
    for (int i = loop->watch_room; i < room; i++)
        watches[i] = (struct watch){ 0 };
    loop->watches = watches;
    loop->watch_room = room;
    return 0;
}

static int watch_events(const struct watch *w)
{
    return (w->reader != NULL ? EVENT_READ : 0) | (w->writer != NULL ? EVENT_WRITE : 0);
}

/* Makes `h` (or NULL) the reader or writer of `fd`. */
static int watch_set(struct loop *loop, int fd, int event, struct handle *h)
{
    struct watch *w = &loop->watches[fd];
    struct handle **side = event == EVENT_READ ? &w->reader : &w->writer;
    struct handle *old = *side;
    int before = watch_events(w), err = 0;

    *side = h;
    if (watch_events(w) != before)
        err = loop->selector->watch(loop->selector_state, fd, before, watch_events(w));
    if (err != 0 && h != NULL) { /* a removal never fails: the fd may be closed */
        *side = old;
        return err;
    }
    if (old != NULL)
        handle_cancel(old);
    loop->watched += (h != NULL) - (old != NULL);
    return 0;
}

static int watch_add(struct loop *loop, int fd, int event, struct handle *h,
                     void (*fn)(struct handle *))
{
    int err = 0;

    if (loop->closed)
        return AIO_LOOP_CLOSED;
    if (fd < 0)
        return EBADF;
    if (fd >= loop->watch_room)
        err = watch_grow(loop, fd);
    if (err != 0)
        return err;
    h->fn = fn;
    return watch_set(loop, fd, event, h);
}

static bool watch_remove(struct loop *loop, int fd, int event)
{
    if (fd < 0 || fd >= loop->watch_room ||
        (watch_events(&loop->watches[fd]) & event) == 0)
        return false;
    watch_set(loop, fd, event, NULL);
    return true;
}

int loop_add_reader(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *))
{
    return watch_add(loop, fd, EVENT_READ, h, fn);
}

int loop_add_writer(struct loop *loop, int fd, struct handle *h,
                    void (*fn)(struct handle *))
{
    return watch_add(loop, fd, EVENT_WRITE, h, fn);
}

bool loop_remove_reader(struct loop *loop, int fd)
{
    return watch_remove(loop, fd, EVENT_READ);
}

bool loop_remove_writer(struct loop *loop, int fd)
{
    return watch_remove(loop, fd, EVENT_WRITE);
}

static void make_ready(struct loop *loop, struct handle *h)
{
    if (h != NULL && !handle_scheduled(h))
        ring_append(&loop->ready, &h->link);
}

/* Appends the reader before the writer. Selectors call it, by way of report(). */
static void loop_fd_ready(struct loop *loop, int fd, int events)
{
    if (fd >= loop->watch_room)
        return;
    if (events & EVENT_READ)
        make_ready(loop, loop->watches[fd].reader);
    if (events & EVENT_WRITE)
        make_ready(loop, loop->watches[fd].writer);
}

/* ---- the pass ---- */

/* Returns how long this pass may sleep, in seconds: 0 when a handle is ready, otherwise
 * the time until the next deadline; -1 without timers: until a descriptor or another
 * thread wakes the loop. */
static double pass_timeout(struct loop *loop)
{
    double timeout;

    if (!ring_empty(&loop->ready) || loop->stopping)
        return 0;
    if (loop->timers.count == 0)
        return -1;
    timeout = loop->timers.slots[0].when - loop_time(loop);
    return timeout > LONGEST_WAIT ? LONGEST_WAIT : timeout > 0 ? timeout : 0;
}

/* Waits for the next event. Returns the number of ready descriptors. */
static int pass_wait(struct loop *loop)
{
    double timeout = pass_timeout(loop);
    int found;

    if (timeout != 0 && !loop_may_sleep(loop))
        timeout = 0;
    if (timeout == 0 && loop->watched == 0 && !atomic_load(&loop->inbox.woken))
        return 0; /* a poll could find nothing */
    found = loop->clock->wait(loop, timeout);
    atomic_store(&loop->inbox.asleep, false);
    return found;
}

/* BaseEventLoop._run_once: waits, collects the ready handles, and runs exactly those. A
 * handle that a callback schedules is appended after the mark, so it runs in the next
 * pass. */
static void run_pass(struct loop *loop)
{
    struct link mark, *next;
    struct timer *due;
    int found;

    loop->turns++;
    if (loop->timers.count > 0)
        timer_heap_sweep(&loop->timers);
    found = pass_wait(loop);
    loop_collect(loop);
    if (found > 0)
        loop->selector->report(loop->selector_state, loop_fd_ready, loop);
    if (loop->timers.count > 0) {
        double now = loop_time(loop);

        while ((due = timer_heap_pop_due(&loop->timers, now, CLOCK_RESOLUTION)) != NULL)
            ring_append(&loop->ready, &due->handle.link);
    }

    ring_append(&loop->ready, &mark);
    while ((next = loop->ready.next) != &mark) {
        struct handle *h = container_of(next, struct handle, link);

        ring_remove(next);
        if (loop->hooks == NULL)
            h->fn(h);
        else
            loop->hooks->call(loop, h);
    }
    ring_remove(&mark);
}

int loop_run_forever(struct loop *loop)
{
    if (loop->closed)
        return AIO_LOOP_CLOSED;
    if (loop->running || get_running_loop() != NULL)
        return AIO_LOOP_RUNNING;
    loop->running = true;
    policy_set_running(loop);
    do {
        run_pass(loop);
    } while (!loop->stopping);
    loop->stopping = false;
    loop->running = false;
    policy_set_running(NULL);
    return 0;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
}

struct run_until {
    struct handle handle;
    struct loop *loop;
};

static void stop_when_done(struct handle *h)
{
    loop_stop(container_of(h, struct run_until, handle)->loop);
}

int loop_run_until_future(struct loop *loop, struct future *f)
{
    struct run_until self = { .loop = loop };
    int err;

    if (loop->closed)
        return AIO_LOOP_CLOSED;
    if (f->loop != loop)
        return AIO_OTHER_LOOP;
    future_add_done_callback(f, &self.handle, stop_when_done);
    err = loop_run_forever(loop);
    handle_cancel(&self.handle); /* it is in the future's ring or in the ready queue */
    if (err != 0)
        return err;
    return future_done(f) ? future_error(f) : AIO_LOOP_STOPPED;
}

void loop_hold(struct loop *loop, int change)
{
    loop->holds += change;
}

void loop_on_close(struct loop *loop, struct closer *closer)
{
    ring_append(&loop->closers, &closer->link);
}

void loop_call_exception_handler(struct loop *loop, const char *message, int error,
                                 const struct task *task)
{
    struct exception_context context = { message, error, task };
    char name[TASK_NAME_MAX];

    if (loop->on_exception != NULL && !loop->handling) {
        loop->handling = true; /* errors inside the handler go to stderr */
        loop->on_exception(loop, &context);
        loop->handling = false;
        return;
    }
    fputs(message, stderr);
    if (task != NULL)
        fprintf(stderr, ": %s", task_name(task, name));
    if (error != 0)
        fprintf(stderr, ": %s", aio_strerror(error));
    fputc('\n', stderr);
}
