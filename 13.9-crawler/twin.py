"""main.c of 13.9, on real asyncio: the same lines.

A crawler in a hundred lines of plain asyncio. It takes its turns where the C one does: a
line of pages, workers that wait for it, and one request until robots.txt is known.
"""
import asyncio
import json
import os
import re
import tempfile
from urllib.parse import urldefrag, urljoin

import vtime

HTML = "200 OK\r\nContent-Type: text/html"
SITE = {
    "/robots.txt": (0.05, "200 OK\r\nContent-Type: text/plain",
                    "User-agent: *\nDisallow: /private\n"),
    "/": (0.10, HTML, "<title>Home</title> <a href=a>a</a> <a href=b>b</a>"
          " <a href=/c>c</a>"),
    "/a": (0.20, HTML, "<title>A</title> <a href=/>home</a> <a href=b#top>b</a>"
           " <a href=d>d</a>"),
    "/b": (0.90, HTML, "<title>B, slow</title> <a href=c>c</a> <a href=e>e</a>"),
    "/c": (0.13, "404 Not Found\r\nContent-Type: text/html", "<a href=/never>no</a>"),
    "/d": (0.17, HTML, "<title>D</title> <a href=f>f</a> <a href=private>private</a>"),
    "/e": (0.07, "302 Found\r\nLocation: /f", ""),
    "/f": (0.11, HTML, "<title>F</title> <a href=g>g</a> <a href=a>a</a>"),
    "/g": (0.19, HTML, "<title>G</title> the end"),
}
REFUSAL = (0.06, "503 Service Unavailable\r\nRetry-After: 1", "")
refusals = 0


async def visit(reader, writer):
    global refusals
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split()[1].decode()
            answer = SITE[path]
            if path == "/d":
                refusals += 1
                answer = REFUSAL if refusals == 1 else answer
            await asyncio.sleep(answer[0])
            writer.write(f"HTTP/1.1 {answer[1]}\r\nContent-Length: {len(answer[2])}"
                         f"\r\n\r\n{answer[2]}".encode())
    except asyncio.IncompleteReadError:
        writer.close()


class Page:
    def __init__(self, url, depth=0, parent=None):
        self.url, self.depth, self.parent = url, depth, parent
        self.attempts = self.began = 0


class Crawl:
    def __init__(self, path, workers, chatty):
        self.path, self.chatty = path, chatty
        self.workers = workers
        self.loop = asyncio.get_running_loop()
        self.began = self.loop.time()
        self.seen, self.line, self.idle = set(), [], []
        self.changed = asyncio.Condition()
        self.in_flight = self.unfinished = 0
        self.robots = None
        self.asking = False
        self.pages = self.retries = self.forbidden = 0

    async def add(self, url, depth, parent):
        url = urldefrag(url)[0]
        if url.startswith("http://demo/") and url not in self.seen:
            self.seen.add(url)
            self.unfinished += 1
            await self.put(Page(url, depth, parent))

    async def put(self, page):
        async with self.changed:
            self.line.append(page)
            self.changed.notify_all()

    async def next(self):
        limit = self.workers if self.robots is not None else 1
        async with self.changed:
            while self.unfinished and (not self.line or self.in_flight >= limit):
                await self.changed.wait()
                limit = self.workers if self.robots is not None else 1
            if not self.unfinished:
                return None
            self.in_flight += 1
            return self.line.pop(0)

    async def done(self, finished):
        async with self.changed:
            self.in_flight -= 1
            self.unfinished -= finished
            self.changed.notify_all()

    async def get(self, url):
        path = url[len("http://demo"):]
        if self.idle:
            reader, writer = self.idle.pop()
        else:
            reader, writer = await asyncio.open_unix_connection(self.path)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: demo\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = dict(line.split(": ") for line in head[1:] if line)
        body = await reader.readexactly(int(fields["Content-Length"]))
        self.idle.append((reader, writer))
        return int(head[0].split()[1]), fields, body.decode()

    def now_ms(self):
        return int((self.loop.time() - self.began) * 1e3)

    def note(self, page, status, fields, body, links):
        self.pages += 1
        now = self.loop.time() - self.began
        ms = self.now_ms() - page.began
        if not self.chatty:
            return
        first, last = int((now - ms / 1e3) * 20 + 0.5), int(now * 20 + 0.5)
        line = f"t={now:.2f}  {status} {page.url[len('http://demo'):]:3} "
        line += "|" + " " * first + "=" * (last - first)
        if not self.line and self.unfinished > 1:
            line += f"  the line is empty, {self.unfinished - 1} not back yet"
        print(line)
        if page.url == "http://demo/e":
            self.record = {
                "url": page.url, "status": status, "depth": page.depth,
                "from": page.parent, "type": fields.get("Content-Type"),
                "bytes": len(body), "title": None, "links": len(links),
                "attempts": page.attempts, "ms": ms, "error": None,
                "redirect": urljoin(page.url, fields["Location"]),
            }

    async def fetch(self, page):
        """True when the page is finished, False when it is to be tried again."""
        page.attempts += 1
        status, fields, body = await self.get(page.url)
        if status == 503 and page.attempts <= 3:
            self.retries += 1
            self.loop.call_later(int(fields["Retry-After"]), lambda:
                                 self.loop.create_task(self.put(page)))
            return False
        links = re.findall(r"<a href=([^>]*)>", body) if status == 200 else []
        for link in links:
            await self.add(urljoin(page.url, link), page.depth + 1, page.url)
        self.note(page, status, fields, body, links)
        if status == 302:
            await self.add(urljoin(page.url, fields["Location"]), page.depth, page.url)
        return True

    async def worker(self):
        while page := await self.next():
            if self.robots is None:
                text = (await self.get("http://demo/robots.txt"))[2]
                self.robots = re.findall(r"Disallow: (.*)", text)
                async with self.changed:
                    self.changed.notify_all()
            if page.attempts == 0:
                page.began = self.now_ms()
            if page.url[len("http://demo"):].startswith(tuple(self.robots)):
                self.forbidden += 1
                finished = True
            else:
                finished = await self.fetch(page)
            await self.done(finished)

    async def run(self):
        global refusals
        refusals = 0
        await self.add("http://demo/", 0, None)
        tasks = [asyncio.create_task(self.worker()) for _ in range(self.workers)]
        for task in tasks:
            await task
        for _, writer in self.idle:
            writer.close()
        if self.chatty:
            print(json.dumps(self.record, separators=(",", ":")))
        return self.loop.time() - self.began


async def program():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        server = await asyncio.start_unix_server(visit, path)
        print("-- eight pages, three workers")
        crawl = Crawl(path, 3, True)
        await crawl.run()
        print(f"{crawl.pages} pages, {crawl.retries} of them tried again,"
              f" {crawl.forbidden} forbidden")
        print("-- more workers are not always faster")
        for workers in 1, 2, 3, 8:
            seconds = await Crawl(path, workers, False).run()
            print(f"{workers} at a time: {seconds:.2f} s")
        server.close()


asyncio.run(program())
