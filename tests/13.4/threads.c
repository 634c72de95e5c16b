/* threads.c - checks of loop_call_soon_threadsafe() and its inbox. */
#include <errno.h>

#include "inbox.h"
#include "sleep_notice.h"

/* ---- 4 threads, 10,000 posts each: none lost, each thread's in order ---- */

enum { THREADS = 4, POSTS = 10000 };

struct post {
    struct handle handle;
    int thread, number;
};

static struct post posts[THREADS][POSTS];
static int next_of[THREADS], arrived, out_of_order, off_thread;

static void take_post(struct handle *h)
{
    struct post *p = container_of(h, struct post, handle);

    out_of_order += p->number != next_of[p->thread]++;
    off_thread += get_running_loop() != &loop;
    if (++arrived == THREADS * POSTS)
        loop_stop(&loop);
}

static void *post_many(void *mine)
{
    struct post *p = mine;
    int failed = 0;

    for (int i = 0; i < POSTS; i++)
        failed += loop_call_soon_threadsafe(&loop, &p[i].handle, take_post) != 0;
    return failed ? mine : NULL;
}

static void many_from(const struct selector *selector)
{
    pthread_t thread[THREADS];
    void *failed;

    open_loop(selector);
    EXPECT_INT(loop_open_inbox(&loop), 0);
    arrived = 0;
    for (int t = 0; t < THREADS; t++) {
        next_of[t] = 0;
        for (int i = 0; i < POSTS; i++)
            posts[t][i] = (struct post){ .thread = t, .number = i };
        EXPECT_INT(pthread_create(&thread[t], NULL, post_many, posts[t]), 0);
    }
    EXPECT_INT(loop_run_forever(&loop), 0);
    for (int t = 0; t < THREADS; t++) {
        pthread_join(thread[t], &failed);
        EXPECT(failed == NULL);
    }
    EXPECT_INT(arrived, THREADS * POSTS);
    EXPECT_INT(out_of_order, 0);
    EXPECT_INT(off_thread, 0);
    close_loop();
}

static void many(void)
{
    for (int i = 0; selectors[i] != NULL; i++)
        many_from(selectors[i]);
}

/* ---- a loop that sleeps is woken, however long its timeout ---- */

static struct handle h[1];
static struct timer far;

static void *post_when_asleep(void *unused)
{
    wait_until_asleep();
    loop_call_soon_threadsafe(&loop, &h[0], stop);
    return unused;
}

static void wakes_from(const struct selector *selector, bool timer)
{
    pthread_t thread;

    open_loop(selector);
    EXPECT_INT(loop_open_inbox(&loop), 0);
    if (timer) {
        loop_hold(&loop, +1); /* virtual time waits for the thread */
        loop_call_later(&loop, &far, 10, stop);
    }
    pthread_create(&thread, NULL, post_when_asleep, NULL);
    EXPECT_INT(loop_run_forever(&loop), 0);
    pthread_join(thread, NULL);
    EXPECT(loop_time(&loop) == 0);
    timer_cancel(&loop, &far);
    close_loop();
}

static void wakes(void)
{
    for (int i = 0; selectors[i] != NULL; i++) {
        wakes_from(selectors[i], false);
        wakes_from(selectors[i], true);
    }
}

/* ---- refused: no inbox, closed, already scheduled ---- */

static void refused(void)
{
    open_loop(&selector_poll);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], stop), AIO_LOOP_CLOSED);
    EXPECT(!handle_scheduled(&h[0]));
    EXPECT_INT(loop_open_inbox(&loop), 0);
    EXPECT_INT(loop_open_inbox(&loop), 0);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], stop), 0);
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], stop), EBUSY);
    EXPECT_INT(loop_close(&loop), 0);
    EXPECT(!handle_scheduled(&h[0])); /* posted handles are released */
    EXPECT_INT(loop_call_soon_threadsafe(&loop, &h[0], stop), AIO_LOOP_CLOSED);
    EXPECT_INT(loop_open_inbox(&loop), AIO_LOOP_CLOSED);
    sem_destroy(&asleep);
}

/* A thread posts while the loop closes: each post is accepted or refused, and after one
 * refusal all are refused. */
static void *post_until_closed(void *unused)
{
    int i = 0, err = 0;

    for (; i < POSTS && err == 0; i++)
        err = loop_call_soon_threadsafe(&loop, &posts[0][i].handle, take_post);
    for (; i < POSTS; i++)
        if (loop_call_soon_threadsafe(&loop, &posts[0][i].handle, take_post) !=
            AIO_LOOP_CLOSED)
            return &loop;
    return err == 0 || err == AIO_LOOP_CLOSED ? unused : &loop;
}

static void closed_meanwhile(void)
{
    pthread_t thread;
    void *wrong;

    for (int i = 0; i < 20; i++) {
        for (int p = 0; p < POSTS; p++)
            posts[0][p] = (struct post){ .thread = 0 };
        open_loop(&selector_poll);
        loop_open_inbox(&loop);
        pthread_create(&thread, NULL, post_until_closed, NULL);
        one_pass();
        EXPECT_INT(loop_close(&loop), 0);
        pthread_join(thread, &wrong);
        EXPECT(wrong == NULL);
        sem_destroy(&asleep);
    }
}

CHECK_MAIN({ "many", many }, { "wakes", wakes }, { "refused", refused },
           { "closed_meanwhile", closed_meanwhile })
