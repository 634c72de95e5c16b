"""Behaviour of tasks: what an await costs, who goes first. The same as tasks.c."""
import asyncio

from scenario import (attempt, job, main, mark, row, soon, start, states, the_loop, told)


async def nothing():
    pass


async def cost(word, awaitable):
    before = the_loop().turns
    await awaitable
    mark(f"{word}: {the_loop().turns - before} passes")


async def group():
    async with asyncio.TaskGroup() as group:
        group.create_task(nothing())


@row("B23 what an await costs in passes")
async def b23():
    loop = the_loop()
    f = loop.create_future()
    f.set_result(None)
    await cost("a done future", f)
    await cost("a plain coroutine", nothing())
    await cost("sleep(0)", asyncio.sleep(0))
    await cost("a new task", start(nothing()))
    g = loop.create_future()
    loop.call_soon(g.set_result, None)
    await cost("a future set by call_soon", g)
    await cost("gather", asyncio.gather(start(nothing())))
    await cost("wait", asyncio.wait([start(nothing())]))
    await cost("shield", asyncio.shield(start(nothing())))
    await cost("a group", group())


async def turns(name):
    for i in range(3):
        mark(f"{name}{i}")
        await asyncio.sleep(0)


@row("B24 sleep(0) costs one pass, and tasks take turns")
async def b24():
    await asyncio.wait([start(turns("a")), start(turns("b"))])


async def await_itself():
    try:
        await asyncio.current_task()
    except RuntimeError as error:
        told("itself", error)


@row("B25 a task that awaits itself gets an error")
async def b25():
    await start(await_itself())


async def child(name, passes):
    mark(f"{name}-1")
    for _ in range(passes):
        await asyncio.sleep(0)
    if passes:
        mark(f"{name}-2")


@row("B26 eager start: the body runs inside create_task")
async def b26():
    the_loop().set_task_factory(asyncio.eager_task_factory)
    mark("before")
    soon("ready before the child's second step")
    task = asyncio.create_task(child("child", 1))
    mark("after-create")
    done = asyncio.create_task(child("quick", 0))
    mark("done:", done.done())
    await task
    mark("d")
    the_loop().set_task_factory(None)


async def cancels_itself():
    raise asyncio.CancelledError


@row("B29 a coroutine that raises CancelledError ends its task cancelled")
async def b29():
    task = start(cancels_itself())
    await attempt("awaiter", task)
    states(task)


main()
