"""Whether a plan meets its targets not on this or that sample but in truth: one-sided tests on fresh years."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import (
    Evaluator,
    FreshYears,
    Quantity,
    Reduction,
    error_of_mean,
    tail_value_at_risk,
    value_at_risk,
)
from tenbin.evaluation.metrics import quantile_rank, tvar_influence, var_density, var_influence
from tenbin.inputs import parse_plan
from tenbin.model import Basis, Case, Metric, Plan, Target, current_plan
from tenbin.simulation import EventTable
from tenbin.studies.scopes import reduce_plan, scope_flags
from tenbin.units import Purpose

__all__ = ["Condition", "assured", "conditions", "most_exceeding"]

FloatArray = NDArray[np.float64]

MET = 1e-9
WINDOW = 0.1
"""Half-width of the window of ranks in which the density at VaR is measured, as a share of the years in the tail."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A limit that a sample can only estimate: a tail metric at most an amount, or a share of what a plan has.

    name : scope and metric, as at the left of a target. bound : the amount, or the share of ``base``'s value.
    """

    name: str
    quantity: Quantity
    bound: float
    base: tuple[tuple[str, str], ...] | None = None

    def limit(self, evaluator: Evaluator, reduction: Reduction) -> float:
        """The limit as an amount, on one sample."""
        if self.base is None:
            return self.bound
        return self.bound * evaluator.value(self.quantity, *reduce_plan(reduction, dict(self.base)))

    def holds(self, loss: FloatArray, base_loss: FloatArray | None, error: float, n_worlds: int = 1) -> bool:
        """Whether annual losses say that it holds, wrongly with probability ``error`` at most.

        VaR against an amount: exact in one world, the number of years beyond it is binomial; in several the share beyond it with
        its standard error. Else the estimate less its limit, of which both ends are from the same years, with its standard error
        from the influence function and the normal law.
        """
        confidence = self.quantity.confidence
        assert confidence is not None
        n, quantile = len(loss), NormalDist().inv_cdf(1 - error)
        if base_loss is None and self.quantity.metric is Metric.VAR:
            beyond = loss > self.bound * (1 + MET)
            most = float(1 - confidence)
            if n_worlds > 1:
                spread = error_of_mean(beyond.astype(np.float64), n_worlds).total
                return float(beyond.mean()) + quantile * max(spread, math.sqrt(most * (1 - most) / n)) <= most
            return int(np.count_nonzero(beyond)) <= most_exceeding(n, most, error)
        value, influence = _estimate(self.quantity.metric, confidence, loss, quantile)
        limit = self.bound
        if base_loss is not None:
            based, base_influence = _estimate(self.quantity.metric, confidence, base_loss, quantile)
            limit, influence = self.bound * based, influence - self.bound * base_influence
        return value + quantile * error_of_mean(influence, n_worlds).total <= limit * (1 + MET)


def most_exceeding(n: int, chance: float, error: float) -> int:
    """The largest k with P(Bin(n, chance) ≤ k) ≤ error; −1 when there is none."""
    from scipy.special import bdtr

    low, high = -1, n  # P(Bin ≤ n) = 1 > error
    while high - low > 1:
        middle = (low + high) // 2
        if bdtr(middle, n, chance) <= error:
            low = middle
        else:
            high = middle
    return low


def _estimate(metric: Metric, confidence: Decimal, loss: FloatArray, quantile: float) -> tuple[float, FloatArray]:
    """A tail metric and each year's part in it."""
    threshold = value_at_risk(loss, confidence)
    if metric is Metric.TVAR:
        return tail_value_at_risk(loss, confidence), tvar_influence(loss, threshold, confidence)
    n, rank = len(loss), quantile_rank(len(loss), confidence)
    # as wide as the rank may err, so that a window without width means an atom, which holds the true VaR too
    half = math.ceil(max(5, WINDOW * (n - rank), quantile * math.sqrt(rank * (1 - float(confidence)))))
    density = var_density(np.sort(loss), rank, half)
    return threshold, var_influence(loss, threshold, density, confidence) if density > 0 else np.full(n, threshold)


def conditions(case: Case, targets: Iterable[Target]) -> tuple[Condition, ...]:
    """What of the targets a sample can only estimate; expected losses are in closed form and never among it."""
    found: dict[Condition, None] = {}
    for target in targets:
        flags = scope_flags(case, target.scope)
        left = f"{target.scope.text}:" if target.scope.text else ""
        if target.keep:
            quantity = Quantity(Metric.TVAR, Decimal("0.95"), flags)
            found[Condition(f"{left}tvar95", quantity, 1 + target.slack, _pairs(parse_plan(target.keep, case)))] = None
        elif target.confidence is not None:
            quantity = Quantity(target.metric, target.confidence, flags)
            base = None
            if target.basis is not Basis.AMOUNT:
                base = _pairs(current_plan(case) if target.basis is Basis.TODAY else {})
            found[Condition(f"{left}{target.metric_name}", quantity, target.value, base)] = None
    return tuple(found)


def _pairs(plan: Plan) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(plan.items()))


def assured(
    events: EventTable,
    asked: Sequence[Condition],
    plans: Sequence[Plan],
    error: float,
    n_trials: int,
    seed: int,
    purpose: Purpose,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[bool]:
    """For each plan whether fresh years say that all conditions hold, wrongly with probability ``error`` at most.

    A plan that truly breaks one is passed only if that one's test errs: no share of the error for each condition is needed.

    Parameters
    ----------
    events : an event table of the case; its years are not used.
    n_trials, seed, purpose : of the fresh years: the same for the same.

    Raises
    ------
    SimulationError : when the user stopped the drawing.
    """
    fresh = FreshYears.of(events, n_trials, purpose, seed)
    reduction = Reduction.of(events.case, fresh.worlds)
    wanted = {(_pairs(plan), one.quantity.scope) for plan in plans for one in asked}
    wanted |= {(one.base, one.quantity.scope) for one in asked if one.base is not None}
    points = sorted(wanted)
    drawn = fresh.losses([(*reduce_plan(reduction, dict(plan)), scope) for plan, scope in points], None, is_stopped)
    losses = dict(zip(points, drawn, strict=True))
    return [
        all(
            one.holds(
                losses[_pairs(plan), one.quantity.scope],
                None if one.base is None else losses[one.base, one.quantity.scope],
                error,
                fresh.n_worlds,
            )
            for one in asked
        )
        for plan in plans
    ]
