/* debug.c - what debug mode does around each callback. */
#include "debug.h"

#include <stdio.h>

static int check_thread(const struct loop *loop)
{
    return loop->running && get_running_loop() != loop ? AIO_WRONG_THREAD : 0;
}

/* The outermost frame of a task names it; any other callback has no name in C but its
 * address, which a debugger turns into one. */
static void name_callback(char *text, size_t room, const struct task *task,
                          void (*fn)(struct handle *))
{
    char buffer[TASK_NAME_MAX];
    struct coro *co = task != NULL ? task->leaf : NULL;
    int line;

    while (co != NULL && co->parent != NULL)
        co = co->parent;
    if (co != NULL)
        snprintf(text, room, "<%s %s()>", task_name(task, buffer), co_where(co, &line));
    else
        snprintf(text, room, "<callback at %#lx>", (unsigned long)fn);
}

static void call(struct loop *loop, struct handle *h)
{
    void (*fn)(struct handle *) = h->fn;
    bool is_task = fn == task_step;
    const struct task *task = is_task ? container_of(h, struct task, step) : NULL;
    double began = loop_time(loop), took;
    char who[128], message[192];

    if (is_task) /* before: it may be gone afterwards */
        name_callback(who, sizeof who, task, fn);
    fn(h);
    took = loop_time(loop) - began;
    if (took < SLOW_CALLBACK_SECONDS)
        return;
    if (!is_task)
        name_callback(who, sizeof who, NULL, fn);
    snprintf(message, sizeof message, "Executing %s took %.3f seconds", who, took);
    loop_call_exception_handler(loop, message, 0, NULL);
}

static const struct loop_hooks debug_hooks = { call, check_thread };

void loop_set_debug(struct loop *loop, bool on)
{
    loop->hooks = on ? &debug_hooks : NULL;
}
