"""Behaviour of executors. The same as executor.c."""
import concurrent.futures
import threading

from scenario import at, attempt, main, row, the_loop


@row("B76 executor: a queued job that is cancelled never runs, a running one runs on")
async def b76():
    began, gate = threading.Event(), threading.Event()
    ran = []

    def waits():
        began.set()
        gate.wait()
        ran.append("running")

    executor = concurrent.futures.ThreadPoolExecutor(1)
    running = the_loop().run_in_executor(executor, waits)
    queued = the_loop().run_in_executor(executor, ran.append, "queued")
    last = the_loop().run_in_executor(executor, ran.append, "last")
    began.wait()
    at("cancel queued:", queued.cancel())
    at("cancel running:", running.cancel())
    await attempt("queued", queued)
    await attempt("running", running)
    at("ran:", *ran)
    gate.set()
    await last
    executor.shutdown()
    at("ran:", *ran)


main()
