/*
 * transport.c - checks of transport.h: where a name may lead, and that a name which leads
 * elsewhere a moment later gains nothing. Prints TAP. Next: connector-limits.c.
 */
#include "connector.h"
#include "table_site.h"

static const struct answer nothing[] = { { .path = NULL } };
static struct connector connector;
static struct connector_get get;
static const char *const *answers; /* the resolver's, in turn; the last repeats */
static int lookups;

/* "S" is the site, a public address; else a numeric one. */
static int scripted(struct host_addresses *a)
{
    char text[128], *word;

    snprintf(text, sizeof text, "%s", *answers);
    answers += answers[1] != NULL;
    lookups++;
    for (word = strtok(text, " "); word != NULL; word = strtok(NULL, " "), a->count++)
        if (word[0] == 'S' ? !address_from_path(&a->address[a->count], site.path)
                           : !address_from_text(&a->address[a->count], word, a->port))
            return AIO_NAME;
    return 0;
}

static void start(const char *const *script)
{
    begin(nothing);
    names_lookup = scripted;
    answers = script;
    lookups = 0;
    connector_init(&connector, &runner.loop, 0, 0);
}

static void finish(void)
{
    connector_close(&connector);
    EXPECT_INT(connector.open, 0);
    EXPECT_INT(timers(), 0);
    end();
}

/* Connects anew; returns the error. The connection is closed. */
static int reach(const char *text)
{
    struct url url;
    int err;

    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    err = run(connector_get(&get, &connector, &url, true));
    wait(0.01);
    connector_put(&connector, get.connection, false);
    return err;
}

static void forbidden(const char *url, const char *answer, const char *why)
{
    const char *const script[] = { answer, NULL };

    start(script);
    EXPECT_INT(reach(url), EACCES);
    EXPECT_STR(get.open.why, why);
    EXPECT_INT(site.visits, 0);
    EXPECT_INT(connector.opened, 0);
    finish();
}

static void special(void)
{
    forbidden("http://h/", "10.0.0.1", "forbidden-address: 10.0.0.1 is private");
    forbidden("http://h/", "fe80::1", "forbidden-address: [fe80::1] is link-local");
    forbidden("http://127.0.0.1/", "S", "forbidden-address: 127.0.0.1 is loopback");
    forbidden("http://0x7f.1:8080/", "S", "forbidden-address: 127.0.0.1 is loopback");
    forbidden("http://[::ffff:a9fe:a9fe]/", "S",
              "forbidden-address: [::ffff:169.254.169.254] is link-local");
}

/* One special address is enough, at any place. */
static void mixed(void)
{
    forbidden("http://h/", "S 192.168.1.1", "forbidden-address: 192.168.1.1 is private");
    forbidden("http://h/", "127.0.0.1 S", "forbidden-address: 127.0.0.1 is loopback");
}

/* The name leads to the site at first, and to this machine ever after. The connections
 * use the addresses that were judged, and share one lookup while the resolver has it
 * cached. The next lookup is judged again. */
static void rebound(void)
{
    static const char *const script[] = { "S", "127.0.0.1", NULL };

    start(script);
    for (int i = 1; i <= 3; i++) {
        EXPECT_INT(reach("http://h/"), 0);
        EXPECT_INT(site.visits, i);
        EXPECT_INT(get.open.open.winner->connect.address.any.sa_family, AF_UNIX);
        EXPECT_INT(lookups, 1);
    }
    wait(names_settings.ttl);
    EXPECT_INT(reach("http://h/"), EACCES);
    EXPECT_INT(lookups, 2);
    EXPECT_INT(site.visits, 3);
    finish();
}

/* When a connect fails, the resolver forgets the addresses: the next request looks the
 * name up at once, and the answer is judged again. */
static void moved(void)
{
    static const char *const script[] = { "S", "127.0.0.1", NULL };

    start(script);
    EXPECT_INT(reach("http://h/"), 0);
    server_close(&site.server);
    EXPECT_INT(reach("http://h/"), ECONNREFUSED);
    EXPECT_INT(lookups, 1);
    EXPECT_INT(reach("http://h/"), EACCES);
    EXPECT_INT(lookups, 2);
    finish();
}

/* A refusal is kept no longer than the addresses that it is about. */
static void forbidden_first(void)
{
    static const char *const script[] = { "127.0.0.1", "S", NULL };

    start(script);
    EXPECT_INT(reach("http://h/"), EACCES);
    wait(names_settings.ttl);
    EXPECT_INT(reach("http://h/"), 0);
    EXPECT_STR(get.open.why, "");
    EXPECT_INT(lookups, 2);
    finish();
}

static void when_allowed(void)
{
    static const char *const script[] = { "127.0.0.1", NULL };
    struct address address;
    struct sock listener;
    struct url url;
    char text[64];

    start(script);
    address_from_text(&address, "127.0.0.1", 0);
    EXPECT_INT(sock_listen(&listener, &runner.loop, &address, 9), 0);
    snprintf(text, sizeof text, "http://h:%u/", ntohs(address.in4.sin_port));
    EXPECT_INT(reach(text), EACCES);
    connector.allow_private = true;
    EXPECT_INT(reach(text), 0);
    connector.allow_private = false;
    EXPECT_INT(reach(text), EACCES); /* a known name is not an allowed one */
    EXPECT_INT(url_parse(&url, text, strlen(text), NULL), 0);
    connector_keep(&connector, &url)->trusted = true;
    EXPECT_INT(reach(text), 0);
    EXPECT_INT(reach("http://h:1/"), EACCES); /* the other port was not given */
    sock_close(&listener);
    finish();
}

/* Checked as any other name; then it needs an openssl, and none is set here. */
static void https(void)
{
    static const char *const script[] = { "S", NULL };

    forbidden("https://h/", "10.0.0.1", "forbidden-address: 10.0.0.1 is private");
    start(script);
    EXPECT_INT(reach("https://h/"), AIO_TLS_MISSING);
    EXPECT_INT(site.visits, 0);
    finish();
}

CHECK_MAIN({ "special addresses are refused", special },
           { "one among good ones is enough", mixed },
           { "a name that leads elsewhere later", rebound },
           { "a name that has moved is judged again", moved },
           { "a refusal is not remembered", forbidden_first },
           { "allowed in all, or by the user for one host", when_allowed },
           { "https", https })
