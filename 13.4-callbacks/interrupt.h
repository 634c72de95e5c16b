/*
 * interrupt.h - Ctrl-C: the SIGINT handling of asyncio.run().
 *
 * Call runner_register_interrupts() once, at the start of main(), and then async_run() as
 * before. Next: main.c.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

/* Makes every later async_run() and runner_run() of the process handle SIGINT as
 * asyncio's Runner does. Calling it again does nothing.
 *
 * The first SIGINT of a run cancels the main task, whose clean-up may await. The second
 * one stops the loop after the current pass. A third one kills the process, by the
 * default action. Other tasks go on until runner_close() cancels them. When SIGINT ended
 * the main task or stopped the loop, the run returns AIO_INTERRUPTED (KeyboardInterrupt).
 * When the main coroutine catches ECANCELED and returns, the run returns its error. A run
 * leaves SIGINT unchanged when SIGINT is ignored or handled already, for example by a run
 * in another thread. */
void runner_register_interrupts(void);

#endif
