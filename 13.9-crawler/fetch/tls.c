/*
 * tls.c - the child process that does the TLS: its arguments, the meaning of its
 * messages, its start and its end. Read tls_open_body() first. Next: transport.c.
 */
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ascii.h"

/* ---- where openssl is, and its arguments ---- */

int tls_find(struct tls_settings *settings)
{
    const char *path = getenv("PATH");

    while (path != NULL && *path != '\0') {
        int n = (int)strcspn(path, ":"), room = TLS_PROGRAM_MAX;

        if (*path == '/' && n < room - 16) {
            snprintf(settings->program, (size_t)room, "%.*s/openssl", n, path);
            if (access(settings->program, X_OK) == 0)
                return 0;
        }
        path += n + (path[n] == ':');
    }
    settings->program[0] = '\0';
    return AIO_TLS_MISSING;
}

/* Copies the name without the root's dot, as it is in a certificate (RFC 6066 3). Returns
 * false when it has characters that no host name has, or begins with "-", which openssl
 * reads as an option, or with ".", which openssl reads as the suffix of many names. */
static bool take_name(struct tls_open *self)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-._";
    const char *host = self->addresses->host;
    size_t n = strlen(host);

    if (n > 0 && host[n - 1] == '.')
        n--;
    memcpy(self->name, host, n);
    self->name[n] = '\0';
    return n > 0 && strspn(self->name, allowed) == n && self->name[0] != '-' &&
           self->name[0] != '.';
}

/* POSIX declares argv without const; exec writes nothing there. */
static void add(struct tls_open *self, const char *option, const char *value)
{
    self->argv[self->argc++] = (char *)option;
    if (value != NULL)
        self->argv[self->argc++] = (char *)value;
    self->argv[self->argc] = NULL;
}

/* With these options openssl reads no byte of a request as a command, reports every error
 * of the verification, and ends when our end of the socket closes, even if this process
 * was killed. */
static void build_arguments(struct tls_open *self, bool literal)
{
    self->argc = 0;
    add(self, self->tls->settings->program, "s_client");
    add(self, "-brief", "-nocommands");
    add(self, "-no_ign_eof", "-verify_return_error");
    add(self, "-connect", self->connect);
    if (literal) {
        add(self, "-noservername", NULL);
        add(self, "-verify_ip", self->addresses->host);
    } else {
        add(self, "-servername", self->name);
        add(self, "-verify_hostname", self->name);
    }
    if (self->tls->settings->ca_file != NULL) {
        add(self, "-CAfile", self->tls->settings->ca_file);
        add(self, "-no-CApath", "-no-CAstore"); /* trust nothing else */
    }
}

static int make_arguments(struct tls_open *self)
{
    struct address literal;
    bool is_literal = address_from_text(&literal, self->addresses->host, 0);

    if (self->tls->settings->program[0] == '\0')
        return AIO_TLS_MISSING;
    if (!is_literal && !take_name(self))
        return AIO_TLS_NAME;
    address_text(&self->addresses->address[self->i], self->connect);
    build_arguments(self, is_literal);
    return 0;
}

/* ---- what its messages mean ---- */

/* Returns the number that follows `word` at the beginning of the line, or -1. */
static long number_behind(const char *line, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(line, word, n) != 0 || !ascii_is_digit(line[n]))
        return -1;
    return strtol(line + n, NULL, 10);
}

/* The X509_V_ERR_ numbers, which are part of OpenSSL's interface and do not change. */
static int verify_error(long number)
{
    switch (number) {
    case 9:  /* not yet valid */
    case 10: /* has expired */
        return AIO_TLS_EXPIRED;
    case 2:  /* unable to get issuer certificate */
    case 18: /* self-signed certificate */
    case 19: /* self-signed certificate in chain */
    case 20: /* unable to get local issuer certificate */
    case 21: /* unable to verify the first certificate */
        return AIO_TLS_UNKNOWN_CA;
    case 62: /* hostname mismatch */
    case 64: /* IP address mismatch */
        return AIO_TLS_WRONG_HOST;
    default:
        return AIO_TLS_CERTIFICATE;
    }
}

/* Reads a line of OpenSSL's error queue: "HEX:error:HEX:library:function:reason:...".
 * Other lines are not searched: they may quote the certificate, which the server
 * wrote. */
static int queued_error(const char *line)
{
    static const struct {
        const char *reason;
        int error;
    } reasons[] = {
        { ":wrong version number:", AIO_TLS_NONE },
        { ":packet length too long:", AIO_TLS_NONE },
        { ":unexpected eof while reading:", AIO_TLS_CLOSED },
        { ":no certificate or crl found:", AIO_TLS_UNKNOWN_CA }, /* in the --ca-file */
        { ":SSL alert number ", AIO_TLS_REFUSED },
    };
    const char *rest = line + strspn(line, "0123456789ABCDEFabcdef");

    if (rest == line || strncmp(rest, ":error:", 7) != 0)
        return 0;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strstr(rest, reasons[i].reason) != NULL)
            return reasons[i].error;
    return 0;
}

int tls_meaning(const char *line)
{
    long number = number_behind(line, "verify error:num=");

    if (number >= 0)
        return verify_error(number);
    number = number_behind(line, "connect:errno=");
    if (number >= 0)
        return number > 0 && number < AIO_BASE ? (int)number : AIO_TLS_HANDSHAKE;
    if (number_behind(line, "write:errno=") >= 0)
        return AIO_TLS_CLOSED; /* during the handshake */
    return queued_error(line);
}

static const struct future_kind settled_kind = { .what = "a TLS handshake",
                                                 .cancel = future_end_cancelled };

void tls_init(struct tls *tls, const struct tls_settings *settings)
{
    *tls = (struct tls){ .settings = settings };
}

/* ---- reading its stderr ---- */

static void end_line(struct tls *tls)
{
    tls->line[tls->length] = '\0';
    tls->length = 0;
    if (strcmp(tls->line, "CONNECTION ESTABLISHED") == 0)
        tls->established = true;
    if (tls->established && strcmp(tls->line, "Verification: OK") == 0)
        tls->verified = true;
    if (tls->error == 0)
        tls->error = tls_meaning(tls->line);
}

/* Reads once from its stderr and handles the complete lines. Returns what read()
 * returns. */
static ssize_t read_messages(struct tls *tls)
{
    char piece[1024];
    ssize_t n = read(tls->process.pipe[2].fd, piece, sizeof piece);

    for (ssize_t i = 0; i < n; i++) {
        if (piece[i] == '\n')
            end_line(tls);
        else if (tls->length < TLS_LINE_MAX - 1)
            tls->line[tls->length++] = piece[i];
    }
    if (n == 0)
        end_line(tls);
    return n;
}

static void on_messages(struct handle *h)
{
    struct tls *tls = container_of(h, struct tls, readable);
    ssize_t n = read_messages(tls);
    bool ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);

    if (ended)
        loop_remove_reader(tls->process.loop, tls->process.pipe[2].fd);
    if ((ended || tls->verified) && tls->settled != NULL) {
        future_set_result(tls->settled, NULL);
        tls->settled = NULL;
    }
}

/* ---- its end ---- */

void tls_close(struct tls *tls)
{
    if (tls->process.pid == 0)
        return;
    loop_remove_reader(tls->process.loop, tls->process.pipe[2].fd);
    process_close(&tls->process);
}

/* Collects the exit status of a child that has exited or is exiting. Openssl never closes
 * its descriptors itself, so a closed one means that the child exits: the kill in
 * tls_close() cannot change the status. Returns AIO_TLS_KILLED when a signal ended the
 * child; 0 for status 0; otherwise the error that a line reported, 0 if none did. */
static int exit_error(struct tls *tls)
{
    while (read_messages(tls) > 0)
        ;
    tls_close(tls);
    if (tls->process.returncode < 0)
        return AIO_TLS_KILLED;
    return tls->process.returncode == 0 ? 0 : tls->error;
}

int tls_error(struct tls *tls, const struct stream *stream, int err)
{
    int why;

    if (tls->process.pid == 0 || !(stream->eof || err == ECONNRESET || err == EPIPE))
        return err;
    why = exit_error(tls);
    if (tls->process.returncode == 0)
        return err;
    return why != 0 ? why : AIO_TLS_CLOSED;
}

/* ---- its start ---- */

/* Marks the descriptors above stderr close-on-exec, so that a child inherits none of
 * them, not even one that this process has inherited. On a number that is not open the
 * call fails and does nothing. */
static void set_all_cloexec(void)
{
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Makes the arguments and the pair of sockets. The child expects a blocking socket. */
static int prepare(struct tls_open *self)
{
    int err = make_arguments(self);

    if (err != 0)
        return err;
    tls_init(self->tls, self->tls->settings);
    set_all_cloexec();
    err = sock_pair(self->pair, get_running_loop());
    if (err != 0)
        return err;
    self->options = (struct process_options){
        .io = { self->pair[1].fd, self->pair[1].fd, PROCESS_PIPE },
        .own_group = true,
    };
    return fcntl(self->pair[1].fd, F_SETFL, 0) == 0 ? 0 : errno;
}

static int watch_messages(struct tls_open *self)
{
    struct tls *tls = self->tls;

    sock_close(&self->pair[1]);
    future_init_kind(&self->settled, tls->process.loop, &settled_kind);
    tls->settled = &self->settled;
    return loop_add_reader(tls->process.loop, tls->process.pipe[2].fd, &tls->readable,
                           on_messages);
}

/* Returns why the handshake failed. */
static int failure(struct tls_open *self)
{
    int why = exit_error(self->tls);

    sock_close(&self->pair[0]);
    return why != 0 ? why : AIO_TLS_HANDSHAKE;
}

static co_status tls_open_body(struct coro *co)
{
    struct tls_open *self = co_self(co, struct tls_open);
    struct loop *loop = get_running_loop();
    int err;

    ASYNC (co) {
        stream_init(self->stream, loop);
        do {
            err = prepare(self);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(async_create_subprocess_exec(&self->create, &self->tls->process,
                                               self->argv, &self->options));
            err = watch_messages(self);
            if (err != 0)
                return co_raise(co, err);
            AWAIT(&self->settled);
            if (!self->tls->verified)
                AWAIT(process_wait(&self->wait, &self->tls->process));
            err = self->tls->verified ? 0 : failure(self);
        } while (err != 0 && err < AIO_BASE && ++self->i < self->addresses->count);
        if (err != 0)
            return co_raise(co, err);
        stream_adopt(self->stream, loop, self->pair[0].fd);
        self->pair[0].fd = -1;

    FINALLY:
        self->tls->settled = NULL;
        sock_close(&self->pair[0]);
        sock_close(&self->pair[1]);
        if (co->error != 0)
            tls_close(self->tls);
    }
    return co_done(co);
}

struct coro *tls_open(struct tls_open *self, struct tls *tls, struct stream *stream,
                      const struct host_addresses *addresses)
{
    self->tls = tls;
    self->stream = stream;
    self->addresses = addresses;
    self->i = 0;
    sock_init(&self->pair[0], NULL);
    sock_init(&self->pair[1], NULL);
    return co_init(&self->co, tls_open_body);
}
