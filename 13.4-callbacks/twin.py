"""main.c of 13.4, on real asyncio: the same lines."""
import asyncio
import signal
import threading

import vtime

loop = None
start = 0.0


def begin(title):
    global start
    print("--", title)
    start = loop.time()


def work(seconds):
    loop.now += seconds


ticks = 0


def say_tick(how):
    global ticks
    ticks += 1
    print(f"{how} tick {ticks} at {loop.time() - start:.2f}")
    work(0.03)


def tick_later():
    say_tick("call_later")
    if ticks == 3:
        loop.stop()
    else:
        loop.call_later(0.1, tick_later)


def tick_at(when):
    say_tick("call_at   ")
    if ticks == 3:
        loop.stop()
    else:
        loop.call_at(when + 0.1, tick_at, when + 0.1)


def drift():
    global start, ticks
    begin("a tick every 0.10 s that works for 0.03 s")
    loop.call_later(0.1, tick_later)
    loop.run_forever()
    start = loop.time()
    ticks = 0
    loop.call_at(start + 0.1, tick_at, start + 0.1)
    loop.run_forever()


rang = 0


def ring():
    global rang
    rang += 1


def handles():
    begin("handles")
    alarms = [loop.call_later(1 + i * 0.01, ring) for i in range(150)]
    for alarm in alarms[:100]:
        alarm.cancel()
    print("150 timers, 100 cancelled, still in the heap:", len(loop._scheduled))

    def first():
        print("first, cancels the second, which stood behind it")
        second.cancel()

    def third():
        print("third; timers in the heap:", len(loop._scheduled))

    loop.call_soon(first)
    second = loop.call_soon(print, "second")
    loop.call_soon(third)
    loop.stop()
    loop.run_forever()
    for alarm in alarms[100:]:
        alarm.cancel()
    print("rang:", rang)


def threads():
    refused = False

    def take_message(text):
        print(f"message {text}, on the loop's thread:",
              asyncio._get_running_loop() is loop)
        if text == "three":
            loop.hold(-1)
            loop.stop()

    def poster():
        nonlocal refused
        try:
            loop.call_soon(ring)
        except RuntimeError:
            refused = True
        for text in "one", "two", "three":
            loop.call_soon_threadsafe(take_message, text)

    def start_poster():
        loop.hold(+1)
        thread.start()

    begin("another thread, while the loop sleeps for 10 s")
    thread = threading.Thread(target=poster)
    loop.set_debug(True)
    late = loop.call_later(10, ring)
    loop.call_soon(start_poster)
    loop.run_forever()
    thread.join()
    loop.set_debug(False)
    late.cancel()
    print("call_soon from there:", "refused" if refused else "taken")
    print(f"it is {loop.time() - start:.2f}")


def signals():
    def say_signal():
        print("the signal's handler, a callback like any other")
        loop.stop()

    def send_signal():
        loop.call_soon(print, "what was ready before")
        signal.raise_signal(signal.SIGUSR1)
        print("sent")

    begin("a signal")
    loop.add_signal_handler(signal.SIGUSR1, say_signal)
    loop.call_soon(send_signal)
    loop.run_forever()
    try:
        loop.add_signal_handler(signal.SIGKILL, say_signal)
        can = True
    except RuntimeError:
        can = False
    print("SIGKILL can be handled:", can)
    print("removed:", loop.remove_signal_handler(signal.SIGUSR1))


async def crawl():
    print("-- a crawl of 100 pages, interrupted")
    loop = asyncio.get_running_loop()
    start = loop.time()
    pages = 0

    def say_progress(when):
        nonlocal beat
        print(f"t={loop.time() - start:.2f}  progress: {pages} pages")
        beat = loop.call_at(when + 0.25, say_progress, when + 0.25)
        if pages == 4:
            signal.raise_signal(signal.SIGINT)

    beat = loop.call_at(start + 0.25, say_progress, start + 0.25)
    try:
        for _ in range(100):
            await asyncio.sleep(0.12)
            pages += 1
    finally:
        beat.cancel()
        print(f"t={loop.time() - start:.2f}  closed after {pages} pages")


signal.signal(signal.SIGINT, signal.default_int_handler)  # as in main.c
loop = vtime.Loop()
drift()
handles()
threads()
signals()
loop.close()
try:
    asyncio.run(crawl())
except KeyboardInterrupt:
    print("run() ended with KeyboardInterrupt")
