# rows.py - the rows of the comparison and their targets. A target says how many times
# better than a peer we want to be, at least: 0.5 is half as fast, 2 twice as fast. 'best'
# is the best of all peers, and 'at most' is a limit on our own figure.

ROWS = {
    # row: (higher is better, {peer: factor})
    'call_soon_chain': (False, {'libev': 1 / 2, 'asyncio': 100}),
    'call_soon_batch': (False, {'libev': 1, 'asyncio': 100}),
    'timer_insert': (False, {}),
    'timer_cancel': (False, {}),
    'timer_fire': (False, {}),
    'timer_total_per_op': (False, {'libev': 1, 'asyncio': 30}),
    'task_switch': (False, {'rust-std': 1 / 1.4, 'asyncio': 100, 'go': 5}),
    'spawn_await': (False, {'rust-std': 1, 'asyncio': 100, 'go': 8}),
    'spawn_await_heap': (False, {}),
    'queue_pingpong': (False, {'go': 2, 'asyncio': 80}),
    'mem_bytes_per_task': (False, {'at most': 224}),
    'threadsafe_throughput': (False, {'libuv': 2, 'asyncio': 20}),
    'threadsafe_throughput_heap': (False, {}),
    'threadsafe_lat_p50': (False, {'libev': 1}),
    'threadsafe_lat_p99': (False, {'libev': 1}),
    'executor_seq': (False, {'libuv': 1}),
    'executor_1000': (False, {'libuv': 1, 'asyncio': 20}),
    'server': (True, {'nginx': 0.9}),
    'calls per request': (False, {'at most': 2.2}),
}
for size in ('1k', '32k'):
    for connections in (64, 1000):
        row = 'http %s c%d ' % (size, connections)
        ROWS[row + 'requests/s'] = (True, {'wrk': 1, 'go': 2, 'aiohttp': 20})
        ROWS[row + 'cpu us'] = (False, {'wrk': 1 / 1.1})
for site in ('pg', 'py', 'rust'):
    ROWS['crawl %s wall' % site] = (False, {'go': 1, 'wget2': 2, 'aiohttp': 5, 'scrapy': 50})
    ROWS['crawl %s MB' % site] = (False, {'best': 2, 'at most': 10})
    for connections in (64, 256):
        ROWS['crawl %s 50 ms c%d wall' % (site, connections)] = (False, {'best': 1})

# Rows that a peer prints under another name, or that are compared with a different one.
ALIASES = {
    ('go', 'call_soon_chain_chanfunc'): ['call_soon_chain'],
    ('go', 'call_soon_batch_chanfunc'): ['call_soon_batch'],
    ('go', 'executor_seq_locked'): ['executor_seq'],
    ('go', 'executor_1000_locked'): ['executor_1000'],
    ('node', 'call_soon_chain_setImmediate'): ['call_soon_chain'],
    ('node', 'call_soon_batch_setImmediate'): ['call_soon_batch'],
}
IGNORED = {('go', 'executor_seq'), ('go', 'executor_1000')}  # it crosses no threads


def names(peer, row):
    """The rows in which a figure that `peer` printed as `row` is compared."""
    name, at, cpu = row.partition('@')
    if (peer, name) in IGNORED:
        return []
    found = ALIASES.get((peer, name), [name])
    if peer != 'ours':  # the peers' tasks and posts are all on the heap
        found = found + [n + '_heap' for n in found
                         if n in ('spawn_await', 'threadsafe_throughput')]
    return [n + at + cpu for n in found]


def of(row):
    """Whether higher is better, and the targets."""
    return ROWS.get(row.partition('@')[0], (False, {}))
