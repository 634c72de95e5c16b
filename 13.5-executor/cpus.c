/*
 * cpus.c - how many processors this process may use: os.process_cpu_count().
 *
 * Linux can confine a process to some of them (taskset, containers), which POSIX does not
 * know of; elsewhere, or when there are too many for the set, those online are counted.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

#include "executor.h"

int executor_cpus(void)
{
    long count;
#ifdef __linux__
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
#endif
    count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}
