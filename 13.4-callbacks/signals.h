/*
 * signals.h - signals as callbacks on the loop, where everything may be done.
 *
 * The system's handler only sets a flag, one per signal, and wakes the loop: what cannot
 * fill up cannot lose a signal. Next: interrupt.h.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "inbox.h"

/* loop.add_signal_handler(): each time signal `number` has come, once or more, `fn` is
 * called with `h` (the caller's) on the loop, behind what was ready when the loop saw it.
 * A second one for the number replaces the first. One loop of the process has a signal.
 * 0; EINVAL for a number that cannot be caught (SIGKILL, SIGSTOP) or is none; EBUSY when
 * another loop has it; or what loop_open_inbox() says. */
int loop_add_signal_handler(struct loop *loop, int number, struct handle *h,
                            void (*fn)(struct handle *));

/* loop.remove_signal_handler(): true when there was one; the signal has its default
 * effect again. Closing the loop removes all of its own. */
bool loop_remove_signal_handler(struct loop *loop, int number);

#endif
