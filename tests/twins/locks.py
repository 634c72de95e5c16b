"""Behaviour of locks and semaphores. The same as locks.c."""
import asyncio

from scenario import (attempt, main, mark, outcome, row, start, the_loop, told,
                      without_passes)


async def user(name, lock, passes, again=0):
    """Takes the lock for so many passes, and perhaps once more."""
    for _ in range(1 + again):
        try:
            async with lock:
                mark(f"{name} has it")
                for _ in range(passes):
                    await asyncio.sleep(0)
        except asyncio.CancelledError as error:
            told(name, error)
            return
        mark(f"{name} gave it back")


@row("B56 lock: the head of the line has it next; the releaser queues behind")
async def b56():
    lock = asyncio.Lock()
    users = [start(user("releaser", lock, 2, again=1)), start(user("waiter", lock, 1))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    users.append(start(user("newcomer", lock, 0)))
    await asyncio.wait(users)
    mark("locked:", lock.locked(), "release:", outcome(lock.release))


@row("B57 lock: the one who was woken is cancelled, the next one is woken")
async def b57():
    lock = asyncio.Lock()
    await lock.acquire()
    users = [start(user("a", lock, 0)), start(user("b", lock, 0))]
    await asyncio.sleep(0)
    lock.release()
    users[0].cancel()
    await asyncio.wait(users)


@row("B58 lock: a cancelled waiter that is still in line counts for nothing")
async def b58():
    lock = asyncio.Lock()
    await lock.acquire()
    task = start(user("a", lock, 0))
    await asyncio.sleep(0)
    task.cancel()
    lock.release()
    mark("locked:", lock.locked())
    await user("newcomer", lock, 0)
    await asyncio.wait([task])
    mark("locked:", lock.locked())


def release_and_work(lock):
    lock.release()
    the_loop().now += 5  # the deadline passes meanwhile


@row("B59 wait_for(acquire): a timeout leaves no waiter")
async def b59():
    lock = asyncio.Lock()
    await lock.acquire()
    without_passes()
    await attempt("acquire", asyncio.wait_for(lock.acquire(), .1))
    lock.release()
    mark("locked:", lock.locked())
    await lock.acquire()
    the_loop().call_later(.1, release_and_work, lock)
    await attempt("woken before deadline", asyncio.wait_for(lock.acquire(), .5))
    mark("locked:", lock.locked())


@row("B49b wait_for(acquire): released and late in one pass, no lock is lost")
async def b49b():
    lock = asyncio.Lock()
    await lock.acquire()
    the_loop().call_later(.5 - 5e-10, lock.release)
    await attempt("acquire", asyncio.wait_for(lock.acquire(), .5))
    mark("locked:", lock.locked())


@row("B60 semaphore: first come, first served")
async def b60():
    semaphore = asyncio.Semaphore(1)
    await asyncio.wait([start(user(name, semaphore, 1, again=1)) for name in "AB"])


@row("B61 semaphore: the permit of one who is woken and cancelled is not lost")
async def b61():
    semaphore = asyncio.Semaphore(0)
    users = [start(user(name, semaphore, 0)) for name in "ab"]
    await asyncio.sleep(0)
    semaphore.release()
    mark("locked:", semaphore.locked())
    users[0].cancel()
    await asyncio.wait(users, timeout=1)
    mark("b is", "done" if users[1].done() else "waiting", "locked:", semaphore.locked())


@row("B61b semaphore: two permits wake two, and one who is cancelled a third")
async def b61b():
    semaphore = asyncio.Semaphore(0)
    users = [start(user(name, semaphore, 2)) for name in "abcd"]
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    users[0].cancel()
    await asyncio.wait(users)
    mark("locked:", semaphore.locked())


@row("B62 bounded semaphore: one release too many is refused")
async def b62():
    semaphore = asyncio.BoundedSemaphore(1)
    mark("release:", outcome(semaphore.release))
    await user("a", semaphore, 0)
    mark("release:", outcome(semaphore.release), "locked:", semaphore.locked())


main()
