/*
 * crowd.c - 9,900 keep-alive connections, 200 of them busy, against one thread. The
 * clients run in a process of their own with plain blocking calls, so that each process
 * needs half of the descriptors and the memory is the server's alone. Prints TAP.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include "http_connection.h"
#include "stream_case.h"

enum {
    CROWD = 9900,
    BUSY = 200,
    ROUNDS = 50,       /* requests of each busy connection */
    SPARE_FDS = 50,    /* descriptors for all else */
    MEGABYTES_MAX = 60 /* of the server's process; with a sanitizer 200 */
};

static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
static const char body[] = "hello";

/* ---- the clients ---- */

static int ends[CROWD];

static bool ask(int i)
{
    return send(ends[i], request, sizeof request - 1, MSG_NOSIGNAL) == sizeof request - 1;
}

/* Read to the end of the answer, which closes with its body. */
static bool answered(int i)
{
    char text[1024];
    size_t n = 0, tail = sizeof body - 1;

    while (n < sizeof text) {
        ssize_t got = recv(ends[i], text + n, sizeof text - n, 0);

        if (got <= 0)
            return false;
        n += (size_t)got;
        if (n > tail && memcmp(text + n - tail, body, tail) == 0)
            return memcmp(text, "HTTP/1.1 200 OK\r\n", 17) == 0;
    }
    return false;
}

static bool open_end(int i, const struct address *address)
{
    ends[i] = socket(AF_INET, SOCK_STREAM, 0);
    return ends[i] >= 0 && connect(ends[i], &address->any, address_size(address)) == 0;
}

/* The number of failures, at most 255. */
static int be_the_clients(const struct address *address)
{
    int wrong = 0;

    for (int i = 0; i < CROWD; i++)
        wrong += !open_end(i, address) || !ask(i) || !answered(i);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BUSY; i++)
            wrong += !ask(i * (CROWD / BUSY));
        for (int i = 0; i < BUSY; i++)
            wrong += !answered(i * (CROWD / BUSY));
    }
    for (int i = 0; i < CROWD; i++) /* no connection was closed meanwhile */
        wrong += !ask(i) || !answered(i);
    return wrong < 255 ? wrong : 255;
}

/* A child that waits for the server's address. Its end of `pipe_to_us` closes when it
 * exits. */
static pid_t start_clients(int pipe_to_them[2], int pipe_to_us[2])
{
    struct address address;
    pid_t pid;

    EXPECT(pipe(pipe_to_them) == 0 && pipe(pipe_to_us) == 0);
    pid = fork();
    if (pid != 0)
        return pid;
    close(pipe_to_us[0]);
    close(pipe_to_them[1]);
    if (read(pipe_to_them[0], &address, sizeof address) != sizeof address)
        _exit(255);
    _exit(be_the_clients(&address));
}

/* ---- the server ---- */

static struct http_server http;
static struct server_wait_closed closed;
static int requests, peak, most_spare;

static void answer(struct http_server *self, const struct http_request *asked,
                   struct http_reply *reply)
{
    (void)asked;
    requests++;
    if (self->server.live > peak)
        peak = self->server.live;
    if (self->spares > most_spare)
        most_spare = self->spares;
    reply->body = body;
    reply->size = sizeof body - 1;
}

/* Counts the connections that have a transaction or a buffer. */
static int count_equipped(void)
{
    int n = 0;

    for (struct link *at = http.connections.next; at != &http.connections;
         at = at->next) {
        struct http_connection *each = container_of(at, struct http_connection, link);

        n += each->transaction != NULL || each->stream.in != NULL ||
             each->stream.out != NULL;
    }
    return n;
}

static double peak_megabytes(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        sscanf(line, "VmHWM: %ld", &kilobytes);
    if (f != NULL)
        fclose(f);
    return (double)kilobytes / 1024;
}

static struct serving {
    struct coro co;
    int to_them, from_them;
    struct sock clients;
    struct sock_readable recv;
    char byte;
} serving;

static co_status serving_body(struct coro *co)
{
    struct serving *self = co_self(co, struct serving);
    struct address here;

    ASYNC (co) {
        http = (struct http_server){ .answer = answer };
        EXPECT(address_from_text(&here, "127.0.0.1", 0));
        EXPECT_INT(http_server_start(&http, &loop, &here), 0);
        EXPECT(write(self->to_them, &http.server.address, sizeof here) == sizeof here);
        sock_init(&self->clients, &loop);
        self->clients.fd = self->from_them;
        AWAIT(
            sock_readable(&self->recv, &self->clients)); /* a hang-up: they have ended */
        EXPECT_INT(peak, CROWD);
        EXPECT_INT(requests, 2 * CROWD + BUSY * ROUNDS);
        EXPECT_INT(most_spare, 0); /* one transaction served all, and was in use */
        EXPECT(http.spares <= 1);
        EXPECT(count_equipped() <= 1);
        sock_close(&self->clients);
        http_server_close(&http);
        AWAIT(http_server_wait_closed(&closed, &http));
    }
    return co_done(co);
}

static bool room_for(rlim_t descriptors)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= descriptors;
}

static void crowd(void)
{
    int pipe_to_them[2], pipe_to_us[2], status = 0;
    struct task task;
    double megabytes;
    bool sanitized;
    pid_t pid;

    if (!room_for(CROWD + SPARE_FDS)) {
        printf("# skipped: fewer than %d descriptors are allowed\n", CROWD + SPARE_FDS);
        return;
    }
    pid = start_clients(pipe_to_them, pipe_to_us);
    close(pipe_to_them[0]);
    close(pipe_to_us[1]);
    serving.to_them = pipe_to_them[1];
    serving.from_them = pipe_to_us[0];
    EXPECT_INT(loop_init(&loop, NULL), 0);
    set_event_loop(&loop);
    loop_create_task(&loop, &task, co_init(&serving.co, serving_body));
    EXPECT_INT(loop_run_until_complete(&loop, &task), 0);
    EXPECT_INT(loop_close(&loop), 0);
    close(pipe_to_them[1]);
    EXPECT(waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status));
    EXPECT_INT(WEXITSTATUS(status), 0);
    megabytes = peak_megabytes();
    printf(
        "# %s: %d connections, %d requests, peak memory %.1f MB, a connection %d bytes\n",
        loop.selector->name, peak, requests, megabytes,
        (int)sizeof(struct http_connection));
    sanitized = getenv("SAN") != NULL && *getenv("SAN") != '\0';
    EXPECT(megabytes < (sanitized ? 200 : MEGABYTES_MAX));
}

CHECK_MAIN({ "a crowd of 9,900 connections, 200 of them busy", crowd })
