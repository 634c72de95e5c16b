/* interrupt.c - asyncio's Runner._on_sigint, and the two functions that runner_run()
 * calls around a run. */
#include "interrupt.h"

#include <signal.h>

#include "cancel.h"
#include "runner.h"
#include "signals.h"

static void on_interrupt(struct handle *h)
{
    struct runner *runner = container_of(h, struct runner, interrupt.handle);

    if (++runner->interrupt.count == 1 && task_cancel(&runner->main, NULL))
        return;
    runner->interrupt.stopped = true;
    loop_remove_signal_handler(&runner->loop, SIGINT);
    loop_stop(&runner->loop);
}

/* Runner.run(), before it runs the loop: takes SIGINT when its action is the default. */
static int enter(struct runner *runner)
{
    struct sigaction now;
    int err;

    handle_init(&runner->interrupt.handle);
    runner->interrupt.count = 0;
    runner->interrupt.stopped = false;
    if (sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler != SIG_DFL)
        return 0; /* the parent process had it ignored, or other code handles it */
    err = loop_add_signal_handler(&runner->loop, SIGINT, &runner->interrupt.handle,
                                  on_interrupt);
    return err != EBUSY ? err : 0; /* EBUSY: a run in another thread has just taken it */
}

/* A cancel counts as an interrupt only when nothing but the SIGINT has requested one. */
static int leave(struct runner *runner, int error)
{
    loop_remove_signal_handler(&runner->loop, SIGINT);
    if (runner->interrupt.count > 0 && error == ECANCELED &&
        task_uncancel(&runner->main) == 0)
        return AIO_INTERRUPTED;
    return runner->interrupt.stopped ? AIO_INTERRUPTED : error;
}

void runner_register_interrupts(void)
{
    static const struct runner_interrupts interrupts = { enter, leave };

    runner_interrupts = &interrupts;
}
