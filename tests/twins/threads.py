"""Behaviour at the door for other threads, and of debug mode. The same as threads.c."""
import asyncio
import logging
import threading

from scenario import at, main, mark, outcome, row, start, the_loop


def in_thread(function, *args):
    """Run it in a thread, and wait for that here."""
    thread = threading.Thread(target=function, args=args)
    thread.start()
    thread.join()


def post(loop, *words):
    for word in words:
        loop.call_soon_threadsafe(mark, word)


@row("B13 what a thread posts stands in the line of call_soon")
async def b13():
    loop = the_loop()
    loop.call_soon(mark, "before")
    in_thread(post, loop, "one", "two")
    await asyncio.sleep(0)
    await asyncio.sleep(.1)


@row("B13b a post wakes a loop that sleeps")
async def b13b():
    loop = the_loop()
    woken = loop.create_future()
    late = loop.call_later(10, mark, "never")
    loop.hold(+1)
    thread = threading.Thread(target=loop.call_soon_threadsafe,
                              args=(woken.set_result, None))
    thread.start()
    await woken
    loop.hold(-1)
    late.cancel()
    thread.join()
    at("woken")


@row("B13c a post to a closed loop is an error in the thread that posts")
def b13c():
    loop = the_loop()
    loop.close()
    in_thread(lambda: print("post:", outcome(loop.call_soon_threadsafe, print)))


@row("B15 debug mode refuses calls from another thread")
async def b15():
    loop = the_loop()
    loop.set_debug(True)
    in_thread(lambda: mark("call_soon:", outcome(loop.call_soon, print)))
    in_thread(lambda: mark("call_later:", outcome(loop.call_later, 1, print)))
    mark("here:", outcome(loop.call_soon, mark, "a callback"))
    in_thread(post, loop, "a post")
    await asyncio.sleep(.1)
    loop.set_debug(False)


class Tell(logging.Handler):
    def emit(self, record):
        message = record.getMessage()
        mark(message[message.index("took"):])


async def works(seconds):
    the_loop().now += seconds
    mark("worked")


@row("B16 debug mode tells of slow callbacks")
async def b16():
    logger = logging.getLogger("asyncio")
    logger.addHandler(tell := Tell())
    the_loop().set_debug(True)
    for seconds in .12, .01:
        await start(works(seconds))
    the_loop().set_debug(False)
    logger.removeHandler(tell)


async def asked(error, delay=0):
    if error:
        raise OSError(error, "")
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        at("the coroutine is cancelled")
        raise


def submit(coroutine, loop):
    return asyncio.run_coroutine_threadsafe(coroutine, loop)


cancelled = []


def ask(loop):
    """In a thread: a result, an error, a timeout, and cancels both ways."""
    at("result:", outcome(submit(asked(0), loop).result))
    at("error:", outcome(submit(asked(5), loop).result))
    slow = submit(asked(0, 10), loop)
    at("in time:", outcome(slow.result, .01))
    cancelled.extend((slow.cancel(), slow.cancelled()))


@row("B87 a coroutine for a thread: result, error, timeout, cancel cross")
async def b87():
    loop = the_loop()
    done = loop.create_future()

    def thread_main():
        ask(loop)
        loop.call_soon_threadsafe(done.set_result, None)

    loop.hold(+1)
    thread = threading.Thread(target=thread_main)
    thread.start()
    await done
    thread.join()
    loop.hold(-1)
    at("cancel:", *cancelled)


main()
