/*
 * debug.h - asyncio's debug mode: it finds calls from the wrong thread and slow
 * callbacks.
 *
 *     loop_set_debug(loop, true);
 *
 * The loop calls debug.c through loop->hooks. That pointer is NULL while debug mode is
 * off, and testing it is then the only cost. Next: signals.h.
 */
#ifndef DEBUG_H
#define DEBUG_H

#include "task.h"

#define SLOW_CALLBACK_SECONDS 0.1 /* loop.slow_callback_duration */

/* loop.set_debug(): turns debug mode on or off. While it is on and the loop runs,
 * loop_call_soon(), loop_call_later() and loop_call_at() return AIO_WRONG_THREAD on any
 * other thread. A callback that takes SLOW_CALLBACK_SECONDS or longer, in loop time, is
 * reported to the exception handler: "Executing <Task-1 f_body()> took 0.120 seconds".
 * Call it on the loop's thread only. */
void loop_set_debug(struct loop *loop, bool on);

#endif
