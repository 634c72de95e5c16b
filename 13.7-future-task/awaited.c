/* awaited.c - done callbacks of several futures, and asyncio's ensure_future(). */
#include "awaited.h"

void awaited_init(struct awaited *items, int count, void *owner)
{
    for (int i = 0; i < count; i++) {
        items[i].owner = owner;
        handle_init(&items[i].done);
    }
}

void awaited_watch(struct awaited *items, int count, void (*fn)(struct handle *))
{
    for (int i = 0; i < count; i++)
        future_add_done_callback(items[i].future, &items[i].done, fn);
}

/* A handle is among the callbacks of its future or, when that is done, in the ready
 * queue. handle_cancel() removes it from either ring. */
void awaited_leave(struct awaited *items, int count)
{
    for (int i = 0; i < count; i++)
        handle_cancel(&items[i].done);
}

struct future *ensure_future_coro(struct task *task, struct coro *co)
{
    int err = loop_create_task(get_event_loop(), task, co);

    if (err != 0)
        future_finish(&task->future, err, NULL);
    return &task->future;
}

struct future *ensure_future_task(struct task *unused, struct task *task)
{
    (void)unused;
    return &task->future;
}

struct future *ensure_future_itself(struct task *unused, struct future *f)
{
    (void)unused;
    return f;
}
