"""Behaviour of the request to cancel. The same as cancel.c."""
import asyncio

from scenario import attempt, job, main, mark, row, start, states, the_loop, told, zero


@row("B30 cancel is a request: a pass goes by before it is seen")
async def b30():
    task = start(job("a", 1))
    await asyncio.sleep(0)
    mark("cancel:", task.cancel(), "cancelled:", task.cancelled(), task.cancelling())
    await attempt("awaiter", task)
    mark("cancelled:", task.cancelled(), "again:", task.cancel())


@row("B31 cancelled before its first step: the body never runs")
async def b31():
    task = start(job("a", 1))
    mark("cancel:", task.cancel())
    await attempt("awaiter", task)


async def over(name, awaitable):
    """Awaits, tells, and lets the error through."""
    try:
        await awaitable
    except BaseException as error:
        told(name, error)
        raise
    finally:
        mark(f"{name}-fin")


@row("B32 cancelled while it awaits a child task: a pass a level")
async def b32():
    child = start(over("child", job("a", 1)))
    parent = start(over("parent", child))
    await asyncio.sleep(.5)
    zero()
    mark("cancel:", parent.cancel())
    await attempt("awaiter", parent)
    states(child, parent)


@row("B33 cancelled in a coroutine within a coroutine: one pass, from the inside out")
async def b33():
    task = start(over("outer", over("inner", job("a", 1))))
    await asyncio.sleep(.5)
    zero()
    task.cancel()
    await attempt("awaiter", task)


async def cancels_itself(awaits):
    mark("cancel:", asyncio.current_task().cancel())
    mark("goes on")
    if awaits:
        await attempt("await", asyncio.sleep(1))


@row("B34 a task that cancels itself runs on to its next await")
async def b34():
    task = start(cancels_itself(True))
    await attempt("awaiter", task)


@row("B35 a task that cancels itself and returns ends cancelled")
async def b35():
    task = start(cancels_itself(False))
    await attempt("awaiter", task)
    states(task)


@row("B36 a cancel that is swallowed: the task goes on, the count stays")
async def b36():
    task = start(job("a", 1, cleanup=.5, answer=0))
    await asyncio.sleep(.1)
    task.cancel()
    await attempt("awaiter", task)
    mark("cancelled:", task.cancelled(), task.cancelling())


@row("B37 two requests in one pass: one delivery; one during clean-up interrupts it")
async def b37():
    task = start(job("a", 1, cleanup=.5))
    await asyncio.sleep(.1)
    mark(task.cancel(), task.cancel(), task.cancelling())
    await asyncio.sleep(.1)
    mark(task.cancel(), task.cancelling())
    await attempt("awaiter", task)


async def takes_back():
    task = asyncio.current_task()
    task.cancel()
    mark("cancelling:", task.cancelling())
    mark("uncancel:", task.uncancel())
    await attempt("await", asyncio.sleep(.1))


@row("B38 uncancel to 0 drops a request that was not delivered")
async def b38():
    await attempt("awaiter", start(takes_back()))


@row("B39 the message travels to who awaits the task")
async def b39():
    task = start(over("child", job("a", 1)))
    await asyncio.sleep(.1)
    task.cancel("why")
    await attempt("awaiter", task)
    task = start(job("b", 1))
    task.cancel("before the start")
    await attempt("awaiter", task)


main()
