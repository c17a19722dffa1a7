"""From a case to an event table, ready for any plan."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.model import Case, default_worlds
from tenbin.simulation import EventTable, same_years, simulate_case
from tenbin.units import format_memory, installed_memory, parse_memory
from tenbin.words import saying

__all__ = ["Progress", "as_events", "simulate", "simulate_again"]

said = saying("problems")

Progress = Callable[[str, float, float, dict[str, float]], None]


def simulate(
    case: Case,
    n_trials: int | None = None,
    seed: int | None = None,
    *,
    n_worlds: int | None = None,
    n_threads: int | None = None,
    memory: str | int | None = None,
    precision: str | float | None = None,
    metric: str = "tvar95",
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> EventTable:
    """Draw the inherent years of a case in worlds of its uncertain parameters.

    Parameters
    ----------
    n_trials, seed, n_worlds : in place of the case's own; one world: that of the likely values.
    n_threads : the numbers do not depend on it.
    memory : what the events may take, in bytes or as ``"4G"``; half of what the machine has free unless given. Events beyond are
        drawn again whenever they are needed: slower, and the same numbers.
    precision, metric : years are added until the metric's standard error, by the years and under today's plan, is at most that share of
        it (``"1%"``), as far as memory and 20 million years allow; what was reached is in ``events.memo["precision"]``.
    on_progress : called with (stage, done, total, detail).
    stop : set it to end the drawing.

    Raises
    ------
    InputError : for a number of years below 1, a negative seed, a precision or a metric that is none.
    SimulationError : when the years do not fit into memory, or the drawing was stopped.
    """
    if precision is not None:
        from tenbin.studies.precision import simulate_precisely  # it simulates itself

        return simulate_precisely(
            case, precision, metric, n_trials=n_trials, seed=seed, n_worlds=n_worlds, n_threads=n_threads, memory=memory,
            on_progress=on_progress, stop=stop,
        )[0]  # fmt: skip
    years = case.study.n_trials if n_trials is None else n_trials
    start = case.study.seed if seed is None else seed
    problems: list[Problem] = []
    if not 1 <= years <= 100_000_000:
        problems.append(Problem("--trials", 0, "", said("must_years"), str(years), said("do_usual", n=100000)))
    if start < 0:
        problems.append(Problem("--seed", 0, "", said("must_from", n=0), str(start), said("do_seed")))
    worlds = _worlds(case, max(years, 1)) if n_worlds is None else n_worlds
    if worlds < 1 or (n_worlds is not None and n_worlds > years):
        problems.append(Problem("--worlds", 0, "", said("must_worlds_asked", n=years), str(n_worlds), said("do_usual", n=64)))
    bound = None if memory is None else _bound(memory, problems)
    if problems:
        raise InputError(problems)

    def say(done: int, total: int) -> None:
        if on_progress:
            on_progress("simulate", done, total, {})

    return simulate_case(
        case,
        years,
        start,
        n_threads=n_threads,
        on_progress=say,
        is_stopped=stop.is_set if stop else lambda: False,
        n_worlds=worlds,
        memory=bound,
    )


def simulate_again(case: Case, events: EventTable | None, **options: Any) -> EventTable:
    """The years of a case, those of an earlier table where the case differs from its own in nothing that they depend on.

    The table, then, keeps what was learned of its years; options as in ``simulate``.
    """
    if events is not None:
        count = _worlds(case, case.study.n_trials)
        found = same_years(events, replace(case, study=replace(case.study, n_worlds=min(count, case.study.n_trials))))
        if found is not None:
            return found
    return simulate(case, **options)


def _bound(memory: str | int, problems: list[Problem]) -> int | None:
    """Bytes that events may take; what is wrong with it joins the problems."""
    try:
        bound = parse_memory(memory)
    except ValueError:
        problems.append(Problem("--memory", 0, "", said("must_memory"), str(memory), said("do_memory")))
        return None
    if bound > installed_memory():
        rule = said("must_memory_at_most", have=format_memory(installed_memory()))
        problems.append(Problem("--memory", 0, "", rule, str(memory), said("do_memory_less")))
    return bound


def _worlds(case: Case, n_trials: int) -> int:
    """As many worlds as the case says; where it says none, what suits so many years."""
    study = case.study
    return study.n_worlds if study.worlds_given or study.n_worlds == 1 else default_worlds(n_trials)


def as_events(source: EventTable | Case, **options: object) -> EventTable:
    """The event table itself, or that of a case, drawn now."""
    return source if isinstance(source, EventTable) else simulate(source, **options)  # type: ignore[arg-type]
