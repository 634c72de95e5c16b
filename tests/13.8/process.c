/*
 * process.c - checks of child processes: started, written to, read, signalled, waited for
 * once.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "process.h"
#include "runner.h"
#include "sleep.h"

enum { PIECE = 1 << 20, MANY = 5 };

static const struct process_options pipes = { .io = { PROCESS_PIPE, PROCESS_PIPE,
                                                      PROCESS_PIPE } };
static char piece[PIECE];

static struct loop *loop(void)
{
    return get_running_loop();
}

static void run(struct coro *co, int want)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };
    struct runner runner;

    runner_init(&runner, &policy);
    EXPECT_INT(runner_run(&runner, co), want);
    EXPECT_INT(runner.loop.watched, 0);
    EXPECT_INT(runner.loop.holds, 0);
    EXPECT_INT(runner_close(&runner), 0);
}

static int open_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) != -1;
    return n;
}

/* ---- one child from start to end ---- */

struct whole {
    struct coro co;
    char *argv[4];
    const struct process_options *options;
    const char *input;
    size_t length;
    struct process process;
    struct async_create_subprocess_exec create;
    struct process_communicate communicate;
};

static co_status whole_body(struct coro *co)
{
    struct whole *self = co_self(co, struct whole);

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, &self->process, self->argv,
                                           self->options));
        AWAIT(process_communicate(&self->communicate, &self->process, self->input,
                                  self->length));
    }
    return co_done(co);
}

static struct whole whole;

static void run_whole(char *a, char *b, char *c, const char *input, size_t length,
                      const struct process_options *options, int want)
{
    int before = open_descriptors();

    memset(&whole, 0, sizeof whole);
    whole.argv[0] = a;
    whole.argv[1] = b;
    whole.argv[2] = c;
    whole.options = options;
    whole.input = input;
    whole.length = length;
    run(co_init(&whole.co, whole_body), want);
    EXPECT_INT(open_descriptors(), before);
}

static const char *said(int fd)
{
    return whole.process.pipe[fd].data != NULL ? whole.process.pipe[fd].data : "";
}

static void sorts(void)
{
    run_whole("sort", NULL, NULL, "pear\napple\n", 11, &pipes, 0);
    EXPECT_STR(said(1), "apple\npear\n");
    EXPECT_STR(said(2), "");
    EXPECT_INT(whole.process.returncode, 0);
    process_close(&whole.process);
    process_close(&whole.process); /* twice does no harm */
    EXPECT_INT(whole.process.pid, 0);
}

static void tells_its_status(void)
{
    run_whole("sh", "-c", "echo out; echo err >&2; exit 3", "", 0, &pipes, 0);
    EXPECT_STR(said(1), "out\n");
    EXPECT_STR(said(2), "err\n");
    EXPECT_INT(whole.process.returncode, 3);
    process_close(&whole.process);
    run_whole("sh", "-c", "kill -TERM $$", "", 0, &pipes, 0);
    EXPECT_INT(whole.process.returncode, -SIGTERM);
    process_close(&whole.process);
}

static void joins_stderr_to_stdout(void)
{
    static const struct process_options both = { .io = { PROCESS_DEVNULL, PROCESS_PIPE,
                                                         PROCESS_STDOUT } };

    run_whole("sh", "-c", "cat; echo out; echo err >&2", "", 0, &both, 0);
    EXPECT_STR(said(1), "out\nerr\n");
    process_close(&whole.process);
}

static void takes_a_descriptor(void)
{
    struct process_options options = { .io = { PROCESS_DEVNULL, 0, PROCESS_INHERIT } };
    char answer[16] = "";
    int ends[2];

    EXPECT_INT(pipe(ends), 0);
    options.io[1] = ends[1];
    run_whole("echo", "there", NULL, NULL, 0, &options, 0);
    EXPECT_INT(read(ends[0], answer, sizeof answer - 1), 6);
    EXPECT_STR(answer, "there\n");
    EXPECT_INT(fcntl(ends[1], F_GETFD), 0); /* it is still ours */
    close(ends[0]);
    close(ends[1]);
    options.io[1] = 255; /* not a child of ours */
    process_close(&whole.process);
    run_whole("true", NULL, NULL, NULL, 0, &options, EBADF);
}

static void a_million_bytes_both_ways(void)
{
    for (int i = 0; i < PIECE; i++)
        piece[i] = (char)('a' + i % 26);
    run_whole("cat", NULL, NULL, piece, PIECE, &pipes, 0);
    EXPECT_INT(whole.process.pipe[1].length, PIECE);
    EXPECT(memcmp(said(1), piece, PIECE) == 0);
    process_close(&whole.process);
}

static void does_not_mind_unwanted_input(void)
{
    sigset_t pending;

    signal(SIGPIPE, SIG_DFL);
    run_whole("true", NULL, NULL, piece, PIECE, &pipes, 0);
    EXPECT_INT(whole.process.returncode, 0);
    sigpending(&pending);
    EXPECT(!sigismember(&pending, SIGPIPE));
    process_close(&whole.process);
}

static void child_has_sigpipe(void)
{
    signal(SIGPIPE, SIG_IGN);
    run_whole("sh", "-c", "kill -PIPE $$; echo alive", "", 0, &pipes, 0);
    EXPECT_INT(whole.process.returncode, -SIGPIPE);
    process_close(&whole.process);
    signal(SIGPIPE, SIG_DFL);
}

static void cannot_be_started(void)
{
    static const struct process_options wrong = { .io = { PROCESS_INHERIT, PROCESS_STDOUT,
                                                          PROCESS_INHERIT } };
    const char *preload = getenv("LD_PRELOAD");

    if (preload != NULL && strstr(preload, "vgpreload") != NULL) {
        puts("# skipped: under valgrind vfork() is fork(), posix_spawn() cannot tell");
        return;
    }
    run_whole("/nonesuch", NULL, NULL, "", 0, &pipes, ENOENT);
    EXPECT_INT(whole.process.pid, 0);
    process_close(&whole.process);
    run_whole("/", NULL, NULL, "", 0, &pipes, EACCES);
    run_whole("true", NULL, NULL, "", 0, &wrong, EINVAL);
}

/* ---- waiting ---- */

struct waiting {
    struct coro co;
    const char *name;
    struct process *process;
    struct event_wait wait;
};

static co_status waiting_body(struct coro *co)
{
    struct waiting *self = co_self(co, struct waiting);
    int err;

    ASYNC (co) {
        AWAIT_CATCH_ALL(err, process_wait(&self->wait, self->process));
        if (err == 0)
            trace("%s:%d", self->name, self->process->returncode);
        else
            trace("%s:%s", self->name, aio_strerror(err));
        return co_raise(co, err);
    }
    return co_done(co);
}

struct cats {
    struct coro co;
    struct async_create_subprocess_exec create;
    struct process cat[MANY];
    struct waiting waiting[MANY];
    struct task task[MANY];
    struct process_communicate communicate;
    struct async_sleep sleep;
    int i;
};

static struct cats cats;
static char *cat_argv[] = { "cat", NULL };

static co_status many_waiters_body(struct coro *co)
{
    static const char *const name[] = { "a", "b", "c" };
    struct cats *self = co_self(co, struct cats);

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        for (self->i = 0; self->i < 3; self->i++) {
            self->waiting[self->i].name = name[self->i];
            self->waiting[self->i].process = self->cat;
            loop_create_task(loop(), &self->task[self->i],
                             co_init(&self->waiting[self->i].co, waiting_body));
        }
        YIELD();
        task_cancel(&self->task[1], NULL);
        YIELD();
        YIELD();
        EXPECT(future_cancelled(&self->task[1].future));
        EXPECT(self->cat[0].running);
        EXPECT_INT(kill(self->cat[0].pid, 0), 0);
        EXPECT_INT(process_send_signal(self->cat, 9999), EINVAL);
        EXPECT_INT(process_kill(self->cat), 0);
        AWAIT(&self->task[0]);
        AWAIT(&self->task[2]);
        EXPECT_INT(process_kill(self->cat), ESRCH);
        EXPECT_INT(process_terminate(self->cat), ESRCH);
        self->cat[0].pid = getpid(); /* another process has this number */
        EXPECT_INT(process_send_signal(self->cat, 0), ESRCH);
        process_close(self->cat);
    }
    return co_done(co);
}

static void many_wait_and_one_gives_up(void)
{
    run(co_init(&cats.co, many_waiters_body), 0);
    EXPECT_TRACE("b:Operation canceled a:-9 c:-9");
}

static co_status group_body(struct coro *co)
{
    static struct process_options own;
    struct cats *self = co_self(co, struct cats);

    ASYNC (co) {
        own = pipes;
        own.own_group = true;
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &own));
        AWAIT(
            async_create_subprocess_exec(&self->create, self->cat + 1, cat_argv, &pipes));
        EXPECT_INT(getpgid(self->cat[0].pid), self->cat[0].pid);
        EXPECT_INT(getpgid(self->cat[1].pid), getpgrp());
        process_close(self->cat);
        process_close(self->cat + 1);
    }
    return co_done(co);
}

static void a_group_of_its_own(void)
{
    run(co_init(&cats.co, group_body), 0);
}

static co_status many_children_body(struct coro *co)
{
    struct cats *self = co_self(co, struct cats);

    ASYNC (co) {
        for (self->i = 0; self->i < MANY; self->i++)
            AWAIT(async_create_subprocess_exec(&self->create, &self->cat[self->i],
                                               cat_argv, &pipes));
        for (self->i = 0; self->i < MANY; self->i++)
            process_terminate(&self->cat[self->i]);
        for (self->i = 0; self->i < MANY; self->i++) {
            AWAIT(process_wait(&self->waiting[0].wait, &self->cat[self->i]));
            trace("%d", self->cat[self->i].returncode);
            process_close(&self->cat[self->i]);
        }
        EXPECT_INT(waitpid(-1, NULL, WNOHANG), -1); /* no child is left, no zombie */
    }
    return co_done(co);
}

static void many_children(void)
{
    run(co_init(&cats.co, many_children_body), 0);
    EXPECT_TRACE("-15 -15 -15 -15 -15");
}

/* A timer of a second waits behind a child, however long that takes for real. */
static co_status sleeper_body(struct coro *co)
{
    struct cats *self = container_of(co, struct cats, waiting[1].co);

    ASYNC (co) {
        AWAIT(async_sleep(&self->sleep, 1));
        trace("timer:%.2f", loop_time(loop()));
    }
    return co_done(co);
}

static co_status held_body(struct coro *co)
{
    struct cats *self = co_self(co, struct cats);

    ASYNC (co) {
        loop_create_task(loop(), self->task, co_init(&self->waiting[1].co, sleeper_body));
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        EXPECT_INT(loop()->holds, 1);
        AWAIT(process_communicate(&self->communicate, self->cat, piece, PIECE));
        trace("child:%.2f", loop_time(loop()));
        process_close(self->cat);
        AWAIT(self->task);
    }
    return co_done(co);
}

static void holds_virtual_time(void)
{
    run(co_init(&cats.co, held_body), 0);
    EXPECT_TRACE("child:0.00 timer:1.00");
}

/* The next descriptors that we open are 0 and up. */
static co_status low_body(struct coro *co)
{
    static struct process_options options;
    static int saved, ends[2];
    struct cats *self = co_self(co, struct cats);
    char answer[16] = "";

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        EXPECT_INT(pipe(ends), 0);
        saved = dup(0);
        close(0);
        options = pipes;
        options.io[1] = ends[1];
        AWAIT(async_create_subprocess_exec(&self->create, self->cat + 1, cat_argv,
                                           &options));
        AWAIT(process_communicate(&self->communicate, self->cat + 1, "hello", 5));
        EXPECT_INT(self->cat[1].returncode, 0);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        EXPECT_INT(read(ends[0], answer, sizeof answer - 1), 5);
        EXPECT_STR(answer, "hello");
        dup2(saved, 0);
        close(saved);
        close(ends[0]);
        close(ends[1]);
        process_close(self->cat);
        process_close(self->cat + 1);
    }
    return co_done(co);
}

static void without_a_stdin_of_ours(void)
{
    run(co_init(&cats.co, low_body), 0);
}

static co_status quiet_body(struct coro *co)
{
    static char *nonesuch[] = { "/nonesuch", NULL };
    struct cats *self = co_self(co, struct cats);
    struct sigaction action;
    int err;

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        sigaction(SIGCHLD, NULL, &action);
        EXPECT(action.sa_handler != SIG_DFL);
        process_close(self->cat);
        sigaction(SIGCHLD, NULL, &action);
        EXPECT(action.sa_handler == SIG_DFL);
        AWAIT_CATCH(err, async_create_subprocess_exec(&self->create, self->cat, nonesuch,
                                                      &pipes));
        process_close(self->cat); /* under valgrind the start seems to succeed */
        (void)err;
        sigaction(SIGCHLD, NULL, &action);
        EXPECT(action.sa_handler == SIG_DFL);
    }
    return co_done(co);
}

static void no_children_no_handler(void)
{
    run(co_init(&cats.co, quiet_body), 0);
}

static co_status communicator_body(struct coro *co)
{
    struct cats *self = container_of(co, struct cats, waiting[0].co);

    ASYNC (co) {
        AWAIT(process_communicate(&self->communicate, self->cat, piece, PIECE));
    }
    return co_done(co);
}

static co_status cancelled_body(struct coro *co)
{
    static struct process_communicate second;
    struct cats *self = co_self(co, struct cats);
    int err;

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        loop_create_task(loop(), self->task,
                         co_init(&self->waiting[0].co, communicator_body));
        YIELD();
        AWAIT_CATCH(err, process_communicate(&second, self->cat, "", 0));
        EXPECT_INT(err, EBUSY);
        task_cancel(self->task, NULL);
        AWAIT_CATCH_ALL(err, self->task);
        EXPECT_INT(err, ECANCELED);
        EXPECT(self->cat[0].running);
        EXPECT_INT(loop()->watched, 0);
        AWAIT(process_communicate(&second, self->cat, "", 0));
        EXPECT_INT(self->cat[0].returncode, 0);
        process_close(self->cat);
    }
    return co_done(co);
}

static void cancelled_communicate_leaves_the_child(void)
{
    run(co_init(&cats.co, cancelled_body), 0);
}

static co_status stolen_body(struct coro *co)
{
    struct cats *self = co_self(co, struct cats);

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        kill(self->cat[0].pid, SIGKILL);
        EXPECT_INT(waitpid(self->cat[0].pid, NULL, 0), self->cat[0].pid);
        AWAIT(process_wait(&self->waiting[0].wait, self->cat));
        EXPECT_INT(self->cat[0].returncode, 255);
        process_close(self->cat);
    }
    return co_done(co);
}

static void another_reaper(void)
{
    run(co_init(&cats.co, stolen_body), 0);
}

static co_status closed_body(struct coro *co)
{
    struct cats *self = co_self(co, struct cats);

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        process_close(self->cat); /* kills it */
        EXPECT_INT(self->cat[0].returncode, -SIGKILL);
        EXPECT_INT(loop()->holds, 0);
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, NULL));
        AWAIT(
            async_create_subprocess_exec(&self->create, self->cat + 1, cat_argv, &pipes));
        process_kill(self->cat);
    }
    return co_done(co);
}

static void loop_ends_first(void)
{
    struct runner runner;

    runner_init(&runner, NULL);
    EXPECT_INT(runner_run(&runner, co_init(&cats.co, closed_body)), 0);
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT(cats.cat[1].running);
    process_close(&cats.cat[0]);
    process_close(&cats.cat[1]);
    EXPECT_INT(waitpid(-1, NULL, WNOHANG), -1);
    many_children(); /* another loop can have children now */
}

static void *second_loop(void *arg)
{
    static struct whole other;

    (void)arg;
    other.argv[0] = "true";
    other.options = &pipes;
    EXPECT_INT(async_run(co_init(&other.co, whole_body)), EBUSY);
    return NULL;
}

static co_status two_loops_body(struct coro *co)
{
    struct cats *self = co_self(co, struct cats);
    pthread_t thread;

    ASYNC (co) {
        AWAIT(async_create_subprocess_exec(&self->create, self->cat, cat_argv, &pipes));
        pthread_create(&thread, NULL, second_loop, NULL);
        pthread_join(thread, NULL);
        process_close(self->cat);
    }
    return co_done(co);
}

static void one_loop_has_the_children(void)
{
    run(co_init(&cats.co, two_loops_body), 0);
}

CHECK_MAIN({ "a child is fed, read and waited for", sorts },
           { "its status, or minus its signal", tells_its_status },
           { "stderr joins stdout, stdin is nothing", joins_stderr_to_stdout },
           { "a descriptor of ours becomes its stdout", takes_a_descriptor },
           { "a million bytes there and back", a_million_bytes_both_ways },
           { "input that it does not want is no error", does_not_mind_unwanted_input },
           { "it has SIGPIPE though we ignore it", child_has_sigpipe },
           { "a group of its own, out of reach of Ctrl-C", a_group_of_its_own },
           { "what cannot be started leaves nothing", cannot_be_started },
           { "it works when our stdin is closed", without_a_stdin_of_ours },
           { "many wait, one gives up, the child lives", many_wait_and_one_gives_up },
           { "many children, each reaped once", many_children },
           { "a child holds virtual time", holds_virtual_time },
           { "communicate cancelled, and begun again",
             cancelled_communicate_leaves_the_child },
           { "somebody else has waited for it: 255", another_reaper },
           { "the loop ends before its children", loop_ends_first },
           { "without children SIGCHLD is as it was", no_children_no_handler },
           { "one loop of the program has children", one_loop_has_the_children })
