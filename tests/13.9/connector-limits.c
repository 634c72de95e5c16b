/*
 * connector-limits.c - checks of connector.h: which connection it lends, and that none
 * leaks. Prints TAP. Next: fetch.c.
 */
#include "table_site.h"

#include "connector.h"

static const struct answer nothing[] = { { .path = NULL } };
static struct connector connector;
static struct url home;

static void start_at(const char *text)
{
    begin(nothing);
    EXPECT_INT(url_parse(&home, text, strlen(text), NULL), 0);
    connector_init(&connector, &runner.loop, 0, 0);
}

static void finish(void)
{
    connector_close(&connector);
    EXPECT_INT(connector.open, 0);
    EXPECT_INT(connector.lent, 0);
    end();
}

/* A connection, once it has reached the server. */
static struct connection *get(bool fresh)
{
    struct connector_get get;

    EXPECT_INT(run(connector_get(&get, &connector, &home, fresh)), 0);
    wait(0.01);
    return get.connection;
}

static void reuse(void)
{
    struct connection *a, *b;

    start_at("http://h/");
    a = get(false);
    connector_put(&connector, a, true);
    b = get(false);
    EXPECT(a == b);
    EXPECT_INT(connector.opened, 1);
    EXPECT_INT(connector.reused, 1);
    EXPECT_INT(b->exchanges, 1);
    connector_put(&connector, b, true);
    finish();
}

static void latest_first(void)
{
    struct connection *a, *b;

    start_at("http://h/");
    a = get(false);
    b = get(false);
    EXPECT_INT(connector.open, 2);
    connector_put(&connector, a, true);
    connector_put(&connector, b, true);
    EXPECT(get(false) == b);
    EXPECT(get(false) == a);
    connector_put(&connector, a, true);
    connector_put(&connector, b, false);
    EXPECT_INT(connector.open, 1);
    finish();
}

static void not_reusable(void)
{
    start_at("http://h/");
    connector_put(&connector, get(false), false);
    EXPECT_INT(connector.open, 0);
    connector_put(&connector, NULL, true);
    connector_put(&connector, get(false), true);
    EXPECT_INT(connector.opened, 2);
    EXPECT_INT(connector.reused, 0);
    finish();
}

static void too_old(void)
{
    struct connection *a;

    start_at("http://h/");
    a = get(false);
    connector_put(&connector, a, true);
    wait(CONNECTOR_KEEP - 0.1);
    EXPECT(get(false) == a);
    connector_put(&connector, a, true);
    wait(CONNECTOR_KEEP);
    connector_put(&connector, get(false), true);
    EXPECT_INT(connector.opened, 2);
    EXPECT_INT(connector.open, 1);
    finish();
}

static void fresh(void)
{
    start_at("http://h/");
    connector_put(&connector, get(false), true);
    connector_put(&connector, get(true), true);
    EXPECT_INT(connector.opened, 2);
    EXPECT_INT(connector.open, 2);
    finish();
}

struct use { /* reads the server's bytes, and returns the connection */
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
        connector_put(&connector, self->connection, true);
    }
    return co_done(co);
}

static void use(struct connection *connection)
{
    struct use frame = { .connection = connection };

    stream_write(&site.latest->stream, "answer", 6);
    EXPECT_INT(run(co_init(&frame.co, use_body)), 0);
}

/* A readiness event for bytes that were already read does not count as the end. */
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
    connector_put(&connector, a, true);
    EXPECT_INT(connector.opened, 1);
    finish();
}

/* Of two idle connections the server closes the later one: the other one is lent. */
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
    EXPECT_INT(connector.open, 1);
    EXPECT_INT(connector.opened, 2);
    connector_put(&connector, a, true);
    finish();
}

/* Unsolicited bytes would be taken for the next answer. */
static void unasked_bytes(void)
{
    start_at("http://h/");
    use(get(false));
    stream_write(&site.latest->stream, "HTTP/1.1 200 OK\r\n\r\n", 19);
    wait(0.01);
    connector_put(&connector, get(false), true);
    EXPECT_INT(connector.opened, 2);
    EXPECT_INT(connector.reused, 0);
    EXPECT_INT(connector.open, 1);
    finish();
}

static void no_address(void)
{
    struct connector_get get;
    int before;

    start_at("http://nowhere/");
    EXPECT_INT(run(connector_get(&get, &connector, &home, false)), AIO_NAME);
    before = descriptors();
    EXPECT_INT(run(connector_get(&get, &connector, &home, false)), AIO_NAME);
    EXPECT(get.connection == NULL);
    EXPECT_INT(descriptors(), before);
    EXPECT_INT(connector.open, 0);
    EXPECT_INT(connector.opened, 0);
    finish();
}

/* A port without a listener: that of a socket that has been closed. */
static void refused(void)
{
    struct address address;
    struct connector_get get;
    struct sock sock;
    char text[64];

    begin(nothing);
    address_from_text(&address, "127.0.0.1", 0);
    EXPECT_INT(sock_listen(&sock, &runner.loop, &address, 1), 0);
    sock_close(&sock);
    snprintf(text, sizeof text, "http://127.0.0.1:%u/", ntohs(address.in4.sin_port));
    end();
    start_at(text);
    connector.allow_private = true;
    EXPECT_INT(run(connector_get(&get, &connector, &home, false)), ECONNREFUSED);
    EXPECT_INT(connector.open, 0);
    finish();
}

/* Cancelled after so many passes; false when it had ended before that. */
static bool cancelled_after(int passes)
{
    struct connector_get get;
    struct task task;
    bool taken;

    start_at("http://h/");
    loop_create_task(&runner.loop, &task, connector_get(&get, &connector, &home, false));
    for (int i = 0; i < passes && !future_done(&task.future); i++) {
        loop_stop(&runner.loop);
        loop_run_forever(&runner.loop);
    }
    taken = task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), taken ? ECANCELED : 0);
    if (taken) {
        EXPECT(get.connection == NULL || passes == 0);
        EXPECT_INT(connector.open, 0);
    } else {
        connector_put(&connector, get.connection, true);
        EXPECT_INT(connector.open, 1);
    }
    finish();
    return taken;
}

static void cancelled(void)
{
    int passes = 0;

    while (cancelled_after(passes))
        passes++;
    EXPECT(passes >= 3); /* before the task starts, during the lookup, ... */
}

CHECK_MAIN({ "lent again", reuse }, { "the latest first", latest_first },
           { "not reusable", not_reusable }, { "too old", too_old },
           { "a new one is asked for", fresh },
           { "lent again after it was idle for a while", used_and_idle },
           { "closed by the server while it was idle", closed_by_server },
           { "bytes that nobody asked for", unasked_bytes }, { "no address", no_address },
           { "refused", refused }, { "cancelled at each await", cancelled })
