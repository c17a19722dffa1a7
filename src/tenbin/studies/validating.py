"""A plan's risk on other years than those it was chosen on: ten times as many, in other worlds, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Elsewhere, Estimate, FreshYears, Quantity, Reduction, estimate, expected_estimate
from tenbin.inputs import parse_plan
from tenbin.model import Basis, Metric, Plan, current_plan
from tenbin.optimisation import Limit
from tenbin.simulation import EventTable
from tenbin.studies.scopes import Question, reduce_plan
from tenbin.units import Purpose

__all__ = ["TIMES", "Checked", "check_outside"]

FloatArray = NDArray[np.float64]

TIMES = 10
"""Fresh years for each year of the study."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A limit's metric on fresh years with its 95 % interval; met: the interval's lower end is within the limit."""

    label: str
    value: float
    low: float
    high: float
    limit: float

    @property
    def met(self) -> bool:
        return self.low <= self.limit * (1 + 1e-9)

    def to_dict(self) -> dict[str, float | bool]:
        """As in the JSON documents."""
        return {"value": self.value, "low": self.low, "high": self.high, "limit": self.limit, "met": self.met}


def check_outside(
    events: EventTable,
    question: Question,
    limits: Sequence[Limit],
    plan: Plan,
    purpose: Purpose,
    on_progress: object = None,
    is_stopped: object = None,
) -> tuple[Checked, ...]:
    """Evaluate a plan's limits on ``TIMES`` as many fresh years (and worlds), shares taken of the fresh years' own values.

    The expected loss errs only by the worlds that it is taken over.
    """
    case = events.case
    fresh = FreshYears.of(events, events.n_trials * TIMES, purpose)
    reduction = Reduction.of(case, fresh.worlds)
    wanted = _wanted(question, limits, plan)
    points = list(dict.fromkeys((key, scope) for key, scope, _ in wanted.values() if scope is not None))
    plans = {"plan": dict(plan), "inherent": {}, "today": current_plan(case)}
    for target in question.targets:
        if target.keep:
            plans[f"keep:{target.keep}"] = parse_plan(target.keep, case)
    reduced = {key: reduce_plan(reduction, chosen) for key, chosen in plans.items()}
    losses = fresh.losses(
        [(*reduced[key], scope) for key, scope in points],
        on_progress,  # type: ignore[arg-type]
        is_stopped or (lambda: False),  # type: ignore[arg-type]
    )
    drawn = dict(zip(points, losses, strict=True))
    expected = fresh.expected

    kept: dict[str, Any] = {}

    def elsewhere(key: str, scope: tuple[bool, ...], loss: FloatArray | None) -> Elsewhere | None:
        if fresh.n_worlds == 1 or key != "plan":  # of the others only the value is looked at
            return None
        reach = 0.0 if loss is None else Elsewhere.reach(loss)
        return Elsewhere.of(fresh, case, reduction.choice(plan), scope, reach, kept)

    def value(key: str, quantity: Quantity) -> Estimate:
        if quantity.metric is Metric.AAL:
            others = elsewhere(key, quantity.scope, None)
            return expected_estimate(expected, *reduced[key], quantity.scope, elsewhere=others)
        loss = drawn[key, quantity.scope]
        others = elsewhere(key, quantity.scope, loss)
        return estimate(quantity.metric, quantity.confidence, loss, fresh.n_worlds, elsewhere=others)

    found = []
    for limit in limits:
        here = value("plan", limit.quantity)
        base = _base(question, limit)
        outside = limit.limit if base is None else base[1] * value(base[0], limit.quantity).value
        found.append(Checked(limit.label, here.value, here.low, here.high, outside))
    return tuple(found)


def _base(question: Question, limit: Limit) -> tuple[str, float] | None:
    """Which plan's value a limit is a share of, and the share; None for an amount."""
    for target in question.targets:
        if target.keep and limit.label.startswith(f"{target.text} ("):
            return f"keep:{target.keep}", 1 + target.slack
        if target.text == limit.label and target.basis is not Basis.AMOUNT:
            return ("today" if target.basis is Basis.TODAY else "inherent"), target.value
    return None


def _wanted(
    question: Question, limits: Sequence[Limit], plan: Plan
) -> dict[tuple[str, int], tuple[str, tuple[bool, ...] | None, Decimal | None]]:
    wanted: dict[tuple[str, int], tuple[str, tuple[bool, ...] | None, Decimal | None]] = {}
    for n, limit in enumerate(limits):
        if limit.quantity.metric is Metric.AAL:
            continue
        wanted["plan", n] = ("plan", limit.quantity.scope, limit.quantity.confidence)
        base = _base(question, limit)
        if base is not None:
            wanted["base", n] = (base[0], limit.quantity.scope, limit.quantity.confidence)
    return wanted
