# crawls.py - whole sites: ours beside other crawlers, each alone on cpu 1.
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

import rows
from programs import BUILD, ENV, FOLDER, HERE, OUT, REPS, pinned
from web import Serve, traced

SITES = os.environ.get('SITES', 'pg py rust').split()
DOCS = {'pg': '/usr/share/doc/postgresql-doc-15/html',
        'py': '/usr/share/doc/python3.11/html'}


def crawl(figures, peers):
    if peers.has_folder and peers.start():
        beside_peers(figures, peers)
    else:
        beside_wget(figures, peers)


def beside_peers(figures, peers):
    """The peers' own script, which also notes what each tool asked for."""
    tools = {'go': [OUT + '/bin/gocrawl'], 'wget2': ['wget2'], 'scrapy': ['scrapy'],
             'aiohttp': peers.python('aiohttp')}
    names = list(peers.take(tools))
    if 'scrapy' in names and not os.environ.get('SCRAPY'):
        names.remove('scrapy')  # minutes a run
        peers.missing.add('scrapy (SCRAPY=1 runs it: it takes minutes)')
    env = dict(ENV, FRESH='1', QUICK='1', REPS=str(REPS), REPS_DELAY=str(REPS),
               EXTRA_CRAWL='ours=%s/crawl' % HERE)
    skipped = ['%s-%d-%d-%s' % (site, delay, c, t) for site in ('pg', 'py', 'rust')
               if site not in SITES for delay, c in ((0, 64), (50, 64), (50, 256))
               for t in names + ['ours']]
    subprocess.run([FOLDER + '/crawl.sh'] + names + ['ours'], check=True, stdout=sys.stderr,
                   env=dict(env, SKIP=' '.join(skipped)))
    take(figures, OUT + '/results/crawl-raw.tsv')


def asked_for(site, tool):
    """The URLs of HTML pages that the tool asked for, by the server's log."""
    try:
        return open('%s/urls/%s-%s.txt' % (OUT, site, tool)).read()
    except OSError:
        return None


def take(figures, path):
    """Read what the script has noted. A tool that did not fetch the same set as most of the
    others is left out, ours like any: correctness comes before time."""
    runs = collections.defaultdict(list)
    for line in open(path):
        site, delay, c, tool, wall, user, system, mb, html, _, _, _, dead = line.split('\t')
        if '@' not in tool:
            same = (html, dead.strip(), asked_for(site, tool) if delay == '0' else None)
            cpu = float(user) + float(system)
            runs[site, delay, c].append((tool, same, float(wall), cpu, float(mb)))
    for (site, delay, c), found in runs.items():
        usual = collections.Counter(f[1] for f in found if f[0] != 'ours' or len(found) == 1)
        usual = usual.most_common(1)[0][0]
        for tool, same, wall, cpu, mb in found:
            row = 'crawl %s ' % site
            if delay != '0':
                row += '%s ms c%s ' % (delay, c)
            if same != usual:
                print('bench: %s: %s has %s pages and %s dead links, others %s and %s, or '
                      'their names differ' % (row, tool, same[0], same[1], usual[0], usual[1]))
                continue
            figures.add(row + 'wall', tool, wall)
            if delay == '0':
                figures.add(row + 'cpu', tool, cpu)
                figures.add(row + 'MB', tool, mb)


def wget(tool, url, folder):
    threads = ['--max-threads=64'] if tool == 'wget2' else []
    return [tool, '-q', '-r', '-l', 'inf', '-e', 'robots=off', '-A', 'html,htm', '-P',
            folder] + threads + [url]


def timed(figures, site, tool, command, folder):
    os.makedirs(folder)
    before = os.times()
    status = subprocess.run(pinned('1', command), cwd=folder, env=ENV,
                            stdout=subprocess.DEVNULL).returncode
    if status in (0, 8):  # 8: a link was dead
        figures.add('crawl %s wall' % site, tool, os.times().elapsed - before.elapsed)
    shutil.rmtree(folder)


def beside_wget(figures, peers):
    """Our server on cpu 0, and what everybody has on cpu 1."""
    tools = peers.take({'wget2': ['wget2'], 'wget': ['wget']})
    for site, docs in DOCS.items():
        if site not in SITES or not os.path.isdir(docs):
            peers.missing.add(docs)
            continue
        with Serve(docs) as url, scratch() as top:
            start = url + 'index.html'
            for _ in range(REPS):
                timed(figures, site, 'ours', [HERE + '/crawl', start, '64'], top + '/ours')
                for tool in tools:
                    timed(figures, site, tool, wget(tool, start, top + '/' + tool),
                          top + '/' + tool)


def scratch():
    return tempfile.TemporaryDirectory(dir='/dev/shm' if os.path.isdir('/dev/shm') else None)


def traced_crawl(url, out, *options):
    """System calls, pages and bytes of body of a crawl at 64 connections."""
    found = traced([BUILD + '/crawl', '-q', '--no-robots', '-c', '64', '--per-host', '64',
                    '-o', out] + list(options) + [url + 'index.html'])
    if found is None:
        return None
    pages = [json.loads(line) for line in open(out + '/pages.jsonl')]
    return found[1], len(pages), sum(page.get('bytes', 0) for page in pages)


def add_calls(figures, row, calls, pages, body):
    """Beside what 2.2 a page and 2 for each 64 KiB of its body make."""
    rows.ROWS[row] = (False, {'at most': 2.2 + 2 * body / 65536 / pages})
    figures.add(row, 'ours', calls / pages)


def calls(figures, peers):
    """System calls of a page, on connections that are kept alive: what the second half of a
    site adds to the first. And all of a crawl in it: starting, opening connections, ending."""
    if not shutil.which('strace'):
        peers.missing.add('strace')
        return
    for site in SITES:
        docs = DOCS.get(site, '')
        if not os.path.isdir(docs):
            continue
        with Serve(docs) as url, scratch() as top:
            whole = traced_crawl(url, top + '/whole')
            half = whole and traced_crawl(url, top + '/half', '--max-pages', str(whole[1] // 2))
        if not half:
            return
        added = [w - h for w, h in zip(whole, half)]
        add_calls(figures, 'calls per page of ' + site, *added)
        add_calls(figures, 'calls per page of %s, all told' % site, *whole)
