/* gate.c - a condition variable, and the holds on virtual time. */
#include "gate.h"

static void on_time(struct handle *h)
{
    gate_open(container_of(h, struct gate, timer.handle));
}

/* Counts the threads that have arrived since the last call. For each of them it gives
 * back the hold that its job has on virtual time, until the gate opens. */
static void count_arrivals(struct handle *h)
{
    struct gate *gate = container_of(h, struct gate, handle);
    int more;

    pthread_mutex_lock(&gate->lock);
    gate->posted = false;
    more = gate->waiting - gate->arrived;
    gate->arrived += more;
    pthread_mutex_unlock(&gate->lock);
    loop_hold(gate->loop, -more);
    if (gate->seconds > 0 && gate->arrived == more)
        loop_call_later(gate->loop, &gate->timer, gate->seconds, on_time);
    if (more > 0 && gate->on_arrival != NULL)
        gate->on_arrival(gate);
}

void gate_init(struct gate *gate, struct loop *loop,
               void (*on_arrival)(struct gate *gate))
{
    *gate = (struct gate){ .loop = loop, .on_arrival = on_arrival };
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->opened, NULL);
}

void gate_init_slow(struct gate *gate, struct loop *loop, double seconds)
{
    gate_init(gate, loop, NULL);
    gate->seconds = seconds;
}

/* One handle serves all threads: while it is in the inbox, later arrivals need no other
 * post, because count_arrivals() counts them too. */
void gate_wait(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    if (!gate->open) {
        gate->waiting++;
        if (!gate->posted)
            gate->posted =
                loop_call_soon_threadsafe(gate->loop, &gate->handle, count_arrivals) == 0;
    }
    while (!gate->open)
        pthread_cond_wait(&gate->opened, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

void gate_open(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    loop_hold(gate->loop, gate->arrived); /* the jobs go on, so virtual time waits */
    gate->waiting = gate->arrived = 0;
    pthread_cond_broadcast(&gate->opened);
    pthread_mutex_unlock(&gate->lock);
}
