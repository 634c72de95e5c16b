/* executor.c - behaviour of executors. executor.py on asyncio. */
#include <semaphore.h>

#include "run_in_executor.h"
#include "scenario.h"

static sem_t began, gate;
static char ran[64];

static int waits_at_gate(void *unused)
{
    (void)unused;
    sem_post(&began);
    sem_wait(&gate);
    strcat(ran, " running");
    return 0;
}

static int notes(void *word)
{
    strcat(ran, *(const char **)word);
    return 0;
}

static struct executor executor;
static struct run_in_executor running, queued, last;
static const char *words[] = { " queued", " last" };

static void submit_three(void)
{
    ran[0] = '\0';
    sem_init(&began, 0, 0);
    sem_init(&gate, 0, 0);
    executor_init(&executor, 1);
    loop_run_in_executor(&running, &executor, waits_at_gate, NULL, 0);
    loop_run_in_executor(&queued, &executor, notes, &words[0], sizeof words[0]);
    loop_run_in_executor(&last, &executor, notes, &words[1], sizeof words[1]);
    sem_wait(&began);
}

ROW(b76, "B76 executor: a queued job that is cancelled never runs, a running one runs on")
{
    ASYNC (co) {
        submit_three();
        at("cancel queued: %s", truth(future_cancel(&queued.future, NULL)));
        at("cancel running: %s", truth(future_cancel(&running.future, NULL)));
        ATTEMPT("queued", &queued.future);
        ATTEMPT("running", &running.future);
        at("ran:%s", ran);
        sem_post(&gate);
        AWAIT(&last.future);
        executor_shutdown(&executor, true, false);
        at("ran:%s", ran);
    }
    return co_done(co);
}

ROWS(&b76)
