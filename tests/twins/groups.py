"""Behaviour of task groups. The same as groups.c."""
import asyncio

from scenario import attempt, job, main, mark, row, start, told, zero


async def party(name, jobs, body=None):
    """A group of jobs around a body, and what came of it."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in jobs:
                group.create_task(each)
            if body:
                await body
    except BaseException as error:
        told(name, error)
        mark("cancelling:", asyncio.current_task().cancelling())
        raise
    mark(f"{name} is through")


@row("B53 group: an error cancels siblings and body, one GROUP error comes out")
async def b53():
    await attempt("group", party("party", [job("a", .1, error=5),
                                           job("b", 1, cleanup=.2)], job("body", 1)))


@row("B54b group: errors after the body has ended, the count is 0 again")
async def b54b():
    await attempt("group", party("party", [job("a", .1, error=5), job("b", .1, error=32),
                                           job("c", 1)]))


async def cancels(name):
    mark(name)
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


@row("B53c group: a child cancelled alone does not abort")
async def b53c():
    await attempt("group", party("party", [cancels("cancelled"), job("a", .1)]))


@row("B53d group: the parent is cancelled, the children are, CancelledError comes out")
async def b53d():
    task = start(party("party", [job("a", 1, cleanup=.1)], job("body", 1)))
    await asyncio.sleep(.1)
    zero()
    task.cancel()
    await attempt("awaiter", task)


@row("B53e group: the body's own error")
async def b53e():
    await attempt("group", party("party", [job("a", 1)], job("body", .1, error=5)))


@row("B53f group: no task is taken while it is shutting down")
async def b53f():
    group = None

    async def adds_late():
        try:
            await asyncio.sleep(1)
        finally:
            late = job("late", 1)
            try:
                group.create_task(late)
            except RuntimeError as error:
                told("late", error)
                late.close()

    async def suite():
        nonlocal group
        async with asyncio.TaskGroup() as group:
            group.create_task(adds_late())
            group.create_task(job("a", .1, error=5))

    await attempt("group", suite())


@row("B54 group: a group in a group, both fail")
async def b54():
    inner = party("inner", [job("a", 1, answer=32)], job("body", 1))
    outer = party("outer", [job("b", .1, error=5)], inner)
    await attempt("group", outer)
    mark(asyncio.current_task().cancelling())


main()
