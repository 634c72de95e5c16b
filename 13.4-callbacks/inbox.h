/*
 * inbox.h - lets other threads schedule callbacks on a loop.
 *
 *     loop_open_inbox(loop);                              on the loop's thread
 *     loop_call_soon_threadsafe(loop, &handle, fn);       on any thread
 *
 * A posted handle joins the loop's ready queue, and a byte in a pipe wakes the loop if it
 * sleeps. Other threads may call loop_call_soon_threadsafe() and loop_wake(), and no
 * other function of a loop. Next: signals.h, which uses the same pipe.
 */
#ifndef INBOX_H
#define INBOX_H

#include "loop.h"

/* Lets other threads post to the loop, until the loop is closed. Call it on the loop's
 * thread only. Returns 0, also when the inbox is open already; AIO_LOOP_CLOSED; the error
 * of pipe(); or an error of loop_add_reader(). */
int loop_open_inbox(struct loop *loop);

/* loop.call_soon_threadsafe(): calls fn(h) on the loop's thread, after everything that
 * was scheduled or posted before. Any thread can call it, but a signal handler cannot.
 * The caller owns `h` and keeps it until it has run or was cancelled. The struct of the
 * loop must outlive the threads that post. Returns 0; AIO_LOOP_CLOSED when the loop is
 * closed or its inbox is not open; EBUSY when `h` is scheduled already; or the error of
 * write(): then the handle is posted, but the loop was not woken. */
int loop_call_soon_threadsafe(struct loop *loop, struct handle *h,
                              void (*fn)(struct handle *));

/* Handle.cancel() for a handle that was posted. Call it on the loop's thread only. */
void handle_cancel_threadsafe(struct loop *loop, struct handle *h);

/* Wakes the loop if it sleeps. The inbox must be open. Any thread can call it, and a
 * signal handler too (it is async-signal-safe). Returns 0, or the error of write(). */
int loop_wake(struct loop *loop);

#endif
