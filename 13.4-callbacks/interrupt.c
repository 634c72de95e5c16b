/* interrupt.c - Runner._on_sigint, hung into the two hooks of 13.3's runner. */
#include "interrupt.h"

#include <signal.h>

#include "cancel.h"
#include "signals.h"

struct interrupt {
    struct handle handle;
    struct runner *runner;
    int count;    /* SIGINTs so far */
    bool at_once; /* the loop was stopped for one */
};

static void on_interrupt(struct handle *h)
{
    struct interrupt *self = container_of(h, struct interrupt, handle);

    if (++self->count == 1 && task_cancel(&self->runner->main, NULL))
        return;
    self->at_once = true;
    loop_remove_signal_handler(&self->runner->loop, SIGINT);
    loop_stop(&self->runner->loop);
}

static int enter(struct runner *runner)
{
    struct interrupt *self = runner->interrupt;
    struct sigaction now;

    if (sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler != SIG_DFL)
        return 0; /* who started us has it ignored, or somebody else handles it */
    return loop_add_signal_handler(&runner->loop, SIGINT, &self->handle, on_interrupt);
}

/* Only a cancel that nobody but Ctrl-C asked for is an interrupt. */
static int leave(struct runner *runner, int error)
{
    struct interrupt *self = runner->interrupt;

    loop_remove_signal_handler(&runner->loop, SIGINT);
    if (self->count > 0 && error == ECANCELED && task_uncancel(&runner->main) == 0)
        return AIO_INTERRUPTED;
    return self->at_once ? AIO_INTERRUPTED : error;
}

int async_run_interruptible(struct coro *main)
{
    struct runner runner;
    struct interrupt interrupt = { .runner = &runner };
    int err, close_err;

    if (get_running_loop() != NULL)
        return AIO_LOOP_RUNNING;
    err = runner_init(&runner, NULL);
    if (err != 0)
        return err;
    runner.enter = enter;
    runner.leave = leave;
    runner.interrupt = &interrupt;
    err = runner_run(&runner, main);
    close_err = runner_close(&runner);
    return err != 0 ? err : close_err;
}
