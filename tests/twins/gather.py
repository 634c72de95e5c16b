"""Behaviour of shield, wait and gather. The same as gather.c."""
import asyncio
import gc

from scenario import attempt, job, later, main, mark, row, start, states, the_loop, zero


@row("B40 shield: the waiter is cancelled, the task goes on")
async def b40():
    inner = start(job("a", .3))
    waiter = start(attempt("waiter", asyncio.shield(inner)))
    await asyncio.sleep(.1)
    waiter.cancel()
    await asyncio.wait([waiter, inner])
    states(inner)


@row("B40b shield: an inner cancel comes through; a done one is itself")
async def b40b():
    inner = start(job("a", .3))
    waiter = start(attempt("waiter", asyncio.shield(inner)))
    await asyncio.sleep(.1)
    inner.cancel()
    await waiter
    mark("itself:", asyncio.shield(inner) is inner)


@row("B41 shield: an error after the outer was cancelled is unread")
async def b41():
    inner = start(job("a", .3, error=5))
    waiter = start(attempt("waiter", asyncio.shield(inner)))
    await asyncio.sleep(.1)
    waiter.cancel()
    await asyncio.sleep(1)
    mark("the task goes")
    del inner, waiter
    gc.collect()


async def counts(tasks, **how):
    done, pending = await asyncio.wait(tasks, **how)
    mark(len(done), "done", len(pending), "pending")


@row("B42 wait cancelled or timed out: the children are untouched")
async def b42():
    tasks = [start(job("a", .3)), start(job("b", .5))]
    await counts(tasks, timeout=.1)
    waiter = start(attempt("waiter", counts(tasks)))
    await asyncio.sleep(.1)
    waiter.cancel()
    await waiter
    states(*tasks)
    await counts(tasks)


@row("B43 gather cancelled: its children are, in the order of the arguments")
async def b43():
    tasks = [start(job(name, 1)) for name in "abc"]
    await asyncio.sleep(0)
    both = asyncio.gather(*reversed(tasks), return_exceptions=True)
    waiter = start(attempt("gather", both))
    await asyncio.sleep(.1)
    zero()
    waiter.cancel()
    await waiter
    states(*tasks)
    mark("cancelled:", both.cancelled())


@row("B44 gather: one child cancelled is its error, or an outcome in the list")
async def b44():
    tasks = [start(job("a", .3)), start(job("b", .2))]
    later(.1, "cancel", tasks[1].cancel)
    await attempt("gather", asyncio.gather(*tasks))
    states(*tasks)
    await tasks[0]
    tasks = [start(job("c", .3)), start(job("d", .2))]
    later(.1, "cancel", tasks[1].cancel)
    await attempt("gather", asyncio.gather(*tasks, return_exceptions=True))
    states(*tasks)


@row("B45 gather: the first error at once, the siblings run on, later errors are read")
async def b45():
    tasks = [start(job("a", .2, error=5)), start(job("b", .1, error=32)),
             start(job("c", .3))]
    await attempt("gather", asyncio.gather(*tasks))
    mark("c is", "done" if tasks[2].done() else "pending")
    zero()  # asyncio's gather hears of the others, and costs idle passes
    await asyncio.wait(tasks)
    zero()
    del tasks
    gc.collect()
    mark("nothing was reported")
    await attempt("empty", asyncio.gather())


@row("B45b gather: the same future twice is awaited once")
async def b45b():
    task = start(job("a", .1))
    await attempt("gather", asyncio.gather(task, task))


@row("B55 wait: until the first, the first error, all; as_completed: as they end")
async def b55():
    tasks = [start(job("a", .2, error=5)), start(job("b", .1)), start(job("c", .3))]
    await counts(tasks, return_when=asyncio.FIRST_COMPLETED)
    await counts(tasks, return_when=asyncio.FIRST_EXCEPTION)
    await counts(tasks)
    states(*tasks)
    for each in asyncio.as_completed([start(job("d", .2)), start(job("e", .1))]):
        await attempt("next", each)


main()
