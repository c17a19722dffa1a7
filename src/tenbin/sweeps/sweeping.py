"""One call for thousands of questions: lay out the points, do those that are missing, keep every row as soon as it is there."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tenbin
from tenbin.errors import TenbinError
from tenbin.simulation import default_threads
from tenbin.storage.manifest import environment
from tenbin.studies.simulating import Progress
from tenbin.sweeps.crews import Crew, Processes
from tenbin.sweeps.keeping import keep_cases, pairs_of
from tenbin.sweeps.planning import Estimate, Plan, known_keys, plan_sweep, refuse_too_many
from tenbin.sweeps.points import ENGINE, Task
from tenbin.sweeps.rows import failed_row
from tenbin.sweeps.solving import Batch, estimate_seconds, events_name, forget, solve
from tenbin.sweeps.spec import read_spec
from tenbin.sweeps.store import points_table
from tenbin.sweeps.writing import resolved_text
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DESERTED", "Running", "Sweep", "holding", "run_sweep", "sweep"]

said = saying("sweeps")

BATCH_SECONDS = 5.0
"""A batch is to take about so long: what a worker that dies takes along, and how often rows come back."""

LARGEST_BATCH = 200
FLUSH_ROWS = 2_000
FLUSH_SECONDS = 3.0
"""Rows are written when there are so many, or after so long (``TENBIN_SWEEP_FLUSH``)."""

TRIES = 2
"""A point whose worker died so often, while it solved this point alone, is a failing one."""

FEW = 8
"""Fewer points than this are reckoned from one."""

MEASURED_SECONDS = 4.0
"""After so long no further point is measured."""

DESERTED = "deserted"
"""The stage that is told while a cluster has no worker."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Sweep:
    """A sweep that ran: where it is kept, and how many points were there, were done, went wrong.

    n_distinct : points that differ in content. n_done : found finished. n_solved : done now. n_failed : rows of all that are errors.
    """

    path: Path
    name: str
    n_points: int
    n_distinct: int
    n_done: int
    n_solved: int
    n_failed: int
    seconds: float
    is_interrupted: bool = False

    @property
    def n_missing(self) -> int:
        return self.n_distinct - self.n_done - self.n_solved

    def to_frame(self) -> pd.DataFrame:
        """One row a point; see ``tenbin.read_sweep``."""
        from tenbin.sweeps.reading import read_sweep

        return read_sweep(self.path)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``sweep --json``."""
        return {
            "schema": 1,
            "version": tenbin.__version__,
            "status": "interrupted" if self.is_interrupted else "done",
            "sweep": self.name,
            "path": str(self.path),
            "points": self.n_points,
            "distinct": self.n_distinct,
            "done_before": self.n_done,
            "solved": self.n_solved,
            "failed": self.n_failed,
            "missing": self.n_missing,
            "seconds": self.seconds,
        }


def sweep(
    spec: str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    memory: str | int | None = None,
    retry_failed: bool = False,
    wait: bool = False,
    yes: bool = False,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Sweep:
    """Ask every point of a sweep that has no answer yet; each is kept as soon as it is there.

    Parameters
    ----------
    spec : a TOML file, or the same as a mapping (there ``case`` may hold cases and mappings of DataFrames too).
    out : the results' folder; the sweep stands in ``sweeps/NAME`` below it.
    jobs : worker processes of this machine, one thread each; 1 works in this process. The cores unless given; this process alone
        for a handful of points.
    scheduler : address of a Dask scheduler whose workers have tenbin installed, ``tcp://…`` (loopback) or ``tls://…``.
    memory : what the events of one worker may take, such as ``"2G"``.
    retry_failed : ask points that went wrong again.
    wait : wait for another sweep that holds the folder.
    yes : go on with 100,000 points and more.
    on_progress : called with ("sweep", done, total, detail), and with "deserted" in its place while a cluster has no worker.
    stop : set it to end; what is finished is kept.

    Raises
    ------
    InputError : for a spec, a scheduler or a folder that cannot be used; then nothing is written.
    StorageError : when the disk refuses; what was finished before stays.
    """
    read = read_spec(spec)
    refuse_too_many(read, yes)
    plan = plan_sweep(read, out=out, jobs=jobs, scheduler=scheduler, memory=memory, retry_failed=retry_failed)
    try:
        return run_sweep(plan, wait=wait, on_progress=on_progress, stop=stop)
    finally:
        plan.close()


def run_sweep(
    plan: Plan, *, wait: bool = False, on_progress: Progress | None = None, stop: threading.Event | None = None
) -> Sweep:
    """Do what a plan says; options and errors as in ``sweep``."""
    stop = stop or threading.Event()
    with holding(plan, wait, stop) as running:
        return running.go(on_progress, stop)


@contextmanager
def holding(plan: Plan, wait: bool = False, stop: threading.Event | None = None) -> Iterator[Running]:
    """Hold a sweep's folder: its points may be measured, and done. Errors as in ``sweep``."""
    with plan.store.held(wait, stop.is_set if stop is not None else lambda: False):
        plan.look_again()
        plan.store.tidy()
        axes = [(axis.name, plan.points.labels(n)) for n, axis in enumerate(plan.points.axes)]
        plan.store.write_plan(
            _manifest(plan, keep_cases(plan.store, plan.points)),
            resolved_text(plan.spec, plan.points.prices_on),
            points_table(axes, plan.keys),
        )
        running = Running(plan)
        try:
            yield running
        finally:
            running.close()


class Running:
    """A sweep whose folder is held. What it solves is kept at once, also what is only solved to see how long it takes."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.keeper, self.began = plan, _Keeper(plan), time.perf_counter()
        alone = plan.crew is None and plan.jobs == 1
        self.crew = None if alone else plan.crew or Processes(max(1, min(plan.jobs, len(plan.todo))))
        self.first: list[Row] = []
        self.tries = Counter[str]()
        self._at_once = False

    def measure(self, stop: threading.Event) -> Estimate:
        """Solve a few of the missing points, by whom the others are to be solved too, and reckon from them."""
        n_todo, n_tables, began = len(self.plan.todo), self.plan.n_tables, time.perf_counter()
        for task in self.plan.samples():
            is_enough = n_todo < FEW or time.perf_counter() - began > MEASURED_SECONDS
            if stop.is_set() or (is_enough and any(row["status"] != "error" for row in self.first)):
                break
            rows = self._alone(task, stop)
            if rows:
                self.plan.todo.remove(task)
                self.first += rows
                self.keeper.add(rows)
                self.keeper.flush()
        return self.plan.estimate(self.first, n_tables)

    def _alone(self, task: Task, stop: threading.Event) -> list[Row]:
        """The row of one point; none where its worker died, or when it was stopped."""
        if self.crew is None:
            return list(solve(self.plan.batch(0, [task], threads=default_threads()), stop))
        self.crew.take(self.plan.batch(0, [task]))
        while not stop.is_set():
            for done in self.crew.collect(0.2):
                self.tries[task.key] += done.error is not None
                return done.rows
        self._at_once = True
        return []

    def go(self, on_progress: Progress | None, stop: threading.Event) -> Sweep:
        """Do all that is missing."""
        plan, keeper = self.plan, self.keeper
        keeper.on_progress = on_progress
        try:
            keeper.add(failed_row(one.key, one.error, ENGINE) for one in plan.broken)
            if self.crew is None:
                for row in solve(plan.batch(0, plan.todo, threads=default_threads()), stop):
                    keeper.add([row])
            else:
                self._hand_out(self.crew, stop)
        finally:
            self._at_once = self._at_once or stop.is_set()
            keeper.flush()
        return Sweep(
            path=plan.store.path,
            name=plan.spec.name,
            n_points=len(plan.keys),
            n_distinct=plan.n_distinct,
            n_done=plan.n_done,
            n_solved=keeper.n,
            n_failed=len(known_keys(plan.store, set(plan.keys))[1]),
            seconds=time.perf_counter() - self.began,
            is_interrupted=stop.is_set(),
        )

    def _hand_out(self, crew: Crew, stop: threading.Event) -> None:
        """Hand out batches as workers have room; what a worker that died had is asked again, point by point."""
        plan, keeper = self.plan, self.keeper
        waiting = deque(_batches(plan, self.first))
        number, out = len(waiting), 0
        left = Counter(years for batch in waiting for years in batch.shared)
        while (waiting or out) and not stop.is_set():
            while waiting and crew.has_room():
                crew.take(waiting.popleft())
                out += 1
            for done in crew.collect(0.2):
                out -= 1
                if done.rows:
                    keeper.add(done.rows)
                for task in done.batch.tasks if done.error is not None else ():
                    self.tries[task.key] += len(done.batch.tasks) == 1
                    if self.tries[task.key] >= TRIES:
                        keeper.add([failed_row(task.key, _died(done.error), ENGINE)])
                    else:
                        number += 1
                        waiting.appendleft(plan.batch(number, [task]))
                        left.update(waiting[0].shared)
                _let_go(plan, left, done.batch)
            if crew.is_deserted():
                keeper.tell(DESERTED)

    def close(self) -> None:
        """Let go of the workers and of what they shared."""
        if self.crew is not None:
            self.crew.close(at_once=self._at_once)
        shutil.rmtree(self.plan.store.events, ignore_errors=True)
        forget()


@dataclass
class _Keeper:
    """Collects rows and writes them every few seconds; says how far the sweep is."""

    plan: Plan
    on_progress: Progress | None = None
    n: int = 0
    rows: list[Row] = field(default_factory=list)
    written: float = field(default_factory=time.monotonic)
    seconds: float = field(default_factory=lambda: float(os.environ.get("TENBIN_SWEEP_FLUSH") or FLUSH_SECONDS))

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.rows.append(row)
            self.n += 1
        if len(self.rows) >= FLUSH_ROWS or time.monotonic() - self.written > self.seconds:
            self.flush()
        self.tell("sweep")

    def tell(self, stage: str) -> None:
        """Say how far it is."""
        if self.on_progress is not None:
            self.on_progress(stage, self.plan.n_done + self.n, self.plan.n_distinct, {})

    def flush(self) -> None:
        rows, self.rows = self.rows, []
        self.written = time.monotonic()
        self.plan.store.write_part(rows)


def _let_go(plan: Plan, left: Counter[str], batch: Batch) -> None:
    """Take away the shared events that no other batch uses (where a system forbids it while they are mapped: at the end)."""
    left.subtract(batch.shared)
    for years in batch.shared:
        if left[years] <= 0:
            shutil.rmtree(plan.store.events / events_name(years), ignore_errors=True)


def _died(error: BaseException | None) -> TenbinError:
    return TenbinError(said("worker_died", kind=type(error).__name__, n=TRIES))


def _batches(plan: Plan, first: Sequence[Row]) -> list[Batch]:
    """Points in their order, so that those that share years stand together, in pieces of a few seconds."""
    drawing, solving = estimate_seconds(first)
    n_tables = len({task.years for task in plan.todo})
    each = solving + drawing * n_tables / max(len(plan.todo), 1)
    size = min(LARGEST_BATCH, max(1, int(BATCH_SECONDS / max(each, 1e-6))), max(1, ceil(len(plan.todo) / (4 * plan.n_workers))))
    pieces = [plan.todo[start : start + size] for start in range(0, len(plan.todo), size)]
    if isinstance(plan.crew, Processes) or plan.crew is None:  # workers of a cluster may have no disk in common
        uses = Counter(years for piece in pieces for years in {task.years for task in piece})
        plan.shared = frozenset(years for years, n in uses.items() if n > 1)
    return [plan.batch(n, piece) for n, piece in enumerate(pieces, start=1)]


def _manifest(plan: Plan, cases: dict[str, str]) -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "sweep",
        "version": tenbin.__version__,
        "engine": ENGINE,
        "sweep": plan.spec.name,
        "started": datetime.now().astimezone().isoformat(timespec="seconds"),
        "points": len(plan.keys),
        "distinct": plan.n_distinct,
        "axes": [axis.name for axis in plan.points.axes],
        "method": plan.spec.method,
        "workers": plan.scheduler or plan.jobs,
        "memory_of_a_worker": plan.memory,
        "cases": cases,
        "pairs": pairs_of(plan.points),
        "prices_on": plan.points.prices_on.isoformat(),
        **environment(),
    }
