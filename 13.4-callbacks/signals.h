/*
 * signals.h - signals as callbacks on the loop, where any function may be called.
 *
 *     loop_add_signal_handler(loop, SIGTERM, &self->on_term, on_term);
 *
 * The signal handler itself only sets a flag, one per signal number, and wakes the loop.
 * If a signal comes several times before the loop reads the flag, the callback runs once.
 * Call the functions on the loop's thread only. Next: interrupt.h.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "inbox.h"

/* loop.add_signal_handler(): calls fn(h) on the loop when signal `number` has come, after
 * the callbacks that were ready when the loop noticed it. A second handler for the same
 * signal replaces the first. Only one loop of the process can handle a signal. The caller
 * owns `h` and keeps it until the handler is removed. Returns 0; EINVAL for a number that
 * is not a signal or cannot be caught (SIGKILL, SIGSTOP); EBUSY when another loop handles
 * the signal; or an error of loop_open_inbox(). */
int loop_add_signal_handler(struct loop *loop, int number, struct handle *h,
                            void (*fn)(struct handle *));

/* loop.remove_signal_handler(): restores the default action of the signal. Returns true
 * when the loop had a handler for it. Closing the loop removes all of its handlers. */
bool loop_remove_signal_handler(struct loop *loop, int number);

#endif
