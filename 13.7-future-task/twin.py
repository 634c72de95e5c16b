"""main.c of 13.7, on real asyncio: the same lines."""
import asyncio
import errno
import os
import threading

import vtime

loop = None
start = 0.0
first_turn = 0


def elapsed():
    return loop.time() - start


def say(what):
    print(f"turn {loop.turns - first_turn}  {what}")


async def reader(box):
    await box
    say(f"the task that waits finds: {box.result()}")


async def box():
    box = loop.create_future()
    box.add_done_callback(lambda _: say("first callback"))
    task = asyncio.create_task(reader(box))
    await asyncio.sleep(0)
    box.add_done_callback(lambda _: say("last callback"))
    try:
        box.result()
    except asyncio.InvalidStateError:
        print("read too early: invalid state")
    say("set_result is called")
    box.set_result("a value")
    say("set_result has returned")
    try:
        box.set_exception(OSError(errno.EIO, "input/output error"))
    except asyncio.InvalidStateError:
        print("set again: invalid state")
    await task


async def page(n, seconds):
    began = elapsed()
    await asyncio.sleep(seconds)
    first, last = int(began * 20 + 0.5), int(elapsed() * 20 + 0.5)
    print(f"t={elapsed():.2f}  page {n}  |{' ' * first}{'=' * (last - first)}")


async def two():
    global start
    first, second = page(0, 0.30), page(1, 0.20)
    await asyncio.sleep(1)
    print("called a second ago; nothing has started")

    start = loop.time()
    await first
    await second
    print(f"await, await: {elapsed():.2f} s")

    start = loop.time()
    await asyncio.gather(page(0, 0.30), page(1, 0.20))
    print(f"gather: {elapsed():.2f} s")


def row(what, future, task):
    print(f"{what:22} {future!s:7} {task}")


async def beside():
    future = loop.create_future()
    task = asyncio.create_task(page(7, 0.30))
    task.set_name("page 7")
    await asyncio.sleep(0)
    row("", "future", "task")
    outermost = task.get_coro()
    frames, co = 0, outermost
    while asyncio.iscoroutine(co):
        frames, co = frames + 1, co.cr_await
    row("name", "-", task.get_name())
    row("coroutine", "-", outermost.__name__)
    row("frames", "-", frames)
    row("a local", "-", f"n = {outermost.cr_frame.f_locals['n']}")
    row("cancelling()", "-", task.cancelling())
    row("cancel()", future.cancel(), task.cancel())
    row("cancelled() at once", future.cancelled(), task.cancelled())
    await asyncio.sleep(0)
    row("cancelled() a turn on", future.cancelled(), task.cancelled())


def timer_bridge():
    future = loop.create_future()
    loop.call_later(0.10, future.set_result, "a timer")
    return future


def pipe_bridge():
    future = loop.create_future()
    ends = os.pipe()

    def on_readable():
        loop.remove_reader(ends[0])
        future.set_result(os.read(ends[0], 1).decode())
        os.close(ends[0])
        os.close(ends[1])

    loop.add_reader(ends[0], on_readable)
    os.write(ends[1], b"x")
    return future


def thread_bridge():
    future = loop.create_future()

    def from_thread():
        loop.hold(-1)
        future.set_result("a thread")

    loop.hold(+1)
    threading.Thread(target=loop.call_soon_threadsafe, args=[from_thread]).start()
    return future


async def bridges():
    for what in await asyncio.gather(timer_bridge(), pipe_bridge(), thread_bridge()):
        print(f"awaited: {what}")
    print(f"all three: {elapsed():.2f} s")


LATENCY = [0.30, 0.10, 0.20, 60, 0.15]
TITLES = ["Home", "About", None, "Archive", "Contact"]


async def title(n):
    await asyncio.sleep(LATENCY[n])
    print(f"t={elapsed():.2f}  page {n} has answered")
    if TITLES[n] is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return TITLES[n]


async def crawl():
    outcomes = await asyncio.gather(
        *(asyncio.wait_for(title(n), 0.50) for n in range(5)), return_exceptions=True)
    for n, outcome in enumerate(outcomes):
        if isinstance(outcome, TimeoutError):
            outcome = "given up"
        elif isinstance(outcome, OSError):
            outcome = outcome.strerror
        print(f"page {n}: {outcome}")
    print(f"five titles: {elapsed():.2f} s")


def run(part, coroutine):
    global start, first_turn
    print("--", part)
    start = loop.time()
    first_turn = loop.turns + 1
    loop.run_until_complete(coroutine)


loop = vtime.Loop()
asyncio.set_event_loop(loop)
run("a box, and those who wait for it", box())
run("two pages of 0.30 and 0.20 s", two())
run("a future beside a task", beside())
run("bridges: callbacks that can be awaited", bridges())
run("crawler: the titles of five pages", crawl())
loop.close()
