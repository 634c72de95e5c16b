/* environment.c - the table of selectors, and the policy that the environment asks for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

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
