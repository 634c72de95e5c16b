# small.py - callbacks, timers, tasks, threads: programs that print `row n seconds value`.
import os

import rows
from programs import BUILD, ENV, REPS, pinned, run

N = int(os.environ.get('N', '1000000'))
LACKS = {'node': ('queue', 'threadsafe', 'threadsafe_lat', 'executor')}  # it has no such thing
SLOW = ('asyncio', 'uvloop')  # a quarter of the calls to a pool will do


def measure(figures, peers, bench, n, reps=REPS, cpus='1', tag=''):
    programs = {'ours': [BUILD + '/bench/bench']}
    programs.update((name, command) for name, command in peers.small().items()
                    if bench not in LACKS.get(name, ()))
    for _ in range(reps):
        for name, command in programs.items():
            env = dict(ENV, GOMAXPROCS=str(len(cpus)))
            count = n // 4 if bench == 'executor' and name in SLOW else n
            text = run(pinned(cpus, command + [bench, str(count)]), env=env)
            for line in (text or '').splitlines():
                row, _, _, value = line.split()
                figures.add(row + tag, name, float(value))


def tasks(figures, peers):
    for bench in ('call_soon', 'switch', 'spawn', 'queue'):
        measure(figures, peers, bench, N)
    measure(figures, peers, 'mem', max(N, 200000), reps=1, cpus='01')


def timers(figures, peers):
    measure(figures, peers, 'timers', N)


def threads(figures, peers):
    measure(figures, peers, 'threadsafe', N, cpus='01')
    for cpus, tag in (('1', '@1cpu'), ('01', '')):
        measure(figures, peers, 'threadsafe_lat', N // 100, cpus=cpus, tag=tag)
        measure(figures, peers, 'executor', N // 5, cpus=cpus, tag=tag)


def growth(figures, peers):
    """How much dearer an operation gets when there are not 1000 others but a million (of
    descriptors: what is allowed). A logarithm doubles; as much again for the CPU's caches."""
    counts = [1000, 10000, 100000, 1000000]
    for what in ('tasks', 'timers', 'descriptors', 'urls'):
        cost = {}
        for _ in range(REPS):
            for n in counts:
                text = run(pinned('1', [BUILD + '/bench/bench', 'grow_' + what, str(n)]))
                if text:
                    _, there, _, value = text.split()
                    cost.setdefault(int(there), []).append(float(value))
        medians = {n: sorted(v)[len(v) // 2] for n, v in sorted(cost.items())}
        for n, value in medians.items():
            print('one of the %s beside %7d others: %7.1f ns' % (what, n, value))
        few, many = min(medians), max(medians)
        rows.ROWS['growth of ' + what] = (False, {'at most': 4})
        figures.add('growth of ' + what, 'ours', medians[many] / medians[few])
