/* debug.c - the hooks of debug mode, which the loop calls. */
#include "debug.h"

#include <stdio.h>

static int check_thread(const struct loop *loop)
{
    return loop->running && get_running_loop() != loop ? AIO_WRONG_THREAD : 0;
}

/* Names the callback in `text`. A task is named by its outermost coroutine. Any other
 * callback is named by its address, because C has no names at run time; a debugger finds
 * the function at that address. */
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

    if (is_task) /* before the step, which may end and free the task */
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
