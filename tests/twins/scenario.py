"""What the scenarios of behaviour are written with, on plain asyncio; scenario.h in C.

A row is a coroutine or, for the loop itself, a function. It prints its heading and then
marks: the pass of the loop counted from the row's first step, the virtual time, a word.
"""
import asyncio
import errno
import gc
import inspect
import sys

import vtime

CANCEL = errno.ECANCELED
_rows = []
_first_turn = 0
_loop = None
_passes = True


class Loop(vtime.Loop):
    if sys.version_info < (3, 12):  # has no timeout yet

        async def shutdown_default_executor(self):
            self.hold(+1)
            await asyncio.BaseEventLoop.shutdown_default_executor(self)
            self.hold(-1)


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return Loop()


def row(heading):
    def add(body):
        _rows.append((heading, body))
        return body
    return add


def the_loop():
    return asyncio._get_running_loop() or _loop  # run() has one of its own


def zero():
    """Passes count from this one."""
    global _first_turn, _passes
    _passes = True
    _first_turn = the_loop().turns


def without_passes():
    """Marks of this row tell none: how many wait_for takes is B50's affair."""
    global _passes
    _passes = False


def mark(*words):
    loop = the_loop()
    if not _passes:
        return at(*words)
    print(f"{loop.turns - _first_turn:3} {loop.time():.2f} ", *words)


def at(*words):
    """A mark without its pass, for what another thread or the system sends."""
    print(f"  - {the_loop().time():.2f} ", *words)


def name_of(error):
    """The word that both languages have for an outcome."""
    if error is None:
        return "ok"
    if isinstance(error, asyncio.CancelledError):
        return "CancelledError" + (f"({error.args[0]})" if error.args else "")
    if isinstance(error, (asyncio.TimeoutError, TimeoutError)):
        return "TimeoutError"
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno, type(error).__name__)
    if isinstance(error, BaseExceptionGroup):
        return "GROUP[" + ",".join(map(name_of, error.exceptions)) + "]"
    if type(error) in (RuntimeError, ValueError):
        return "refused"
    return type(error).__name__


def outcome(call, *args):
    """How a plain call ends: "ok" or the error's word."""
    try:
        call(*args)
    except Exception as error:
        return name_of(error)
    return "ok"


def told(name, error):
    mark(f"{name}={name_of(error)}")


async def attempt(name, awaitable):
    """Await it and tell what came of it, a cancel too."""
    try:
        await awaitable
    except BaseException as error:
        told(name, error)
    else:
        told(name, None)


def say(word, then=None):
    """A callback that makes a mark and then does something."""
    def callback(*_):
        mark(word)
        if then:
            then()
    return callback


def soon(word, then=None):
    return the_loop().call_soon(say(word, then))


def later(delay, word, then=None):
    return the_loop().call_later(delay, say(word, then))


def start(coroutine):
    return asyncio.ensure_future(coroutine)


async def job(name, delay, error=0, cleanup=0, answer=CANCEL):
    """Sleeps, and may fail, clean up, and answer a cancel in its own way."""
    mark(f"{name}+")
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        mark(f"{name}-CE")
        if cleanup:
            await asyncio.sleep(cleanup)
            mark(f"{name}-clean")
        if answer == CANCEL:
            raise
        error = answer
    else:
        mark(name + ("!" if error else "."))
    if error:
        raise OSError(error, "")


def states(*tasks):
    """"pending", "cancelled" or the error of each."""
    mark(*("pending" if not t.done() else "cancelled" if t.cancelled()
           else name_of(t.exception()) for t in tasks))


def report(loop, context):
    message, error = context["message"].rstrip("!"), context.get("exception")
    mark(f"reported: {message}: {name_of(error)}")


async def _finale(body):
    zero()
    await body()
    await asyncio.sleep(200)  # for what it left running


def fresh_loop():
    global _loop
    _loop = loop = Loop()
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(report)
    zero()
    return loop


def play(heading, body):
    print(heading, flush=True)
    loop = fresh_loop()
    try:
        if inspect.iscoroutinefunction(body):
            loop.run_until_complete(_finale(body))
        else:
            body()
    except (AttributeError, TypeError) as error:
        print("not in this Python:", error)
    gc.collect()
    loop.close()
    asyncio.set_event_loop(None)


def main():
    """Play all rows, or those whose headings begin with an argument: B30."""
    asyncio.set_event_loop_policy(Policy())
    for heading, body in _rows:
        if not sys.argv[1:] or heading.split()[0] in sys.argv[1:]:
            play(heading, body)
