"""A plan's risk on other years than those it was chosen on: ten times as many, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Evaluator, Quantity, Reduction, fresh_losses, tail_value_at_risk, value_at_risk
from tenbin.evaluation.metrics import quantile_rank, tvar_influence
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
Z95 = 1.959963984540054


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


def interval(quantity: Quantity, loss: FloatArray) -> tuple[float, float, float]:
    """A tail metric with its 95 % interval: order statistics for VaR, the influence function for TVaR."""
    assert quantity.confidence is not None
    n = len(loss)
    if quantity.metric is Metric.VAR:
        share = float(quantity.confidence)
        rank = quantile_rank(n, quantity.confidence)
        half = math.ceil(Z95 * math.sqrt(n * share * (1 - share)))
        low, high = max(rank - half, 1), min(rank + half, n)
        order = np.partition(loss, sorted({low - 1, rank - 1, high - 1}))
        return float(order[rank - 1]), float(order[low - 1]), float(order[high - 1])
    value = tail_value_at_risk(loss, quantity.confidence)
    influence = tvar_influence(loss, value_at_risk(loss, quantity.confidence), quantity.confidence)
    half_width = Z95 * float(np.std(influence)) / math.sqrt(n)
    return value, value - half_width, value + half_width


def check_outside(
    events: EventTable,
    evaluator: Evaluator,
    reduction: Reduction,
    question: Question,
    limits: Sequence[Limit],
    plan: Plan,
    purpose: Purpose,
    on_progress: object = None,
    is_stopped: object = None,
) -> tuple[Checked, ...]:
    """Evaluate a plan's limits on ``TIMES`` as many fresh years, shares taken of the fresh years' own values.

    The expected loss has no sampling error: its value stands as it is.
    """
    case = events.case
    wanted = _wanted(question, limits, plan)
    points = list(dict.fromkeys((key, scope) for key, scope, _ in wanted.values() if scope is not None))
    plans = {"plan": dict(plan), "inherent": {}, "today": current_plan(case)}
    for target in question.targets:
        if target.keep:
            plans[f"keep:{target.keep}"] = parse_plan(target.keep, case)
    reduced = {key: reduce_plan(reduction, chosen) for key, chosen in plans.items()}
    losses = fresh_losses(
        events.structure,
        [(*reduced[key], scope) for key, scope in points],
        events.n_trials * TIMES,
        events.seed,
        purpose,
        events.n_threads,
        on_progress,  # type: ignore[arg-type]
        is_stopped or (lambda: False),  # type: ignore[arg-type]
    )
    drawn = dict(zip(points, losses, strict=True))
    found = []
    for limit in limits:
        quantity = limit.quantity
        if quantity.metric is Metric.AAL:
            value = evaluator.value(quantity, *reduced["plan"])
            found.append(Checked(limit.label, value, value, value, limit.limit))
            continue
        value, low, high = interval(quantity, drawn["plan", quantity.scope])
        base = _base(question, limit)
        outside = limit.limit
        if base is not None:
            key, share = base
            outside = share * interval(quantity, drawn[key, quantity.scope])[0]
        found.append(Checked(limit.label, value, low, high, outside))
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
