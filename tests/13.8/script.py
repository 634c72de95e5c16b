"""What CPython's asyncio does with the scripts of vectors/sync-scripts.txt.

Usage: PYTHONPATH=tests python3.13 tests/13.8/script.py FILE
Prints the file with every expected trace made anew. The language is told in the file.
"""
import asyncio
import sys

import vtime

ERRORS = {asyncio.CancelledError: "cancel",
          RuntimeError: "refused", ValueError: "refused",
          asyncio.QueueEmpty: "empty", asyncio.QueueFull: "full",
          asyncio.QueueShutDown: "down", asyncio.BrokenBarrierError: "broken",
          TimeoutError: "late"}


class Item(int):
    """In a priority queue tens count, so that equal items can be told apart."""

    def __lt__(self, other):
        return self // 10 < other // 10


class World:
    def __init__(self, settings):
        values = dict(word.split("=") for word in settings)
        self.lock = asyncio.Lock()
        self.event = asyncio.Event()
        self.condition = asyncio.Condition()
        self.semaphore = asyncio.Semaphore(int(values.get("sem", 1)))
        self.bounded = asyncio.BoundedSemaphore(int(values.get("bound", 1)))
        self.barrier = asyncio.Barrier(int(values.get("parties", 2)))
        kind = {"fifo": asyncio.Queue, "lifo": asyncio.LifoQueue,
                "priority": asyncio.PriorityQueue}[values.get("order", "fifo")]
        self.queue = kind(int(values.get("max", 0)))
        self.flag = False
        self.tasks = {}
        self.trace = []
        self.loop = asyncio.get_running_loop()
        self.first = self.loop.turns

    def log(self, text):
        self.trace.append(f"{text}@{self.loop.turns - self.first}")

    async def yields(self, n):
        for _ in range(n):
            await asyncio.sleep(0)

    async def do(self, op):
        """One operation; its result or None."""
        number = int(op[2:] or 0) if op[2:].isdigit() else 0
        match op[:2]:
            case "yy": await self.yields(number)
            case "ss": await asyncio.sleep(number / 1000)
            case "L+": await self.lock.acquire()
            case "L-": self.lock.release()
            case "S+": await self.semaphore.acquire()
            case "S-": self.semaphore.release()
            case "U+": await self.bounded.acquire()
            case "U-": self.bounded.release()
            case "E?": await self.event.wait()
            case "E!": self.event.set()
            case "E0": self.event.clear()
            case "C+": await self.condition.acquire()
            case "C-": self.condition.release()
            case "C?": await self.condition.wait()
            case "Cf": await self.condition.wait_for(lambda: self.flag)
            case "Cn": self.condition.notify(number)
            case "Ca": self.condition.notify_all()
            case "F1": self.flag = True
            case "F0": self.flag = False
            case "B?": return await self.barrier.wait()
            case "Br": await self.barrier.reset()
            case "Ba": await self.barrier.abort()
            case "Q+": await self.queue.put(Item(number))
            case "Q-": return await self.queue.get()
            case "q+": self.queue.put_nowait(Item(number))
            case "q-": return self.queue.get_nowait()
            case "Qd": self.queue.task_done()
            case "Qj": await self.queue.join()
            case "Qx": self.queue.shutdown()
            case "QX": self.queue.shutdown(immediate=True)
            case _:
                assert op[0] == "x", op
                return int(self.tasks[op[1]].cancel())

    async def actor(self, name, script):
        for word in script.split():
            op = word.removesuffix("~")
            try:
                if op[0] == "T":
                    delay, op = op[1:].split(":")
                    async with asyncio.timeout(int(delay) / 1000):
                        result = await self.do(op)
                else:
                    result = await self.do(op)
                if op[:2] not in ("yy", "ss"):
                    self.log(name + op + ("" if result is None else f"={result}"))
            except tuple(ERRORS) as error:
                self.log(f"{name}{op}!{ERRORS[type(error)]}")
                if isinstance(error, asyncio.CancelledError) and not word.endswith("~"):
                    raise
        self.log(name + ".")


async def play(settings, actors):
    world = World(settings)
    for name, script in actors:
        world.tasks[name] = asyncio.create_task(world.actor(name, script))
    await asyncio.sleep(1000)
    for task in world.tasks.values():
        if not task.done():
            world.log("stuck")
            while not task.done():
                task.cancel()
                if world.condition.locked():  # or who waits for it would never end
                    world.condition.release()
                await asyncio.sleep(0)
    return " ".join(world.trace)


def run(lines):
    """The lines of one script -> its trace."""
    settings = lines[0].split()[2:]
    actors = [line.split(":", 1) for line in lines[1:]]
    return asyncio.run(play(settings, actors))


def main(path):
    script = []
    for line in open(path):
        line = line.rstrip("\n")
        if line.startswith("="):
            continue
        if script and not line:
            print("=" + run(script))
            script = []
        print(line)
        if line.startswith("script ") or script:
            script.append(line)


if __name__ == "__main__":
    main(sys.argv[1])
