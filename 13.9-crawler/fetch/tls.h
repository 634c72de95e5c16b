/*
 * tls.h - https without a TLS library: each connection has one child process, `openssl
 * s_client`, which does the TLS. Its stdin and stdout are the other end of our socket.
 *
 *     crawler <-- socketpair, plain bytes --> openssl s_client <-- TCP, TLS --> server
 *
 *     AWAIT(tls_open(&self->open, &tls, &stream, &addresses));
 *     ... an exchange over `stream` ...
 *     stream_close(&stream), tls_close(&tls);
 *
 * The child's stderr is read line by line and never shown. One line reports that chain
 * and host name are verified; other lines are mapped to AIO_TLS_ errors (errors.h). The
 * child inherits no other descriptor of ours and has a process group of its own. While it
 * runs, virtual time stands still (loop_hold()). Needs OpenSSL 1.1.1 or later. Next:
 * transport.h.
 */
#ifndef TLS_H
#define TLS_H

#include "connect.h"
#include "process.h"

enum {
    TLS_PROGRAM_MAX = 1024,
    TLS_LINE_MAX = 256, /* bytes of a message that are kept; the rest is dropped */
    TLS_ARGUMENTS_MAX = 24,
};

struct tls_settings {
    char program[TLS_PROGRAM_MAX]; /* path of openssl; "": there is none */
    const char *ca_file;           /* trusted certificates in PEM; NULL: the system's */
};

/* Looks for openssl in the absolute folders of PATH. Returns 0 or AIO_TLS_MISSING. */
int tls_find(struct tls_settings *settings);

struct tls { /* the child behind a connection; process.pid 0: a plain connection */
    const struct tls_settings *settings;
    struct process process;
    struct handle readable; /* called when the child's stderr is readable */
    char line[TLS_LINE_MAX];
    size_t length;          /* bytes of the current line */
    bool established;       /* the handshake is done */
    bool verified;          /* chain and host name are verified */
    int error;              /* the first error that a line reported */
    struct future *settled; /* the future that tls_open() waits for, or NULL */
};

/* Prepares `tls`, without a child. `settings` are the caller's and must stay valid until
 * tls_close(). */
void tls_init(struct tls *tls, const struct tls_settings *settings);

/* asyncio.open_connection(ssl=context): tries one of `addresses` (known and checked,
 * count > 0) after the other, each with a new child, until one accepts the connection.
 * Ends when the handshake is done and the certificate is valid for addresses->host, a
 * name or an address. `tls` and `stream` are the caller's and carry the connection
 * afterwards. `tls` must not move until tls_close(), which the caller calls after
 * stream_close(). When no address accepts, raises the error of connect() for the last one
 * (ECONNREFUSED, ...). An AIO_TLS_ error or an error of starting a child is raised at
 * once, and no further address is tried. After an error or a cancel no child is left. */
struct tls_open {
    struct coro co;
    struct tls *tls;
    struct stream *stream;
    const struct host_addresses *addresses;
    int i;               /* index of the address being tried */
    struct sock pair[2]; /* our end and the child's; fd -1: not open */
    char name[HOST_MAX + 1];
    char connect[ADDRESS_TEXT_MAX];
    char *argv[TLS_ARGUMENTS_MAX];
    int argc;
    struct process_options options;
    struct async_create_subprocess_exec create;
    struct future settled;
    struct event_wait wait; /* waits for the exit of a child that failed */
};
struct coro *tls_open(struct tls_open *self, struct tls *tls, struct stream *stream,
                      const struct host_addresses *addresses);

/* Returns the error to report for an exchange that ended with `err` (0 or an error).
 * When the child has closed the connection, tls_close() is called, and the exit status
 * decides: an end of the stream that the server did not announce is an error (RFC 9112
 * 9.8), and so is a killed child. In all other cases, and for a plain connection, the
 * result is `err`. */
int tls_error(struct tls *tls, const struct stream *stream, int err);

/* Ends the child and waits for its exit. Does nothing without a child. */
void tls_close(struct tls *tls);

/* Returns the error that a line of openssl's stderr (without its end) reports: an
 * AIO_TLS_ code or the errno value of a connect(); 0 when it reports none. */
int tls_meaning(const char *line);

#endif
