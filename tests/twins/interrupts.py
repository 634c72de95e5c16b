"""Behaviour of Ctrl-C, signals and watched descriptors. The same as interrupts.c."""
import asyncio
import os
import signal

from scenario import (CANCEL, at, job, main, mark, name_of, outcome, report, row, start,
                      the_loop, zero)


def run(coroutine):
    """asyncio.run(), and what came of it."""
    try:
        asyncio.run(coroutine)
    except BaseException as error:
        print("run:", name_of(error))
    else:
        print("run: ok")


def begin():
    zero()
    the_loop().set_exception_handler(report)


def press(delay):
    the_loop().call_later(delay, signal.raise_signal, signal.SIGINT)


async def interrupted(answer, presses=(1,)):
    begin()
    for delay in presses:
        press(delay)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        at("cancelled")
        await asyncio.sleep(2)
        at("cleaned up")
        if answer == CANCEL:
            raise
    at("goes on")


@row("B72 Ctrl-C cancels the main task, whose clean-up may await")
def b72():
    run(interrupted(CANCEL))


@row("B72b Ctrl-C swallowed: a normal return")
def b72b():
    run(interrupted(0))


async def background():
    begin()
    global left
    left = start(job("background", 3))
    press(1)
    try:
        await asyncio.sleep(10)
    finally:
        at("cancelled")
        await asyncio.sleep(1)
        at("background is", "done" if left.done() else "pending")
        zero()


@row("B73 Ctrl-C leaves the other tasks alone until the end")
def b73():
    run(background())


@row("B74 a signal's handler is a callback, behind what is ready")
async def b74():
    loop = the_loop()
    done = loop.create_future()

    def on_signal():
        at("usr1")
        done.set_result(None)

    def send():
        signal.raise_signal(signal.SIGUSR1)
        at("sent")
        loop.call_soon(at, "soon")

    loop.add_signal_handler(signal.SIGUSR1, on_signal)
    loop.call_soon(send)
    await done
    at("SIGKILL:", outcome(loop.add_signal_handler, signal.SIGKILL, print))
    at("removed:", loop.remove_signal_handler(signal.SIGUSR1))
    at("removed:", loop.remove_signal_handler(signal.SIGUSR1))


@row("B85 a descriptor that is closed while it is watched can be removed")
async def b85():
    loop = the_loop()
    read_end, write_end = os.pipe()
    loop.add_reader(read_end, mark, "never")
    os.close(read_end)
    mark("removed:", loop.remove_reader(read_end))
    mark("removed:", loop.remove_reader(read_end))
    mark("removed:", loop.remove_writer(write_end))
    os.close(write_end)
    await asyncio.sleep(0)


main()
