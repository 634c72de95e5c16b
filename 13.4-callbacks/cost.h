/* cost.h - `main --cost`: what a callback costs and what a coroutine costs. */
#ifndef COST_H
#define COST_H

/* Measure with the real clock and print the table. The exit status. */
int cost_table(void);

#endif
