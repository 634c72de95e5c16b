/*
 * zoo_crawl.h - one crawl of some of the zoo's hosts in virtual time, and the result for
 * each. Read next: zoo.c.
 *
 * Each row is a host, such as "z16b", with a Unix socket of its own. Bytes arrive there
 * at once, so times are exact. Rows 5 and 8b need TCP, because only there a connect can
 * stay without an answer. That costs no real time either. Rows 4 and 30 reset the
 * connection, which looks the same on both.
 */
#ifndef ZOO_CRAWL_H
#define ZOO_CRAWL_H

#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "crawler.h"
#include "gate.h"
#include "runner.h"
#include "zoo-peer.h"

enum { GOOD_HOSTS = 8, HOSTS_MAX = ZOO_ROWS + GOOD_HOSTS, OUTCOME_ERROR = 128 };

#define ZOO_DELAY 1.0 /* seconds from one request to a host to the next */

struct zoo_host {
    struct server server;
    const struct zoo_row *row;
    char name[16]; /* "z16b", "good3" */
    char path[96]; /* the socket's path */
    struct zoo_count count;
    /* the host's results in pages.jsonl */
    int pages, status, tries;  /* lines; the last one's status and attempts */
    char error[OUTCOME_ERROR]; /* the first error, or "" */
    unsigned long long bytes;  /* bytes of payload */
    double seconds;            /* from the crawl's start to the last page */
    bool mixed_up;             /* a page is wrong or late */
};

static struct runner runner;
static struct crawl crawl;
static struct zoo_host hosts[HOSTS_MAX];
static int host_count;
static char folder[64];
static struct gate late_name, lost_name;
static struct sock full, first_in_line;      /* a listener, the client in its queue */
static struct address full_address, refused; /* `refused` has no listener */
static int open_before;                      /* descriptors open before the crawl */

static inline struct zoo_host *host_named(const char *name, size_t n)
{
    for (int i = 0; i < host_count; i++)
        if (strncmp(hosts[i].name, name, n) == 0 && hosts[i].name[n] == '\0')
            return &hosts[i];
    return NULL;
}

/* The resolver, which runs in a thread. The row's door decides which addresses the host
 * has. */
static inline int zoo_lookup(struct host_addresses *a)
{
    const struct zoo_host *host = host_named(a->host, strlen(a->host));
    enum zoo_door door = host != NULL ? host->row->door : ZOO_NO_NAME;

    if (door == ZOO_LATE_NAME)
        gate_wait(&late_name);
    if (door == ZOO_LOST_NAME)
        gate_wait(&lost_name);
    if (door == ZOO_NO_NAME || door == ZOO_LOST_NAME)
        return AIO_NAME;
    if (door == ZOO_FULL || door == ZOO_MUTE_ONE)
        a->address[a->count++] = full_address;
    if (door == ZOO_DEAD_ONE)
        a->address[a->count++] = refused;
    if (door != ZOO_FULL)
        address_from_path(&a->address[a->count++], host->path);
    return 0;
}

static inline void visited(struct server *server, int fd)
{
    struct zoo_host *host = container_of(server, struct zoo_host, server);
    struct zoo_peer *peer = zoo_peer(host->row, host->row);
    int few = 16 * 1024; /* bytes; so small that hardly more is sent than is read */

    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &few, sizeof few);
    peer->count = &host->count;
    zoo_play(peer, server, fd);
}

static inline void add_host(const struct zoo_row *row, const char *name)
{
    struct zoo_host *host = &hosts[host_count++];
    struct address address;

    *host = (struct zoo_host){ .row = row };
    snprintf(host->name, sizeof host->name, "%s", name);
    snprintf(host->path, sizeof host->path, "%s/%s", folder, name);
    EXPECT(address_from_path(&address, host->path));
    EXPECT_INT(server_start(&host->server, &runner.loop, &address, visited), 0);
    if (row->door == ZOO_REFUSES)
        server_close(&host->server);
}

static inline int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* Opens a listener whose queue is full, so that a connect to it gets no answer. */
static inline void fill_line(void)
{
    struct sock_connect connect;

    address_from_text(&full_address, "127.0.0.1", 0);
    EXPECT_INT(sock_listen(&full, &runner.loop, &full_address, 0), 0);
    sock_init(&first_in_line, &runner.loop);
    EXPECT_INT(runner_run(&runner, sock_connect(&connect, &first_in_line, &full_address)),
               0);
}

/* Makes the file of a socket that has no listener. */
static inline void make_refused(void)
{
    struct sock sock;
    char path[96];

    snprintf(path, sizeof path, "%s/refused", folder);
    EXPECT(address_from_path(&refused, path));
    EXPECT_INT(sock_listen(&sock, &runner.loop, &refused, 1), 0);
    sock_close(&sock);
}

static inline void open_zoo(void)
{
    struct loop_policy policy = { &selector_poll, &clock_virtual };
    const char *tmp = getenv("TMPDIR");

    check_failed = false;
    open_before = descriptors();
    host_count = 0;
    EXPECT_INT(runner_init(&runner, &policy), 0);
    snprintf(folder, sizeof folder, "%s/zoo-XXXXXX",
             tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
    EXPECT(mkdtemp(folder) != NULL);
    gate_init_slow(&late_name, &runner.loop, 5);
    gate_init(&lost_name, &runner.loop, NULL);
    names_lookup = zoo_lookup;
    fill_line();
    make_refused();
}

static inline void sleep_for(double seconds)
{
    struct async_sleep sleep;

    EXPECT_INT(runner_run(&runner, async_sleep(&sleep, seconds)), 0);
}

/* Waits until all peers have ended by themselves and closes everything. Nothing may
 * remain. */
static inline void close_zoo(void)
{
    gate_open(&lost_name);
    gate_open(&late_name);
    sleep_for(10); /* a peer notices a closed connection only after its pause */
    for (int i = 0; i < host_count; i++) {
        server_close(&hosts[i].server);
        EXPECT_INT(hosts[i].server.live, 0);
        unlink(hosts[i].path);
    }
    sock_close(&first_in_line);
    sock_close(&full);
    timer_heap_sweep(&runner.loop.timers);
    EXPECT_INT(runner.loop.timers.count - runner.loop.timers.cancelled, 0);
    EXPECT_INT(runner_close(&runner), 0);
    unlink(refused.un.sun_path);
    EXPECT_INT(rmdir(folder), 0);
    EXPECT_INT(descriptors(), open_before);
}

#endif
