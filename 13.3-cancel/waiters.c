/* waiters.c - the list. Completing a future runs no callback at once, so the list does
 * not change during a loop over it. */
#include "waiters.h"

static struct waiter *waiter_at(struct link *link)
{
    return container_of(link, struct waiter, link);
}

int waiters_join(struct waiters *line, struct waiter *w, const struct future_kind *kind)
{
    struct loop *loop = get_running_loop();

    if (line->loop == NULL)
        line->loop = loop;
    if (line->loop != loop)
        return AIO_OTHER_LOOP;
    future_init_kind(&w->future, loop, kind);
    ring_append(&line->ring, &w->link);
    return 0;
}

struct waiter *waiters_take(struct waiters *line)
{
    while (!ring_empty(&line->ring)) {
        struct waiter *first = waiter_at(line->ring.next);

        waiter_leave(first);
        if (!future_done(&first->future))
            return first;
    }
    return NULL;
}

bool waiters_pop(struct waiters *line)
{
    struct waiter *first = waiters_take(line);

    if (first != NULL)
        future_finish(&first->future, 0, NULL);
    return first != NULL;
}

bool waiters_all_cancelled(const struct waiters *line)
{
    for (struct link *l = line->ring.next; l != &line->ring; l = l->next)
        if (!future_cancelled(&waiter_at(l)->future))
            return false;
    return true;
}
