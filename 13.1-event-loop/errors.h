/*
 * errors.h - the error codes of all sections.
 *
 * An error is an int: 0 is success, a number below AIO_BASE is an errno value, and an
 * AIO_* code from this table stands for a Python exception that has no errno value.
 * ECANCELED is asyncio's CancelledError, and ETIMEDOUT is its TimeoutError.
 * aio_strerror() returns the text of an errno value or of an AIO_* code.
 * Next: handle.h.
 */
#ifndef ERRORS_H
#define ERRORS_H

/* X(code, text): `text` is the message of a Python exception, or describes it. A remark
 * beside or above the code names the exception; without a remark it is RuntimeError. */
#define AIO_ERRORS(X)                                                                    \
    X(AIO_INVALID_STATE, "invalid state")                     /* InvalidStateError */    \
    X(AIO_LOOP_CLOSED, "Event loop is closed")                /* RuntimeError */         \
    X(AIO_LOOP_RUNNING, "This event loop is already running") /* RuntimeError */         \
    X(AIO_LOOP_STOPPED, "Event loop stopped before Future completed.")                   \
    X(AIO_NO_RUNNING_LOOP, "no running event loop") /* RuntimeError */                   \
    X(AIO_WRONG_THREAD,                                                                  \
      "Non-thread-safe operation invoked on an event loop other than the current one")   \
    X(AIO_OTHER_LOOP, "attached to a different loop")   /* RuntimeError */               \
    X(AIO_SELF_AWAIT, "Task cannot await on itself")    /* RuntimeError */               \
    X(AIO_INTERRUPTED, "interrupted from the keyboard") /* KeyboardInterrupt */          \
    X(AIO_NOT_ENTERED, "has not been entered or is shutting down") /* RuntimeError */    \
    X(AIO_NOT_OWNER, "cannot be used without holding the lock")    /* RuntimeError */    \
    X(AIO_RELEASED, "released too many times")       /* RuntimeError or ValueError */    \
    X(AIO_GROUP, "unhandled errors in a TaskGroup")  /* BaseExceptionGroup */            \
    X(AIO_BROKEN_BARRIER, "barrier broken")          /* BrokenBarrierError */            \
    X(AIO_QUEUE_EMPTY, "queue empty")                /* QueueEmpty */                    \
    X(AIO_QUEUE_FULL, "queue full")                  /* QueueFull */                     \
    X(AIO_QUEUE_SHUTDOWN, "queue shut down")         /* QueueShutDown */                 \
    X(AIO_INCOMPLETE_READ, "stream ended too early") /* IncompleteReadError */           \
    X(AIO_LIMIT_OVERRUN, "separator not found within the limit") /* LimitOverrunError */ \
    X(AIO_BAD_MESSAGE, "malformed HTTP message") /* aiohttp's ClientPayloadError */      \
    X(AIO_NAME, "host name cannot be resolved")  /* socket.gaierror */                   \
    X(AIO_SHUTDOWN, "cannot schedule new futures after shutdown") /* RuntimeError */     \
    /* ssl.SSLCertVerificationError */                                                   \
    X(AIO_TLS_WRONG_HOST, "tls-wrong-host: the certificate is another host's")           \
    X(AIO_TLS_UNKNOWN_CA, "tls-unknown-ca: nobody trusted has signed the certificate")   \
    X(AIO_TLS_EXPIRED, "tls-expired: the certificate is not valid at this time")         \
    X(AIO_TLS_CERTIFICATE, "tls-certificate: the certificate is not good for this")      \
    X(AIO_TLS_NAME, "tls-name: no certificate can be for such a host name")              \
    /* ssl.SSLError */                                                                   \
    X(AIO_TLS_NONE, "tls-none: the server does not speak TLS")                           \
    X(AIO_TLS_REFUSED, "tls-refused: the server declines the connection")                \
    X(AIO_TLS_HANDSHAKE, "tls-handshake: it failed")                                     \
    X(AIO_TLS_CLOSED, "tls-closed: the server broke off without a word")                 \
    X(AIO_TLS_KILLED, "tls-killed: openssl was ended by a signal")                       \
    X(AIO_TLS_MISSING, "tls-missing: https needs the program openssl in PATH")

enum aio_error {
    AIO_BASE = 0x10000, /* above every errno */
#define AIO_ENUM(code, text) code,
    AIO_ERRORS(AIO_ENUM)
#undef AIO_ENUM
        AIO_END
};

/* Returns the text of an AIO_* code, or strerror() of an errno value; never NULL. The
 * text of a code is constant. The text of an errno value belongs to strerror(): a later
 * call of strerror(), in any thread, can overwrite it. */
const char *aio_strerror(int error);

#endif
