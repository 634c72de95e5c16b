/*
 * signals.h - signals as callbacks on the loop, where any function may be called.
 *
 *     loop_add_signal_handler(loop, SIGTERM, &self->on_term, on_term);
 *
 * The signal handler itself only sets a flag, one per signal, and wakes the loop. A flag
 * cannot overflow, so no signal is lost. For the loop's thread only. Next: interrupt.h.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "inbox.h"

/* loop.add_signal_handler(): calls `fn` with `h`, which is the caller's, on the loop
 * when signal `number` has arrived once or more, after everything that was ready at
 * that moment. A second handler for the number replaces the first. A signal belongs to
 * one loop of the process. Returns 0; EINVAL for SIGKILL, SIGSTOP or no signal; EBUSY
 * when another loop has the signal; or the error of loop_open_inbox(). */
int loop_add_signal_handler(struct loop *loop, int number, struct handle *h,
                            void (*fn)(struct handle *));

/* loop.remove_signal_handler(): gives the signal its default action back. Returns true
 * when there was a handler. Closing the loop removes all of its handlers. */
bool loop_remove_signal_handler(struct loop *loop, int number);

#endif
