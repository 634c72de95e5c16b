/*
 * cost.h - `main --cost`: measures the cost of a callback, an await, a pass and a task.
 * Next: cost.c.
 */
#ifndef COST_H
#define COST_H

/* Measures with the monotonic clock and prints to stdout the nanoseconds and the bytes of
 * each kind of step. Opens a loop of its own, so call it while no loop runs in this
 * thread. Returns the exit status of the program. */
int cost_table(void);

#endif
