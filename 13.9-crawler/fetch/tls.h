/*
 * tls.h - https without a TLS library: for each connection one child, `openssl s_client`,
 * does the TLS, and its stdin and stdout are the other end of our socket.
 *
 *     crawler <-- socketpair, plain bytes --> openssl s_client <-- TCP, TLS --> server
 *
 * What the child says on stderr is read line by line and never shown: a line tells that
 * chain and host name are verified, or which of the AIO_TLS_ errors it is. The child has
 * no other descriptor of ours and a process group of its own, and it holds virtual time
 * (process.h). Needs OpenSSL 1.1.1 or later. Next: pool.h, then shelf/tls.c.
 */
#ifndef TLS_H
#define TLS_H

#include "connect.h"
#include "process.h"

enum {
    TLS_PROGRAM_MAX = 1024,
    TLS_LINE_MAX = 256, /* bytes of a line of its stderr that are looked at */
    TLS_ARGUMENTS_MAX = 24,
};

struct tls_settings {
    char program[TLS_PROGRAM_MAX]; /* where openssl is; "": nowhere */
    const char *ca_file;           /* whom to trust, in PEM; NULL: whom the system does */
};

/* Look for openssl in the absolute folders of PATH. 0 or AIO_TLS_MISSING. */
int tls_find(struct tls_settings *settings);

struct tls { /* the child behind a connection; all zero: there is none, it is plain */
    const struct tls_settings *settings;
    struct process process;
    struct handle heard; /* it says something on stderr */
    char line[TLS_LINE_MAX];
    size_t length;    /* of the line under way; of a longer one the rest is dropped */
    bool established; /* the handshake is done */
    bool verified;    /* and so are chain and host name */
    int error;        /* what the first line told that told an error */
    struct future *settled; /* who opens it waits here, NULL: nobody */
};

/* No child yet. `settings` are the caller's, until tls_close(). */
void tls_init(struct tls *tls, const struct tls_settings *settings);

/* asyncio.open_connection(ssl=context): start a child that connects to the first of
 * `addresses` (known and judged, count > 0) that takes the connection; ends when the
 * handshake is done and the certificate is good for addresses->host, a name or an address.
 * `tls` and `stream`, the caller's, carry the connection then; `tls` must not move before
 * tls_close(), which comes behind stream_close(). The addresses are tried one after the
 * other. Raises what connect() says, ECONNREFUSED and its like, AIO_TLS_ errors, and what
 * keeps a child from starting: then, as on a cancel, there is no child any more. */
struct tls_open {
    struct coro co;
    struct tls *tls;
    struct stream *stream;
    const struct host_addresses *addresses;
    int i;               /* the address that is tried */
    struct sock pair[2]; /* our end and the child's, -1: not open */
    char name[HOST_MAX + 1];
    char connect[ADDRESS_TEXT_MAX];
    char *argv[TLS_ARGUMENTS_MAX];
    int argc;
    struct process_options options;
    struct async_create_subprocess_exec create;
    struct future settled;
    struct event_wait wait; /* for its end, when it has failed */
};
struct coro *tls_open(struct tls_open *self, struct tls *tls, struct stream *stream,
                      const struct host_addresses *addresses);

/* An exchange over the connection has ended with `err`, 0 or not: what to report. When the
 * child has hung up it is asked why: an end that the server did not announce is an error
 * (RFC 9112 9.8), as is a child that was killed. Else, and for a plain connection, `err`. */
int tls_error(struct tls *tls, const struct stream *stream, int err);

/* End the child and wait for it. Harmless for a struct of zeros, and twice. */
void tls_close(struct tls *tls);

#endif
