"""The lowest risk within reach: of all plans that the rules allow, or of those that a budget buys."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Metric
from tenbin.optimisation.answer import AnswerKind
from tenbin.optimisation.certificate import Certificate, CertificateKind
from tenbin.optimisation.certify import ENOUGH_TAIL_YEARS
from tenbin.optimisation.problem import MET, Point, Problem
from tenbin.optimisation.search import Clock

__all__ = ["least_risk", "least_total", "lowest_reachable"]

FloatArray = NDArray[np.float64]

ROUNDS = 200
LP_ROUNDS = 40
SOLVER = 5e-7
"""The solver's own tolerance on a metric, as a share of its scale."""


def lowest_reachable(problem: Problem, quantity: int, clock: Clock) -> float | None:
    """The lowest value of one quantity that any allowed plan was found to reach; None when the rules allow no plan."""
    if problem.rules.is_open and problem.is_allowed(problem.top):
        return problem.evaluate(problem.top).values[quantity]
    point, _ = descend(problem, quantity, clock)
    return None if point is None else point.values[quantity]


def descend(problem: Problem, quantity: int, clock: Clock, others_hold: bool = False) -> tuple[Point | None, float]:
    """Minimise one quantity over the allowed plans by outer approximation; return the best plan and the model's bound.

    others_hold : the problem's other limits have to be met.
    """
    master = problem.master
    others = [q for q in range(len(problem.caps)) if q != quantity] if others_hold else []
    master.set_limits([problem.caps[q] if q in others else None for q in range(len(problem.caps))])
    master.set_ceiling(math.inf)
    master.minimise(quantity)
    exact = problem.quantities[quantity].metric is Metric.AAL
    close = (SOLVER if exact else 1e-6) * problem.scales[quantity]
    evaluated = 0
    while evaluated < LP_ROUNDS:
        answer = master.solve(integer=False, time_limit=clock.left)
        if answer.x is None:
            return None, math.inf
        phi, gamma = problem.layers.reduce(answer.x)
        if problem.load_exceeding(quantity, problem.layers.columns(answer.x), answer.value):
            continue
        evaluated += 1
        tangent = problem.add_tangent(quantity, phi, gamma)
        if not _cut_others(problem, others, phi, gamma) and (
            tangent is None or tangent.value - answer.value < 2e-3 * max(tangent.value, 1e-300)
        ):
            break
    best: Point | None = None
    bound = -math.inf
    seen: set[bytes] = set()
    for _ in range(ROUNDS):
        answer = master.solve(time_limit=clock.left, start=best.chosen if best else None)
        if answer.kind is AnswerKind.INFEASIBLE or answer.x is None:
            break
        bound = max(bound, answer.bound)
        point = problem.evaluate(problem.rounded(answer.x))
        value = point.values[quantity]
        missed = [q for q in others if point.values[q] > problem.caps[q] * (1 + MET)]
        if not missed and problem.is_allowed(point.chosen) and (best is None or value < best.values[quantity]):
            best = point
        if best and bound >= best.values[quantity] - close:
            break
        for q in missed:
            if point.key in seen or problem.add_tangent(q, point.phi, point.gamma) is None:
                problem.forbid(point, q)
        if not missed and (point.key in seen or problem.add_tangent(quantity, point.phi, point.gamma) is None):
            break
        seen.add(point.key)
    master.minimise(None)
    return best, bound


def _cut_others(problem: Problem, others: list[int], phi: FloatArray, gamma: FloatArray) -> bool:
    """Add tangents of the other limits that a point violates by more than a little."""
    violated = [
        q
        for q in others
        if problem.evaluator.value(problem.quantities[q], phi, gamma) > problem.caps[q] + 2e-3 * problem.scales[q]
    ]
    for q in violated:
        problem.add_tangent(q, phi, gamma)
    return bool(violated)


def least_total(problem: Problem, clock: Clock) -> tuple[Point | None, Certificate]:
    """The allowed plan of least npv + annuity × expected loss (the problem's first quantity): what pays for itself.

    The expected loss is convex in log space, so the bound is a proof; it speaks of the sum.
    """
    master, annuity = problem.master, problem.costs.annuity
    master.set_limits([None] * len(problem.caps))
    master.set_ceiling(math.inf)
    master.minimise(0, cost_too=annuity)
    best: Point | None = None
    least, bound = math.inf, -math.inf
    for turn in range(40 + ROUNDS):
        integer = turn >= 40
        answer = master.solve(integer=integer, time_limit=clock.left, start=best.chosen if best and integer else None)
        if answer.x is None:
            break
        if integer:
            bound = max(bound, answer.bound)
            point = problem.evaluate(problem.rounded(answer.x))
            total = point.cost + annuity * point.values[0]
            if total < least and problem.is_allowed(point.chosen):
                best, least = point, total
            if bound >= least - 1.0:
                break
            phi, gamma = point.phi, point.gamma
        else:
            phi, gamma = problem.layers.reduce(answer.x)
        problem.add_tangent(0, phi, gamma)
    master.minimise(None)
    if best is None:
        return None, Certificate(CertificateKind.GAP, 0.0, 0.0, 0.0)
    closed = bound >= least - 1.0
    return best, Certificate.of(CertificateKind.PROVED if closed else CertificateKind.GAP, least, least if closed else bound)


def least_risk(problem: Problem, quantity: int, clock: Clock, delta: float) -> tuple[Point | None, Certificate]:
    """The plan of lowest risk that the rules (a budget among them) allow, polished to delta where time lasts.

    The certificate speaks of the risk: gap = (value − lower bound)/value.
    """
    best, bound = descend(problem, quantity, clock)
    if best is None:
        return None, Certificate(CertificateKind.GAP, 0.0, 0.0, 0.0)
    wanted = problem.quantities[quantity]
    if wanted.metric is Metric.AAL:
        closed = bound >= best.values[quantity] - SOLVER * problem.scales[quantity]
        kind = CertificateKind.PROVED if closed else CertificateKind.GAP
        return best, Certificate.of(kind, best.values[quantity], best.values[quantity] if closed else bound)
    assert wanted.confidence is not None
    tail_years = float((1 - wanted.confidence) * problem.evaluator.n_trials)
    if tail_years < ENOUGH_TAIL_YEARS:
        needed = math.ceil(ENOUGH_TAIL_YEARS / (1 - wanted.confidence))
        floor = problem.evaluate(problem.top).values[quantity]
        return best, Certificate.of(CertificateKind.GAP, best.values[quantity], floor, 0.0, tail_years, needed)
    problem.audit([*problem.points.values()])
    best, exhausted, checked = _polish(problem, quantity, best, clock, delta)
    value = best.values[quantity]
    if exhausted:
        return best, Certificate.of(CertificateKind.AUDITED, value, value, delta, tail_years, 0, checked)
    return best, Certificate.of(CertificateKind.GAP, value, min(value, bound) / (1 + delta), delta, tail_years, 0, checked)


def _polish(problem: Problem, quantity: int, best: Point, clock: Clock, delta: float) -> tuple[Point, bool, int]:
    """Check every plan that the cuts put within ``delta`` of the best value."""
    master = problem.master
    seen: set[bytes] = set()
    while not clock.is_over:
        problem.caps[quantity] = best.values[quantity] * (1 - 2e-9)
        limits: list[float | None] = [None] * len(problem.caps)
        limits[quantity] = problem.caps[quantity] * (1 + delta)
        master.set_limits(limits)
        answer = master.solve(time_limit=clock.left)
        if answer.kind is AnswerKind.INFEASIBLE:
            return best, True, len(seen)
        if answer.x is None:
            break
        point = problem.evaluate(problem.rounded(answer.x))
        if point.values[quantity] < best.values[quantity] and problem.is_allowed(point.chosen):
            best = point
            continue
        if point.key in seen or not np.any(problem.excess(point) > 0):
            break
        seen.add(point.key)
        problem.forbid(point, quantity)
    return best, False, len(seen)
