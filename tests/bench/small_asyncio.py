#!/usr/bin/env python3
"""small_asyncio.py NAME N: the small benches on real asyncio, for where the other peers'
programs are missing. Prints what build/bench/bench prints; no `mem`, no `threadsafe_lat`."""
import asyncio
import concurrent.futures
import random
import sys
import threading
import time

name, n = sys.argv[1], int(sys.argv[2])
loop = asyncio.new_event_loop()


def report(row, count, seconds):
    print('%s %d %.6f %.2f' % (row, count, seconds, seconds * 1e9 / count), flush=True)


def timed(row, count, run):
    start = time.perf_counter()
    run()
    report(row, count, time.perf_counter() - start)


class Countdown:
    """A callback that stops the loop when it is called for the last time."""

    def __init__(self, count):
        self.left = count

    def __call__(self):
        self.left -= 1
        if self.left == 0:
            loop.stop()


def call_soon():
    left = n

    def go_on():
        nonlocal left
        left -= 1
        if left > 0:
            loop.call_soon(go_on)
        else:
            loop.stop()

    def batch():
        last = Countdown(n)
        for _ in range(n):
            loop.call_soon(last)
        loop.run_forever()
    loop.call_soon(go_on)
    timed('call_soon_chain', n, loop.run_forever)
    timed('call_soon_batch', n, batch)


def timers():
    last, base = Countdown(n // 2), loop.time()
    when = [base + random.random() for _ in range(n)]
    t = [time.process_time()]
    handles = [loop.call_at(w, last) for w in when]
    t.append(time.process_time())
    for handle in handles[::2]:
        handle.cancel()
    t.append(time.process_time())
    loop.run_forever()
    t.append(time.process_time())
    report('timer_insert', n, t[1] - t[0])
    report('timer_cancel', n // 2, t[2] - t[1])
    report('timer_fire', n // 2, t[3] - t[2])
    report('timer_total_per_op', 2 * n, t[3] - t[0])


async def yielder():
    for _ in range(n // 2):
        await asyncio.sleep(0)


async def pair():
    await asyncio.gather(yielder(), yielder())


async def child():
    return 1


async def parent():
    for _ in range(n):
        await asyncio.create_task(child())


async def consumer():
    queue = asyncio.Queue(1)

    async def producer():
        for i in range(n):
            await queue.put(i)
    task = asyncio.create_task(producer())
    for _ in range(n):
        await queue.get()
    await task


def threadsafe():
    last = Countdown(n)

    def post_all():
        for _ in range(n):
            loop.call_soon_threadsafe(last)
    thread = threading.Thread(target=post_all)
    thread.start()
    loop.run_forever()
    thread.join()


async def lend(pool, count):
    for _ in range(count):
        await loop.run_in_executor(pool, int)


async def lend_many(pool):
    await asyncio.gather(*(lend(pool, max(1, n // 1000)) for _ in range(1000)))


def executor():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        loop.run_until_complete(lend(pool, 1000))
        timed('executor_seq', n, lambda: loop.run_until_complete(lend(pool, n)))
        timed('executor_1000', max(1, n // 1000) * 1000,
              lambda: loop.run_until_complete(lend_many(pool)))


def awaited(row, main):
    timed(row, n, lambda: loop.run_until_complete(main()))


BENCHES = {
    'call_soon': call_soon, 'timers': timers, 'executor': executor,
    'switch': lambda: awaited('task_switch', pair),
    'spawn': lambda: awaited('spawn_await', parent),
    'queue': lambda: awaited('queue_pingpong', consumer),
    'threadsafe': lambda: timed('threadsafe_throughput', n, threadsafe),
}
if name in BENCHES:
    asyncio.set_event_loop(loop)
    BENCHES[name]()
