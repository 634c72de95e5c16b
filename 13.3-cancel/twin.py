"""main.c of 13.3, on real asyncio: the same lines."""
import asyncio

import vtime  # virtual time

start = 0.0


def now():
    return asyncio.get_running_loop().time() - start


def begin(title):
    global start
    print("--", title)
    start = asyncio.get_running_loop().time()


def say(who, what):
    print(f"t={now():.2f}  {who:7} {what}")


def state(task):
    if task.done():
        return "cancelled" if task.cancelled() else "done"
    return "waiting" if task._fut_waiter else "new"


async def child():
    opened = False
    try:
        say("child", "opens")
        opened = True
        await asyncio.sleep(10)
        say("child", "is never here")
    finally:
        if opened:
            await asyncio.sleep(0.05)
        say("child", "has cleaned up, which took an await")


async def parent():
    try:
        await child()
    finally:
        say("parent", "has cleaned up")


async def ask():
    begin("a request, not a blow")
    task = asyncio.create_task(parent())
    print("state:", state(task))
    await asyncio.sleep(0.1)
    print("state:", state(task))
    print(f"cancel() = {task.cancel('enough')}, done = {task.done()}")
    try:
        await task
    except asyncio.CancelledError as e:
        say("main", type(e).__name__)
        print(f"message: {e}, state: {state(task)}")
    print("cancel() again =", task.cancel())


async def stubborn():
    say("worker", "begins")
    try:
        await asyncio.sleep(10)
    except BaseException as e:
        print(f"caught {type(e).__name__}, goes on;",
              f"cancelling = {asyncio.current_task().cancelling()}")
    await asyncio.sleep(0.2)
    print("uncancel leaves", asyncio.current_task().uncancel())


async def answers():
    begin("before the first step: the body never runs")
    task = asyncio.create_task(stubborn())
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as e:
        say("main", type(e).__name__)

    begin("the task decides: this one catches it")
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0.1)
    task.cancel()
    await task
    say("main", "returned")
    print("cancelled =", task.cancelled())


LATENCY = [0.2, 3600, 0.3]


async def page(n):
    try:
        await asyncio.sleep(LATENCY[n])
        print(f"t={now():.2f}  page {n}  arrived")
    finally:
        print(f"t={now():.2f}  page {n}  closed")


async def crawl():
    begin("pages: 0.50 s for each, no more")
    for n in range(3):
        result = "returned"
        try:
            async with asyncio.timeout(0.5):
                await page(n)
        except TimeoutError as e:
            result = type(e).__name__
        print(f"t={now():.2f}  page {n}  {result}")


async def leftover():
    try:
        await asyncio.sleep(1000)
    finally:
        say("left", "cancelled by run(), which waits for it")


async def program():
    await ask()
    await answers()
    await crawl()
    begin("left over")
    task = asyncio.create_task(leftover())
    await asyncio.sleep(0.1)
    say("main", "returns")


asyncio.run(program())
print("the loop is closed")
