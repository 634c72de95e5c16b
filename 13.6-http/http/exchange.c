/* exchange.c - connects, sends the request, receives the response. Read perform_body()
 * first. Next: redirect.h. */
#include "exchange.h"

#include <errno.h>

/* Returns true when the server seems to have closed an idle connection before the request
 * arrived. Then no byte has been received, and an idempotent request can be repeated on a
 * new connection (RFC 9110 9.2.2). */
static bool went_stale(const struct http_perform *self, int err)
{
    return err == ECONNRESET && self->idempotent && self->reused &&
           stream_available(self->stream) == 0;
}

static struct coro *send_request(struct http_perform *self)
{
    http_clocks_enter(&self->clocks, HTTP_PHASE_HEAD);
    self->asked = self->clocks.since;
    return http_request(&self->exchange, self->stream, self->method, self->request,
                        self->request_n);
}

static co_status perform_body(struct coro *co)
{
    struct http_perform *self = container_of(co, struct http_perform, suite);
    int err;

    ASYNC (co) {
        for (;;) {
            AWAIT(self->calls->connect(self));
            self->calls->connected(self);
            AWAIT_CATCH(err, send_request(self));
            if (self->again || !went_stale(self, err))
                break;
            self->calls->discard(self);
            self->again = true;
        }
        if (err == 0)
            err = self->calls->on_head(self);
        if (err != 0)
            return co_raise(co, err);

        http_clocks_enter(&self->clocks, HTTP_PHASE_BODY);
        do {
            AWAIT(http_read(&self->read, &self->exchange));
            http_clocks_got(&self->clocks, self->read.bytes.n);
            err = self->calls->on_data(self);
            if (err != 0)
                return co_raise(co, err);
        } while (!self->read.last && !self->enough);
    }
    return co_done(co);
}

struct coro *http_perform(struct http_perform *self,
                          const struct http_perform_calls *calls,
                          const struct http_patience *patience)
{
    self->calls = calls;
    self->again = self->reused = self->enough = false;
    self->exchange.why = NULL;
    return http_clocks(&self->clocks, patience, co_init(&self->suite, perform_body));
}
