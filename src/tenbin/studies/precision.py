"""Years added until a metric is as precise as asked."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tenbin.errors import InputError, Problem, SimulationError
from tenbin.inputs import parse_plan
from tenbin.model import Case, Metric, current_plan
from tenbin.simulation import EventTable
from tenbin.studies.evaluating import evaluate
from tenbin.studies.scopes import metric_quantity
from tenbin.studies.simulating import Progress, simulate
from tenbin.units import parse_share
from tenbin.words import Said, saying

__all__ = ["Precise", "parse_precision", "simulate_precisely"]

said = saying("problems")

FINEST, COARSEST = 1e-4, 0.5
MOST_YEARS = 20_000_000
MOST_GROWTH = 8.0
"""Times the years of the round before, at most: a first estimate of the error may itself be rough."""
SPARE = 1.1
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Precise:
    """Years that were drawn for a precision.

    metric : of the plan looked at. asked : the standard error of the years as a share of the metric. reached : what it is now; None where
    the metric is 0 and has no share. met : whether it is as fine as asked. stopped : what kept more years from being drawn: ``years``
    (more than are allowed), ``memory``, ``user``, ``zero`` (the metric is 0), ``atom`` (many years lose just this amount, so that its
    error has no share); "" when nothing did.
    """

    metric: str
    asked: float
    reached: float | None
    n_trials: int
    stopped: str = ""

    @property
    def met(self) -> bool:
        return self.reached is not None and self.reached <= self.asked

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "metric": self.metric,
            "asked": self.asked,
            "reached": self.reached,
            "met": self.met,
            "n_trials": self.n_trials,
            "stopped": self.stopped,
        }


def parse_precision(text: str | float) -> float:
    """A precision like ``1%`` or ``0.01``.

    Raises
    ------
    InputError : for anything but a share from 0.01 % to 50 %.
    """
    try:
        share = parse_share(str(text))
    except ValueError:
        share = math.nan
    if not FINEST <= share <= COARSEST:
        raise InputError([Problem("--precision", 0, "", said("must_precision"), str(text), said("do_precision"))])
    return share


def simulate_precisely(
    case: Case,
    precision: str | float,
    metric: str = "tvar95",
    plan: str | dict[str, str] | None = None,
    *,
    n_trials: int | None = None,
    most: int = MOST_YEARS,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    **how: Any,
) -> tuple[EventTable, Precise]:
    """Draw as many years as a metric needs for its standard error to be at most a share of it; what was reached is kept in their memo.

    Drawn are the years asked for, then as many as that sample says are needed (its error falls with the root of the years), until it is
    so. A longer sample begins with the blocks of the shorter one as far as these are full: 10,000 years of one world.

    The error is that of the years. That of the worlds falls with their number alone.

    Parameters
    ----------
    precision : such as ``"1%"``.
    metric : as at the left of a target; the expected loss (``aal``) is in closed form and needs no more years than asked for.
    plan : under which it is looked at: today's unless given.
    n_trials : the least number of years; the case's own unless given. most : the most.
    how : the other options of ``simulate``.

    Raises
    ------
    InputError : for a precision, a metric or a plan that is none.
    SimulationError : when not even the least number of years can be drawn.
    """
    asked = Precise(metric, parse_precision(precision), None, 0)
    quantity = metric_quantity(case, metric)
    chosen = current_plan(case) if plan is None else parse_plan(plan, case)

    def draw(years: int | None, **more: Any) -> EventTable:
        return simulate(case, years, on_progress=on_progress, stop=stop, **{**how, **more})

    events, found = _add_years(draw, asked, None if quantity.metric is Metric.AAL else chosen, n_trials, most, stop)
    events.memo["precision"] = found
    return events, found


def _add_years(
    draw: Callable[..., EventTable],
    asked: Precise,
    plan: dict[str, str] | None,
    n_trials: int | None,
    most: int,
    stop: threading.Event | None,
) -> tuple[EventTable, Precise]:
    """Draw more and more years until the metric is as precise as asked, or cannot be; ``plan`` None: it is exact."""
    events = draw(n_trials)
    for _ in range(ROUNDS):
        reached = 0.0 if plan is None else _error(events, plan, asked.metric)
        found = replace(asked, reached=reached, n_trials=events.n_trials)
        if reached is None:
            return events, replace(found, stopped="zero")
        if math.isnan(reached):
            return events, replace(found, reached=None, stopped="atom")
        if found.met:
            return events, found
        if events.n_trials >= most:
            break
        grown = events.n_trials * min(MOST_GROWTH, SPARE * (reached / asked.asked) ** 2)
        years = min(most, math.ceil(grown / 10_000) * 10_000)
        try:
            events = draw(years, n_worlds=events.n_worlds)
        except (SimulationError, MemoryError):
            return events, replace(found, stopped="user" if stop is not None and stop.is_set() else "memory")
    return events, replace(found, stopped="years")


def _error(events: EventTable, plan: dict[str, str], metric: str) -> float | None:
    """The years' standard error as a share of the metric; None where that is 0, nan where many years share one amount."""
    scope, _, name = metric.rpartition(":")
    risk = evaluate(events, plan)
    view = risk.scope(scope) if scope else risk
    try:
        sure = view.estimate(name)
    except ValueError:  # no year lies in the tail yet
        return 1.0
    if not sure.value > 0:
        return None
    return sure.error.years / sure.value if sure.error.years > 0 else math.nan


def precision_note(found: Precise, shown: str, reached: str) -> Said:
    """A sentence on what was reached."""
    key = "precision_met" if found.met else f"precision_{found.stopped}"
    return said(key, metric=shown, years=f"{found.n_trials:,}", reached=reached)
