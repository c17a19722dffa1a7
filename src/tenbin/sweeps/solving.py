"""What a worker does: a batch of points → their rows. It keeps the cases and the years that it used last, within a bound."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from tenbin.model import Case, default_worlds
from tenbin.optimisation import Pool
from tenbin.simulation import EventTable, same_years
from tenbin.studies import evaluate, optimise
from tenbin.studies.simulating import simulate
from tenbin.sweeps.bases import Base, digest
from tenbin.sweeps.mapping import is_mapped, map_events, write_events
from tenbin.sweeps.points import ENGINE, Task
from tenbin.sweeps.rows import failed_row, row_of

__all__ = ["Batch", "Desk", "ask", "events_name", "one_thread", "solve_batch"]

Row = dict[str, Any]

FEW_CASES = 32
"""So many cases are kept, about 0.5 MB each."""

FEW_TABLES = 8
"""So many event tables are kept, within the bound of memory: points come ordered by them."""

TAUGHT_BYTES = 128 * 2**20
"""Cuts of one table's years: beyond so many bytes they are forgotten and learned again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Points with the cases that they are made of, all that a worker has to be told.

    memory : bytes that a worker's events may take. n_threads : of each worker. shared : names of the years whose events several
    batches use, and the folder where the workers of one machine share them ("" on a cluster).
    """

    number: int
    tasks: tuple[Task, ...]
    bases: Mapping[str, Base]
    options: Mapping[str, Any]
    prices_on: date
    memory: int
    n_threads: int = 1
    folder: str = ""
    shared: frozenset[str] = frozenset()


@dataclass
class Desk:
    """What a worker has at hand: the cases and the event tables that it used last."""

    memory: int
    n_threads: int
    cases: OrderedDict[str, Case] = field(default_factory=OrderedDict)
    tables: OrderedDict[str, EventTable] = field(default_factory=OrderedDict)
    is_ready: bool = False

    def get_ready(self, case: Case) -> None:
        """Have the kernels loaded before the first point, whose seconds are to say what such points take."""
        if not self.is_ready:
            self.is_ready = True
            evaluate(simulate(case, n_trials=10, n_worlds=1, n_threads=1), {})

    def case(self, task: Task, base: Base, prices_on: date) -> Case:
        """The case of a point, with the seed and the years that are asked for."""
        name = f"{task.content}/{prices_on}"
        if name not in self.cases:
            self.cases[name] = base.changed(task.changes).case(prices_on if base.has_dates else None)
            while len(self.cases) > FEW_CASES:
                self.cases.popitem(last=False)
        self.cases.move_to_end(name)
        case = self.cases[name]
        usual = default_worlds(task.n_trials) if case.study.n_worlds > 1 else 1
        given = case.study.worlds_given or task.n_worlds != usual
        study = replace(case.study, n_trials=task.n_trials, seed=task.seed, n_worlds=task.n_worlds, worlds_given=given)
        return replace(case, study=study)

    def events(self, task: Task, case: Case, folder: Path | None, stop: threading.Event | None = None) -> EventTable:
        """The years of a case: those at hand where they are the same, what was learned of them too; else those of the folder."""
        kept = self.tables.pop(task.years, None)
        if kept is not None and _taught(kept) > TAUGHT_BYTES:
            kept = replace(kept, memo=type(kept.memo)(mapped=is_mapped(kept)))
        if kept is not None and kept.case.effects == case.effects:
            found = replace(kept, case=replace(case, study=replace(case.study, n_worlds=kept.n_worlds)))
        else:
            found = self._again(case, kept) or self._new(task, case, folder, stop)
        self.tables[task.years] = found
        return found

    def _again(self, case: Case, kept: EventTable | None) -> EventTable | None:
        """The years at hand, for a case with other effects."""
        if kept is None:
            return None
        found = same_years(kept, replace(case, study=replace(case.study, n_worlds=kept.n_worlds)))
        if found is not None:
            found.memo["mapped"] = is_mapped(kept)
        return found

    def _new(self, task: Task, case: Case, folder: Path | None, stop: threading.Event | None) -> EventTable:
        """Years that are not at hand: mapped where somebody drew them, else drawn, and written for the others."""
        mapped = map_events(case, folder, self.n_threads, self.memory) if folder is not None else None
        if mapped is not None:
            return mapped
        self._make_room(task)
        drawn = simulate(case, n_threads=self.n_threads, memory=self.memory, stop=stop)
        if folder is not None and write_events(drawn, folder):
            return map_events(case, folder, self.n_threads, self.memory) or drawn
        return drawn

    def _make_room(self, task: Task) -> None:
        """Forget the tables used longest ago, so that a new one and those at hand take the bound together at most."""
        expected = max((_held(table) / table.n_trials for table in self.tables.values()), default=0.0) * task.n_trials
        while self.tables and (
            len(self.tables) >= FEW_TABLES or sum(map(_held, self.tables.values())) + expected > self.memory
        ):
            self.tables.popitem(last=False)


_desks: dict[tuple[int, int], Desk] = {}
"""The one desk of a worker's process, by its bound and threads."""


def desk(memory: int, n_threads: int) -> Desk:
    """The desk of the process that asks."""
    if (memory, n_threads) not in _desks:
        _desks.clear()
        _desks[memory, n_threads] = Desk(memory, n_threads)
    return _desks[memory, n_threads]


def forget() -> None:
    """Let go of what this process has at hand."""
    _desks.clear()


def solve_batch(batch: Batch) -> list[Row]:
    """The rows of a batch; what goes wrong with a point is a row too."""
    one_thread(batch.n_threads)
    return list(solve(batch))


def solve(batch: Batch, stop: threading.Event | None = None) -> Iterator[Row]:
    """The same one by one; ends when ``stop`` is set, without the point that was being solved."""
    at = desk(batch.memory, batch.n_threads)
    for task in batch.tasks:
        if stop is not None and stop.is_set():
            return
        row = ask(task, batch, at, stop)
        if stop is not None and stop.is_set():
            return
        yield row


def ask(task: Task, batch: Batch, at: Desk, stop: threading.Event | None = None) -> Row:
    """The row of one point."""
    began = time.perf_counter()
    try:
        case = at.case(task, batch.bases[task.base], batch.prices_on)
        read = time.perf_counter() - began
        at.get_ready(case)
        began = time.perf_counter() - read
        folder = Path(batch.folder) / events_name(task.years) if batch.folder and task.years in batch.shared else None
        events = at.events(task, case, folder, stop)
        drawn = time.perf_counter() - began - read
        result = optimise(events, stop=stop, **{**batch.options, **_question(task.asked)})
        spent = time.perf_counter() - began
        validating = result.seconds.get("validate", 0.0)
        solving = {"seconds_optimise": spent - read - drawn - validating, "seconds_validate": validating}
        seconds = {"seconds_case": read, "seconds_simulate": drawn, **solving, "seconds": spent}
        return row_of(task.key, result, seconds, events.n_events, ENGINE)
    except Exception as error:  # whatever goes wrong with a point is its row
        return failed_row(task.key, error, ENGINE, time.perf_counter() - began)


def _question(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A point's question as ``optimise`` takes it."""
    names = {"target": "targets", "max-days": "max_days"}
    return {names.get(name, name): value for name, value in asked.items()}


def one_thread(n_threads: int) -> None:
    """Let this process work on so many threads, and leave Ctrl-C to the one that started it."""
    import signal

    os.environ["TENBIN_THREADS"] = str(n_threads)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def events_name(years: str) -> str:
    """What the folder of shared events is called."""
    return digest(years)[:32]


def _held(events: EventTable) -> int:
    """Bytes of a table's events that this process holds."""
    return 0 if is_mapped(events) else events.n_bytes


def _taught(events: EventTable) -> int:
    """Bytes of the cuts that a table's years have taught."""
    shared: Any = events.memo.get("shared", (None, None, None))[2]
    if shared is None:
        return 0
    pool: Pool = shared.pool
    return sum(cut.slope.nbytes for cuts in pool.tangents.values() for cut in cuts) + sum(
        slope.nbytes for taught in pool.taught.values() for slope in taught.slopes.values()
    )


def estimate_seconds(rows: Sequence[Row]) -> tuple[float, float]:
    """Seconds of drawing and of solving a point, from rows that were solved."""
    fine = [row for row in rows if row["status"] != "error"]
    if not fine:
        return 0.0, max((row["seconds"] for row in rows), default=0.0)
    drawing = max(row["seconds_simulate"] for row in fine)
    return drawing, sum(row["seconds"] - row["seconds_simulate"] for row in fine) / len(fine)
