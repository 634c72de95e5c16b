/*
 * reasons.h - the reasons why a fetch can fail, as pages.jsonl shows them:
 * "kind: explanation".
 *
 *     self->why = reason_in_words(err, self->why_text);
 *
 * The faults of a malformed response (message.h) and the AIO_TLS_ errors (errors.h) have
 * texts of the same form. Next: page_fetch.h.
 */
#ifndef REASONS_H
#define REASONS_H

#include "clocks.h"
#include "redirect.h"

/* X(name, "kind", "explanation"). Some texts have something else in place of the
 * explanation: those of a timeout the limit that was exceeded, that of a
 * forbidden-address the address, and that of a system-error the system's text. */
#define REASONS(X)                                                                      \
    X(REASON_CONNECT_TIMEOUT, "connect-timeout", "no connection in time")               \
    X(REASON_HEAD_TIMEOUT, "head-timeout", "no complete head in time")                  \
    X(REASON_IDLE_TIMEOUT, "idle-timeout", "nothing came for too long")                 \
    X(REASON_SLOW, "slow", "too few bytes a second")                                    \
    X(REASON_TOTAL_TIMEOUT, "total-timeout", "not complete in time")                    \
    X(REASON_NO_ADDRESS, "no-address", "the host's name cannot be resolved")            \
    X(REASON_FORBIDDEN, "forbidden-address", "not a public one")                        \
    X(REASON_REFUSED, "refused", "nothing listens there")                               \
    X(REASON_UNREACHABLE, "unreachable", "no way leads there")                          \
    X(REASON_CLOSED_EARLY, "closed-early", "the server closed before its answer's end") \
    X(REASON_TOO_LARGE, "too-large", "the body was cut")                                \
    X(REASON_TOO_LONG, "too-long", "the request does not fit")                          \
    X(REASON_BAD_REQUEST, "bad-request", "a method or a field is malformed")            \
    X(REASON_BAD_REDIRECT, "bad-redirect", "the target is no URL")                      \
    X(REASON_OTHER_SCHEME, "other-scheme", "redirected to neither http nor https")      \
    X(REASON_REDIRECT_LOOP, "redirect-loop", "redirected to where it was")              \
    X(REASON_TOO_MANY_REDIRECTS, "too-many-redirects", "and still no answer")           \
    X(REASON_NO_RESOURCES, "no-resources", "memory or descriptors are used up")         \
    X(REASON_SYSTEM, "system-error", "the system refuses")

enum reason {
    REASON_NONE,
#define REASON_NAME(name, kind, explanation) name,
    REASONS(REASON_NAME)
#undef REASON_NAME
        REASON_COUNT
};

/* Returns "kind: explanation", a constant; NULL for REASON_NONE. */
const char *reason_text(enum reason reason);

/* Returns the reason for an error of the network or the system; REASON_NONE for 0. */
enum reason reason_of_error(int error);

/* Returns the reason for a redirect that cannot be followed; REASON_NONE for
 * REDIRECT_OK. */
enum reason reason_of_redirect(enum redirect_fault fault);

/* Returns the error that session_request() raises for `redirect`, a result of
 * reason_of_redirect(): ELOOP for a loop or too many redirects, otherwise EPROTO. */
int reason_error(enum reason redirect);

enum { REASON_TEXT_MAX = 192 };

/* Returns the text for an error: the text of its reason; for an AIO_ code without a
 * reason, the text of aio_strerror(); for any other errno value, "system-error: " and the
 * system's text. Returns NULL for 0. The result is a constant or is in `text`. */
const char *reason_in_words(int error, char text[REASON_TEXT_MAX]);

#endif
