/*
 * zoo.c - the hostile zoo: each of 41 behaviours is played to a whole crawl, alone,
 * beside good hosts, and all together. Each must end with its named reason, within its
 * bounds, without harm to the others. `make hostile` prints a line for each form.
 *
 * With arguments: only these behaviours. Next: hostile-server.c.
 */
#include "zoo_verdict.h"

/* ---- one crawl ---- */

static bool about(double seconds, double want)
{
    return seconds > want - 1e-6 && seconds < want + 1e-6;
}

/* When the next page of a good host has to arrive: one request a second, answered a tenth
 * of a second later; the first one waits for robots.txt, if that is requested. */
static double due(const struct zoo_host *host)
{
    double robots = mode == IN_ROBOTS && host->pages == 0 ? 0.1 : 0;

    return host->pages * ZOO_DELAY + robots + 0.1;
}

/* A page that is present must be the requested one; a good host's, in time. */
static bool as_it_should(const struct zoo_host *host, const struct page_record *record)
{
    const char *title = host->row->number == 0 ? "" : "first";
    size_t n = strlen(record->url);

    if (record->error != NULL || record->status != 200)
        return host->row->number != 0;
    if (host->row->number == 0 && !about(host->seconds, due(host)))
        return false;
    if (n > 5 && strcmp(record->url + n - 5, "/next") == 0)
        title = "second";
    if (host->row->pages < 2)
        return true;
    return record->title_n == strlen(title) &&
           (record->title_n == 0 || memcmp(record->title, title, record->title_n) == 0);
}

static void on_page(struct crawl *self, const struct page_record *record)
{
    const char *name = record->url + strlen("http://"), *at = strchr(name, '@');
    struct zoo_host *host;

    if (at != NULL)
        name = at + 1;
    host = host_named(name, strcspn(name, "/"));
    if (host == NULL) {
        complain(0, record->url, "nobody should have asked for it");
        return;
    }
    host->seconds = loop_time(self->loop) - self->began;
    host->mixed_up |= !as_it_should(host, record);
    host->pages++;
    host->status = record->status;
    host->tries = record->attempts;
    if (record->error != NULL && host->error[0] == '\0')
        snprintf(host->error, sizeof host->error, "%s", record->error);
}

static void start_at(const struct zoo_host *host)
{
    char text[64];
    struct url url;

    snprintf(text, sizeof text, "http://%s/%s%s", host->name,
             host->row->number > 0 ? host->name + 1 : "",
             host->row->number > 0 ? "/" : "");
    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    EXPECT_INT(crawl_start_at(&crawl, &url), 0);
}

static void remove_output(const char *dir)
{
    static const char *const names[] = { "pages.jsonl", "crawl.warc" };
    char path[128];

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    EXPECT_INT(rmdir(dir), 0);
}

static void crawl_hosts(void)
{
    struct crawl_run frame;
    char dir[80];
    struct crawl_options options = {
        .dir = dir,
        .concurrency = host_count,
        .per_host = 1,
        .delay = ZOO_DELAY,
        .timeout = 30,
        .retries = ZOO_RETRIES,
        .depth = -1,
        .user_agent = "zoo",
        .robots = mode == IN_ROBOTS,
    };

    snprintf(dir, sizeof dir, "%s/out", folder);
    EXPECT_INT(crawl_init(&crawl, &runner.loop, &options), 0);
    crawl.on_page = on_page;
    for (int i = 0; i < host_count; i++)
        start_at(&hosts[i]);
    EXPECT_INT(runner_run(&runner, crawl_run(&frame, &crawl)), 0);
    EXPECT_INT(crawl_close(&crawl), 0);
    remove_output(dir);
}

/* ---- the three ways ---- */

static void add_row(const struct zoo_row *row)
{
    char name[16];

    snprintf(name, sizeof name, "z%d%s", row->number, row->form);
    add_host(row, name);
}

static void add_good(int n)
{
    char name[16];

    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "good%d", i + 1);
        add_host(&zoo_good, name);
    }
}

/* A line: number, name, the crawl's report, seconds, bytes that the peer sent. */
static void print(const struct zoo_host *host)
{
    char what[OUTCOME_ERROR] = "";

    snprintf(what, sizeof what, "%.*s", (int)strcspn(host->error, ":"), host->error);
    if (host->error[0] == '\0')
        snprintf(what, sizeof what, "%d page%s, status %d", host->pages,
                 host->pages == 1 ? "" : "s", host->status);
    printf("%2d%-1s %-30s %-22s %8.2f s %9llu bytes\n", host->row->number,
           host->row->form, host->row->name, what, host->seconds, host->count.bytes);
}

/* Crawl the hosts that were added; a leak counts against behaviour 0 and all that took
 * part. */
static void play(void)
{
    crawl_hosts();
    for (int i = 0; i < host_count; i++)
        judge(&hosts[i]);
    if (mode == ALONE)
        print(&hosts[0]);
    close_zoo();
    for (int i = 0; i < host_count && check_failed; i++)
        failed[hosts[i].row->number] = true;
}

static void play_each(void)
{
    for (int i = 0; i < ZOO_ROWS; i++) {
        if (!wanted[zoo_rows[i].number])
            continue;
        open_zoo();
        add_row(&zoo_rows[i]);
        if (mode == BESIDE)
            add_good(3);
        play();
        failed[zoo_rows[i].number] |= failed[0];
        failed[0] = false;
    }
}

static void play_together(void)
{
    open_zoo();
    for (int i = 0; i < ZOO_ROWS; i++)
        if (wanted[zoo_rows[i].number])
            add_row(&zoo_rows[i]);
    add_good(GOOD_HOSTS);
    play();
}

static int conclude(void)
{
    int all = 0, bad = 0;

    for (int i = 1; i <= ZOO_BEHAVIOURS; i++) {
        all += wanted[i];
        bad += wanted[i] && (failed[i] || failed[0]);
    }
    printf("%d behaviours, %d as expected, %d not\n", all, all - bad, bad);
    return bad > 0 || all == 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i <= ZOO_BEHAVIOURS; i++)
        wanted[i] = argc < 2;
    for (int i = 1; i < argc; i++)
        if (atoi(argv[i]) > 0 && atoi(argv[i]) <= ZOO_BEHAVIOURS)
            wanted[atoi(argv[i])] = true;
    for (mode = ALONE; mode < TOGETHER; mode++)
        play_each();
    for (; mode < MODES; mode++)
        play_together();
    return conclude();
}
