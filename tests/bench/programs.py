# programs.py - the programs that can be measured, and how one of them is run.
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get('BUILD', TOP + '/build'))
FOLDER = os.path.abspath(os.environ.get('PEERS_DIR', TOP + '/../shared/peers'))
OUT = BUILD + '/peers'
REPS = int(os.environ.get('REPS', '5'))
SECS = os.environ.get('SECS', '2')

# The servers are local: no proxy may be used.
ENV = {k: v for k, v in os.environ.items() if 'proxy' not in k.lower()}
ENV.update(PEERS_OUT=OUT, BUILD=os.path.relpath(BUILD, TOP), PYTHONDONTWRITEBYTECODE='1')


def both_cpus():
    return 2 if os.cpu_count() > 1 else 1


def pinned(cpus, command):
    """On cpu 1, where the peers' scripts put what is measured, or on both ('01')."""
    if not shutil.which('taskset') or both_cpus() == 1:
        return command
    return ['taskset', '-c', ','.join(cpus)] + command


def run(command, timeout=240, fine=(0,), **more):
    """Its output, or None, with a word on stderr, when its status is not fine."""
    try:
        done = subprocess.run(command, env=more.pop('env', ENV), timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, **more)
    except (OSError, subprocess.TimeoutExpired) as e:
        print('bench: %s' % e, file=sys.stderr)
        return None
    if done.returncode not in fine:
        print('bench: %s: status %d %s' % (' '.join(command), done.returncode,
                                           done.stderr[-200:]), file=sys.stderr)
        return None
    return done.stdout


def alive(pid_file):
    """Whether the process runs whose number the file has."""
    try:
        os.kill(int(open(pid_file).read()), 0)
    except (OSError, ValueError):
        return False
    return True


class Peers:
    def __init__(self):
        self.missing = set()
        self.only = os.environ.get('PEERS', '').split()
        self.has_folder = os.path.isdir(FOLDER)
        self.servers = False
        if not self.has_folder:
            self.missing.add('the programs of ' + FOLDER)
        elif not os.path.exists(OUT + '/bin/meas'):
            print('building the peers', file=sys.stderr)
            subprocess.run([FOLDER + '/build.sh'], env=ENV, stdout=subprocess.DEVNULL)

    def wanted(self, name):
        return not self.only or name in self.only

    def take(self, candidates):
        """Of {name: command}, those that are wanted and there; the others are named."""
        found = {}
        for name, command in candidates.items():
            if not self.wanted(name):
                continue
            if command and shutil.which(command[0]):
                found[name] = command
            else:
                self.missing.add(name)
        return found

    def python(self, module):
        """A Python that has the module, or None: ['python3']."""
        for python in ('/usr/bin/python3', sys.executable):
            if os.path.exists(python) and subprocess.run(
                    [python, '-c', 'import ' + module], stderr=subprocess.DEVNULL).returncode == 0:
                return [python]
        return None

    def small(self):
        """Programs that are called `PROGRAM bench N`."""
        if not self.has_folder:
            return self.take({'asyncio': [sys.executable, HERE + '/small_asyncio.py']})
        bench = FOLDER + '/micro/py/bench.py'
        uvloop = self.python('uvloop')
        found = {'asyncio': self.python('asyncio') + [bench],
                 'uvloop': uvloop and uvloop + [bench, '--uvloop'],
                 'node': ['node', FOLDER + '/micro/node/bench.js'],
                 'go': [OUT + '/bin/gobench'], 'rust-std': [OUT + '/bin/rustbench']}
        for name in ('libuv', 'libev', 'libevent'):
            found[name] = [OUT + '/bin/' + name]
        return self.take(found)

    def start(self):
        """The peers' web servers; False when there are none."""
        if self.has_folder and shutil.which('nginx') and not self.servers:
            subprocess.run([FOLDER + '/servers.sh', 'start'], env=ENV)
            self.servers = alive(OUT + '/nginx/nginx.pid') and alive(OUT + '/nginx/goserve.pid')
            if not self.servers:
                self.missing.add("the peers' servers (are their ports 18080 to 18093 free?)")
        return self.servers

    def stop(self):
        if self.servers:
            subprocess.run([FOLDER + '/servers.sh', 'stop'], env=ENV)
            self.servers = False
