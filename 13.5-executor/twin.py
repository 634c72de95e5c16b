"""main.c of 13.5, on real asyncio: the same lines."""
import asyncio
import concurrent.futures
import os
import threading
import time

import vtime

loop = None
start = 0.0


def now():
    return loop.time() - start


def begin(title):
    global start
    print("--", title)
    start = loop.time()


class Gate:
    """A thread at the gate waits for the loop, so it does not hold virtual time."""

    def __init__(self, on_arrival=lambda gate: None):
        self.event = threading.Event()
        self.arrived = 0
        self.on_arrival = on_arrival

    def tell(self):
        loop.hold(-1)
        self.arrived += 1
        self.on_arrival(self)

    def wait(self):
        if not self.event.is_set():
            loop.call_soon_threadsafe(self.tell)
        self.event.wait()

    def open(self):
        loop.hold(self.arrived)
        self.event.set()


def slow(seconds):
    return Gate(lambda gate: loop.call_later(seconds, gate.open))


def slow_call(gate):
    gate.wait()
    return 42, threading.current_thread() is threading.main_thread()


async def heart():
    picture = ["."] * 16
    while now() < 0.69:
        await asyncio.sleep(0.10)
        picture[int(now() * 20 + 0.5) % 16] = "*"
    print(f"heartbeat |{''.join(picture)}|")


def yes(value):
    return "yes" if value else "no"


async def hearts():
    for where in ["a slow call on the loop", "the same call in a thread"]:
        begin(where)
        task = asyncio.create_task(heart())
        await asyncio.sleep(0.15)
        print(f"t={now():.2f}  call")
        if where.endswith("loop"):
            loop.now += 0.40  # the clock goes on, the loop does not
        else:
            answer, on_loop = await asyncio.to_thread(slow_call, slow(0.40))
        print(f"t={now():.2f}  answer")
        await task
    here = threading.current_thread() is threading.main_thread()
    print(f"answer {answer}; ran on the loop's thread: {yes(on_loop)}, "
          f"came back to it: {yes(here)}")


async def cancels():
    begin("a pool of one: A runs, B is queued")
    one = concurrent.futures.ThreadPoolExecutor(1)
    gate = Gate()
    finished = loop.create_future()
    ran = []

    def job_a():
        gate.wait()
        loop.call_soon_threadsafe(finished.set_result, None)

    async def wait_a():
        async with asyncio.timeout(0.10):
            await loop.run_in_executor(one, job_a)

    task = asyncio.create_task(wait_a())
    await asyncio.sleep(0)
    b = loop.run_in_executor(one, ran.append, True)
    print(f"B: cancel() = {b.cancel():d}")
    try:
        await task
    except TimeoutError:
        print(f"t={now():.2f}  A: timed out; the gate is "
              f"{'open' if gate.event.is_set() else 'closed'}")
    gate.open()
    await finished
    print("A's thread: finished all the same")
    one.shutdown()
    print("B ran:", yes(ran))


def on_four(gate):
    if gate.arrived == 4:
        print(f"{gate.arrived} jobs are at the gate together")
        gate.open()


async def threads():
    begin("a pool of four")
    four = concurrent.futures.ThreadPoolExecutor(4)
    for _ in range(3):
        await loop.run_in_executor(four, int)
        while not four._idle_semaphore._value:  # idle only some time after the answer
            time.sleep(0.001)
    print(f"3 jobs in turn: {len(four._threads)} thread")

    gate = Gate(on_four)
    for job in [loop.run_in_executor(four, gate.wait) for _ in range(4)]:
        await job
    print(f"4 jobs at once: {len(four._threads)} threads")

    try:
        await loop.run_in_executor(four, os.open, "/no/such/file", os.O_RDONLY)
    except OSError as error:
        print("an error comes back:", error.strerror)
    four.shutdown()
    try:
        loop.run_in_executor(four, int)
    except RuntimeError as error:
        print("after shutdown:", error)


PAGES = [("a.example", 1, 0.05, 0.30), ("b.example", 2, 0.20, 0.25),
         ("c.example", 3, 0.10, 0.20), ("d.example", 4, 0.25, 0.15),
         ("e.example", 0, 0.15, 0.00)]


def look_up(gate, number):
    gate.wait()
    if number == 0:
        raise OSError("host name cannot be resolved")
    return f"192.0.2.{number}"


async def page(n):
    host, number, seconds, fetch = PAGES[n]
    try:
        address = await asyncio.to_thread(look_up, slow(seconds), number)
    except OSError:
        print(f"t={now():.2f}  {host} is unknown")
        return
    print(f"t={now():.2f}  {host} is {address}")
    await asyncio.sleep(fetch)
    print(f"t={now():.2f}  page {n}")


async def main():
    global loop
    loop = asyncio.get_running_loop()
    await hearts()
    await cancels()
    await threads()
    begin("five pages, their hosts looked up in threads")
    for task in [asyncio.create_task(page(n)) for n in range(5)]:
        await task
    print(f"all pages: {now():.2f} s")


asyncio.run(main())
