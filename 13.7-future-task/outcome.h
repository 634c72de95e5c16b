/*
 * outcome.h - reading a future with care, and the end of its life.
 *
 * From 13.1: struct future, future_set_result(), future_cancel(). What 13.1 reads without
 * asking is read here as asyncio does it: too early is an error, and an error that nobody
 * ever read is told of. Next: awaited.h.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "task.h"

/* Future.result(): 0, and its value in *value (NULL: not wanted); or the error that it
 * holds, ECANCELED among them; AIO_INVALID_STATE while it is pending. */
int future_result(struct future *f, void **value);

/* Future.exception(): 0, and in *error the error that it holds, 0 for a result. ECANCELED
 * when it was cancelled; AIO_INVALID_STATE while it is pending. The difference between
 * holding ECANCELED and having been cancelled is made by a gather, see gather.h. */
int future_exception(struct future *f, int *error);

/* C has no destructor: say here that nobody will look at the future (or task) any more.
 * An error that was never read goes to the loop's exception handler, once. A task has to
 * be done. Detached tasks (13.1) do it themselves. */
void future_drop(struct future *f);
void task_drop(struct task *task);

#endif
