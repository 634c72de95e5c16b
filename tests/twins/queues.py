"""Behaviour of queues. The same as queues.c."""
import asyncio

from scenario import attempt, main, mark, outcome, row, start, told, without_passes


async def get(name, queue):
    try:
        mark(name, "got", await queue.get())
    except (asyncio.CancelledError, Exception) as error:
        told(name, error)


async def put(name, queue, item):
    try:
        await queue.put(item)
        mark(name, "put", item)
    except (asyncio.CancelledError, Exception) as error:
        told(name, error)


@row("B67 queue: a getter that is woken and cancelled passes it on, the item is kept")
async def b67():
    queue = asyncio.Queue()
    tasks = [start(get("a", queue)), start(get("b", queue))]
    await asyncio.sleep(0)
    queue.put_nowait(1)
    tasks[0].cancel()
    await asyncio.wait(tasks)


@row("B67b queue: put_nowait may overtake a putter that waits")
async def b67b():
    queue = asyncio.Queue(1)
    queue.put_nowait(1)
    tasks = [start(put("a", queue, 2)), start(put("b", queue, 3))]
    await asyncio.sleep(0)
    mark("full:", outcome(queue.put_nowait, 4))
    mark("got", queue.get_nowait())
    mark("overtakes:", outcome(queue.put_nowait, 4))
    await asyncio.sleep(.1)
    for _ in range(3):
        await get("main", queue)
        await asyncio.sleep(.1)
    mark("empty:", outcome(queue.get_nowait))
    await asyncio.wait(tasks)


@row("B68 queue: asking an empty one with timeouts piles nobody up")
async def b68():
    without_passes()
    queue = asyncio.Queue()
    for _ in range(3):
        await attempt("get", asyncio.wait_for(queue.get(), .1))
    queue.put_nowait(1)
    mark("size:", queue.qsize())
    await get("main", queue)


async def worker(queue):
    while True:
        item = await queue.get()
        mark("working on", item)
        await asyncio.sleep(.1)
        queue.task_done()


@row("B69 queue: join ends when every item is done; one task_done too many is refused")
async def b69():
    queue = asyncio.Queue()
    mark("task_done:", outcome(queue.task_done))
    await attempt("join of nothing", queue.join())
    task = start(worker(queue))
    for item in 1, 2:
        queue.put_nowait(item)
    await attempt("join", queue.join())
    mark("task_done:", outcome(queue.task_done))
    task.cancel()
    await attempt("worker", task)


@row("B70 queue: shutdown refuses puts, gets drain it first, join still waits")
async def b70():
    queue = asyncio.Queue(2)
    for item in 1, 2:
        queue.put_nowait(item)
    putter = start(put("putter", queue, 3))
    joiner = start(attempt("join", queue.join()))
    await asyncio.sleep(0)
    queue.shutdown()
    mark("put:", outcome(queue.put_nowait, 4))
    for _ in range(3):
        await get("main", queue)
    mark("joined:", joiner.done())
    for _ in range(2):
        queue.task_done()
    await asyncio.wait([joiner, putter])


@row("B70b queue: immediate shutdown empties it, and join returns")
async def b70b():
    queue = asyncio.Queue()
    waiting = asyncio.Queue()
    tasks = [start(get("getter", waiting)), start(attempt("join", queue.join()))]
    for item in 1, 2:
        queue.put_nowait(item)
    await asyncio.sleep(0)
    queue.shutdown(immediate=True)
    waiting.shutdown()
    mark("size:", queue.qsize())
    await get("main", queue)
    await asyncio.wait(tasks)


main()
