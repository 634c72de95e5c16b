/*
 * 13.9-pool.c - checks of pool.h: which connection is lent, and that none is lost. Prints
 * TAP. Next: 13.9-fetch.c.
 */
#include "13.9-site.h"

#include "pool.h"

static const struct answer nothing[] = { { .path = NULL } };
static struct pool pool;

static void start_at(const char *text)
{
    struct url url;

    begin(nothing);
    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    pool_init(&pool, &runner.loop, &url);
}

static void finish(void)
{
    pool_close(&pool);
    EXPECT_INT(pool.open, 0);
    end();
}

/* A connection, when it has reached the server. */
static struct connection *get(bool fresh)
{
    struct pool_get get;

    EXPECT_INT(run(pool_get(&get, &pool, fresh)), 0);
    wait(0.01);
    return get.connection;
}

static void reuse(void)
{
    struct connection *a, *b;

    start_at("http://h/");
    a = get(false);
    pool_put(&pool, a, true);
    b = get(false);
    EXPECT(a == b);
    EXPECT_INT(pool.opened, 1);
    EXPECT_INT(pool.reused, 1);
    EXPECT_INT(b->exchanges, 1);
    pool_put(&pool, b, true);
    finish();
}

static void latest_first(void)
{
    struct connection *a, *b;

    start_at("http://h/");
    a = get(false);
    b = get(false);
    EXPECT_INT(pool.open, 2);
    pool_put(&pool, a, true);
    pool_put(&pool, b, true);
    EXPECT(get(false) == b);
    EXPECT(get(false) == a);
    pool_put(&pool, a, true);
    pool_put(&pool, b, false);
    EXPECT_INT(pool.open, 1);
    finish();
}

static void not_reusable(void)
{
    start_at("http://h/");
    pool_put(&pool, get(false), false);
    EXPECT_INT(pool.open, 0);
    pool_put(&pool, NULL, true);
    pool_put(&pool, get(false), true);
    EXPECT_INT(pool.opened, 2);
    EXPECT_INT(pool.reused, 0);
    finish();
}

static void too_old(void)
{
    struct connection *a;

    start_at("http://h/");
    a = get(false);
    pool_put(&pool, a, true);
    wait(POOL_KEEP_SECONDS - 0.1);
    EXPECT(get(false) == a);
    pool_put(&pool, a, true);
    wait(POOL_KEEP_SECONDS);
    pool_put(&pool, get(false), true);
    EXPECT_INT(pool.opened, 2);
    EXPECT_INT(pool.open, 1);
    finish();
}

static void fresh(void)
{
    start_at("http://h/");
    pool_put(&pool, get(false), true);
    pool_put(&pool, get(true), true);
    EXPECT_INT(pool.opened, 2);
    EXPECT_INT(pool.open, 2);
    finish();
}

struct use { /* reads what the server sends, and gives the connection back */
    struct coro co;
    struct connection *connection;
    struct sock_recv recv;
    char bytes[9];
};

static co_status use_body(struct coro *co)
{
    struct use *self = co_self(co, struct use);

    ASYNC (co) {
        AWAIT(sock_recv(&self->recv, &self->connection->stream.sock, self->bytes,
                        sizeof self->bytes));
        pool_put(&pool, self->connection, true);
    }
    return co_done(co);
}

static void use(struct connection *connection)
{
    struct use frame = { .connection = connection };

    stream_write(&site.latest->stream, "answer", 6);
    EXPECT_INT(run(co_init(&frame.co, use_body)), 0);
}

/* Whatever the loop has told of the bytes that were read does not count as the end. */
static void used_and_idle(void)
{
    struct connection *a;

    start_at("http://h/");
    a = get(false);
    use(a);
    wait(5);
    EXPECT(get(false) == a);
    use(a);
    wait(5);
    EXPECT(get(false) == a);
    pool_put(&pool, a, true);
    EXPECT_INT(pool.opened, 1);
    finish();
}

/* Of two that are kept the later one is closed by the server: the other one is lent. */
static void closed_by_server(void)
{
    struct connection *a, *b;

    start_at("http://h/");
    a = get(false);
    use(a);
    b = get(true);
    use(b);
    stream_close(&site.latest->stream);
    wait(0.01);
    EXPECT(get(false) == a);
    EXPECT_INT(pool.open, 1);
    EXPECT_INT(pool.opened, 2);
    pool_put(&pool, a, true);
    finish();
}

/* What nobody has asked for would be taken for the next answer. */
static void unasked_bytes(void)
{
    start_at("http://h/");
    use(get(false));
    stream_write(&site.latest->stream, "HTTP/1.1 200 OK\r\n\r\n", 19);
    wait(0.01);
    pool_put(&pool, get(false), true);
    EXPECT_INT(pool.opened, 2);
    EXPECT_INT(pool.reused, 0);
    EXPECT_INT(pool.open, 1);
    finish();
}

static void no_address(void)
{
    struct pool_get get;
    int before;

    start_at("http://nowhere/");
    EXPECT_INT(run(pool_get(&get, &pool, false)), AIO_NAME);
    before = descriptors();
    EXPECT_INT(run(pool_get(&get, &pool, false)), AIO_NAME);
    EXPECT(get.connection == NULL);
    EXPECT_INT(descriptors(), before);
    EXPECT_INT(pool.open, 0);
    EXPECT_INT(pool.opened, 0);
    finish();
}

/* A port at which nothing listens: the one of a socket that is closed again. */
static void refused(void)
{
    struct address address;
    struct pool_get get;
    struct sock sock;
    char text[64];

    begin(nothing);
    address_from_text(&address, "127.0.0.1", 0);
    EXPECT_INT(sock_listen(&sock, &runner.loop, &address, 1), 0);
    sock_close(&sock);
    snprintf(text, sizeof text, "http://127.0.0.1:%u/", ntohs(address.in4.sin_port));
    end();
    start_at(text);
    EXPECT_INT(run(pool_get(&get, &pool, false)), ECONNREFUSED);
    EXPECT_INT(pool.open, 0);
    finish();
}

/* Cancelled after so many passes; false when it had ended before. */
static bool cancelled_after(int passes)
{
    struct pool_get get;
    struct task task;
    bool taken;

    start_at("http://h/");
    loop_create_task(&runner.loop, &task, pool_get(&get, &pool, false));
    for (int i = 0; i < passes && !future_done(&task.future); i++) {
        loop_stop(&runner.loop);
        loop_run_forever(&runner.loop);
    }
    taken = task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), taken ? ECANCELED : 0);
    if (taken) {
        EXPECT(get.connection == NULL || passes == 0);
        EXPECT_INT(pool.open, 0);
    } else {
        pool_put(&pool, get.connection, true);
        EXPECT_INT(pool.open, 1);
    }
    finish();
    return taken;
}

static void cancelled(void)
{
    int passes = 0;

    while (cancelled_after(passes))
        passes++;
    EXPECT(passes >= 3); /* before it starts, at the lookup, ... */
}

CHECK_MAIN({ "lent again", reuse }, { "the latest first", latest_first },
           { "not reusable", not_reusable }, { "too old", too_old },
           { "a new one is asked for", fresh },
           { "lent again after it was idle for a while", used_and_idle },
           { "closed by the server while it was idle", closed_by_server },
           { "bytes that nobody asked for", unasked_bytes }, { "no address", no_address },
           { "refused", refused }, { "cancelled at each await", cancelled })
