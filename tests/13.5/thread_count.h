/*
 * thread_count.h - counts the threads of the process, and runs a loop under virtual time
 * until a thread is at a gate.
 */
#ifndef THREAD_COUNT_H
#define THREAD_COUNT_H

#include <dirent.h>
#include <time.h>

#include "gate.h"
#include "run_in_executor.h"
#include "runner.h"
#include "sleep.h"

#include "check.h"

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#elif __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
enum { OWN_THREADS = 2 }; /* the sanitizer has one of its own */
#else
enum { OWN_THREADS = 1 };
#endif

static const struct loop_policy virtual_policy = { &selector_poll, &clock_virtual };

static inline void pause_ms(long ms)
{
    struct timespec t = { 0, ms * 1000000L };

    nanosleep(&t, NULL);
}

/* Returns the number of entries in /proc/self/task, or OWN_THREADS where that folder does
 * not exist. */
static inline int count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    int n = 0;

    if (dir == NULL)
        return OWN_THREADS;
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

/* Returns true when only the program's own threads are left. Waits for that, because a
 * joined thread disappears from /proc a moment later. */
static inline bool no_threads_left(void)
{
    for (int i = 0; i < 2000 && count_threads() > OWN_THREADS; i++)
        pause_ms(1);
    return count_threads() == OWN_THREADS;
}

static inline void stop_at_arrival(struct gate *gate)
{
    loop_stop(gate->loop);
}

/* Run the loop until a thread is at `gate`, which nothing else watches. The loop sleeps
 * meanwhile. If it polled without a pause, valgrind, which runs one thread at a time,
 * might not let the other thread start for a minute. */
static inline void run_until_arrival(struct gate *gate)
{
    gate->on_arrival = stop_at_arrival;
    loop_run_forever(gate->loop);
}

/* Run the loop for `passes` passes. */
static inline void turn(struct loop *loop, int passes)
{
    while (passes-- > 0) {
        loop_stop(loop);
        loop_run_forever(loop);
    }
}

#endif
