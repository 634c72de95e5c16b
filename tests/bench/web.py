# web.py - HTTP: our client beside others', our server beside nginx, system calls.
import os
import re
import shutil
import subprocess
import tempfile

from programs import BUILD, ENV, FOLDER, OUT, REPS, SECS, pinned, run

CLIENT = BUILD + '/bench/client'
SIZES = {'1k': 1024, '32k': 32768}


class Serve:
    """build/serve on cpu 0 at a port of its own, for one folder."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            pinned('0', [BUILD + '/serve', '--port', '0', '--quiet', folder]),
            stdout=subprocess.PIPE, text=True, env=ENV)
        self.url = re.search(r'http://\S+:\d+/', self.process.stdout.readline())[0]

    def __enter__(self):
        return self.url

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def pages(folder):
    for name, size in SIZES.items():
        with open('%s/%s.html' % (folder, name), 'w') as f:
            f.write('x' * size)


class Site:
    """The address of the small files: the peers' nginx, else our own server."""

    def __init__(self, peers):
        self.peers = peers

    def __enter__(self):
        if self.peers.start():
            return 'http://127.0.0.1:18080/'
        self.folder = tempfile.TemporaryDirectory()
        pages(self.folder.name)
        self.serve = Serve(self.folder.name)
        return self.serve.url

    def __exit__(self, *_):
        if hasattr(self, 'serve'):
            self.serve.__exit__()
            self.folder.cleanup()


def meas(command):
    """Output and CPU seconds of a command."""
    before = os.times()
    text = run(pinned('1', command), timeout=60)
    after = os.times()
    return text, (after.children_user + after.children_system -
                  before.children_user - before.children_system)


def wrk(url, connections):
    """The same request as ours: a server that has all to do feels each field."""
    return ['wrk', '-t1', '-c%d' % connections, '-d%ds' % max(1, round(float(SECS))),
            '-H', 'User-Agent: workbook-bench', url]


def requests(name, text):
    """Requests, and requests a second; None when one of them was bad."""
    if text is None:
        return None
    if name == 'wrk':
        if re.search('Socket errors|Non-2xx', text):
            return None
        return (int(re.search(r'(\d+) requests in', text)[1]),
                float(re.search(r'Requests/sec:\s*([\d.]+)', text)[1]))
    count, _, rate, bad = text.split()[:4]
    return (int(count), float(rate)) if int(bad) == 0 and int(count) > 0 else None


def clients(figures, peers):
    def own(*command):
        return lambda url, c: list(command) + [url, str(c), SECS]
    commands = {'ours': own(CLIENT)}
    if peers.wanted('wrk') and shutil.which('wrk'):
        commands['wrk'] = wrk
    elif peers.wanted('wrk'):
        peers.missing.add('wrk')
    aiohttp = peers.python('aiohttp')
    others = {'go': [OUT + '/bin/gohttp'],
              'aiohttp': peers.has_folder and aiohttp and aiohttp + [FOLDER + '/http/aio.py']}
    for name, command in peers.take(others).items():
        commands[name] = own(*command)
    with Site(peers) as url:
        for _ in range(REPS):
            for size in SIZES:
                for connections in (64, 1000):
                    for name, command in commands.items():
                        text, cpu = meas(command(url + size + '.html', connections))
                        found = requests(name, text)
                        row = 'http %s c%d ' % (size, connections)
                        if found is None:
                            print('bench: %s%s: not all answers were good' % (row, name))
                            continue
                        figures.add(row + 'requests/s', name, found[1])
                        figures.add(row + 'cpu us', name, cpu * 1e6 / found[0])


def server(figures, peers):
    """wrk on cpu 1 asks nginx and our server in turn, each alone on cpu 0."""
    if not shutil.which('wrk'):
        peers.missing.add('wrk')
        return
    with tempfile.TemporaryDirectory() as folder:
        pages(folder)
        with Serve(folder) as ours:
            servers = {'ours': ours}
            if peers.start():
                servers['nginx'] = 'http://127.0.0.1:18080/'
            else:
                peers.missing.add('nginx')
            for _ in range(REPS):
                for name, url in servers.items():
                    found = requests('wrk', run(pinned('1', wrk(url + '1k.html', 64))))
                    if found is not None:
                        figures.add('server', name, found[1])


def traced(command):
    """Output of a command and its system calls, all threads'; None when it fails."""
    with tempfile.NamedTemporaryFile('r') as f:
        text = run(['strace', '-f', '-c', '-qq', '-o', f.name] + command, timeout=120,
                   fine=(0, 8))  # 8: a crawl met a dead link
        total = re.search(r'\s(\d+)\s+(?:\d+\s+)?total', f.read())
    return (text, int(total[1])) if text is not None and total else None


def calls(figures, peers):
    """System calls of a request on a kept connection: what a longer run has more."""
    if not shutil.which('strace'):
        peers.missing.add('strace')
        return
    with Site(peers) as url:
        short, longer = (traced([CLIENT, url + '1k.html', '64', seconds])
                         for seconds in ('0.5', '1.5'))
    if short is None or longer is None:
        return
    more = int(longer[0].split()[0]) - int(short[0].split()[0])
    if more > 0:
        figures.add('calls per request', 'ours', (longer[1] - short[1]) / more)
