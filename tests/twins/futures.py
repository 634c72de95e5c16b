"""Behaviour of futures: callbacks, outcomes, what nobody reads. The same as futures.c."""
import asyncio
import gc

from scenario import attempt, job, main, mark, outcome, row, say, soon, start, the_loop


@row("B19 done callbacks are queued in their order, never called at once")
async def b19():
    f = the_loop().create_future()
    f.add_done_callback(say("cb1"))
    f.add_done_callback(say("cb2"))
    gone = say("removed")
    f.add_done_callback(gone)
    mark("removed:", f.remove_done_callback(gone))
    soon("before")
    mark("set")
    f.set_result(None)
    soon("after")
    f.add_done_callback(say("cb-late"))
    mark("sync-end")
    await asyncio.sleep(0)


@row("B20 a callback that calls the exception handler does not stop the others")
async def b20():
    def tell():
        the_loop().call_exception_handler({"message": "wrong",
                                           "exception": OSError(5, "")})

    f = the_loop().create_future()
    f.add_done_callback(say("cb1", tell))
    f.add_done_callback(say("cb2"))
    f.set_result(None)
    await asyncio.sleep(0)


@row("B21 a waiting task stands in the line of the callbacks")
async def b21():
    f = the_loop().create_future()
    f.add_done_callback(say("cb-before"))
    task = start(attempt("awaiter", f))
    await asyncio.sleep(0)
    f.add_done_callback(say("cb-after"))
    f.set_result(None)
    await task


@row("B22 set twice, read early, cancelled too late")
async def b22():
    f = the_loop().create_future()
    mark("result:", outcome(f.result))
    mark("exception:", outcome(f.exception))
    f.set_result(None)
    mark("set again:", outcome(f.set_result, None))
    mark("fail:", outcome(f.set_exception, OSError(5, "")))
    mark("cancel:", f.cancel())
    mark("result:", outcome(f.result))
    g = the_loop().create_future()
    mark("cancel:", g.cancel())
    mark("cancelled:", g.cancelled())
    mark("set:", outcome(g.set_result, None))
    task = start(job("a", 1))
    mark("set a task:", outcome(task.set_result, None))
    task.cancel()


async def unread(how):
    f = the_loop().create_future()
    if how == "cancelled":
        f.cancel()
    else:
        f.set_exception(OSError(5, ""))
    if how == "read":
        f.exception()
    mark(how)
    del f
    gc.collect()


@row("B27 an error that nobody read is reported when its future goes")
async def b27():
    await unread("unread")
    await unread("read")
    await unread("cancelled")
    task = start(job("a", .1, error=5))
    await asyncio.sleep(1)
    mark("the task goes")
    del task
    gc.collect()


async def wait_for(f):
    await f


@row("B28 a task that is still pending at the end is reported")
def b28():
    loop = the_loop()
    f = loop.create_future()
    task = loop.create_task(wait_for(f))
    loop.stop()
    loop.run_forever()
    mark(task.done())
    loop.close()
    del task, f
    gc.collect()


main()
