/*
 * crawl.c - the command-line crawler: follows links, fetches every page once, and stores
 * it.
 *
 * Usage: build/crawl [options] URL...     (build/crawl --help)
 * Next: options.h, then crawler.h.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "report.h"
#include "runner.h"
#include "signals.h"
#include "ticker.h"

/* Exit statuses: 2, 3, 4 and 8 as wget's, 130 as a shell's for SIGINT. */
enum {
    EXIT_USAGE = 2,
    EXIT_FILES = 3,
    EXIT_NETWORK = 4, /* a page has no complete response */
    EXIT_ANSWER = 8,  /* all have, and a server answered with an error */
    EXIT_INTERRUPTED = 130
};

static struct command command;
static struct crawl crawl;
static struct runner runner;
static struct ticker progress;
static struct handle on_int, on_term;
static int interrupts;

static void on_interrupt(struct handle *h)
{
    (void)h;
    crawl_stop(&crawl, ++interrupts > 1);
    if (command.verbose && interrupts == 1)
        fputs("crawl: stopping; once more to stop at once\n", stderr);
}

static void on_progress(struct ticker *ticker)
{
    (void)ticker;
    report_progress(stderr, &crawl);
}

static void on_page(struct crawl *self, const struct page_record *record)
{
    (void)self;
    report_page(stderr, record);
}

static int file_trouble(int err)
{
    const char *file = store_failed_on(&crawl.store), *dir = command.crawl.dir;

    if (file == NULL || strcmp(file, dir) == 0)
        report_trouble("%s: %s", dir, strerror(err));
    else
        report_trouble("%s/%s: %s", dir, file, strerror(err));
    return EXIT_FILES;
}

static int bad_url(const char *text, const char *why)
{
    report_trouble("%.200s: %s", text, why);
    return EXIT_USAGE;
}

static int check_url(const char *text, struct url *url, bool has_tls)
{
    int err = url_parse(url, text, strlen(text), NULL);

    if (err == EPROTONOSUPPORT)
        return bad_url(text, "only http and https are supported");
    if (err != 0)
        return bad_url(text, err == ENAMETOOLONG ? "is too long" : "is no absolute URL");
    if (url_is_https(url) && !has_tls)
        return bad_url(text, "https needs the program openssl in PATH (apt-get install "
                             "openssl)");
    return 0;
}

static int check_urls(void)
{
    bool has_tls = tls_find(&command.crawl.tls) == 0;
    struct url url;
    int status = 0;

    for (int i = 0; i < command.url_count && status == 0; i++)
        status = check_url(command.urls[i], &url, has_tls);
    return status;
}

static int add_urls(void)
{
    struct url url;
    int err = 0;

    for (int i = 0; i < command.url_count && err == 0; i++) {
        url_parse(&url, command.urls[i], strlen(command.urls[i]), NULL);
        err = crawl_start_at(&crawl, &url);
    }
    return err;
}

/* Crawls and prints the summary. Returns 0, or an error of the loop, of memory or of the
 * store. */
static int run(void)
{
    struct crawl_run frame;
    bool live = !command.quiet && !command.verbose && isatty(STDERR_FILENO);
    int err = add_urls();

    if (err == 0)
        err = loop_add_signal_handler(&runner.loop, SIGINT, &on_int, on_interrupt);
    if (err == 0)
        err = loop_add_signal_handler(&runner.loop, SIGTERM, &on_term, on_interrupt);
    if (err != 0)
        return err;
    if (live)
        ticker_start(&progress, &runner.loop, 0.2, on_progress);
    if (command.verbose)
        crawl.on_page = on_page;
    err = runner_run(&runner, crawl_run(&frame, &crawl));
    ticker_stop(&progress);
    if (live)
        report_progress_end(stderr);
    if (!command.quiet)
        report_summary(stdout, &crawl);
    return err;
}

static int status_of_pages(const unsigned long count[6]) /* by status class */
{
    if (count[0] > 0)
        return EXIT_NETWORK;
    return count[4] + count[5] > 0 ? EXIT_ANSWER : 0;
}

static int crawl_all(void)
{
    int err = crawl_init(&crawl, &runner.loop, &command.crawl), status, close_err;

    if (err != 0)
        return file_trouble(err);
    err = run();
    status = status_of_pages(crawl.counts.status);
    close_err = crawl_close(&crawl);
    if (close_err != 0)
        return file_trouble(close_err);
    if (err != 0 && interrupts == 0) {
        fprintf(stderr, "crawl: %s\n", aio_strerror(err));
        return EXIT_NETWORK;
    }
    return interrupts > 0 ? EXIT_INTERRUPTED : status;
}

static int open_loop(void)
{
    const char *wrong = "";
    struct loop_policy policy;
    int err = loop_policy_from_environment(&policy, &wrong);

    if (err == 0 && policy.clock == &clock_virtual) {
        fputs("crawl: LOOP_CLOCK=virtual is for the section programs\n", stderr);
        return EXIT_USAGE;
    }
    if (err == 0)
        err = runner_init(&runner, &policy);
    if (err != 0)
        fprintf(stderr, "crawl: no event loop: %s%s%s\n", aio_strerror(err),
                *wrong != '\0' ? ": " : "", wrong);
    return err != 0 ? EXIT_USAGE : 0;
}

int main(int argc, char **argv)
{
    int status = options_read(&command, argc, argv);

    if (status < 0)
        status = check_urls();
    else
        return status;
    /* A closed pipe and the limit of a file's size become errors of write(). */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (status == 0)
        status = open_loop();
    if (status == 0) {
        status = crawl_all();
        runner_close(&runner);
    }
    options_free(&command);
    return status;
}
