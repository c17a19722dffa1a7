"""A sweep that is laid out: its points, which of them are missing, who is to do them, how long that will take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.simulation import default_threads
from tenbin.sweeps.crews import Cluster, Crew
from tenbin.sweeps.points import Broken, Points, Task, make_points
from tenbin.sweeps.solving import Batch, estimate_seconds
from tenbin.sweeps.spec import ASKED_FROM, MOST_POINTS, Spec, file_name, read_spec
from tenbin.sweeps.store import Store, need, sweeps_root
from tenbin.units import parse_memory, usable_memory
from tenbin.words import saying

__all__ = ["Estimate", "Plan", "known_keys", "plan_sweep", "refuse_too_many"]

said = saying("sweeps")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is still to be done, and how long that takes, from the first points that were measured.

    seconds : of what is left; None where nothing is to be done, or nothing could be measured. n_todo : the points tried first too. n_tables : distinct event tables among it. memory : bytes of events a worker may hold.
    """

    n_points: int
    n_distinct: int
    n_done: int
    n_failed_before: int
    n_todo: int
    n_tables: int
    n_workers: int
    memory: int
    seconds: float | None


@dataclass
class Plan:
    """A sweep that is laid out: its points, which of them are there already, who is to do the others.

    parts : the files of rows that there were. shared : names of years that several batches use.
    """

    spec: Spec
    points: Points
    keys: list[str]
    store: Store
    todo: list[Task]
    broken: list[Broken]
    n_done: int
    n_failed_before: int
    jobs: int
    scheduler: str | None
    memory: int
    retry_failed: bool = False
    parts: frozenset[str] = frozenset()
    crew: Crew | None = None
    shared: frozenset[str] = frozenset()

    @property
    def n_distinct(self) -> int:
        return len(set(self.keys))

    @property
    def n_workers(self) -> int:
        return self.crew.n if isinstance(self.crew, Cluster) else self.jobs

    def look_again(self) -> None:
        """Leave out what another sweep of this folder has done since it was laid out."""
        if self.store.parts() == self.parts:
            return
        done, failed = known_keys(self.store, set(self.keys))
        known = done if self.retry_failed else done | failed
        self.todo = [task for task in self.todo if task.key not in known]
        self.broken = [one for one in self.broken if one.key not in known]
        self.n_done, self.n_failed_before = self.n_distinct - len(self.todo) - len(self.broken), len(failed)

    def samples(self) -> list[Task]:
        """The first, the middle and the last of what is missing: neighbours are often alike, such as those that no plan meets."""
        at = {0, len(self.todo) // 2, len(self.todo) - 1}
        return [self.todo[number] for number in sorted(at)] if self.todo else []

    @property
    def n_tables(self) -> int:
        """Distinct event tables among what is missing."""
        return len({task.years for task in self.todo})

    def estimate(self, first: Sequence[Row], n_tables: int) -> Estimate:
        """How much there was to do, and how long the rest takes, reckoned from rows of the points tried first."""
        n_left = len(self.todo) + len(self.broken)
        n_todo = n_left + len(first)
        seconds: float | None = None
        if n_todo and first:
            drawing, solving = estimate_seconds(first)
            seconds = (drawing * self.n_tables + solving * n_left) / self.n_workers
        counts = (len(self.keys), self.n_distinct, self.n_done, self.n_failed_before, n_todo, n_tables)
        return Estimate(*counts, self.n_workers, self.memory, seconds)

    def batch(self, number: int, tasks: Sequence[Task], threads: int = 1) -> Batch:
        """Points as a worker takes them."""
        bases = {task.base: self.points.of_base(task.base) for task in tasks}
        how = (self.spec.options, self.points.prices_on, self.memory, threads)
        shared = frozenset(task.years for task in tasks) & self.shared
        return Batch(number, tuple(tasks), bases, *how, str(self.store.events.resolve()) if shared else "", shared)

    def close(self) -> None:
        """Let the workers go."""
        if self.crew is not None:
            self.crew.close()


def plan_sweep(
    spec: Spec | str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    memory: str | int | None = None,
    retry_failed: bool = False,
) -> Plan:
    """Read a sweep, lay out its points and find those that are missing; nothing is written. Options as in ``sweep``."""
    need("pyarrow", *(["distributed"] if scheduler else ["joblib"] if jobs != 1 else []))
    read = spec if isinstance(spec, Spec) else read_spec(spec)
    problems = []
    refuse_too_many(read, yes=True)
    if jobs is not None and jobs < 1:
        problems.append(Problem("--jobs", 0, "", said("must_whole", n=1), str(jobs), said("do_number")))
    bound = 0
    try:
        bound = parse_memory(memory) if memory is not None else 0
    except ValueError:
        problems.append(Problem("--memory", 0, "", said("must_memory"), str(memory), said("do_memory")))
    root = sweeps_root(out)
    if problems:
        raise InputError(problems)
    store = Store(root / file_name(read.name))
    points = make_points(read, _prices_on(store))
    asked = [points.task(number) for number in range(len(points))]
    keys = [task.key for task in asked]
    parts = store.parts()
    done, failed = known_keys(store, set(keys))
    skip = done if retry_failed else done | failed
    missing = {task.key: task for task in asked if task.key not in skip}
    todo = [task for task in missing.values() if isinstance(task, Task)]
    todo.sort(key=lambda task: (task.years, task.content))
    n_jobs = min(jobs or (default_threads() if len(todo) > 2 else 1), max(len(todo), 1))
    crew = Cluster.at(scheduler) if scheduler else None
    share = bound or usable_memory() // (n_jobs if crew is None else 1)
    return Plan(
        spec=read,
        points=points,
        keys=keys,
        store=store,
        todo=todo,
        broken=[task for task in missing.values() if isinstance(task, Broken)],
        n_done=len(skip),
        n_failed_before=len(failed),
        jobs=n_jobs,
        scheduler=scheduler,
        memory=share,
        retry_failed=retry_failed,
        parts=parts,
        crew=crew,
    )


def refuse_too_many(spec: Spec, yes: bool) -> None:
    """``InputError`` for so many points that somebody has to want them, unless somebody does; and for more than a folder takes."""
    n, problems = spec.n_points, []
    if n > MOST_POINTS:
        problems.append(Problem(spec.source, 0, "axes", said("must_points_at_most", n=MOST_POINTS), f"{n:,}", said("do_fewer")))
    elif n >= ASKED_FROM and not yes:
        problems.append(Problem(spec.source, 0, "axes", said("must_wanted", n=ASKED_FROM), f"{n:,}", said("do_yes")))
    if problems:
        raise InputError(problems)


def known_keys(store: Store, keys: set[str]) -> tuple[set[str], set[str]]:
    """Which of these keys have an answer, and which an error."""
    if not store.path.is_dir():
        return set(), set()
    rows, _ = store.read_rows(("key", "status"))
    found = [
        (key, status) for key, status in zip(rows["key"].to_pylist(), rows["status"].to_pylist(), strict=True) if key in keys
    ]
    failed = {key for key, status in found if status == "error"}
    return {key for key, _ in found} - failed, failed


def _prices_on(store: Store) -> date:
    """The day that subsidies are judged on: the sweep's first, also when it goes on later."""
    try:
        manifest = json.loads((store.path / "manifest.json").read_text(encoding="utf-8"))
        return date.fromisoformat(manifest["prices_on"])
    except (OSError, ValueError, KeyError, TypeError):
        return date.today()
