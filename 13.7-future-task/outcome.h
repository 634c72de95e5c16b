/*
 * outcome.h - reads the outcome of a future with checks, and reports unread errors.
 *
 *     err = future_result(&self->future, &value);
 *     future_drop(&self->future);
 *
 * The fields of a future can be read without a check of its state. These functions check
 * the state first, as asyncio does. All are for the loop's thread. Next: awaited.h.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "task.h"

/* Future.result(): returns 0 and sets *value (when `value` is not NULL) to the result.
 * Returns the future's error when it has one, which is ECANCELED after a cancel;
 * AIO_INVALID_STATE while the future is pending. Marks the outcome as read. */
int future_result(struct future *f, void **value);

/* Future.exception(): returns 0 and sets *error to the future's error, which is 0 when it
 * has a result. Marks the outcome as read. Returns ECANCELED when the future was
 * cancelled; AIO_INVALID_STATE while it is pending. A gather never counts as cancelled:
 * when it ended with ECANCELED, this returns 0 and sets *error to ECANCELED. */
int future_exception(struct future *f, int *error);

/* Future.__del__: C has no destructors, so call this when no code will use the future (or
 * task) any more. Reports an error that no code has read, once, to the loop's exception
 * handler. Reports nothing for a pending or cancelled future. A task must be done before
 * the call. The loop does this for detached tasks (task_detach(), section 13.1). */
void future_drop(struct future *f);
void task_drop(struct task *task);

#endif
