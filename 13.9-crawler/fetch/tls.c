/* tls.c - a child's life, from its last words to its first arguments. Next:
 * tls_arguments.c and tls_words.c. */
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tls_arguments.h"
#include "tls_words.h"

static const struct future_kind settled_kind = { .what = "a TLS handshake",
                                                 .cancel = future_end_cancelled };

void tls_init(struct tls *tls, const struct tls_settings *settings)
{
    *tls = (struct tls){ .settings = settings };
}

/* ---- what it says ---- */

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

/* Read once from its stderr: what read() says. */
static ssize_t hear(struct tls *tls)
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

static void on_heard(struct handle *h)
{
    struct tls *tls = container_of(h, struct tls, heard);
    ssize_t n = hear(tls);
    bool ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);

    if (ended)
        loop_remove_reader(tls->process.loop, tls->process.pipe[2].fd);
    if ((ended || tls->verified) && tls->settled != NULL) {
        future_set_result(tls->settled, NULL);
        tls->settled = NULL;
    }
}

/* ---- how it ends ---- */

void tls_close(struct tls *tls)
{
    if (tls->process.pid == 0)
        return;
    loop_remove_reader(tls->process.loop, tls->process.pipe[2].fd);
    process_close(&tls->process);
}

/* It is over, or its end has closed its descriptors, and then a kill cannot change its
 * status any more (openssl never closes them itself): 0 when it ended well, else why not. */
static int last_words(struct tls *tls)
{
    while (hear(tls) > 0)
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
    why = last_words(tls);
    if (tls->process.returncode == 0)
        return err;
    return why != 0 ? why : AIO_TLS_CLOSED;
}

/* ---- how it begins ---- */

/* No descriptor of ours reaches a child, nor one that we were born with. Most of these are
 * not open, which does no harm. */
static void keep_descriptors(void)
{
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Say to whom, and make the two sockets: the child expects one that waits. */
static int prepare(struct tls_open *self)
{
    int err = tls_arguments(self);

    if (err != 0)
        return err;
    tls_init(self->tls, self->tls->settings);
    keep_descriptors();
    err = sock_pair(self->pair, get_running_loop());
    if (err != 0)
        return err;
    self->options = (struct process_options){
        .io = { self->pair[1].fd, self->pair[1].fd, PROCESS_PIPE },
        .own_group = true,
    };
    return fcntl(self->pair[1].fd, F_SETFL, 0) == 0 ? 0 : errno;
}

static int listen_to(struct tls_open *self)
{
    struct tls *tls = self->tls;

    sock_close(&self->pair[1]);
    future_init_kind(&self->settled, tls->process.loop, &settled_kind);
    tls->settled = &self->settled;
    return loop_add_reader(tls->process.loop, tls->process.pipe[2].fd, &tls->heard,
                           on_heard);
}

/* Why the connection does not stand. */
static int failure(struct tls_open *self)
{
    int why = last_words(self->tls);

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
            err = listen_to(self);
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
