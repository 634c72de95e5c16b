/*
 * gate.h - a gate: worker threads wait at it until the loop opens it.
 *
 * A gate stands for whatever a blocking call waits for, such as a disk or a name server.
 * The loop decides when the call returns, so a program with threads runs the same way
 * each time. A job stops virtual time (loop_hold), except while its thread waits at a
 * gate, because the thread then waits for the loop. Next: main.c.
 */
#ifndef GATE_H
#define GATE_H

#include "inbox.h"

struct gate {
    struct loop *loop;
    pthread_mutex_t lock;  /* guards this group */
    pthread_cond_t opened; /* signalled by gate_open() */
    bool open;
    bool posted; /* `handle` is in the loop's inbox */
    int waiting; /* threads at the gate */
    /* used on the loop's thread */
    struct handle handle;                  /* posted when threads have arrived */
    int arrived;                           /* waiting threads that the loop has counted */
    void (*on_arrival)(struct gate *gate); /* called when `arrived` has grown; or NULL */
    struct timer timer;                    /* opens the gate, if `seconds` is not 0 */
    double seconds;                        /* from the first arrival until it opens */
};

/* Initializes `gate` as closed. Call gate_init() on the thread of `loop`. The caller owns
 * the gate and keeps it until every thread has passed and the loop has counted every
 * arrival. The loop calls `on_arrival` (or NULL) each time gate->arrived has grown. */
void gate_init(struct gate *gate, struct loop *loop,
               void (*on_arrival)(struct gate *gate));

/* Initializes a gate that opens by itself, `seconds` (more than 0) after the first
 * arrival. It simulates a call that takes `seconds`. The rules of gate_init() apply. */
void gate_init_slow(struct gate *gate, struct loop *loop, double seconds);

/* Blocks the calling thread until the gate is open. Call it in a job only. */
void gate_wait(struct gate *gate);

/* Opens the gate for good: threads that wait pass, and later threads do not wait. Call it
 * on the loop's thread only. */
void gate_open(struct gate *gate);

#endif
