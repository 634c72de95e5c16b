"""Behaviour of wait_for and timeout. The same as deadlines.c."""
import asyncio

from scenario import (attempt, job, main, mark, row, start, states, the_loop, told,
                      without_passes, zero)


@row("B46 wait_for: a timeout cancels and waits for the clean-up")
async def b46():
    without_passes()
    task = start(job("a", 1, cleanup=.3))
    await attempt("wait_for", asyncio.wait_for(task, .1))
    states(task)
    await attempt("coroutine", asyncio.wait_for(job("b", 1, cleanup=.3), .1))
    await attempt("in time", asyncio.wait_for(job("c", .1), 1))
    await attempt("no limit", asyncio.wait_for(job("d", .1), None))


@row("B47 wait_for without any time: a coroutine never starts, a done future is read")
async def b47():
    await attempt("coroutine", asyncio.wait_for(job("a", 1), 0))
    f = the_loop().create_future()
    f.set_result(None)
    await attempt("done", asyncio.wait_for(f, -1))
    task = start(job("b", 1, cleanup=.1))
    await asyncio.sleep(0)
    await attempt("task", asyncio.wait_for(task, 0))
    states(task)


@row("B48 wait_for: what the child answers to the cancel stands")
async def b48():
    without_passes()
    await attempt("value", asyncio.wait_for(job("a", 1, answer=0), .1))
    await attempt("error", asyncio.wait_for(job("b", 1, answer=5), .1))
    await attempt("cancelled", asyncio.wait_for(job("c", 1), .1))


@row("B49 wait_for: result and cancel in one pass, the cancel wins")
async def b49():
    f = the_loop().create_future()
    task = start(attempt("wait_for", asyncio.wait_for(f, 1)))
    await asyncio.sleep(.1)
    f.set_result(None)
    mark("cancel:", task.cancel())
    await attempt("awaiter", task)


async def who():
    mark("same task:", asyncio.current_task() is caller)


@row("B50 wait_for runs a coroutine in the same task, at no cost")
async def b50():
    global caller
    caller = asyncio.current_task()
    before = the_loop().turns
    await asyncio.wait_for(who(), 1)
    mark(the_loop().turns - before, "passes")


limits = {}


async def limited(name, delay, suite):
    """timeout() around a suite, and what came of it."""
    try:
        async with asyncio.timeout(delay) as limits[name]:
            await suite
    except BaseException as error:
        told(name, error)
        mark("expired:", limits[name].expired())
        raise
    mark(f"{name} is through, expired:", limits[name].expired())


async def nothing():
    mark("no await")


@row("B51 timeout: the one that expired converts, the others let through")
async def b51():
    await attempt("inner", limited("outer", 5, limited("inner", .1, job("a", 1))))
    await attempt("outer", limited("outer", .1, limited("inner", 5, job("b", 1))))
    await attempt("both", limited("outer", .2, limited("inner", .1, job("c", 1, .3, .3))))
    await attempt("zero", limited("zero", 0, job("d", 1)))
    await attempt("no await", limited("none", 0, nothing()))
    mark(asyncio.current_task().cancelling())


async def disarms():
    await asyncio.sleep(.05)
    limits["one"].reschedule(None)
    await asyncio.sleep(1)
    mark("disarmed")
    limits["one"].reschedule(the_loop().time() + .1)
    await asyncio.sleep(1)


@row("B51b timeout: a deadline can be moved")
async def b51b():
    await attempt("moved", limited("one", .1, disarms()))


def set_and_work(f):
    f.set_result(None)
    the_loop().now += 5  # the deadline passes meanwhile


@row("B52 timeout: result and deadline in one pass, who woke the task first wins")
async def b52():
    f = the_loop().create_future()
    the_loop().call_later(.5, set_and_work, f)
    await attempt("woken first", limited("one", 1, f))
    g = the_loop().create_future()
    the_loop().call_later(.5 - 5e-10, g.set_result, None)
    await attempt("same pass", limited("two", .5, g))


@row("B52b timeout: a cancel from outside stays one")
async def b52b():
    task = start(limited("limit", 5, job("a", 1)))
    await asyncio.sleep(.1)
    zero()
    task.cancel()
    await attempt("awaiter", task)


main()
