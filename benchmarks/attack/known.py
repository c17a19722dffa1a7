"""Plans of an instance that were evaluated, whoever found them, and what they say of a claim."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.instances import Instance
from numpy.typing import NDArray

from tenbin.model import Metric
from tenbin.optimisation import Clock, Problem, Solution, cheapest_plan

if TYPE_CHECKING:
    from tenbin.optimisation.problem import Point

__all__ = ["HALF", "MET", "Claim", "Finding", "Known", "claim_of"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]

MET = 1 + 1e-9
HALF = 0.5
"""A plan has to undercut a bound by more than this to show it false: the solver's own gap."""
ENOUGH_TAIL_YEARS = 1_000
DELTA = 0.005


@dataclass(frozen=True)
class Claim:
    """What was said of a question: no plan within these limits costs less than ``lower_bound`` (infinite: there is none)."""

    instance: Instance
    limits: tuple[tuple[str, float], ...]
    kind: str
    lower_bound: float
    delta: float = 0.0
    chosen: BoolArray | None = None

    @property
    def name(self) -> str:
        """The question, as ``replay`` reads it."""
        return self.instance.name + ":" + ",".join(f"{metric}={limit!r}" for metric, limit in self.limits)


@dataclass(frozen=True)
class Finding:
    """A claim shown false by a plan; ``margin``: by how much that plan is within the tightest limit, as a share of it.

    fault : bound (a cheaper plan meets the limits), plan (the plan given breaks a rule or a limit), kind (a proof or an
    audit where the tail has too few years for one).
    """

    claim: Claim
    fault: str
    witness: BoolArray | None = None
    cost: float = math.nan
    margin: float = math.nan

    @property
    def name(self) -> str:
        """The claim with its witness: ``replay`` shows it again."""
        return self.claim.name + ("" if self.witness is None else ":" + to_hex(self.witness))

    @property
    def too_dear(self) -> float:
        """By how much the bound is above the plan that exists, as a share."""
        return self.claim.lower_bound / self.cost - 1 if self.cost > 0 else math.inf


class Known:
    """Evaluates plans on an instance, each once for all its metrics, and remembers them."""

    def __init__(self, instance: Instance, metrics: Sequence[str]) -> None:
        self.instance = instance
        self.metrics = tuple(metrics)
        self.problem: Problem = instance.problem(**{m: max(instance.inherent(m), 1.0) for m in metrics})
        self.points: dict[bytes, Point] = {}
        self.costs = _Prices(instance)

    def evaluate(self, chosen: BoolArray) -> Point:
        point = self.problem.evaluate(chosen)
        self.points[point.key] = point
        return point

    def add(self, levels: Iterable[NDArray[np.int64]]) -> None:
        for plan in levels:
            self.evaluate(self.instance.chosen(plan))

    def excess(self, point: Point, limits: Sequence[tuple[str, float]]) -> float:
        """The largest share by which a plan is over a limit; not positive when it meets all."""
        return max(point.values[self.metrics.index(m)] / (limit * MET) - 1 if limit > 0 else math.inf for m, limit in limits)

    def cheapest(self, limits: Sequence[tuple[str, float]]) -> Point | None:
        """The cheapest known plan that is allowed and meets the limits."""
        order = sorted(self.points.values(), key=lambda p: p.cost)
        return next((p for p in order if self.excess(p, limits) <= 0 and self.problem.is_allowed(p.chosen)), None)

    def judge(self, claim: Claim) -> list[Finding]:
        """What is wrong with a claim, by the plans known."""
        found = []
        if claim.chosen is not None:
            point = self.evaluate(claim.chosen)
            if self.excess(point, claim.limits) > 0 or not self.problem.is_allowed(point.chosen):
                found.append(Finding(claim, "plan", point.chosen, point.cost, -self.excess(point, claim.limits)))
        quantities = [self.instance.quantity(metric) for metric, _ in claim.limits]
        tails = [float((1 - q.confidence) * self.instance.years) for q in quantities if q.confidence is not None]
        if claim.chosen is not None and claim.kind != "gap" and tails and min(tails) < ENOUGH_TAIL_YEARS:
            found.append(Finding(claim, "kind"))
        if claim.kind == "proved" and any(q.metric is not Metric.AAL for q in quantities):
            found.append(Finding(claim, "kind"))
        best = self.cheapest(claim.limits)
        if best is not None and best.cost < claim.lower_bound - HALF:
            found.append(Finding(claim, "bound", best.chosen, best.cost, -self.excess(best, claim.limits)))
        return found


def claim_of(instance: Instance, limits: Sequence[tuple[str, float]], seconds: float) -> Claim:
    """What tenbin says."""
    answer: Solution = cheapest_plan(instance.problem(**dict(limits)), Clock(seconds), DELTA, instance.seed)
    if answer.point is None or answer.certificate is None:
        # interrupted or failed says nothing; infeasible says that there is no plan at all
        bound = math.inf if answer.status.value == "infeasible" else 0.0
        return Claim(instance, tuple(limits), answer.status.value, bound)
    c = answer.certificate
    return Claim(instance, tuple(limits), c.kind.value, c.lower_bound, c.delta, answer.point.chosen)


class _Prices:
    """The npv of many plans at once; no subsidies."""

    def __init__(self, instance: Instance) -> None:
        costs = instance.costs
        assert not costs.subsidies
        self.weight, self.n_rows = costs.npv_weight, costs.n_rows
        self.users = {i: costs.needs[costs.needs[:, 1] == i, 0] for i in range(costs.n_rows, len(costs.capex))}

    def npv(self, chosen: BoolArray) -> FloatArray:
        """(n_plans, n_rows) → (n_plans,)."""
        total = chosen @ self.weight[: self.n_rows]
        for item, rows in self.users.items():
            total = total + self.weight[item] * chosen[:, rows].any(axis=1)
        return np.asarray(total, np.float64)


def to_hex(chosen: BoolArray) -> str:
    """A plan as text."""
    return np.packbits(chosen).tobytes().hex()


def from_hex(text: str, n_rows: int) -> BoolArray:
    """The plan of a text."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8))[:n_rows].astype(np.bool_)
