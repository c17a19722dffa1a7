"""One call for thousands of questions: lay out the points, do those that are missing, keep every row as soon as it is there."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
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
from tenbin.sweeps.crews import Processes
from tenbin.sweeps.keeping import keep_cases, pairs_of
from tenbin.sweeps.planning import Plan, known_keys, plan_sweep, refuse_too_many
from tenbin.sweeps.points import ENGINE
from tenbin.sweeps.rows import failed_row
from tenbin.sweeps.solving import Batch, estimate_seconds, events_name, forget, solve
from tenbin.sweeps.spec import read_spec
from tenbin.sweeps.store import points_table
from tenbin.sweeps.writing import resolved_text
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sweep", "run_sweep", "sweep"]

said = saying("sweeps")

BATCH_SECONDS = 5.0
"""A batch is to take about so long: what a worker that dies takes along, and how often rows come back."""

LARGEST_BATCH = 200
FLUSH_ROWS = 2_000
FLUSH_SECONDS = 3.0
"""Rows are written when there are so many, or after so long (``TENBIN_SWEEP_FLUSH``)."""

TRIES = 2
"""A point whose worker died so often, while it solved this point alone, is a failing one."""

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
    on_progress : called with ("sweep", done, total, detail).
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
    stop, began = stop or threading.Event(), time.perf_counter()
    with plan.store.held(wait, stop.is_set):
        if wait:  # the other sweep may have done some of it
            done, failed = known_keys(plan.store, set(plan.keys))
            plan.todo = [task for task in plan.todo if task.key not in done | failed]
        plan.store.tidy()
        axes = [(axis.name, plan.points.labels(n)) for n, axis in enumerate(plan.points.axes)]
        plan.store.write_plan(
            _manifest(plan, keep_cases(plan.store, plan.points)),
            resolved_text(plan.spec, plan.points.prices_on),
            points_table(axes, plan.keys),
        )
        keeper = _Keeper(plan, on_progress)
        try:
            keeper.add(plan.first)
            keeper.add(failed_row(one.key, one.error, ENGINE) for one in plan.broken)
            if plan.crew is None and plan.jobs == 1:
                _here(plan, keeper, stop)
            else:
                _by_crew(plan, keeper, stop)
        finally:
            keeper.flush()
            forget()
        n_failed = len(known_keys(plan.store, set(plan.keys))[1])
    return Sweep(
        path=plan.store.path,
        name=plan.spec.name,
        n_points=len(plan.keys),
        n_distinct=plan.n_distinct,
        n_done=plan.n_done,
        n_solved=keeper.n,
        n_failed=n_failed,
        seconds=time.perf_counter() - began,
        is_interrupted=stop.is_set(),
    )


@dataclass
class _Keeper:
    """Collects rows and writes them every few seconds; says how far the sweep is."""

    plan: Plan
    on_progress: Progress | None
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
        if self.on_progress is not None:
            self.on_progress("sweep", self.plan.n_done + self.n, self.plan.n_distinct, {})

    def flush(self) -> None:
        rows, self.rows = self.rows, []
        self.written = time.monotonic()
        self.plan.store.write_part(rows)


def _here(plan: Plan, keeper: _Keeper, stop: threading.Event) -> None:
    for row in solve(plan.batch(0, plan.todo, threads=default_threads()), stop):
        keeper.add([row])


def _by_crew(plan: Plan, keeper: _Keeper, stop: threading.Event) -> None:
    """Hand out batches as workers have room; what a worker that died had is asked again, point by point."""
    waiting = deque(_batches(plan))
    number, out, tries = len(waiting), 0, dict[str, int]()
    if not waiting:
        return
    crew = plan.crew or Processes(min(plan.jobs, len(waiting)))
    left = Counter(years for batch in waiting for years in batch.shared)
    try:
        while (waiting or out) and not stop.is_set():
            while waiting and crew.has_room():
                crew.take(waiting.popleft())
                out += 1
            for done in crew.collect(0.2):
                out -= 1
                if done.rows:
                    keeper.add(done.rows)
                for task in done.batch.tasks if done.error is not None else ():
                    tries[task.key] = tries.get(task.key, 0) + (len(done.batch.tasks) == 1)
                    if tries[task.key] >= TRIES:
                        keeper.add([failed_row(task.key, _died(done.error), ENGINE)])
                    else:
                        number += 1
                        waiting.appendleft(plan.batch(number, [task]))
                        left.update(waiting[0].shared)
                _let_go(plan, left, done.batch)
    finally:
        crew.close(at_once=stop.is_set())
        shutil.rmtree(plan.store.events, ignore_errors=True)


def _let_go(plan: Plan, left: Counter[str], batch: Batch) -> None:
    """Take away the shared events that no other batch uses (where a system forbids it while they are mapped: at the end)."""
    left.subtract(batch.shared)
    for years in batch.shared:
        if left[years] <= 0:
            shutil.rmtree(plan.store.events / events_name(years), ignore_errors=True)


def _died(error: BaseException | None) -> TenbinError:
    return TenbinError(said("worker_died", kind=type(error).__name__, n=TRIES))


def _batches(plan: Plan) -> list[Batch]:
    """Points in their order, so that those that share years stand together, in pieces of a few seconds."""
    drawing, solving = estimate_seconds(plan.first)
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
