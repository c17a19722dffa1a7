"""From a closed search to a certificate: audit of the cuts, then polish, which checks every cheaper plan near the limits."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Metric
from tenbin.optimisation.mip import AnswerKind
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import HALF_UNIT, Outcome, Search

__all__ = ["Certificate", "CertificateKind", "certify", "exhaust"]

FloatArray = NDArray[np.float64]

ENOUGH_TAIL_YEARS = 1_000
NEAR = 0.10
"""Plans within this share of a limit say how far tangents may mislead there."""
VERY_NEAR = 0.03
"""Plans within this share of a limit could be taken for plans that meet it: their paired noise counts."""
N_PROBES = 200
ROUNDS = 5
LIFTS = 2
"""Superset cuts for each plan ruled out: lifted in the order of what measures take away, then in random ones."""
FEW_ROWS = 40
"""Up to so many rows of the cost table superset cuts alone are tried first: then nothing rests on convexity."""
EXHAUST_SECONDS = 4.0
TOO_COARSE = 0.05
"""A certificate coarser than this is none."""


class CertificateKind(StrEnum):
    """What is known of cheaper plans: a proof, a check of all near the targets, or a gap."""

    PROVED = "proved"
    AUDITED = "audited"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Certificate:
    """How far a plan can be from the cheapest, on this sample.

    delta : every cheaper plan that the estimate puts within this share of the targets was checked. gap : (cost − lower
    bound)/cost. tail_years : years in the smallest tail asked about; years_needed : how many years in all would allow more
    than a gap (0 when there are enough).
    """

    kind: CertificateKind
    delta: float
    gap: float
    lower_bound: float
    tail_years: float = math.inf
    years_needed: int = 0
    n_checked: int = 0

    def to_dict(self) -> dict[str, float | str | None]:
        """As in the JSON documents."""
        document = asdict(self)
        document["kind"] = self.kind.value
        document["tail_years"] = None if math.isinf(self.tail_years) else self.tail_years
        return document


def certify(search: Search, outcome: Outcome, delta: float, seed: int) -> Certificate:
    """Audit and polish the incumbent of a search; the incumbent may get cheaper on the way."""
    problem = search.problem
    confidences = [q.confidence for q in problem.quantities if q.metric is not Metric.AAL and q.confidence is not None]
    if not confidences:
        return _exact(outcome)
    n = problem.evaluator.n_trials
    tail_years = min(float((1 - c) * n) for c in confidences)
    if tail_years < ENOUGH_TAIL_YEARS:
        needed = max(math.ceil(ENOUGH_TAIL_YEARS / (1 - c)) for c in confidences)
        return _without_tangents(search, outcome, tail_years, needed)
    if not outcome.closed:
        return _open(search, outcome, delta, tail_years)
    checked = 0
    if len(problem.rows) <= FEW_ROWS:
        done, checked = exhaust(search, outcome, EXHAUST_SECONDS)
        if done:
            return _audited(outcome, max(delta, _noise(problem, outcome, _probe(search, outcome, seed))), tail_years, checked)
    for _ in range(ROUNDS):
        probes = _probe(search, outcome, seed)
        misled: float = _misled(problem, probes)
        if problem.audit([*problem.points.values()]):
            search.climb(outcome)
            if not outcome.closed:
                return _open(search, outcome, delta, tail_years)
        delta = max(delta, misled, 1.1 * _noise(problem, outcome, probes))
        if delta > TOO_COARSE:
            # the tangents mislead here: only what needs no convexity is left to say
            return _without_tangents(search, outcome, tail_years, 0)
        exhausted, seen = _polish(search, outcome, delta)
        checked += len(seen)
        if not exhausted:
            return _open(search, outcome, delta, tail_years)
        coarser = max(_noise(problem, outcome, seen), _misled(problem, seen))
        if coarser <= delta:
            return _audited(outcome, delta, tail_years, checked)
        # plans checked at a coarser delta will say a little more again: leave room for it
        delta = 1.1 * coarser
    return _open(search, outcome, delta, tail_years)


def _audited(outcome: Outcome, delta: float, tail_years: float, checked: int) -> Certificate:
    assert outcome.best is not None
    return Certificate(CertificateKind.AUDITED, float(delta), 0.0, outcome.best.cost, tail_years, 0, checked)


def _gap(outcome: Outcome, bound: float) -> tuple[float, float]:
    assert outcome.best is not None
    cost = outcome.best.cost
    bound = max(min(bound, cost), 0.0)
    return ((cost - bound) / cost if cost > 0 else 0.0), bound


def _exact(outcome: Outcome) -> Certificate:
    """Every cut is a theorem: a closed search is a proof."""
    gap, bound = _gap(outcome, outcome.best.cost if outcome.closed and outcome.best else outcome.bound)
    kind = CertificateKind.PROVED if outcome.closed else CertificateKind.GAP
    return Certificate(kind, 0.0, gap, bound)


def _open(search: Search, outcome: Outcome, delta: float, tail_years: float) -> Certificate:
    """The search was stopped: the bound is the model's with every limit eased by delta."""
    master, problem = search.problem.master, search.problem
    master.set_limits((problem.caps * (1 + delta)).tolist())
    master.set_ceiling(outcome.best.cost if outcome.best else math.inf)
    seconds = 2.0 if not search.clock.is_interrupted else 0.5
    master.stop = None
    answer = master.solve(time_limit=seconds, start=outcome.best.chosen if outcome.best else None)
    bound = outcome.best.cost if answer.kind is AnswerKind.INFEASIBLE and outcome.best else answer.bound
    gap, bound = _gap(outcome, bound)
    return Certificate(CertificateKind.GAP, float(delta), gap, bound, tail_years)


def _without_tangents(search: Search, outcome: Outcome, tail_years: float, needed: int) -> Certificate:
    """Too few years in the tail, or tangents that mislead: the bound comes from superset cuts and exact constraints alone."""
    closed, checked = exhaust(search, outcome, 5.0)
    gap, bound = _gap(outcome, outcome.best.cost if closed and outcome.best else outcome.bound)
    return Certificate(CertificateKind.GAP, 0.0, gap, bound, tail_years, needed, checked)


def exhaust(search: Search, outcome: Outcome, seconds: float) -> tuple[bool, int]:
    """Enumerate from the cheapest plan up by superset cuts and exact constraints alone, until one meets the limits.

    Returns whether that came to an end (then the incumbent is the cheapest plan, whatever the shape of the risk) and how many
    plans were checked; ``outcome.bound`` is then a bound that rests on no estimate.
    """
    problem, master = search.problem, search.problem.master
    problem.drop_tangents()
    master.set_limits(problem.caps.tolist())
    master.minimise(None)
    outcome.bound = -math.inf
    seen: set[bytes] = set()
    until = search.clock.left - seconds
    done = False
    while search.clock.left > max(until, 0.0) and not search.clock.is_interrupted:
        master.set_ceiling(outcome.best.cost if outcome.best else math.inf)
        answer = master.solve(time_limit=search.clock.left - max(until, 0.0))
        if answer.kind is AnswerKind.INFEASIBLE:
            done = outcome.best is not None
            break
        outcome.bound = max(outcome.bound, answer.bound)
        if outcome.best and outcome.bound >= outcome.best.cost - HALF_UNIT:
            done = True
            break
        if answer.x is None:
            break
        found = [problem.evaluate(problem.rounded(x)) for x in (answer.x, *answer.others)]
        progress = False
        for point in sorted(found, key=lambda p: p.cost):
            if search.offer(outcome, point):
                progress = True
            elif not problem.is_met(point) and not problem.is_forbidden(point.chosen):
                progress |= _forbid(problem, point)
                seen.add(point.key)
        if not progress:
            break
    problem.restore_tangents()
    return done, len(seen)


def _forbid(problem: Problem, point: Point) -> bool:
    """Rule an infeasible plan out without estimates: by a superset cut, or by a tangent of the expected loss."""
    excess = problem.excess(point)
    worst = int(np.argmax(excess))
    if problem.quantities[worst].metric is Metric.AAL and excess[worst] > 1e-6:
        problem.add_tangent(worst, point.phi, point.gamma)
    else:
        problem.forbid(point, worst)
    return True


def _polish(search: Search, outcome: Outcome, delta: float) -> tuple[bool, list[Point]]:
    """Check every plan cheaper than the incumbent that the cuts put within ``delta`` of the limits.

    Each that misses a limit is forbidden with all its subsets (a superset cut); one that meets them is the new incumbent.
    Returns whether none is left, and the plans checked.
    """
    problem, master = search.problem, search.problem.master
    tail = np.array([q.metric is not Metric.AAL for q in problem.quantities])
    master.set_limits(np.where(tail, problem.caps * (1 + delta), problem.caps).tolist())
    master.minimise(None)
    checked: list[Point] = []
    while not search.clock.is_over:
        assert outcome.best is not None
        master.set_ceiling(outcome.best.cost - HALF_UNIT)
        answer = master.solve(time_limit=search.clock.left)
        if answer.kind is AnswerKind.INFEASIBLE:
            return True, checked
        if answer.x is None:
            return False, checked
        found = [problem.evaluate(problem.rounded(x)) for x in (answer.x, *answer.others)]
        progress = False
        for point in sorted(found, key=lambda p: p.cost):
            if point.cost > outcome.best.cost - HALF_UNIT or problem.is_forbidden(point.chosen):
                continue
            checked.append(point)
            if not search.offer(outcome, point):
                excess = problem.excess(point)
                if excess.max() <= 0:
                    continue
                _rule_out(problem, point, excess, delta)
            progress = True
        search.say("polish", outcome)
        if not progress:
            # the solver's tolerance lets plans through that cost the incumbent's price: nothing cheaper is left
            return all(point.cost >= outcome.best.cost - 2 * HALF_UNIT for point in found), checked
    return False, checked


def _rule_out(problem: Problem, point: Point, excess: FloatArray, delta: float) -> None:
    """Cut a checked plan off: by its tangent where it misses a limit by more than delta, else with all its subsets."""
    worst = int(np.argmax(excess))
    if excess[worst] > 1.02 * delta and problem.add_tangent(worst, point.phi, point.gamma) is not None:
        return
    problem.forbid(point, worst, LIFTS)


def _probe(search: Search, outcome: Outcome, seed: int) -> list[Point]:
    """Random plans near the incumbent and cheaper than it: measures dropped, lowered and swapped in."""
    problem = search.problem
    assert outcome.best is not None
    rng = np.random.default_rng([seed, 0x7E4B])
    measures = sorted(problem.by_measure)
    probes: list[Point] = []
    for _ in range(4 * N_PROBES):
        if len(probes) >= N_PROBES or search.clock.is_over:
            break
        chosen = outcome.best.chosen.copy()
        for measure in rng.choice(measures, min(len(measures), int(rng.integers(1, 7))), replace=False):
            rows = problem.by_measure[str(measure)]
            chosen[rows] = False
            pick = int(rng.integers(-1, len(rows)))
            if pick >= 0 and rows[pick] not in problem.excluded:
                chosen[rows[pick]] = True
        if problem.costs.npv(chosen) < outcome.best.cost:
            probes.append(problem.evaluate(chosen))
            search.offer(outcome, probes[-1])
    return probes


def _near(problem: Problem, points: list[Point], within: float = NEAR) -> list[Point]:
    return [p for p in points if problem.excess(p).max() <= within]


def _misled(problem: Problem, points: list[Point]) -> float:
    """The largest violation of a cut at plans near the limits, relative to the limit."""
    return float(problem.overshoot(_near(problem, points)).max(initial=0.0))


def _noise(problem: Problem, outcome: Outcome, points: list[Point]) -> float:
    """Twice the largest standard error of the paired difference between a plan near the limits and the incumbent."""
    assert outcome.best is not None
    worst = 0.0
    root = math.sqrt(problem.evaluator.n_trials)
    for q, quantity in enumerate(problem.quantities):
        if quantity.metric is Metric.AAL:
            continue
        base = _influence(problem, q, outcome.best)
        if base is None:
            continue
        for point in _near(problem, points, VERY_NEAR)[:50]:
            other = _influence(problem, q, point)
            if other is not None:
                worst = max(worst, 2 * float(np.std(other - base)) / root / max(problem.caps[q], 1e-300))
    return worst


def _influence(problem: Problem, q: int, point: Point) -> FloatArray | None:
    quantity = problem.quantities[q]
    loss = problem.evaluator.annual_loss(point.phi, point.gamma, quantity.scope)
    return problem.evaluator.influence(quantity, loss)
