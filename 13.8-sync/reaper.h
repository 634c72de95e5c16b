/*
 * reaper.h - the one who waits for the program's children, and nobody else does.
 *
 * A child's number is its own until it has been waited for. That happens on the loop's
 * thread alone, so no signal can go to a number that has passed to another process.
 */
#ifndef REAPER_H
#define REAPER_H

#include "process.h"

/* Listen for SIGCHLD on `loop`; to be called before the child is started. 0; EBUSY when
 * another loop has children; or what loop_add_signal_handler() says. */
int reaper_open(struct loop *loop);

/* Stop listening when no child is left. */
void reaper_rest(struct loop *loop);

/* Watch `process`, which runs, and hold virtual time until it is over. */
void reaper_watch(struct process *process);

/* Wait here until `process`, which was killed, is over. */
void reaper_wait(struct process *process);

#endif
