# table.py - makes one table of the figures: row, ours, the best peer, ratios, target,
# met.
import os
import statistics

import rows

TAKE = os.environ.get('TAKE', 'median')


class Figures:
    """All figures: of each row and program, one for each run."""

    def __init__(self):
        self.runs = {}

    def add(self, row, program, value):
        for name in rows.names(program, row):
            self.runs.setdefault(name, {}).setdefault(program, []).append(value)

    def taken(self, row):
        """Of each program the run that counts: the median, or the best with TAKE=best."""
        take = statistics.median
        if TAKE == 'best':
            take = max if rows.of(row)[0] else min
        return {p: take(v) for p, v in self.runs[row].items()}


def factor(higher, ours, peer):
    """How many times better than the peer we are."""
    if not ours or not peer:
        return 0.0
    return ours / peer if higher else peer / ours


def short(x):
    return '%.0f' % x if x >= 100 else '%.1f' % x if x >= 10 else '%.2f' % x


def judge(targets, ours, factors, best):
    """The target in words, and 'met', 'NOT met', or whom it could not be compared with."""
    known = dict(factors, best=factors.get(best, 0.0))
    missing = [p for p in targets if p != 'at most' and p not in known]
    reached = [ours <= wanted if p == 'at most' else known[p] >= wanted
               for p, wanted in targets.items() if p not in missing]
    words = ', '.join('%s %s' % (p, short(wanted)) for p, wanted in targets.items())
    met = '' if not reached else 'met' if all(reached) else 'NOT met'
    return words, met + (' (no %s)' % ', '.join(missing) if missing else '')


def line(figures, row):
    """The cells of a row, or None when we are not in it."""
    taken = figures.taken(row)
    ours = taken.pop('ours', None)
    if ours is None:
        return None
    higher, targets = rows.of(row)
    factors = {p: factor(higher, ours, v) for p, v in taken.items()}
    rivals = [p for p in factors if p != 'limits' and not (p == 'wget' and row.endswith('MB'))]
    best = min(rivals, key=lambda p: factors[p]) if rivals else None
    target, met = judge(targets, ours, factors, best)
    python = next((p for p in ('asyncio', 'aiohttp') if p in factors), None)
    return [row, short(ours),
            '%s %s' % (best, short(taken[best])) if best else '-',
            short(factors[best]) if best else '-',
            short(factors[python]) if python else '-', target, met or '-',
            str(len(figures.runs[row]['ours'])), best or '-']


HEAD = ['row', 'ours', 'best peer', 'times better', 'than asyncio', 'target', 'met', 'runs']


def cells(figures, first=0):
    found = [line(figures, row) for row in list(figures.runs)[first:]]
    return [cell for cell in found if cell is not None]


def show(figures, first=0):
    """The rows from `first` on."""
    table = [HEAD] + [c[:8] for c in cells(figures, first)]
    widths = [max(len(r[i]) for r in table) for i in range(len(HEAD))]
    for r in table:
        print('  '.join(c.ljust(w) for c, w in zip(r, widths)).rstrip(), flush=True)


def write_csv(figures, path):
    with open(path, 'w') as f:
        print('row,program,taken,runs', file=f)
        for row in figures.runs:
            for program, value in figures.taken(row).items():
                print('"%s",%s,%g,%s' % (row, program, value, ' '.join(
                    '%g' % v for v in figures.runs[row][program])), file=f)


def write_ratios(figures, path):
    """For README.md: ratios only, they are what can be compared from machine to machine."""
    with open(path, 'w') as f:
        print('| row | best peer | times better | than asyncio | target | |\n'
              '|---|---|---|---|---|---|', file=f)
        for c in cells(figures):
            best, ratio = (c[8], c[3]) if c[8] != '-' else ('none', c[1])
            print('| %s | %s | %s | %s | %s | %s |' % (c[0], best, ratio, c[4], c[5], c[6]),
                  file=f)
