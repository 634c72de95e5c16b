/*
 * policy.c - the two clocks, the policy that the environment asks for, and each thread's
 * loop.
 */
#include "policy.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "loop.h"

static double monotonic_time(struct loop *loop)
{
    struct timespec now;

    (void)loop;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int monotonic_wait(struct loop *loop, double timeout)
{
    return loop->selector->wait(loop->selector_state, timeout);
}

const struct clock clock_monotonic = { "monotonic", monotonic_time, monotonic_wait };

static double virtual_time(struct loop *loop)
{
    return loop->virtual_now;
}

/* While a thread or a child process works for the loop (a hold), the next event is its
 * result: the wait is a real one, and no virtual time passes. Otherwise the function
 * looks at the descriptors without waiting. When none is ready, the next event is the
 * next deadline, and the clock jumps to it. */
static int virtual_wait(struct loop *loop, double timeout)
{
    int n = 0;

    if (timeout < 0 || (timeout > 0 && loop->holds > 0))
        return loop->selector->wait(loop->selector_state, -1);
    n = loop->selector->wait(loop->selector_state, 0);
    if (n == 0 && timeout > 0 && loop->timers.slots[0].when > loop->virtual_now)
        loop->virtual_now = loop->timers.slots[0].when;
    return n;
}

const struct clock clock_virtual = { "virtual", virtual_time, virtual_wait };

const struct selector *const selectors[] = {
#ifdef __linux__
    &selector_epoll,
#endif
#ifdef HAVE_KQUEUE
    &selector_kqueue,
#endif
    &selector_poll,   &selector_select, NULL,
};

static const struct selector *selector_named(const char *name)
{
    if (name == NULL || *name == '\0')
        return selectors[0];
    for (int i = 0; selectors[i] != NULL; i++)
        if (strcmp(selectors[i]->name, name) == 0)
            return selectors[i];
    return NULL;
}

static const struct clock *clock_named(const char *name)
{
    if (name == NULL || *name == '\0' || strcmp(name, clock_monotonic.name) == 0)
        return &clock_monotonic;
    return strcmp(name, clock_virtual.name) == 0 ? &clock_virtual : NULL;
}

int loop_policy_from_environment(struct loop_policy *policy, const char **wrong)
{
    const char *selector = getenv("LOOP_SELECTOR"), *clock = getenv("LOOP_CLOCK");

    policy->selector = selector_named(selector);
    policy->clock = clock_named(clock);
    if (policy->selector != NULL && policy->clock != NULL)
        return 0;
    *wrong = policy->selector == NULL ? selector : clock;
    return EINVAL;
}

static _Thread_local struct loop *running, *current;
static pthread_once_t watch_fork = PTHREAD_ONCE_INIT;

/* A forked child shares the parent's descriptors, so it must not run the parent's
 * loop. */
static void forget_running(void)
{
    running = NULL;
}

static void register_fork(void)
{
    pthread_atfork(NULL, NULL, forget_running);
}

struct loop *get_running_loop(void)
{
    return running;
}

struct loop *get_event_loop(void)
{
    return running != NULL ? running : current;
}

void set_event_loop(struct loop *loop)
{
    current = loop;
}

void policy_set_running(struct loop *loop)
{
    pthread_once(&watch_fork, register_fork);
    running = loop;
}
