/*
 * staggered-race.c - checks the race for a connection: which attempt starts when, which
 * event ends which attempt, and that no socket leaks, wherever the race is cancelled.
 *
 * The code under check is compiled into this file with another sock_connect(). It opens a
 * real socket but follows a script, in virtual time. The expected traces were made by
 * CPython 3.13's staggered_race() with the same scripts.
 *
 * A script names the addresses in the resolver's order. Each entry is family and letter;
 * then + (answers), ! (fails), - (is silent) or ~ (is silent, and takes 0.1 s to cancel);
 * the seconds; the letter of the error. In the trace "6a" is a start, "+6a" and "!6a" its
 * end, "x6a" a cancel, and "=6a" the winner.
 *
 * The last case uses the network of this machine and the real clock.
 */
#include "connect.h"

static struct coro *fake_connect(struct sock_connect *self, struct sock *sock,
                                 const struct address *address);

#define sock_connect(self, sock, address) fake_connect(self, sock, address)
#include "connect.c"
#undef sock_connect

#include "stream_case.h"

/* ---- the script ---- */

static struct part {
    char name[4], how, letter;
    double seconds;
    struct async_sleep sleep;
} part[ADDRESSES_MAX];

static bool real;  /* use the real connect() */
static bool quiet; /* no trace */

static void at(const char *format, const char *word)
{
    char text[64];

    snprintf(text, sizeof text, format, word);
    if (!quiet)
        trace("%s@%.2f", text, loop_time(&loop));
}

static int error_of_letter(char letter)
{
    return letter == 'N' ? ENETUNREACH : letter == 'H' ? EHOSTUNREACH : ECONNREFUSED;
}

static char letter_of_error(int err)
{
    return err == ENETUNREACH    ? 'N'
           : err == EHOSTUNREACH ? 'H'
           : err == ECONNREFUSED ? 'R'
                                 : '?';
}

/* The address's port is its index in the script. */
static struct part *part_of(const struct address *a)
{
    return &part[ntohs(a->any.sa_family == AF_INET6 ? a->in6.sin6_port
                                                    : a->in4.sin_port)];
}

static void read_script(const char *script)
{
    struct host_addresses *host = &stage.host;
    struct part *p = part;
    char *end;

    for (host->count = 0; *script != '\0'; host->count++, p++) {
        *p = (struct part){ .name = { script[0], script[1] },
                            .how = script[2],
                            .letter = 'R' };
        script += 3;
        if (*script >= '0' && *script <= '9') {
            p->seconds = strtod(script, &end);
            script = end;
        }
        if (*script >= 'A' && *script <= 'Z')
            p->letter = *script++;
        script += strspn(script, " ");
        address_from_text(&host->address[host->count],
                          p->name[0] == '6' ? "::1" : "127.0.0.1", (unsigned)(p - part));
    }
}

static co_status fake_body(struct coro *co)
{
    struct sock_connect *self = co_self(co, struct sock_connect);
    struct part *p = part_of(&self->address);
    int err;

    ASYNC (co) {
        at("%s", p->name);
        sock_adopt(self->sock, &loop, socket(AF_INET, SOCK_STREAM, 0));
        if (p->how == '-' || p->how == '~')
            AWAIT(async_sleep(&p->sleep, 1000));
        if (p->seconds > 0) {
            AWAIT(async_sleep(&p->sleep, p->seconds));
            at(p->how == '+' ? "+%s" : "!%s", p->name);
        }
        if (p->how == '!')
            return co_raise(co, error_of_letter(p->letter));

    FINALLY:
        if (co->error == ECANCELED)
            at("x%s", p->name);
        if (p->how == '~')
            AWAIT_CATCH_ALL(err, async_sleep(&p->sleep, 0.1));
        if (co->error != 0)
            sock_close(self->sock);
        (void)err;
    }
    return co_done(co);
}

static struct coro *fake_connect(struct sock_connect *self, struct sock *sock,
                                 const struct address *address)
{
    if (real)
        return sock_connect(self, sock, address);
    self->sock = sock;
    self->address = *address;
    return co_init(&self->co, fake_body);
}

/* ---- rows ---- */

static struct open_connection_staggered race;

static const struct row {
    double delay, cancel; /* seconds; cancel < 0: never */
    const char *script, *trace;
} rows[] = {
    { 0.25, -1, "6a+0.1", "6a@0.00 +6a@0.10 =6a@0.10" },
    { 0.25, -1, "6a- 6b- 4a- 4b+0.1",
      "6a@0.00 4a@0.25 6b@0.50 4b@0.75 +4b@0.85 x6a@0.85 x4a@0.85 x6b@0.85 "
      "=4b@0.85" },
    { 0.25, -1, "6a- 4a- 4b- 6b+0.1",
      "6a@0.00 4a@0.25 6b@0.50 +6b@0.60 x6a@0.60 x4a@0.60 =6b@0.60" },
    { 0.25, -1, "4a- 4b- 4c- 6a+0.1", "4a@0.00 6a@0.25 +6a@0.35 x4a@0.35 =6a@0.35" },
    { 0.25, -1, "6a- 4a+0.05", "6a@0.00 4a@0.25 +4a@0.30 x6a@0.30 =4a@0.30" },
    { 0.25, -1, "6a!0 4a+0.05", "6a@0.00 4a@0.00 +4a@0.05 =4a@0.05" },
    { 0.25, -1, "6a!0.1 4a+0.05", "6a@0.00 !6a@0.10 4a@0.10 +4a@0.15 =4a@0.15" },
    { 0.25, -1, "6a!0.3 4a- 6b- 4b+0.05",
      "6a@0.00 4a@0.25 !6a@0.30 6b@0.50 4b@0.75 +4b@0.80 x4a@0.80 x6b@0.80 "
      "=4b@0.80" },
    { 0.25, -1, "6a!0.3 4a!0.2 6b- 4b+0.05",
      "6a@0.00 4a@0.25 !6a@0.30 !4a@0.45 6b@0.45 4b@0.70 +4b@0.75 x6b@0.75 "
      "=4b@0.75" },
    { 0.25, -1, "6a+0.4 4a- 6b- 4b+0.05", "6a@0.00 4a@0.25 +6a@0.40 x4a@0.40 =6a@0.40" },
    { 0.25, -1, "6a!0.25 4a+0.1 6b-", "6a@0.00 !6a@0.25 4a@0.25 +4a@0.35 =4a@0.35" },
    { 0.25, -1, "6a!0 4a!0 6b!0 4b!0",
      "6a@0.00 4a@0.00 6b@0.00 4b@0.00 errors:R,R,R,R@0.00" },
    { 0.25, -1, "6a!0.1R 4a!0.1N 6b!0.1R",
      "6a@0.00 !6a@0.10 4a@0.10 !4a@0.20 6b@0.20 !6b@0.30 errors:R,N,R@0.30" },
    { 0.25, -1, "6a!0.1R 4a!0.5H 6b!0.1N",
      "6a@0.00 !6a@0.10 4a@0.10 6b@0.35 !6b@0.45 !4a@0.60 errors:R,H,N@0.60" },
    { 0.25, -1, "6a!2R 4a!0.1H", "6a@0.00 4a@0.25 !4a@0.35 !6a@2.00 errors:R,H@2.00" },
    { 0.25, -1, "6a+0 4a-", "6a@0.00 =6a@0.00" },
    { 0.25, -1, "6a- 4a+0 6b-", "6a@0.00 4a@0.25 x6a@0.25 =4a@0.25" },
    { 0, -1, "6a- 4a- 6b- 4b+0.1",
      "6a@0.00 4a@0.00 6b@0.00 4b@0.00 +4b@0.10 x6a@0.10 x4a@0.10 x6b@0.10 "
      "=4b@0.10" },
    { 1, -1, "6a- 4a!0.2 6b+0.2",
      "6a@0.00 4a@1.00 !4a@1.20 6b@1.20 +6b@1.40 x6a@1.40 =6b@1.40" },
    { 0.25, 0, "6a- 4a+0.05", "6a@0.00 x6a@0.00 ECANCELED@0.00" },
    { 0.25, 0.1, "6a- 4a+0.05", "6a@0.00 x6a@0.10 ECANCELED@0.10" },
    { 0.25, 0.27, "6a- 4a+0.05 6b-", "6a@0.00 4a@0.25 x6a@0.27 x4a@0.27 ECANCELED@0.27" },
    { 0.25, 0.6, "6a- 4a- 6b-",
      "6a@0.00 4a@0.25 6b@0.50 x6a@0.60 x4a@0.60 x6b@0.60 ECANCELED@0.60" },
};

static void show_end(int err)
{
    char text[2 * ADDRESSES_MAX + 8] = "errors:";
    size_t n = strlen(text);

    if (err == 0) {
        at("=%s", part_of(&race.winner->connect.address)->name);
        return;
    }
    for (int i = 0; i < race.started && err != ECANCELED; i++) {
        text[n++] = letter_of_error(race.attempt[i].error);
        text[n++] = ',';
    }
    text[n - 1] = '\0';
    at("%s", err == ECANCELED ? "ECANCELED" : text);
    if (err != ECANCELED)
        EXPECT_INT(err, race.attempt[0].error);
}

CASE(all_rows)
{
    struct stage *self = co_self(co, struct stage);
    const struct row *row;
    int err;

    ASYNC (co) {
        self->k = count_open() - 1; /* without `near` */
        for (self->i = 0; self->i < (int)(sizeof rows / sizeof *rows); self->i++) {
            row = &rows[self->i];
            stream_close(&self->near);
            loop.virtual_now = 0; /* no timer remains from the row before */
            read_script(row->script);
            start(0,
                  open_connection_staggered(&race, &self->near, &self->host, row->delay));
            if (row->cancel >= 0) {
                AWAIT(async_sleep(&self->sleep, row->cancel));
                task_cancel(&self->task[0], NULL);
            }
            AWAIT_CATCH_ALL(err, &self->task[0]);
            row = &rows[self->i];
            show_end(err);
            EXPECT_INT(race.live, 0);
            EXPECT((self->near.sock.fd >= 0) == (err == 0));
            EXPECT_INT(count_open(), self->k + (err == 0));
            EXPECT_TRACE(row->trace);
        }
    }
    return co_done(co);
}

/* Sixteen addresses that fail, of three families. */
CASE(sixteen)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        read_script("4a! 4b! 4c! 4d! 4e! 4f! 4g! 4h! 4i! 4j! 6a! 6b! 6c! 6d! 6e! 6f!");
        self->host.address[3].any.sa_family = AF_UNIX; /* 4d, found by its port */
        self->host.address[12].any.sa_family = AF_UNIX;
        stream_close(&self->near);
        AWAIT_CATCH(err, open_connection_staggered(&race, &self->near, &self->host, 9));
        EXPECT_INT(err, ECONNREFUSED);
        EXPECT_INT(race.started, ADDRESSES_MAX);
        EXPECT_TRACE("4a@0.00 4d@0.00 6a@0.00 4b@0.00 6c@0.00 6b@0.00 4c@0.00 6d@0.00 "
                     "4e@0.00 6e@0.00 4f@0.00 6f@0.00 4g@0.00 4h@0.00 4i@0.00 4j@0.00");
        EXPECT_INT(loop_time(&loop), 0);
    }
    return co_done(co);
}

/* ---- cancelled at any moment ---- */

static const char *const scripts[] = {
    "6a+0.1 4a+0.1",      "6a!0 4a!0 6b!0",
    "6a!0.1 4a+0.1 6b-",  "6a- 4a- 6b+0.1",
    "6a+0.25 4a+0",       "6a+0.5 4a+0.25 6b-",
    "6a~ 4a~ 6b~ 4b+0.1", "6a!0.25 4a!0.25 6b!0.25",
    "6a+0 4a+0",
};
static const double moments[] = { 0, 0.1, 0.2, 0.25, 0.35, 0.5, 0.6, 0.75, 0.85, 0.9 };
enum { PASSES = 7 };

struct again { /* cancel the race at a moment, some passes later, and then once more */
    int script, moment, passes, second;
    struct async_sleep sleep;
    int i, cancelled, done, before;
};
static struct again again;

static co_status cancel_once_body(struct coro *co)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        again.before = count_open() - (self->near.sock.fd >= 0);
        stream_close(&self->near);
        read_script(scripts[again.script]);
        start(0, open_connection_staggered(&race, &self->near, &self->host, 0.25));
        if (moments[again.moment] > 0)
            AWAIT(async_sleep(&again.sleep, moments[again.moment]));
        for (again.i = 0; again.i < again.passes; again.i++)
            YIELD();
        task_cancel(&self->task[0], NULL);
        for (again.i = 0; again.i < again.second; again.i++)
            YIELD();
        if (again.second > 0)
            task_cancel(&self->task[0], NULL);
        AWAIT_CATCH_ALL(err, &self->task[0]);
        again.cancelled += err == ECANCELED;
        again.done += err != ECANCELED;
        EXPECT_INT(race.live, 0);
        for (int i = 0; i < race.started; i++) {
            EXPECT(race.attempt[i].task.future.done);
            EXPECT_INT(race.attempt[i].sock.fd, -1);
        }
        EXPECT((self->near.sock.fd >= 0) == (err == 0));
        EXPECT_INT(count_open(), again.before + (err == 0));
    }
    return co_done(co);
}

static void cancelled_anywhere(void)
{
    enum { SCRIPTS = sizeof scripts / sizeof *scripts };
    enum { MOMENTS = sizeof moments / sizeof *moments };

    quiet = true;
    again.cancelled = again.done = 0;
    for (int n = 0; n < SCRIPTS * MOMENTS * PASSES * 4; n++) {
        again.script = n % SCRIPTS;
        again.moment = n / SCRIPTS % MOMENTS;
        again.passes = n / SCRIPTS / MOMENTS % PASSES;
        again.second = n / SCRIPTS / MOMENTS / PASSES;
        run_stage(cancel_once_body);
    }
    quiet = false;
    printf("# %d races: %d cancelled, %d over before\n", again.cancelled + again.done,
           again.cancelled, again.done);
    EXPECT(again.cancelled > 500 && again.done > 100);
}

CASE(time_limit)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        stream_close(&self->near);
        read_script("6a- 4a- 6b~");
        AWAIT_CATCH(err, async_timeout(&self->limit, 1,
                                       open_connection_staggered(&race, &self->near,
                                                                 &self->host, 0.25)));
        EXPECT_INT(err, ETIMEDOUT);
        EXPECT_TRACE("6a@0.00 4a@0.25 6b@0.50 x6a@1.00 x4a@1.00 x6b@1.00");
        EXPECT(loop_time(&loop) >= 1.1); /* the race waited for 6b's clean-up */
        EXPECT_INT(self->near.sock.fd, -1);
    }
    return co_done(co);
}

/* ---- names ---- */

static int nobody(struct host_addresses *a)
{
    (void)a;
    return AIO_NAME;
}

static int somebody(struct host_addresses *a)
{
    a->count = 2;
    address_from_text(&a->address[0], "::1", 0);
    address_from_text(&a->address[1], "127.0.0.1", 1);
    return 0;
}

static int nothing_at_all(struct host_addresses *a)
{
    a->count = 0;
    return 0;
}

CASE(names)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        stream_close(&self->near);
        read_script("6a!0.1 4a+0.1");
        strcpy(self->host.host, "host.test");
        self->host.count = 0;
        names_lookup = nobody;
        AWAIT_CATCH(err, open_connection_staggered(&race, &self->near, &self->host, 1));
        EXPECT_INT(err, AIO_NAME);
        names_lookup = nothing_at_all;
        self->host.count = 0;
        AWAIT_CATCH(err, open_connection_staggered(&race, &self->near, &self->host, 1));
        EXPECT_INT(err, AIO_NAME);
        names_lookup = somebody;
        AWAIT(open_connection_staggered(&race, &self->near, &self->host, 1));
        EXPECT_TRACE("6a@0.00 !6a@0.10 4a@0.10 +4a@0.20");
        EXPECT_INT(self->host.count, 2);
        stream_close(&self->near);
        AWAIT_CATCH(err, open_connection_staggered(&race, &self->near, &self->host, NAN));
        EXPECT_INT(err, EINVAL);
        EXPECT_INT(self->near.sock.fd, -1);
    }
    return co_done(co);
}

/* ---- this machine's network, in real time ---- */

enum { CROWD = 16 };

static struct sock six, four, crowd[CROWD];
static struct sock_connect pushing[CROWD];
static struct task pushers[CROWD];

static double before;

static bool listen_at(struct sock *sock, int place, const char *host, int backlog)
{
    struct address *a = &stage.host.address[place];

    return address_from_text(a, host, 0) && sock_listen(sock, &loop, a, backlog) == 0;
}

static co_status loopback_body(struct coro *co)
{
    struct stage *self = co_self(co, struct stage);
    int err;

    ASYNC (co) {
        self->host.count = 2;
        if (!listen_at(&six, 0, "::1", 0) || !listen_at(&four, 1, "127.0.0.1", 10)) {
            puts("# skipped: no ::1 here");
            return co_done(co);
        }
        /* Fill the listen queue of ::1, so that a later connect gets no answer. */
        for (int i = 0; i < CROWD; i++) {
            sock_init(&crowd[i], &loop);
            loop_create_task(
                &loop, &pushers[i],
                sock_connect(&pushing[i], &crowd[i], &self->host.address[0]));
        }
        AWAIT(async_sleep(&self->sleep, 0.05));
        again.before = count_open();
        before = loop_time(&loop);
        AWAIT(open_connection_staggered(&race, &self->near, &self->host, 0.1));
        EXPECT(race.winner == &race.attempt[1]);
        EXPECT(loop_time(&loop) - before >= 0.099); /* the delay has passed */
        EXPECT_INT(race.attempt[0].error, ECANCELED);
        EXPECT_INT(count_open(), again.before + 1);
        stream_close(&self->near);
        before = loop_time(&loop); /* two families: it races by default */
        AWAIT(open_connection(&self->open, &self->near, &self->host));
        EXPECT_INT(self->open.i, 1);
        EXPECT(loop_time(&loop) - before >= STAGGERED_DELAY - 0.001);
        EXPECT(loop_time(&loop) - before < 10);
        EXPECT_INT(count_open(), again.before + 1);
        stream_close(&self->near);

        for (self->i = 0; self->i < CROWD; self->i++) {
            task_cancel(&pushers[self->i], NULL);
            AWAIT_CATCH_ALL(err, &pushers[self->i]);
            sock_close(&crowd[self->i]);
        }
        sock_close(&six); /* now ::1 refuses: no delay */
        AWAIT(open_connection_staggered(&race, &self->near, &self->host, 1000));
        EXPECT(race.winner == &race.attempt[1]);
        EXPECT_INT(race.attempt[0].error, ECONNREFUSED);
        stream_close(&self->near);
        sock_close(&four);
        AWAIT_CATCH(err,
                    open_connection_staggered(&race, &self->near, &self->host, 1000));
        EXPECT_INT(err, ECONNREFUSED);
        EXPECT_INT(race.started, 2);

    FINALLY:
        sock_close(&six);
        sock_close(&four);
        (void)err;
    }
    return co_done(co);
}

static void loopback(void)
{
    int descriptors = count_open();
    struct task task;

    real = true;
    sock_init(&six, &loop);
    sock_init(&four, &loop);
    EXPECT_INT(loop_init(&loop, NULL), 0);
    set_event_loop(&loop);
    stream_init(&stage.near, &loop);
    loop_create_task(&loop, &task, co_init(&stage.co, loopback_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    close_empty_loop(descriptors);
    real = false;
}

CHECK_MAIN({ "starts, wins and failures are CPython's", all_rows },
           { "sixteen addresses of three families", sixteen },
           { "cancelled anywhere, once and twice", cancelled_anywhere },
           { "a time limit waits for the clean-up", time_limit }, { "names", names },
           { "::1 and 127.0.0.1", loopback })
