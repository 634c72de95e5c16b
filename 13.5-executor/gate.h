/*
 * gate.h - a place where a thread waits until the loop lets it pass.
 *
 * It stands for whatever a blocking call waits for (a disk, a name server), with the key
 * in the loop's hand: so a program with threads runs the same way each time. A thread at
 * a gate does not hold virtual time: it waits for the loop, not the loop for it.
 * Next: main.c.
 */
#ifndef GATE_H
#define GATE_H

#include "inbox.h"

struct gate {
    struct loop *loop;
    pthread_mutex_t lock; /* guards this group */
    pthread_cond_t opened;
    bool open;
    bool posted; /* `handle` is on its way to the loop */
    int waiting; /* threads at the gate */
    /* on the loop's thread */
    struct handle handle;
    int arrived; /* of those, how many the loop has heard of */
    void (*on_arrival)(struct gate *gate);
    struct timer timer; /* opens it */
    double seconds;     /* after the first arrival; 0: somebody else does */
};

/* Make `gate` a closed one, whose key is `loop`'s. It is the caller's and must stay until
 * the threads have passed and their arrival was told. `on_arrival` (or NULL) is called on
 * the loop when gate->arrived has grown. */
void gate_init(struct gate *gate, struct loop *loop,
               void (*on_arrival)(struct gate *gate));

/* Instead: a gate that opens by itself, `seconds` (more than 0) after the first arrival,
 * as a call does that takes so long. */
void gate_init_slow(struct gate *gate, struct loop *loop, double seconds);

/* In a job: wait until the gate is open. */
void gate_wait(struct gate *gate);

/* On the loop's thread: let them all pass, those too that come later. */
void gate_open(struct gate *gate);

#endif
