"""Behaviour of events, conditions and barriers. The same as conditions.c."""
import asyncio

from scenario import attempt, main, mark, outcome, row, start, told


@row("B63 event: set and clear at once wakes all who wait, in their order")
async def b63():
    event = asyncio.Event()
    tasks = [start(attempt(name, event.wait())) for name in "abc"]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    mark("set:", event.is_set())
    tasks.append(start(attempt("late", event.wait())))
    await asyncio.sleep(1)
    tasks[3].cancel()
    await asyncio.wait(tasks)


async def waits(name, condition):
    """Waits under the lock, and tells whether it has it when it wakes."""
    async with condition:
        mark(f"{name} waits")
        try:
            await condition.wait()
        except asyncio.CancelledError as error:
            told(name, error)
        mark(f"{name} wakes, locked:", condition.locked())


@row("B64 condition: cancelled, it has the lock again before the cancel leaves")
async def b64():
    condition = asyncio.Condition()
    mark("notify:", outcome(condition.notify))
    task = start(waits("a", condition))
    await asyncio.sleep(0)
    await condition.acquire()
    task.cancel()
    await asyncio.sleep(.1)
    mark("a is", "done" if task.done() else "waiting for the lock")
    task.cancel()
    await asyncio.sleep(.1)
    condition.release()
    await asyncio.wait([task])


@row("B65 condition: the notification of one who is cancelled goes to the next")
async def b65():
    condition = asyncio.Condition()
    tasks = [start(waits(name, condition)) for name in "ab"]
    await asyncio.sleep(.1)
    async with condition:
        condition.notify()
        mark("notified")
    tasks[0].cancel()
    await asyncio.wait(tasks, timeout=1)
    mark("b woke:", tasks[1].done())
    tasks[1].cancel()
    await asyncio.wait(tasks)


async def arrives(name, barrier):
    try:
        mark(f"{name} passes, index", await barrier.wait())
    except asyncio.BrokenBarrierError as error:
        told(name, error)


@row("B66 barrier: the last to arrive returns first; abort and reset break it")
async def b66():
    barrier = asyncio.Barrier(3)
    await asyncio.wait([start(arrives("a", barrier))], timeout=.1)
    mark("waiting:", barrier.n_waiting)
    tasks = [start(arrives(name, barrier)) for name in ("b", "c", "late")]
    await asyncio.sleep(.1)
    mark("waiting:", barrier.n_waiting)
    await barrier.reset()
    await asyncio.sleep(.1)
    mark("broken:", barrier.broken)
    tasks.append(start(arrives("d", barrier)))
    await asyncio.sleep(.1)
    await barrier.abort()
    await asyncio.wait(tasks)
    mark("broken:", barrier.broken)
    await arrives("too late", barrier)


main()
