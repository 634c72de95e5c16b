"""Behaviour of the loop itself: order, timers, stopping. The same as loop.c."""
import asyncio
import os

from scenario import fresh_loop, later, main, mark, outcome, row, soon, the_loop


def run_one_pass():
    the_loop().stop()
    the_loop().run_forever()


@row("B1 what a callback schedules runs in the next pass")
def b1():
    soon("A", lambda: soon("A2"))
    soon("B", lambda: soon("B2"))
    soon("C")
    run_one_pass()
    run_one_pass()


@row("B2 ready, then descriptors, then timers that are due")
def b2():
    loop = the_loop()
    read_end, write_end = os.pipe()
    os.write(write_end, b"x")
    loop.add_reader(read_end, mark, "io")
    later(0, "later0")
    later(-1, "past")
    soon("soon")
    run_one_pass()
    loop.remove_reader(read_end)
    os.close(read_end)
    os.close(write_end)


@row("B3 call_later(0) is behind everything ready, in the same pass")
def b3():
    later(0, "later")
    soon("soon", lambda: soon("soon, a pass later"))
    run_one_pass()
    run_one_pass()


@row("B5 a timer is due less than a tick of the clock early")
def b5():
    later(1, "on time")
    later(1 + 5e-10, "half a tick later")
    later(1 + 3e-9, "three ticks later", the_loop().stop)
    the_loop().run_forever()


@row("B6 cancelled timers: skipped when ready, swept when many")
def b6():
    loop = the_loop()
    soon("cancels the second", lambda: second.cancel())
    second = soon("second")
    soon("third")
    timers = [later(10, "never") for _ in range(150)]
    for timer in timers[:100]:
        timer.cancel()
    mark(len(loop._scheduled))
    run_one_pass()
    mark(len(loop._scheduled))
    for timer in timers[100:]:
        timer.cancel()
    run_one_pass()
    mark(len(loop._scheduled))


@row("B7 stop: the rest of the pass runs, what it schedules waits")
def b7():
    def stop_and_schedule():
        the_loop().stop()
        soon("late")

    soon("a", stop_and_schedule)
    soon("b")
    the_loop().run_forever()
    mark("stopped")
    run_one_pass()


@row("B8 stop before run: one pass, without waiting")
def b8():
    later(5, "never")
    soon("ready", lambda: soon("the next run's"))
    the_loop().stop()
    the_loop().run_forever()
    mark("stopped")
    run_one_pass()


async def never_done():
    mark("main")
    await asyncio.sleep(1)
    mark("main is done")


@row("B9 stop during run_until_complete is an error, the task goes on")
def b9():
    loop = the_loop()
    task = loop.create_task(never_done())
    task.add_done_callback(lambda _: mark("its callback"))
    later(.5, "stop", loop.stop)
    mark(outcome(loop.run_until_complete, task))
    mark(task.done())
    mark(outcome(loop.run_until_complete, task))
    mark(task.done())


@row("B10 a running loop refuses to run and to close, a closed one everything")
def b10():
    loop = the_loop()

    def misuse():
        mark("close:", outcome(loop.close))
        mark("run:", outcome(loop.run_forever))
        loop.stop()

    soon("running", misuse)
    loop.run_forever()
    print("close:", outcome(loop.close))
    print("again:", outcome(loop.close))
    print("call_soon:", outcome(loop.call_soon, print))
    print("call_later:", outcome(loop.call_later, 1, print))
    print("run:", outcome(loop.run_forever))
    fresh_loop()


@row("B11 the exception handler is told, the next callbacks run")
def b11():
    loop = the_loop()

    def tell():
        loop.call_exception_handler({"message": "wrong", "exception": OSError(5, "")})

    soon("a", tell)
    soon("b")
    run_one_pass()


main()
