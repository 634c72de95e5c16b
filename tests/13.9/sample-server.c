/*
 * sample-server.c - the bundled sample site as a program.
 *
 * Prints its URL, serves until SIGTERM or Ctrl-C, then prints the number of requests for
 * each page, as "COUNT TARGET" lines. With --list it prints the pages that a correct
 * crawl fetches, as "STATUS TARGET" lines, and ends.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "sample_site.h"
#include "signals.h"

struct serve { /* async def serve() */
    struct coro co;
    struct sample_site site;
    struct future stop;
    struct handle on_int, on_term;
    struct server_wait_closed wait_closed;
};

static void on_int(struct handle *h)
{
    future_set_result(&container_of(h, struct serve, on_int)->stop, NULL);
}

static void on_term(struct handle *h)
{
    future_set_result(&container_of(h, struct serve, on_term)->stop, NULL);
}

static int start(struct serve *self, struct loop *loop)
{
    int err = loop_add_signal_handler(loop, SIGINT, &self->on_int, on_int);

    if (err == 0)
        err = loop_add_signal_handler(loop, SIGTERM, &self->on_term, on_term);
    if (err == 0)
        err = sample_site_start(&self->site, loop);
    if (err == 0)
        printf("%s/\n", self->site.base);
    fflush(stdout);
    return err;
}

static co_status serve_body(struct coro *co)
{
    struct serve *self = co_self(co, struct serve);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        future_init(&self->stop, loop);
        err = start(self, loop);
        if (err != 0)
            return co_raise(co, err);
        AWAIT(&self->stop);
        http_server_close(&self->site.http);
        AWAIT(http_server_wait_closed(&self->wait_closed, &self->site.http));
    }
    return co_done(co);
}

static int list(void)
{
    char target[SAMPLE_TARGET_MAX];
    int status;
    bool listed;

    for (int i = 0; sample_site_page(i, target, &status, &listed); i++)
        if (listed)
            printf("%d %s\n", status, target);
    return 0;
}

static void print_counts(const struct sample_site *site)
{
    char target[SAMPLE_TARGET_MAX];
    int status;
    bool listed;

    for (int i = 0; sample_site_page(i, target, &status, &listed); i++)
        if (site->counts[i] > 0)
            printf("%u %s\n", site->counts[i], target);
    for (int i = 0; i < site->strange_count; i++)
        printf("%u %s\n", site->strange[i].count, site->strange[i].target);
}

int main(int argc, char **argv)
{
    static struct serve serve;
    int err;

    if (argc > 1)
        return strcmp(argv[1], "--list") == 0 ? list() : 2;
    err = async_run(co_init(&serve.co, serve_body));
    if (err != 0)
        fprintf(stderr, "sample-server: %s\n", aio_strerror(err));
    else
        print_counts(&serve.site);
    return err != 0;
}
