/*
 * outcome.h - reads the outcome of a future with checks, and reports unread errors.
 *
 *     err = future_result(&self->future, &value);
 *     future_drop(&self->future);
 *
 * 13.1 reads a future's fields without a check. These functions check as asyncio does.
 * All are for the loop's thread. Next: awaited.h.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "task.h"

/* Future.result(): returns 0 and sets *value (when `value` is not NULL) to the result.
 * Otherwise returns the future's error, which is ECANCELED when it was cancelled; or
 * AIO_INVALID_STATE while it is pending. Marks the outcome as read. */
int future_result(struct future *f, void **value);

/* Future.exception(): returns 0 and sets *error to the future's error, which is 0 when it
 * has a result. Marks the outcome as read. Returns ECANCELED when the future was
 * cancelled; AIO_INVALID_STATE while it is pending. A gather can end with the error
 * ECANCELED of a child; it was not cancelled itself, so *error is ECANCELED then. */
int future_exception(struct future *f, int *error);

/* Future.__del__: C has no destructors, so call this when no code will use the future (or
 * task) any more. Reports an error that was never read to the loop's exception handler,
 * once. A pending future and a cancelled one report nothing. A task must be done. The
 * loop does this for detached tasks (task_detach() in section 13.1). */
void future_drop(struct future *f);
void task_drop(struct task *task);

#endif
