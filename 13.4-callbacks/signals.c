/* signals.c - a flag per signal, and the loop's wake-up pipe. */
#include "signals.h"

#include <errno.h>
#include <signal.h>

enum { SIGNAL_MAX = 65 };

/* A signal is sent to the process, not to a loop, so the process has one table. */
static struct {
    _Atomic(struct loop *) loop; /* the loop that handles the signal; NULL: none */
    atomic_bool came;            /* set by on_signal(), cleared by the loop */
    struct handle *handle;       /* the user's; the loop calls fn(handle) */
    void (*fn)(struct handle *);
} table[SIGNAL_MAX];

/* The handler that the system calls, on any thread and at any point. */
static void on_signal(int number)
{
    struct loop *loop = atomic_load(&table[number].loop);

    atomic_store(&table[number].came, true);
    if (loop != NULL)
        loop_wake(loop);
}

/* BaseSelectorEventLoop._process_self_data: schedules the callbacks of the signals that
 * have come. They run in the next pass. */
static void take_signals(struct loop *loop)
{
    for (int i = 1; i < SIGNAL_MAX; i++)
        if (atomic_load(&table[i].loop) == loop && atomic_exchange(&table[i].came, false))
            loop_call_soon(loop, table[i].handle, table[i].fn);
}

static int set_action(int number, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

    sigfillset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}

static void close_signals(struct closer *closer)
{
    struct loop *loop = container_of(closer, struct loop, signal_closer);

    for (int i = 1; i < SIGNAL_MAX; i++)
        if (atomic_load(&table[i].loop) == loop)
            loop_remove_signal_handler(loop, i);
}

int loop_add_signal_handler(struct loop *loop, int number, struct handle *h,
                            void (*fn)(struct handle *))
{
    struct loop *owner;
    int err;

    if (number < 1 || number >= SIGNAL_MAX || number == SIGKILL || number == SIGSTOP)
        return EINVAL;
    owner = atomic_load(&table[number].loop);
    if (owner != NULL && owner != loop)
        return EBUSY;
    err = loop_open_inbox(loop);
    if (err != 0)
        return err;
    if (loop->take_signals == NULL) {
        loop->take_signals = take_signals;
        loop->signal_closer.close = close_signals;
        loop_on_close(loop, &loop->signal_closer);
    }
    if (table[number].handle != NULL && table[number].handle != h)
        handle_cancel(table[number].handle);
    table[number].handle = h;
    table[number].fn = fn;
    if (owner == NULL) /* else keep a signal that the loop has not taken yet */
        atomic_store(&table[number].came, false);
    atomic_store(&table[number].loop, loop);
    err = set_action(number, on_signal);
    if (err != 0)
        atomic_store(&table[number].loop, NULL);
    return err;
}

bool loop_remove_signal_handler(struct loop *loop, int number)
{
    if (number < 1 || number >= SIGNAL_MAX || atomic_load(&table[number].loop) != loop)
        return false;
    set_action(number, SIG_DFL);
    atomic_store(&table[number].loop, NULL);
    handle_cancel(table[number].handle);
    table[number].handle = NULL;
    return true;
}
