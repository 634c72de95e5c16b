/*
 * retry.h - what may go better another time, and when. Next: worker.h.
 */
#ifndef RETRY_H
#define RETRY_H

#include "frontier.h"

/* May a fetch that ended with `err`, or with that status, go better another time? */
bool retry_may_help(int err, int status);

/* How long to wait after so many attempts: half a second, doubled with each, and up to half
 * as much again by chance (of `page`), so that what failed together does not come back
 * together. `asked` >= 0 is what the server asks for instead, in seconds. */
double retry_delay(int attempts, uint32_t page, double asked);

/* Have a page that is in hand tried again `delay` seconds from now; until then it counts
 * as unfinished, but not as in flight. 0 or ENOMEM (then it is in hand still). */
int retry_later(struct frontier *f, uint32_t page, double delay);

/* Forget all that wait. */
void retry_drop_all(struct frontier *f);

#endif
