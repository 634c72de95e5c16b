/*
 * tls.c - checks of tls.h: the arguments of the child, its messages, and that it has
 * ended when the connection is closed. Run by tls.bats, which starts the servers of
 * tls-server.py: TLS_DIR has the certificates, TLS_GOOD, TLS_WRONG, ... are the servers'
 * ports.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "client.h"
#include "runner.h"
#include "tls.h"

struct talk { /* async def talk(): one request over a connection of its own */
    struct coro co;
    struct tls tls;
    struct stream stream;
    struct host_addresses addresses;
    struct tls_open open;
    struct http_exchange exchange;
    struct http_read read;
    const char *request;
    bool asked; /* the connection was established */
    char body[256];
    size_t n;
};

static struct runner runner;
static struct tls_settings settings;
static struct talk talk;
static char ca_file[512], folder[64], program[80], said[80];
static int descriptors_before;

static int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void begin(void)
{
    static const struct loop_policy policy = { &selector_poll, &clock_virtual };

    descriptors_before = descriptors();
    EXPECT_INT(runner_init(&runner, &policy), 0);
}

/* No child, running or zombie, nothing watched or held, no descriptor. */
static void end(void)
{
    EXPECT_INT(waitpid(-1, NULL, WNOHANG), -1);
    EXPECT_INT(errno, ECHILD);
    EXPECT_INT(runner.loop.watched, 0);
    EXPECT_INT(runner.loop.holds, 0);
    EXPECT_INT(runner_close(&runner), 0);
    EXPECT_INT(descriptors(), descriptors_before);
}

static co_status talk_body(struct coro *co)
{
    struct talk *self = co_self(co, struct talk);
    int err;

    ASYNC (co) {
        AWAIT(tls_open(&self->open, &self->tls, &self->stream, &self->addresses));
        self->asked = true;
        AWAIT_CATCH(err, http_request(&self->exchange, &self->stream, "GET",
                                      self->request, strlen(self->request)));
        while (err == 0) {
            AWAIT_CATCH(err, http_read(&self->read, &self->exchange));
            if (err != 0)
                break;
            EXPECT(self->n + self->read.data.n < sizeof self->body);
            if (self->read.data.n > 0)
                memcpy(self->body + self->n, self->read.data.at, self->read.data.n);
            self->n += self->read.data.n;
            if (self->read.last)
                break;
        }
        return co_raise(co, tls_error(&self->tls, &self->stream, err));

    FINALLY:
        stream_close(&self->stream);
        tls_close(&self->tls);
        tls_close(&self->tls);
    }
    return co_done(co);
}

/* Talk to `host` at 127.0.0.1 and that port. */
static struct coro *talk_to(const char *host, unsigned port, const char *request)
{
    memset(&talk, 0, sizeof talk);
    stream_init(&talk.stream, &runner.loop);
    tls_init(&talk.tls, &settings);
    snprintf(talk.addresses.host, sizeof talk.addresses.host, "%s", host);
    talk.addresses.port = port;
    talk.addresses.count = 1;
    EXPECT(address_from_text(&talk.addresses.address[0], "127.0.0.1", port));
    talk.request = request;
    return co_init(&talk.co, talk_body);
}

static unsigned port_of(const char *variable)
{
    const char *text = getenv(variable);

    EXPECT(text != NULL);
    return text != NULL ? (unsigned)atoi(text) : 0;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

static void expect(const char *host, const char *server, const char *request, int want)
{
    begin();
    snprintf(ca_file, sizeof ca_file, "%s/ca.pem", getenv("TLS_DIR"));
    EXPECT_INT(tls_find(&settings), 0);
    settings.ca_file = ca_file;
    EXPECT_INT(runner_run(&runner, talk_to(host, port_of(server), request)), want);
    end();
}

/* ---- with real servers ---- */

static void a_page(void)
{
    expect("localhost", "TLS_GOOD", GET("/small"), 0);
    EXPECT_STR(talk.body, "Q\nR\nk\nK\n");
    /* no letter of a request is taken as a command */
    expect("localhost", "TLS_GOOD", "GET /small HTTP/1.1\r\nHost: h\nQ:\nR:\nk:\r\n\r\n",
           0);
    EXPECT_STR(talk.body, "Q\nR\nk\nK\n");
}

static void whose_certificate(void)
{
    expect("127.0.0.1", "TLS_GOOD", GET("/small"), 0);
    expect("localhost.", "TLS_GOOD", GET("/small"), 0);
    expect("LOCALHOST", "TLS_GOOD", GET("/small"), 0);
    expect("elsewhere", "TLS_GOOD", GET("/small"), AIO_TLS_WRONG_HOST);
    expect("host", "TLS_GOOD", GET("/small"), AIO_TLS_WRONG_HOST);
    expect("127.0.0.2", "TLS_GOOD", GET("/small"), AIO_TLS_WRONG_HOST);
    expect("::1", "TLS_GOOD", GET("/small"), AIO_TLS_WRONG_HOST);
    expect("localhost", "TLS_WRONG", GET("/small"), AIO_TLS_WRONG_HOST);
    expect("deep.other.example", "TLS_WRONG", GET("/small"), AIO_TLS_WRONG_HOST);
    expect("other.example", "TLS_WRONG", GET("/small"), 0);
    expect("localhost", "TLS_EXPIRED", GET("/small"), AIO_TLS_EXPIRED);
    expect("localhost", "TLS_UNKNOWN", GET("/small"), AIO_TLS_UNKNOWN_CA);
    EXPECT(!talk.asked);
}

static void no_connection(void)
{
    expect("localhost", "TLS_PLAIN", GET("/small"), AIO_TLS_NONE);
    expect("localhost", "TLS_REFUSING", GET("/small"), AIO_TLS_REFUSED);
    expect("localhost", "TLS_CLOSED", GET("/small"), ECONNREFUSED);
    EXPECT(!talk.asked);
}

/* Without a length the end of the stream shows that the body is complete. */
static void broken_off(void)
{
    expect("localhost", "TLS_GOOD", GET("/break"), AIO_TLS_CLOSED);
    EXPECT_STR(talk.body, "half");
}

/* A name that could be read as an option, a pattern or a suffix starts no child. */
static void odd_names(void)
{
    static const char *const odd[] = { "-CAfile",     "-",          ".localhost",  ".",
                                       "*.localhost", "local host", "localhost\n", "a/b",
                                       "[::1]",       "a\x80" };

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        expect(odd[i], "TLS_GOOD", GET("/small"), AIO_TLS_NAME);
        EXPECT_INT(talk.tls.process.pid, 0);
    }
    expect("", "TLS_GOOD", GET("/small"), AIO_TLS_NAME);
}

/* The first address refuses, the second one accepts. */
static void second_address(void)
{
    struct coro *co;

    begin();
    co = talk_to("localhost", port_of("TLS_CLOSED"), GET("/small"));
    talk.addresses.count = 2;
    address_from_text(&talk.addresses.address[1], "127.0.0.1", port_of("TLS_GOOD"));
    EXPECT_INT(runner_run(&runner, co), 0);
    end();
    begin(); /* but a certificate error is final */
    co = talk_to("localhost", port_of("TLS_EXPIRED"), GET("/small"));
    talk.addresses.count = 2;
    address_from_text(&talk.addresses.address[1], "127.0.0.1", port_of("TLS_GOOD"));
    EXPECT_INT(runner_run(&runner, co), AIO_TLS_EXPIRED);
    end();
}

static void one_pass(void)
{
    loop_stop(&runner.loop);
    loop_run_forever(&runner.loop);
}

/* Killed with signal `number`, during the handshake or while it waits for an answer. */
static void killed_by(int number, const char *server)
{
    struct task task;

    begin();
    loop_create_task(&runner.loop, &task,
                     talk_to("localhost", port_of(server), GET("/hang")));
    while (!future_done(&task.future) && talk.tls.process.pid == 0)
        one_pass();
    while (!future_done(&task.future) && !talk.asked && strcmp(server, "TLS_GOOD") == 0)
        one_pass();
    EXPECT_INT(kill(talk.tls.process.pid, number), 0);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), AIO_TLS_KILLED);
    end();
}

static void killed(void)
{
    killed_by(SIGKILL, "TLS_GOOD");
    killed_by(SIGTERM, "TLS_GOOD");
    killed_by(SIGKILL, "TLS_SILENT");
}

/* Cancelled after so many passes; false when it had ended before. */
static bool cancelled_after(int passes, const char *server)
{
    struct task task;
    bool taken;

    begin();
    loop_create_task(&runner.loop, &task,
                     talk_to("localhost", port_of(server), GET("/small")));
    for (int i = 0; i < passes && !future_done(&task.future); i++)
        one_pass();
    taken = task_cancel(&task, NULL);
    EXPECT_INT(loop_run_until_complete(&runner.loop, &task), taken ? ECANCELED : 0);
    end();
    return taken;
}

/* In each of the first passes, then at growing intervals until the answer is complete. */
static void cancelled(void)
{
    int passes = 0, cancels = 0;

    while (passes < 1 << 24 && cancelled_after(passes, "TLS_GOOD")) {
        passes = passes < 16 ? passes + 1 : passes + passes / 4;
        cancels++;
    }
    EXPECT(passes < 1 << 24);
    EXPECT(cancels > 16);
    printf("# cancelled at %d different passes, up to the %dth\n", cancels, passes);
    for (passes = 0; passes < 16; passes++)
        EXPECT(cancelled_after(passes, "TLS_SILENT"));
}

/* ---- with a fake openssl ---- */

/* A shell script replaces openssl; it may write to $SAID. */
static void write_program(const char *text)
{
    FILE *file = fopen(program, "w");

    fprintf(file, "#!/bin/sh\n%s\n", text);
    EXPECT_INT(fclose(file), 0);
    EXPECT_INT(chmod(program, 0700), 0);
}

static void with_program(const char *text, const char *host, int want)
{
    char *path = strdup(getenv("PATH"));

    snprintf(folder, sizeof folder, "/tmp/tls-check-XXXXXX");
    EXPECT(mkdtemp(folder) != NULL);
    snprintf(program, sizeof program, "%s/openssl", folder);
    snprintf(said, sizeof said, "%s/said", folder);
    setenv("SAID", said, 1);
    setenv("PATH", folder, 1);
    write_program(text);
    begin();
    EXPECT_INT(tls_find(&settings), 0);
    EXPECT_STR(settings.program, program);
    EXPECT_INT(runner_run(&runner, talk_to(host, 443, GET("/"))), want);
    end();
    setenv("PATH", path, 1);
    free(path);
    unlink(program);
}

static void read_said(char *text, size_t size)
{
    FILE *file = fopen(said, "r");

    memset(text, 0, size);
    if (file == NULL || fread(text, 1, size - 1, file) == 0)
        check_fail(__FILE__, __LINE__, "nothing in %s", said);
    if (file != NULL)
        fclose(file);
    unlink(said);
    EXPECT_INT(rmdir(folder), 0);
}

static void what_it_is_told(void)
{
    char text[1024];

    settings.ca_file = NULL;
    with_program("echo \"$@\" >$SAID; exit 1", "a-b_c.example.", AIO_TLS_HANDSHAKE);
    read_said(text, sizeof text);
    EXPECT_STR(text, "s_client -brief -nocommands -no_ign_eof -verify_return_error "
                     "-connect 127.0.0.1:443 -servername a-b_c.example "
                     "-verify_hostname a-b_c.example\n");
    settings.ca_file = "-my ca";
    with_program("for i; do echo \"$i\"; done >$SAID; exit 1", "2001:db8::1",
                 AIO_TLS_HANDSHAKE);
    read_said(text, sizeof text);
    EXPECT_STR(text, "s_client\n-brief\n-nocommands\n-no_ign_eof\n-verify_return_error\n"
                     "-connect\n127.0.0.1:443\n-noservername\n-verify_ip\n2001:db8::1\n"
                     "-CAfile\n-my ca\n-no-CApath\n-no-CAstore\n");
    settings.ca_file = NULL;
}

/* It inherits 0, 1 and 2 only, nothing of ours or our parent's. (3 is how ls looks.) */
static void what_it_has(void)
{
    char text[1024];

    if (access("/proc/self/fd", F_OK) != 0) {
        puts("# skipped: no /proc to see a child's descriptors in");
        return;
    }
    EXPECT_INT(dup2(1, 77), 77);
    with_program("PATH=/bin:/usr/bin; exec ls /proc/self/fd >$SAID", "h",
                 AIO_TLS_HANDSHAKE);
    close(77);
    read_said(text, sizeof text);
    EXPECT_STR(text, "0\n1\n2\n3\n");
}

#define QUEUED "40373A0B127F0000:error:0A000086:SSL routines:f:"

static void what_its_words_mean(void)
{
    static const struct {
        const char *line;
        int want;
    } rows[] = {
        { "", 0 },
        { "verify error:num=62:hostname mismatch", AIO_TLS_WRONG_HOST },
        { "verify error:num=64:IP address mismatch", AIO_TLS_WRONG_HOST },
        { "verify error:num=10:certificate has expired", AIO_TLS_EXPIRED },
        { "verify error:num=9:certificate is not yet valid", AIO_TLS_EXPIRED },
        { "verify error:num=18:self-signed certificate", AIO_TLS_UNKNOWN_CA },
        { "verify error:num=19:", AIO_TLS_UNKNOWN_CA },
        { "verify error:num=20:", AIO_TLS_UNKNOWN_CA },
        { "verify error:num=21:", AIO_TLS_UNKNOWN_CA },
        { "verify error:num=2:", AIO_TLS_UNKNOWN_CA },
        { "verify error:num=66:EE certificate key too weak", AIO_TLS_CERTIFICATE },
        { "verify error:num=99999999999999999999999", AIO_TLS_CERTIFICATE },
        { "verify error:num=x", 0 },
        { "verify error:num=", 0 },
        { "depth=0 CN = verify error:num=62:", 0 },
        { "depth=0 CN = " QUEUED "SSL alert number 40", 0 },
        { "connect:errno=111", 111 },
        { "connect:errno=0", AIO_TLS_HANDSHAKE },
        { "connect:errno=99999999999", AIO_TLS_HANDSHAKE },
        { "connect:errno=-1", 0 },
        { "write:errno=104", AIO_TLS_CLOSED },
        { QUEUED "wrong version number:../ssl/record/ssl3_record.c:350:", AIO_TLS_NONE },
        { QUEUED "packet length too long:x", AIO_TLS_NONE },
        { QUEUED "unexpected eof while reading:x", AIO_TLS_CLOSED },
        { QUEUED "sslv3 alert handshake failure:f.c:1602:SSL alert number 40",
          AIO_TLS_REFUSED },
        { QUEUED "no certificate or crl found:x", AIO_TLS_UNKNOWN_CA },
        { QUEUED "certificate verify failed:f.c:1889:", 0 },
        { ":error:x:SSL alert number 40", 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (tls_meaning(rows[i].line) != rows[i].want)
            check_fail(__FILE__, __LINE__, "%s: %d", rows[i].line,
                       tls_meaning(rows[i].line));
}

static void odd(const char *script, int want)
{
    with_program(script, "h", want);
    rmdir(folder);
}

/* An openssl that prints odd lines, or a great many. */
static void odd_words(void)
{
    odd("exit 0", AIO_TLS_HANDSHAKE);
    odd("kill -9 $$", AIO_TLS_KILLED);
    odd("printf 'verify error:num=62' >&2; exit 1",
        AIO_TLS_WRONG_HOST); /* no line feed */
    odd("printf 'verify error:num=10:\\nverify error:num=62:\\n' >&2; exit 1",
        AIO_TLS_EXPIRED);                                          /* the first counts */
    odd("echo 'Verification: OK' >&2; exit 1", AIO_TLS_HANDSHAKE); /* too early */
    EXPECT(!talk.asked);
    odd("echo 'CONNECTION ESTABLISHED' >&2; echo 'x Verification: OK' >&2; exit 1",
        AIO_TLS_HANDSHAKE);
    EXPECT(!talk.asked);
    odd("i=0; while [ $i -lt 20000 ]; do echo 0123456789; printf 0123456789; i=$((i+1));"
        "done >&2; printf '\\nverify error:num=10:\\n' >&2; exit 1",
        AIO_TLS_EXPIRED);
    odd("echo 'CONNECTION ESTABLISHED' >&2; echo 'Verification: OK' >&2; exit 3",
        AIO_TLS_CLOSED);
    EXPECT(talk.asked);
    odd("echo 'CONNECTION ESTABLISHED' >&2; printf 'Verification: ' >&2; echo OK >&2;"
        "read x; printf 'HTTP/1.1 204 No\\r\\n\\r\\n'; exit 0",
        0);
}

static void no_openssl(void)
{
    char *path = strdup(getenv("PATH"));
    static const char *const paths[] = { "", "/nonesuch", ".", ":", "/nonesuch:::.:bin" };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        setenv("PATH", paths[i], 1);
        EXPECT_INT(tls_find(&settings), AIO_TLS_MISSING);
        EXPECT_STR(settings.program, "");
    }
    unsetenv("PATH");
    EXPECT_INT(tls_find(&settings), AIO_TLS_MISSING);
    begin();
    EXPECT_INT(runner_run(&runner, talk_to("h", 443, GET("/"))), AIO_TLS_MISSING);
    end();
    setenv("PATH", path, 1);
    free(path);
}

CHECK_MAIN({ "a page", a_page }, { "whose certificate it is", whose_certificate },
           { "no connection, no TLS", no_connection },
           { "broken off without a word", broken_off },
           { "names that start no child", odd_names },
           { "the second address", second_address }, { "killed", killed },
           { "cancelled at each pass", cancelled },
           { "what the child is told", what_it_is_told },
           { "what the child has", what_it_has },
           { "what its words mean", what_its_words_mean }, { "odd words", odd_words },
           { "no openssl", no_openssl })
