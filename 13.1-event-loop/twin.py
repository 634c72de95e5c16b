"""main.c of 13.1, on real asyncio: the same lines."""
import asyncio
import os
import selectors

import vtime

loop = None
start = 0.0
first_turn = 0


def begin(title):
    global start, first_turn
    print("--", title)
    start = loop.time()
    first_turn = loop.turns


def say(what):
    print(f"turn {loop.turns - first_turn}  t={loop.time() - start:.2f}  {what}")


def run_a():
    say("A, asks for C")
    loop.call_soon(say, "C")


def run_slow():
    say("slow timer, asks the loop to stop")
    loop.stop()


def callbacks():
    begin("callbacks: asked for as slow, fast, A, B")
    loop.call_later(0.2, run_slow)
    loop.call_later(0.1, say, "fast timer")
    loop.call_later(0.15, say, "fast timer").cancel()
    loop.call_soon(run_a)
    loop.call_soon(say, "B")
    loop.run_forever()


def one_turn():
    begin("one turn: asked for as timer, pipe, call_soon")
    reader, writer = os.pipe()
    os.write(writer, b"x")

    def readable():
        say("the pipe is readable")
        loop.remove_reader(reader)

    def past():
        say("a timer that was due")
        loop.stop()

    loop.call_later(0, past)
    loop.add_reader(reader, readable)
    loop.call_soon(say, "ready before the wait")
    loop.run_forever()
    os.close(reader)
    os.close(writer)


async def worker(name):
    for i in range(2):
        print(f"{asyncio.current_task().get_name()}: step {i} of {name}")
        await asyncio.sleep(0)


async def workers():
    tasks = [asyncio.create_task(worker(name)) for name in "abc"]
    tasks[2].set_name("third")
    print("created, none has run; tasks:", len(asyncio.all_tasks()))
    for task in tasks:
        await task
    print("all done; tasks:", len(asyncio.all_tasks()))


LATENCY = [0.30, 0.10, 0.20, 0.15, 0.25]


async def page(n):
    began = loop.time() - start
    await asyncio.sleep(LATENCY[n])
    ended = loop.time() - start
    first, last = int(began * 20 + 0.5), int(ended * 20 + 0.5)
    print(f"t={ended:.2f}  page {n}  |{' ' * first}{'=' * (last - first)}")


async def crawl():
    global start
    for n in range(5):
        await page(n)
    print(f"one after the other: {loop.time() - start:.2f} s")
    start = loop.time()
    tasks = [asyncio.create_task(page(n)) for n in range(5)]
    for task in tasks:
        await task
    print(f"all at once: {loop.time() - start:.2f} s")


def running():
    try:
        asyncio.get_running_loop()
        return "there"
    except RuntimeError:
        return "none"


loop = vtime.Loop()
callbacks()
one_turn()
begin("tasks: three workers, two steps each")
loop.run_until_complete(workers())
begin("pages: each is a wait")
loop.run_until_complete(crawl())
print("-- policy: the same callbacks, waiting by select()")
loop.close()
loop = vtime.Loop(selectors.SelectSelector)
callbacks()
print("running loop outside a run:", running())
loop.close()
