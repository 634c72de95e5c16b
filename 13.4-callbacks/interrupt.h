/*
 * interrupt.h - Ctrl-C: asyncio.run() as it is when the user may interrupt it.
 *
 * Next: ticker.h.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include "runner.h"

/* asyncio.run() with Runner's SIGINT handling. The first SIGINT cancels the main task,
 * whose clean-up may await; the second stops the loop at once; a third kills the process
 * as if nobody had asked. Other tasks are untouched until the closing phase. The main
 * coroutine's error; AIO_INTERRUPTED (KeyboardInterrupt) when an interrupt ended it; or
 * the error of run(). A SIGINT that is ignored or handled already stays so. When the main coroutine swallows the request, its own outcome. */
int async_run_interruptible(struct coro *main);

#endif
