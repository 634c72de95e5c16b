/* scenario-main.h - the last part of scenario.h: it plays the rows. */
#ifndef SCENARIO_MAIN_H
#define SCENARIO_MAIN_H

static inline void report(struct loop *loop, const struct exception_context *context)
{
    size_t length = strlen(context->message);

    (void)loop;
    if (context->message[length - 1] == '!')
        length--;
    mark("reported: %.*s: %s", (int)length, context->message, name_of(context->error));
}

static inline co_status finale_body(struct coro *co)
{
    ASYNC (co) {
        zero();
        AWAIT(&stage.body);
        /* Time for the tasks that the row left running. With the real clock only rows
         * that need no sleep are played, and they leave no tasks. */
        AWAIT(async_sleep(&stage.rest, stage.loop.clock == &clock_virtual ? 200 : 0));
    }
    return co_done(co);
}

static inline void play(const struct row *row)
{
    static struct task task;

    puts(row->heading);
    fflush(stdout);
    memset(&stage, 0, sizeof stage);
    if (loop_init(&stage.loop, NULL) != 0) {
        fputs("scenario: cannot make an event loop\n", stderr);
        exit(1);
    }
    set_event_loop(&stage.loop);
    stage.loop.on_exception = report;
    if (row->run != NULL) {
        row->run();
    } else {
        co_init(&stage.body, row->body);
        loop_create_task(&stage.loop, &task, co_init(&stage.finale, finale_body));
        loop_run_until_complete(&stage.loop, &task);
    }
    loop_close(&stage.loop);
    set_event_loop(NULL);
}

/* ROW(b30, "B30 a heading") { the coroutine's body } */
#define ROW(name, heading)                                         \
    static co_status name##_body(struct coro *co);                 \
    static const struct row name = { heading, name##_body, NULL }; \
    static co_status name##_body(struct coro *co)

/* The same for a function that has the loop to itself. */
#define LOOP_ROW(name, heading)                                   \
    static void name##_run(void);                                 \
    static const struct row name = { heading, NULL, name##_run }; \
    static void name##_run(void)

/* Play all rows, or those that the arguments name: B30. */
static inline int play_rows(int argc, char **argv, const struct row *const *rows, int n)
{
    for (int i = 0; i < n; i++) {
        bool wanted = argc < 2;

        for (int a = 1; a < argc; a++)
            wanted =
                wanted || (strncmp(rows[i]->heading, argv[a], strlen(argv[a])) == 0 &&
                           rows[i]->heading[strlen(argv[a])] == ' ');
        if (wanted)
            play(rows[i]);
    }
    return 0;
}

#define ROWS(...)                                                              \
    int main(int argc, char **argv)                                            \
    {                                                                          \
        static const struct row *const rows[] = { __VA_ARGS__ };               \
                                                                               \
        return play_rows(argc, argv, rows, (int)(sizeof rows / sizeof *rows)); \
    }

#endif
