"""main.c of 13.8, on real asyncio: the same lines."""
import asyncio
import threading

import vtime

loop = None
start = 0.0


def begin(title):
    global start
    print("--", title, flush=True)
    start = loop.time()


def now():
    return loop.time() - start


def run_jobs(*jobs):
    async def run():
        for task in [asyncio.create_task(job) for job in jobs]:
            await task

    runner.run(run())


lock = None
counter = 0


async def increment(how):
    global counter
    if how == "with a lock":
        await lock.acquire()
    try:
        seen = counter
        if how != "no await inside":
            await asyncio.sleep(0.1)
        counter = seen + 1
    finally:
        if how == "with a lock":
            lock.release()


def counters():
    global counter, lock, start
    begin("a counter: read it, sleep 0.10, write it")
    lock = asyncio.Lock()
    for how in ["no lock", "with a lock", "no await inside"]:
        start = loop.time()
        counter = 0
        run_jobs(*[increment(how) for _ in range(3)])
        print(f"{how:15}  3 increments -> {counter}  in {now():.2f} s")


limit = None
inside = peak = 0


def columns(t):
    return int(t * 20 + 0.5)


async def page(who, latency):
    global inside, peak
    came = columns(now())
    async with limit:
        began = columns(now())
        inside += 1
        peak = max(peak, inside)
        await asyncio.sleep(latency)
        inside -= 1
        ended = columns(now())
        print(f"t={now():.2f}  {who}  |{' ' * came}"
              f"{'.' * (began - came)}{'=' * (ended - began)}")


def two_at_a_time():
    global limit
    begin("semaphore(2): six jobs; '.' waits, '=' works")
    limit = asyncio.Semaphore(2)
    run_jobs(*map(page, "abcdef", [0.25, 0.10, 0.20, 0.10, 0.15, 0.05]))
    print(f"at most {peak} at once")


async def walker(name, way, barrier):
    await asyncio.sleep(way)
    print(f"t={now():.2f}  {name} is there")
    index = await barrier.wait()
    print(f"t={now():.2f}  {name} goes on, it was number {index}")


def meeting():
    begin("barrier(3): nobody goes on before all have come")
    barrier = asyncio.Barrier(3)
    run_jobs(walker("a", 0.3, barrier), walker("b", 0.1, barrier),
             walker("c", 0.2, barrier))


async def producer(queue):
    for i in range(5):
        await queue.put(i)
        print(f"t={now():.2f}  put {i}, {queue.qsize()} in the queue")
    await queue.join()
    print(f"t={now():.2f}  joined")
    queue.shutdown()


async def consumer(queue):
    try:
        while True:
            item = await queue.get()
            print(f"t={now():.2f}      got {item}")
            await asyncio.sleep(0.1)
            queue.task_done()
    except asyncio.QueueShutDown:
        print(f"t={now():.2f}      queue shut down")


def back_pressure():
    begin("queue(2): putting is quick, getting takes 0.10")
    queue = asyncio.Queue(2)
    run_jobs(producer(queue), consumer(queue))


async def spawn(*argv):
    """A child that runs holds virtual time."""
    pipe = asyncio.subprocess.PIPE
    loop.hold(+1)
    return await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe)


async def parent():
    child = await spawn("sort")
    said, _ = await child.communicate(b"pear\napple\nfig\n")
    loop.hold(-1)
    print(f"sort said:\n{said.decode()}exit status {child.returncode}")

    child = await spawn("cat")
    child.kill()
    await child.wait()
    loop.hold(-1)
    try:
        child.kill()
        again = "done"
    except ProcessLookupError:
        again = "no such process"
    print(f"cat was killed: {child.returncode}; kill again: {again}")


def children():
    begin("a child process: sort, then one that is killed")
    run_jobs(parent())


def work(channel):
    for message in ["one third", "two thirds", "all of it"]:
        asyncio.run_coroutine_threadsafe(channel.put(message), loop).result()
    loop.call_soon_threadsafe(channel.shutdown)


async def listener(channel):
    try:
        while True:
            message = await channel.get()
            print(f"t={now():.2f}  the thread says: {message}")
    except asyncio.QueueShutDown:
        print(f"t={now():.2f}  queue shut down")


def messages():
    begin("a thread's messages")
    channel = asyncio.Queue(1)
    thread = threading.Thread(target=work, args=[channel])
    thread.start()
    loop.hold(+1)
    run_jobs(listener(channel))
    loop.hold(-1)
    thread.join()


async def worker(queue):
    try:
        while True:
            await page(*await queue.get())
            queue.task_done()
    except asyncio.QueueShutDown:
        pass


async def crawl(queue):
    for n, latency in enumerate([0.30, 0.10, 0.25, 0.15, 0.20]):
        queue.put_nowait((f"page {n}", latency))
    await queue.join()
    print(f"all pages: {now():.2f} s")
    queue.shutdown()


def crawler():
    global limit
    begin("pages: a queue, three workers, two at a time")
    queue = asyncio.Queue()
    limit = asyncio.Semaphore(2)
    run_jobs(crawl(queue), *[worker(queue) for _ in range(3)])


with asyncio.Runner() as runner:
    loop = runner.get_loop()
    counters()
    two_at_a_time()
    meeting()
    back_pressure()
    children()
    messages()
    crawler()
