/*
 * debug.h - asyncio's debug mode: who calls from the wrong thread, and who keeps the loop
 * waiting. Hooked in by struct loop_hooks.
 */
#ifndef DEBUG_H
#define DEBUG_H

#include "task.h"

#define SLOW_CALLBACK_SECONDS 0.1 /* loop.slow_callback_duration */

/* loop.set_debug(): while it is on, calls from another thread are refused with
 * AIO_WRONG_THREAD, and a callback that takes SLOW_CALLBACK_SECONDS or longer, in the
 * loop's time, is told to the exception handler: "Executing <Task-1 f_body()> took 0.120
 * seconds". */
void loop_set_debug(struct loop *loop, bool on);

#endif
