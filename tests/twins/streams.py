"""Behaviour of streams and servers. The same as streams.c."""
import asyncio
import socket

from scenario import at, main, name_of, row, start, the_loop


async def connect_ends(**options):
    """Two connected streams."""
    near, far = socket.socketpair()
    return (await asyncio.open_connection(sock=near, **options),
            await asyncio.open_connection(sock=far))


async def shows(name, awaitable):
    """What a read brings."""
    try:
        data = await awaitable
    except asyncio.IncompleteReadError as error:
        at(f"{name}: partial '{error.partial.decode()}', expected {error.expected}")
    except asyncio.LimitOverrunError:
        at(f"{name}: over the limit")
    else:
        at(f"{name}: '{data.decode().strip()}'")


@row("B78 a numeric address needs no resolver; nobody there: refused")
async def b78():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    the_loop().run_in_executor = None  # nobody may ask it
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        at("connect:", name_of(error))


@row("B81 read: limits and early ends")
async def b81():
    (reader, near), (_, writer) = await connect_ends(limit=10)
    writer.write(b"0123456789abcdef\nline\nabc")
    await shows("readuntil", reader.readuntil(b"\n"))
    await shows("readexactly", reader.readexactly(17))
    await shows("readline", reader.readline())
    writer.close()
    await shows("readexactly", reader.readexactly(5))
    await shows("at the end", reader.read(5))
    near.close()


async def drains(name, writer):
    await writer.drain()
    at(name, "is through")


@row("B82 drain: all who wait wake")
async def b82():
    (_, writer), (reader, far) = await connect_ends(limit=4096)
    writer.write(b"x" * 4000000)
    tasks = [start(drains(name, writer)) for name in "abc"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    at("waiting:", *(not task.done() for task in tasks))
    tasks[1].cancel()
    await attempt_at("b", tasks[1])
    taker = start(reader.readexactly(4000000))
    await asyncio.wait(tasks)
    await taker
    writer.close()
    far.close()


async def attempt_at(name, awaitable):
    try:
        await awaitable
    except asyncio.CancelledError as error:
        at(f"{name}={name_of(error)}")


async def waits_closed(server):
    await server.wait_closed()
    at("wait_closed is through")


@row("B84 server: close stops accepting, wait_closed waits for those who live")
async def b84():
    accepted = the_loop().create_future()

    def connected(reader, writer):
        at("connected")
        accepted.set_result(writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, client = await asyncio.open_connection("127.0.0.1", port)
    writer = await accepted
    server.close()
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        at("another:", name_of(error))
    task = start(waits_closed(server))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    at("closed:", task.done())
    writer.close()
    client.close()
    await task


main()
