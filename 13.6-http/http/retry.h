/*
 * retry.h - decides whether a failed request is tried again, and after how long.
 *
 *     delay = retry_decide(attempts, error, status, retry_after);
 *     if (delay >= 0)
 *         AWAIT(async_sleep(&self->sleep, retry_spread(delay, seed)));
 *
 * The caller counts the attempts and sets their limit. These functions keep no state and
 * can be called on any thread. Next: http_reply.h.
 */
#ifndef RETRY_H
#define RETRY_H

#include <stdint.h>

#define RETRY_NEVER (-1.0)

/* Returns how many seconds to wait before the next attempt, or RETRY_NEVER when another
 * attempt would fail in the same way. `attempts` is the number of attempts so far, at
 * least 1. The last one ended with `error`, or with the response's `status` if `error` is
 * 0. The delay is 0.5 s after the first attempt; it doubles with each further one, up to
 * 64 s. When `retry_after`, the seconds of the field Retry-After, is not negative, it
 * replaces that delay. It is negative when the response has no such field. */
double retry_decide(int attempts, int error, int status, double retry_after);

/* Returns `delay` plus up to half as much again, so that requests that failed together
 * are not repeated together. The same seed gives the same result. */
double retry_spread(double delay, uint32_t seed);

#endif
