/*
 * lock_holder.h - for a live table of tasks: who keeps this one waiting?
 */
#ifndef LOCK_HOLDER_H
#define LOCK_HOLDER_H

#include "lock.h"
#include "task.h"

enum { WAIT_REASON_MAX = 80 };

/* What `task` waits for, as task_waits_for() names it, and for a lock who has it: "a
 * lock held by Task-2". Made up in `buffer`; a long name is cut. NULL: it waits not. */
const char *task_wait_reason(const struct task *task, char buffer[WAIT_REASON_MAX]);

#endif
