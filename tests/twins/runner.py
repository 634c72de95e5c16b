"""Behaviour of run() and of what is left over, and of the running loop. As runner.c."""
import asyncio
import os
import threading

from scenario import at, job, main, mark, name_of, outcome, row, start, the_loop, zero


def run(coroutine):
    """asyncio.run(), and what came of it."""
    try:
        asyncio.run(coroutine)
    except BaseException as error:
        print("run:", name_of(error))
    else:
        print("run: ok")


def tell(loop, context):
    print(f"  - {loop.time():.2f}  reported: {name_of(context['exception'])}")


def begin():
    zero()
    the_loop().set_exception_handler(tell)


@row("B17 a forked child has no running loop")
async def b17():
    mark("parent:", outcome(asyncio.get_running_loop))
    os.sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        at("child:", outcome(asyncio.get_running_loop))
        os.sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)


async def asks():
    mark("the same:", asyncio.get_running_loop() is asyncio.get_event_loop())
    elsewhere = []
    running = asyncio._get_running_loop
    thread = threading.Thread(target=lambda: elsewhere.append(running()))
    thread.start()
    thread.join()
    mark("in another thread:", elsewhere[0])


@row("B18 the loop of a thread: inside run() there is one, after it none")
def b18():
    print("before:", asyncio._get_running_loop())
    asyncio.run(asks())
    print("after:", outcome(asyncio.get_event_loop))


async def leaves(task):
    begin()
    global left
    left = start(task)
    await asyncio.sleep(.1)
    mark("main returns")


@row("B71 run() cancels what is left, waits for it, tells of its errors")
def b71():
    run(leaves(job("a", 1, cleanup=.5)))
    print("cancelled:", left.cancelled())
    run(leaves(job("b", 1, cleanup=.5, answer=5)))
    run(leaves(job("c", .05)))


async def cleans_long():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(1)
        at("the longest clean-up")


async def leaves_two():
    begin()
    both = [start(job("a", 1, answer=5)), start(cleans_long())]
    await asyncio.sleep(.1)
    return both


@row("B71c run() tells of errors when all have ended")
def b71c():
    run(leaves_two())


async def fails():
    begin()
    global left
    left = start(job("a", 1))
    await asyncio.sleep(.1)
    raise OSError(5, "")


@row("B71b run() does so when the main coroutine fails, too")
def b71b():
    run(fails())
    print("cancelled:", left.cancelled())


main()
