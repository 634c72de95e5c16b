/*
 * script.c - plays the scripts of vectors/sync-scripts.txt on our loop and compares each
 * trace, passes included, with the one that CPython made.
 *
 * Usage: script FILE. That file describes the language.
 */
#include <ctype.h>

#include "barrier.h"
#include "check.h"
#include "queue.h"
#include "runner.h"
#include "semaphores.h"
#include "sleep.h"
#include "timeout.h"

enum { ACTORS = 12, LINE = 4096 };

struct actor {
    struct coro co;
    char name;
    char words[LINE];
    const char *at; /* the current word */
    int number;     /* its number, and how many passes are left */
    bool limited, quiet;
    double limit;
    struct async_timeout timeout;
    union {
        struct async_sleep sleep;
        struct lock_acquire lock;
        struct semaphore_acquire semaphore;
        struct event_wait event;
        struct condition_wait wait;
        struct condition_wait_for wait_for;
        struct barrier_wait barrier;
        struct barrier_change change;
        struct queue_put put;
        struct queue_get get;
    } frame;
    struct task task;
};

static struct {
    struct lock lock;
    struct event event;
    struct condition condition;
    struct semaphore semaphore, bounded;
    struct barrier barrier;
    struct priority_queue queue;
    bool flag;
    int count, i;
    struct actor actor[ACTORS];
    struct async_sleep sleep;
    unsigned long first;
} world;

static int numbers[1000];

static void log_word(const char *format, ...)
{
    char text[128];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    trace("%s@%lu", text, get_running_loop()->turns - world.first);
}

static bool flag_is_set(void *context)
{
    return *(bool *)context;
}

static bool is(const char *word, const char *op)
{
    return word[0] == op[0] && word[1] == op[1];
}

/* The coroutine of a word that blocks, or NULL. */
static struct coro *begin(struct actor *self, const char *op)
{
    struct lock *inner = world.condition.lock;

    if (is(op, "ss"))
        return async_sleep(&self->frame.sleep, self->number / 1000.0);
    if (is(op, "L+"))
        return lock_acquire(&self->frame.lock, &world.lock);
    if (is(op, "C+"))
        return lock_acquire(&self->frame.lock, inner);
    if (is(op, "S+"))
        return semaphore_acquire(&self->frame.semaphore, &world.semaphore);
    if (is(op, "U+"))
        return semaphore_acquire(&self->frame.semaphore, &world.bounded);
    if (is(op, "E?"))
        return event_wait(&self->frame.event, &world.event);
    if (is(op, "C?"))
        return condition_wait(&self->frame.wait, &world.condition);
    if (is(op, "Cf"))
        return condition_wait_for(&self->frame.wait_for, &world.condition, flag_is_set,
                                  &world.flag);
    if (is(op, "B?"))
        return barrier_wait(&self->frame.barrier, &world.barrier);
    if (is(op, "Br"))
        return barrier_reset(&self->frame.change, &world.barrier);
    if (is(op, "Ba"))
        return barrier_abort(&self->frame.change, &world.barrier);
    if (is(op, "Q+"))
        return queue_put(&self->frame.put, &world.queue.queue, &numbers[self->number]);
    if (is(op, "Q-"))
        return queue_get(&self->frame.get, &world.queue.queue);
    if (is(op, "Qj"))
        return queue_join(&self->frame.event, &world.queue.queue);
    return NULL;
}

static struct actor *actor_named(char name)
{
    for (int i = 0; i < world.count; i++)
        if (world.actor[i].name == name)
            return &world.actor[i];
    return NULL;
}

/* Runs a word that does not block. Returns its error; *result, where it has one. */
static int do_now(struct actor *self, const char *op, int *result)
{
    void *item;
    int err = 0;

    if (is(op, "L-"))
        err = lock_release(&world.lock);
    else if (is(op, "C-"))
        err = lock_release(world.condition.lock);
    else if (is(op, "S-"))
        err = semaphore_release(&world.semaphore);
    else if (is(op, "U-"))
        err = semaphore_release(&world.bounded);
    else if (is(op, "E!"))
        event_set(&world.event);
    else if (is(op, "E0"))
        event_clear(&world.event);
    else if (is(op, "Cn"))
        err = condition_notify(&world.condition, (size_t)self->number);
    else if (is(op, "Ca"))
        err = condition_notify_all(&world.condition);
    else if (op[0] == 'F')
        world.flag = op[1] == '1';
    else if (is(op, "q+"))
        err = queue_put_nowait(&world.queue.queue, &numbers[self->number]);
    else if (is(op, "q-") && (err = queue_get_nowait(&world.queue.queue, &item)) == 0)
        *result = *(int *)item;
    else if (is(op, "Qd"))
        err = queue_task_done(&world.queue.queue);
    else if (op[0] == 'Q')
        queue_shutdown(&world.queue.queue, op[1] == 'X');
    else if (op[0] == 'x')
        *result = task_cancel(&actor_named(op[1])->task, NULL);
    return err;
}

static const char *error_word(int err)
{
    switch (err) {
    case ECANCELED:
        return "cancel";
    case ETIMEDOUT:
        return "late";
    case AIO_QUEUE_EMPTY:
        return "empty";
    case AIO_QUEUE_FULL:
        return "full";
    case AIO_QUEUE_SHUTDOWN:
        return "down";
    case AIO_BROKEN_BARRIER:
        return "broken";
    case AIO_RELEASED:
    case AIO_NOT_OWNER:
        return "refused";
    default:
        return aio_strerror(err);
    }
}

/* Read the word at self->at: T<n>: and its number. Returns the operation in it. */
static const char *parse(struct actor *self)
{
    const char *op = self->at;
    char *end;

    self->limited = *op == 'T';
    if (self->limited) {
        self->limit = (double)strtol(op + 1, &end, 10) / 1000.0;
        op = end + 1;
    }
    self->number = isdigit((unsigned char)op[2]) ? atoi(op + 2) : 0;
    return op;
}

static void log_result(struct actor *self, const char *op, int err, int result)
{
    int length = (int)strcspn(op, " ~");

    if (err != 0)
        log_word("%c%.*s!%s", self->name, length, op, error_word(err));
    else if (result >= 0)
        log_word("%c%.*s=%d", self->name, length, op, result);
    else if (!is(op, "yy") && !is(op, "ss"))
        log_word("%c%.*s", self->name, length, op);
}

static int result_of(struct actor *self, const char *op)
{
    if (is(op, "B?"))
        return (int)self->frame.barrier.index;
    if (is(op, "Q-"))
        return *(int *)self->frame.get.item;
    return -1;
}

static co_status actor_body(struct coro *co)
{
    struct actor *self = co_self(co, struct actor);
    const char *op;
    struct coro *waits;
    int err, result;

    ASYNC (co) {
        for (; *self->at != '\0';
             self->at += strcspn(self->at, " "), self->at += strspn(self->at, " ")) {
            op = parse(self);
            if (is(op, "yy")) {
                do {
                    AWAIT_CATCH_ALL(err, &co_next_pass);
                } while (err == 0 && --self->number > 0);
                result = -1;
            } else if ((waits = begin(self, op)) != NULL) {
                if (self->limited)
                    waits = async_timeout(&self->timeout, self->limit, waits);
                AWAIT_CATCH_ALL(err, waits);
                op = parse(self);
                result = err == 0 ? result_of(self, op) : -1;
            } else {
                result = -1;
                err = do_now(self, op, &result);
            }
            op = parse(self);
            log_result(self, op, err, result);
            if (err == ECANCELED && op[strcspn(op, " ~")] != '~')
                return co_raise(co, ECANCELED);
        }
        log_word("%c.", self->name);
    }
    return co_done(co);
}

static co_status play_body(struct coro *co)
{
    ASYNC (co) {
        world.first = get_running_loop()->turns;
        for (int i = 0; i < world.count; i++) {
            world.actor[i].at = world.actor[i].words;
            loop_create_task(get_running_loop(), &world.actor[i].task,
                             co_init(&world.actor[i].co, actor_body));
        }
        AWAIT(async_sleep(&world.sleep, 1000));
        for (world.i = 0; world.i < world.count; world.i++) {
            if (!future_done(&world.actor[world.i].task.future))
                log_word("stuck");
            while (!future_done(&world.actor[world.i].task.future)) {
                task_cancel(&world.actor[world.i].task, NULL);
                lock_release(world.condition.lock); /* or its waiters never end */
                YIELD();
            }
        }
    }
    return co_done(co);
}

/* Only the tens are compared, so that equal items can be told apart. */
static int compare(const void *a, const void *b)
{
    return *(const int *)a / 10 - *(const int *)b / 10;
}

static unsigned setting(const char *line, const char *key, unsigned otherwise)
{
    const char *found = strstr(line, key);

    return found != NULL ? (unsigned)atoi(found + strlen(key)) : otherwise;
}

static void begin_world(const char *line)
{
    size_t max = setting(line, " max=", 0);

    lock_init(&world.lock);
    event_init(&world.event);
    condition_init(&world.condition, NULL);
    semaphore_init(&world.semaphore, setting(line, " sem=", 1));
    bounded_semaphore_init(&world.bounded, setting(line, " bound=", 1));
    barrier_init(&world.barrier, setting(line, " parties=", 2));
    if (strstr(line, " order=priority") != NULL)
        priority_queue_init(&world.queue, max, NULL, compare);
    else if (strstr(line, " order=lifo") != NULL)
        lifo_queue_init(&world.queue.queue, max, NULL);
    else
        queue_init(&world.queue.queue, max, NULL);
    world.flag = false;
    world.count = 0;
}

/* No list may have waiters, and the heap no timer. */
static bool lines_empty(void)
{
    return ring_empty(&world.lock.waiters.ring) &&
           ring_empty(&world.event.waiters.ring) &&
           ring_empty(&world.condition.waiters.ring) &&
           ring_empty(&world.condition.lock->waiters.ring) &&
           ring_empty(&world.semaphore.waiters.ring) &&
           ring_empty(&world.bounded.waiters.ring) &&
           ring_empty(&world.barrier.changed.waiters.ring) &&
           ring_empty(&world.queue.queue.getters.ring) &&
           ring_empty(&world.queue.queue.putters.ring);
}

static void play(const char *title, const char *expected)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct runner runner;
    struct coro co;

    trace_reset();
    runner_init(&runner, &policy);
    EXPECT_INT(runner_run(&runner, co_init(&co, play_body)), 0);
    runner_close(&runner);
    queue_free(&world.queue.queue);
    EXPECT(lines_empty());
    if (strcmp(check_trace, expected) != 0)
        check_fail(title, 0, "\n#   expected %s\n#   got      %s", expected, check_trace);
}

int main(int argc, char **argv)
{
    static char line[65536], title[LINE];
    FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
    int ran = 0, failures = 0;

    if (in == NULL) {
        puts("1..0 # skipped: no vectors");
        return argc > 2;
    }
    for (int i = 0; i < 1000; i++)
        numbers[i] = i;
    while (fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "script ", 7) == 0) {
            snprintf(title, sizeof title, "%.200s", line + 7);
            begin_world(title);
        } else if (line[0] == '=') {
            check_failed = false;
            play(title, line + 1);
            failures += check_failed;
            printf("%sok %d - %s\n", check_failed ? "not " : "", ++ran, title);
        } else if (line[0] != '#' && line[0] != '\0') {
            struct actor *actor = &world.actor[world.count++];

            actor->name = line[0];
            snprintf(actor->words, LINE, "%.4000s", line + 2 + strspn(line + 2, " "));
        }
    }
    fclose(in);
    printf("1..%d\n", ran);
    return failures > 0 || ran == 0;
}
