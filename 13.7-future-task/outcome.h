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

/* Future.result(): returns 0 and stores the value in *value unless `value` is NULL, or
 * returns the future's error, which may be ECANCELED; AIO_INVALID_STATE while it is
 * pending. */
int future_result(struct future *f, void **value);

/* Future.exception(): returns 0 and stores the future's error in *error, 0 for a result.
 * Returns ECANCELED when it was cancelled, AIO_INVALID_STATE while it is pending. Only a
 * gather can hold ECANCELED as an error without having been cancelled: see gather.h. */
int future_exception(struct future *f, int *error);

/* Future.__del__(): ends the use of a future or task, because C has no destructor. An
 * error that was never read goes to the loop's exception handler, once. A task must be
 * done. Detached tasks (13.1) do this themselves. */
void future_drop(struct future *f);
void task_drop(struct task *task);

#endif
