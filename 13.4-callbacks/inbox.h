/*
 * inbox.h - lets other threads schedule callbacks on a loop.
 *
 *     loop_open_inbox(loop);                              on the loop's thread
 *     loop_call_soon_threadsafe(loop, &handle, fn);       on any thread
 *
 * A posted handle joins the loop's ready queue, and a byte in a pipe wakes the loop if it
 * sleeps. Nothing else of a loop may be used from another thread. Next: signals.h, which
 * uses the same pipe.
 */
#ifndef INBOX_H
#define INBOX_H

#include "loop.h"

/* Opens the inbox, until the loop is closed. On the loop's own thread. Returns 0, also
 * when it is open already; AIO_LOOP_CLOSED; or the error of pipe() or of the selector. */
int loop_open_inbox(struct loop *loop);

/* loop.call_soon_threadsafe(): calls `fn` with `h` on the loop's thread, after everything
 * that was scheduled or posted before. From any thread. `h` is the caller's and must stay
 * until it has run. Returns 0; AIO_LOOP_CLOSED when the loop is closed or has no inbox;
 * EBUSY when `h` is scheduled already; or the error of write() when the loop could not be
 * woken, although the handle is posted. The struct of the loop must outlive the threads
 * that post. */
int loop_call_soon_threadsafe(struct loop *loop, struct handle *h,
                              void (*fn)(struct handle *));

/* Handle.cancel(): cancels a posted handle. On the loop's own thread. */
void handle_cancel_threadsafe(struct loop *loop, struct handle *h);

/* Wakes the loop if it sleeps. From any thread; async-signal-safe. Returns 0 or the error
 * of write(). */
int loop_wake(struct loop *loop);

#endif
