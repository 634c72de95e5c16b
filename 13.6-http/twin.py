"""main.c of 13.6, on real asyncio: the same lines."""
import asyncio
import os
import socket
import tempfile

import vtime

start = 0.0
folder = ""


def now():
    return asyncio.get_running_loop().time() - start


def begin(title):
    global start
    print("--", title)
    start = asyncio.get_running_loop().time()


def say(who, text):
    text = text.decode().replace("\r", "\\r").replace("\n", "\\n")
    print(f't={now():.2f}  {who:<14} "{text}"')


def yes(it):
    return "yes" if it else "no"


def place(name):
    return os.path.join(folder, name)


# nobody is served before five are connected

PEERS, LETTERS = 5, 4


async def five(writers):
    words = [b"loop", b"task", b"byte", b"read", b"wait"]
    for i in range(PEERS * LETTERS):
        await asyncio.sleep(0.01)
        k, letter = i % PEERS, i // PEERS
        writers[k].write(words[k][letter:letter + 1])
    for writer in writers:
        writer.close()


async def listener(path):
    row, word, reads = ["."] * PEERS * LETTERS, "", 0
    reader, writer = await asyncio.open_unix_connection(path)
    while data := (await reader.read(100)).decode():
        row[int(now() * 100 + 0.5) - 1] = data
        word += data
        reads += 1
    writer.close()
    return "".join(row), word, reads


async def crowd():
    begin("nobody is served before five are connected")
    writers, tasks = [], []

    def connected(reader, writer):
        writers.append(writer)
        print(f"t={now():.2f}  {len(writers)} connected")
        if len(writers) == PEERS:
            tasks.append(asyncio.create_task(five(writers)))

    server = await asyncio.start_unix_server(connected, place("five"))
    clients = [asyncio.create_task(listener(place("five"))) for _ in range(PEERS)]
    for i, client in enumerate(clients):
        row, word, reads = await client
        print(f'client {i} |{row}| "{word}" in {reads} reads')
    server.close()
    await server.wait_closed()


# a peer that cuts what it sends where it likes

async def both():
    near, far = socket.socketpair()
    return (await asyncio.open_connection(sock=near), await asyncio.open_connection(sock=far))


async def peer(writer, pieces):
    for piece in pieces:
        await asyncio.sleep(0.01)
        say("peer sends", piece)
        writer.write(piece)
    await asyncio.sleep(0.01)
    print(f"t={now():.2f}  peer closes")
    writer.close()


async def cuts():
    begin("say what you wait for")
    (reader, writer), (_, far) = await both()
    task = asyncio.create_task(peer(far, [
        b"first li", b"ne\r", b"\nsecond\r\nthird\r", b"\n\r\n123", b"4", b"5the", b" end"]))
    say("readline", await reader.readline())
    say("readuntil", await reader.readuntil(b"\r\n\r\n"))
    say("readexactly 5", await reader.readexactly(5))
    say("read 100", await reader.read(100))
    try:
        await reader.readexactly(10)
    except asyncio.IncompleteReadError as error:
        say("incomplete", error.partial)
    await task
    writer.close()


# a response, parsed as its bytes arrive

async def body(reader):
    while size := int(await reader.readline(), 16):
        while size:
            data = await reader.read(size)
            size -= len(data)
            say("body", data)
        await reader.readexactly(2)
    await reader.readexactly(2)


async def parse():
    begin("a response, parsed as it arrives")
    (reader, writer), (_, far) = await both()
    task = asyncio.create_task(peer(far, [
        b"HTTP/1.1 200 OK\r\nTransfer-Enc", b"oding: chunked\r\n\r", b"\n6\r\nbyt",
        b"es \r\ne\r\nwhen", b" they like\r\n0\r\n\r", b"\n"]))
    head = await reader.readuntil(b"\r\n\r\n")
    print(f"t={now():.2f}  head           status {int(head[9:12])}")
    await body(reader)
    print(f"t={now():.2f}  the body is complete, the connection still open")
    await task
    writer.close()


# back-pressure: a slow reader slows its writer

async def slow_reader(reader, writer):
    await asyncio.sleep(0.5)
    print(f"t={now():.2f}  the reader begins")
    total = 0
    while data := await reader.read(64 * 1024):
        total += len(data)
    print(f"t={now():.2f}  the reader has {total} bytes")
    writer.close()


async def pressure():
    begin("a slow reader slows its writer")
    (_, writer), far = await both()
    task = asyncio.create_task(slow_reader(*far))
    low, high = writer.transport.get_write_buffer_limits()
    writer.write(bytes(1000))
    await writer.drain()
    print(f"t={now():.2f}  1000 bytes written and drained")
    writer.write(bytes(4 * 1024 * 1024))
    unsent = writer.transport.get_write_buffer_size()
    print(f"t={now():.2f}  4 MiB written, above the high mark: {yes(unsent > high)}")
    await writer.drain()
    unsent = writer.transport.get_write_buffer_size()
    print(f"t={now():.2f}  drained, at the low mark: {yes(unsent <= low)}")
    writer.close()
    await task


# where the time of a fetch goes

async def slow(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.05)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await asyncio.sleep(0.02)
    writer.write(b"Length: 12\r\n\r\nhello ")
    await asyncio.sleep(0.03)
    writer.write(b"phases")
    writer.close()


async def phases():
    begin("where the time of a fetch goes")
    server = await asyncio.start_unix_server(slow, place("slow"))
    address = await asyncio.to_thread(place, "slow")
    named = now()
    reader, writer = await asyncio.open_unix_connection(address)
    connected = now()
    writer.write(b"GET / HTTP/1.1\r\nHost: workbook\r\n\r\n")
    head = await reader.read(1)
    first = now()
    head += await reader.readuntil(b"\r\n\r\n")
    headed = now()
    body = await reader.readexactly(int(head.split(b"Content-Length: ")[1].split()[0]))
    print(f"name     {named:.2f}")
    print(f"connect  {connected - named:.2f}")
    print(f"wait     {first - connected:.2f}")
    print(f"head     {headed - first:.2f}  status {head[9:12].decode()}")
    print(f"body     {now() - headed:.2f}  {len(body)} bytes")
    writer.close()
    server.close()
    await server.wait_closed()


# nobody listens

async def refused():
    begin("nobody listens")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place("closed"))
    listening.close()
    try:
        await asyncio.open_unix_connection(place("closed"))
    except ConnectionRefusedError:
        print(f"t={now():.2f}  refused")


# the step towards the crawler: five real pages

async def answer(reader, writer):
    head = await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.05)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npage %c" % head[5])
    writer.close()


async def page(n):
    began = now()
    reader, writer = await asyncio.open_unix_connection(place("pages"))
    writer.write(b"GET /%d HTTP/1.1\r\nHost: workbook\r\n\r\n" % n)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.split(b"Content-Length: ")[1].split()[0])
    text = (await reader.readexactly(length)).decode()
    writer.close()
    return head[9:12].decode(), text, began, now()


def show(status, text, began, ended):
    first, last = int(began * 100 + 0.5), int(ended * 100 + 0.5)
    print(f"{status} {text} |{' ' * first}{'=' * (last - first)}")


async def pages():
    global start
    begin("five pages, each takes the server 0.05 s")
    server = await asyncio.start_unix_server(answer, place("pages"))
    for n in range(PEERS):
        show(*await page(n))
    print(f"in turn: {now():.2f}")
    start = asyncio.get_running_loop().time()
    tasks = [asyncio.create_task(page(n)) for n in range(PEERS)]
    for task in tasks:
        show(*await task)
    print(f"together: {now():.2f}")
    server.close()
    await server.wait_closed()


async def program():
    global folder
    with tempfile.TemporaryDirectory() as folder:
        await crowd()
        await cuts()
        await parse()
        await pressure()
        await phases()
        await refused()
        await pages()


asyncio.run(program())
