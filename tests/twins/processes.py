"""Behaviour of child processes. The same as processes.c."""
import asyncio

from scenario import at, main, outcome, row, start, the_loop

PIPE = asyncio.subprocess.PIPE


async def spawn(*argv):
    """A child that runs holds virtual time."""
    the_loop().hold(+1)
    return await asyncio.create_subprocess_exec(*argv, stdin=PIPE, stdout=PIPE)


async def waits(name, child):
    at(name, await child.wait())


@row("B86 child: one waiter is cancelled, the child lives, the others are told")
async def b86():
    child = await spawn("cat")
    tasks = [start(waits(name, child)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    try:
        await tasks[1]
    except asyncio.CancelledError:
        at("b=CancelledError")
    at("running:", child.returncode is None)
    child.kill()
    await asyncio.wait(tasks)
    the_loop().hold(-1)
    at("kill:", outcome(child.kill))
    at("wait again:", await child.wait())


@row("B86b child: communicate feeds it, reads it, waits for it")
async def b86b():
    child = await spawn("sort")
    said, _ = await child.communicate(b"pear\napple\nfig\n")
    the_loop().hold(-1)
    at(child.returncode, *said.decode().split())


@row("B86c child: input that it does not want is no error")
async def b86c():
    child = await spawn("true")
    said, _ = await child.communicate(b"x" * 1000000)
    the_loop().hold(-1)
    at(child.returncode, len(said))


@row("B86d child: one that cannot be started")
async def b86d():
    try:
        await asyncio.create_subprocess_exec("/no/such/program")
    except FileNotFoundError:
        at("no such program")


main()
