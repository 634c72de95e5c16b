"""Virtual time for the Python twins, which stay plain asyncio.

Importing this module makes asyncio's default loop jump to the next deadline whenever
nothing is ready, as the workbook's virtual clock does. While a thread or a child process
works for the loop (a hold), it waits for real and no time passes.
"""
import asyncio
import selectors


def _virtual(kind):
    class Selector(kind):
        loop = None

        def select(self, timeout=None):
            loop = self.loop
            if timeout is None or (timeout > 0 and loop.holds > 0):
                return super().select(None)
            events = super().select(0)
            if not events and timeout > 0 and loop._scheduled:
                loop.now = max(loop.now, loop._scheduled[0]._when)
            return events

    return Selector()


class Loop(asyncio.SelectorEventLoop):
    def __init__(self, selector=selectors.DefaultSelector):
        self.now = 0.0
        self.holds = 0
        self.turns = 0
        selector = _virtual(selector)
        selector.loop = self
        super().__init__(selector)

    def time(self):
        return self.now

    def _run_once(self):
        self.turns += 1
        super()._run_once()

    def hold(self, change):
        self.holds += change

    def run_in_executor(self, executor, func, *args):
        """A job on its way holds virtual time until its result is back on the loop."""
        future = super().run_in_executor(executor, func, *args)
        self.hold(+1)
        future.add_done_callback(lambda _: self.hold(-1))
        return future

    async def shutdown_default_executor(self, timeout=None):
        self.hold(+1)
        try:
            await super().shutdown_default_executor(None)
        finally:
            self.hold(-1)


class _Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return Loop()


asyncio.set_event_loop_policy(_Policy())
