/*
 * bench.h - shared by the benches: the loop, clocks, random numbers, and the line that a
 * bench prints: `name n seconds value`. Next: main.c, then a group: callbacks.c, tasks.c,
 * memory.c, threads.c, growth.c, exchange.c.
 */
#ifndef BENCH_H
#define BENCH_H

#include <errno.h>

#include "future.h"

struct bench {
    const char *name;
    void (*run)(long n); /* measures n operations and reports */
};

/* The groups, each ended by a NULL name. */
extern const struct bench callback_benches[], task_benches[], memory_benches[],
    thread_benches[], growth_benches[], exchange_benches[];

extern struct loop loop; /* opened and closed by main */

/* Seconds: on the wall clock, and of this process on a CPU. */
double wall_seconds(void);
double cpu_seconds(void);

/* The same numbers in each run, 0 <= x < 1. */
double random_unit(void);

/* `n` operations took so many seconds; the value is nanoseconds for each. */
void report(const char *name, long n, double seconds);

/* The same with another value. */
void report_value(const char *name, long n, double seconds, double value);

/* In tasks.c, for growth.c: seconds for n tasks, each started and awaited. */
double spawn_seconds(long n, bool on_heap);

/* For calls that have to succeed before anything can be measured. Ends the program on a
 * failure. */
void must(int err, const char *what);

/* Like malloc(), with the pages touched. Ends the program when it fails. */
void *touched(size_t bytes);

#endif
