"""Work on many parts, done by Dask on threads, processes or a cluster; what a worker had when it died is done again."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import islice, zip_longest
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread, active_count
from typing import Any, TypeVar

from workbench.documents import Document, DocumentError, InputError, Unread

LOSSES = 9  # times in a row that workers may die without a part done
DEATHS = 3  # times that a worker may die over a document before we believe that the document kills it
FAULT = "cannot be measured"  # which may be the machine's fault of that day, so it is tried again by the next run
Part = TypeVar("Part")
Item = TypeVar("Item", Document, Unread)
Result = TypeVar("Result")
Done = Callable[[Any], None]
Compute = Callable[[list[object], Done], None]


class Watch:
    """Notes over which document a worker is at work, so that the next one knows where this one died.

    After a line for the run, a line for each document begun, and an empty one when it is done.
    """

    def __init__(self, notes: Path | None = None, run: str = "") -> None:
        noted = notes.read_text("utf-8", "replace").split("\n") if notes and notes.is_file() else []
        again = noted[:1] == [run]
        begun = noted[1:-1] if again else []
        self.died = [name for name, after in zip_longest(begun, begun[1:]) if name and after != ""]
        self.notes = notes.open("ab" if again else "wb", buffering=0) if notes else None
        if not again:
            self._note(run)

    def of(self, work: Callable[[Item], Result], item: Item | DocumentError) -> Result | DocumentError:
        """What `work` makes of a document, or the error that it has, or that it has killed workers."""
        if isinstance(item, DocumentError):
            return item
        if self.died.count(item.name) >= DEATHS:
            return DocumentError(f"{item.name}: {FAULT}: {DEATHS} workers died over it; if of its size, split it")
        self._note(item.name)
        try:
            return work(item)
        except DocumentError as error:
            return error
        finally:
            self._note("")

    def end(self) -> None:
        if self.notes:
            self.notes.close()
            Path(self.notes.name).unlink(missing_ok=True)

    def _note(self, line: str) -> None:
        if self.notes:
            self.notes.write(f"{line}\n".encode("utf-8", "replace"))


def work_through(
    work: Callable[[Part], Result],
    parts: Iterator[Part],
    window: int,
    scheduler: str,
    jobs: int,
    done: Callable[[Result], None],
) -> None:
    """Have Dask do the work on each part, and tell `done` of each; what a dead worker had is redone.

    It is given a `window` of parts a worker while as many are looked for; no more of them are held. `scheduler` is
    "processes", "threads", "sync" or an address. Raises InputError for another one, RuntimeError where workers keep
    dying.
    """
    import dask  # start-up time

    def task(part: Part) -> object:  # as an argument of its own Dask would look through all that is in it
        return dask.delayed(partial(_unless_stopped, work, part), pure=False)()

    given: list[object] = []
    ahead: list[object] = []
    losses = size = 0

    def gain(result: Result) -> None:
        nonlocal losses
        losses = 0
        done(result)
        if len(ahead) < size:  # the next one is looked for while workers are at work
            ahead.extend(map(task, islice(parts, 1)))

    def more() -> list[object]:
        found = [*ahead, *map(task, islice(parts, max(0, size - len(ahead))))]
        ahead.clear()
        return found

    while losses <= LOSSES:
        with _cluster(scheduler) if "://" in scheduler else _local(scheduler, jobs) as (compute, workers, lost):
            try:
                size = window * workers
                while given := given or more():
                    compute(given, gain)
                    given = []
                return
            except lost:
                losses += 1
    raise RuntimeError(f"workers died {losses} times with nothing done: give them more memory, or have fewer of them")


@contextmanager
def _local(scheduler: str, jobs: int) -> Iterator[tuple[Compute, int, type[Exception]]]:
    """What has Dask compute a window here, how many workers there are, and the error that says that they have died."""
    import dask  # start-up time
    from dask.callbacks import Callback

    def compute(given: list[object], done: Done) -> None:
        with Callback(posttask=lambda key, result, *_: done(result)):
            dask.compute(*given, scheduler=pool or scheduler)

    # What this process has loaded its forks share; but threads would leave them locks that nobody opens.
    how = "fork" if sys.platform == "linux" and active_count() == 1 else "spawn"
    processes = partial(ProcessPoolExecutor, mp_context=get_context(how), initializer=_start)
    pools: dict[str, Callable[[int], Executor | None]] = {"processes": processes, "threads": ThreadPoolExecutor}
    pools["sync"] = lambda jobs: None
    if scheduler not in pools:
        raise InputError(f"{scheduler}: no such scheduler; there are {', '.join(pools)} and tcp://host:port")
    pool = pools[scheduler](jobs)
    try:
        yield compute, jobs, BrokenProcessPool
    except KeyboardInterrupt:  # what is under way need not be waited for
        for worker in (getattr(pool, "_processes", None) or {}).values():
            worker.terminate()
        raise
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Compute, int, type[Exception]]]:
    """The same on a cluster."""
    try:
        from distributed import Client, KilledWorker, as_completed  # an extra that not everybody has
    except ImportError:
        raise InputError(f"{address}: a cluster needs `make cluster`, or `pip install distributed`") from None
    try:
        connected = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{address}: no Dask scheduler answers there ({error}); start one, or mend the address"
        ) from None
    with connected as client:

        def compute(given: list[object], done: Done) -> None:
            for future in as_completed(client.compute(given), loop=client.loop):
                done(future.result())

        yield compute, max(1, sum(client.nthreads().values())), KilledWorker


def _start() -> None:
    """A worker whose parent was killed would wait for work for ever; whether to stop is its parent's to say."""
    gc.freeze()  # to look through what is shared would copy it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # while it starts it has nothing to leave, and an exit would be told
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: parent.join() or os._exit(1), daemon=True).start()  # type: ignore[func-returns-value]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def _unless_stopped(work: Callable[[Part], Result], part: Part) -> Result:
    """What a worker that is told to end has not done is done again; Dask would tell its parent to end, too."""
    try:
        return work(part)
    except SystemExit:
        if parent_process() is None:
            raise
        os._exit(1)
