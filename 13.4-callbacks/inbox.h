/*
 * inbox.h - the one door by which another thread may reach the loop.
 *
 * A handle that is posted joins the loop's ready queue, and a byte in a pipe wakes the
 * loop if it sleeps. Next: signals.h, which use the same pipe.
 */
#ifndef INBOX_H
#define INBOX_H

#include "loop.h"

/* Make the loop reachable from other threads; it stays so until it is closed. On the
 * loop's own thread. 0, also when it is open already; AIO_LOOP_CLOSED; or what pipe() or
 * the selector says. */
int loop_open_inbox(struct loop *loop);

/* loop.call_soon_threadsafe(): from any thread, have `fn` called with `h` on the loop's
 * thread, after what was scheduled or posted before. `h` is the caller's and must stay
 * until it ran. 0; AIO_LOOP_CLOSED when the loop is closed or has no inbox; EBUSY when
 * `h` is scheduled; or the error of write() if the loop could not be woken (the handle is
 * posted all the same). The struct of the loop has to outlive the posting threads. */
int loop_call_soon_threadsafe(struct loop *loop, struct handle *h,
                              void (*fn)(struct handle *));

/* Handle.cancel() for a handle that was posted. On the loop's own thread. */
void handle_cancel_threadsafe(struct loop *loop, struct handle *h);

/* Wake the loop if it sleeps; async-signal-safe. 0 or the error of write(). */
int loop_wake(struct loop *loop);

#endif
