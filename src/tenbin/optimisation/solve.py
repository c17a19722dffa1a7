"""One question from start to certificate."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from tenbin.optimisation.certificate import Certificate, CertificateKind
from tenbin.optimisation.certify import certify
from tenbin.optimisation.least import least_risk, least_total, lowest_reachable
from tenbin.optimisation.polish import exhaust
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import Clock, OnProgress, Outcome, Search

__all__ = ["Solution", "Status", "cheapest_plan", "least_total_plan", "lowest_risk_plan"]

RESCUE_SECONDS = 10.0


class Status(StrEnum):
    """How a question ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Solution:
    """The plan found, how it ended and what is known of better ones; ``reachable``: lowest value by limit's label."""

    status: Status
    point: Point | None = None
    certificate: Certificate | None = None
    reachable: dict[str, float] = field(default_factory=dict)


def cheapest_plan(problem: Problem, clock: Clock, delta: float, seed: int, on_progress: OnProgress | None = None) -> Solution:
    """The cheapest allowed plan that meets every limit of the problem, with its certificate."""
    search = Search(problem, clock, on_progress)
    outcome = Outcome()
    top = problem.evaluate(problem.top)
    search.offer(outcome, top)
    if outcome.best is None and not problem.is_met(top):
        # risk is monotone: what everything together misses, no plan meets
        return Solution(Status.INFEASIBLE, reachable=_reachable(problem, clock))
    search.relax()
    search.construct(outcome)
    search.climb(outcome)
    if outcome.best is None:
        if clock.is_interrupted:
            return Solution(Status.INTERRUPTED)
        # the tangents may have claimed too much: ask again without them
        exhaust(search, outcome, RESCUE_SECONDS)
        if outcome.best is None:
            return Solution(Status.INFEASIBLE, reachable=_reachable(problem, clock))
        search.climb(outcome)
    certificate = certify(search, outcome, delta, seed)
    return Solution(_status(clock, certificate), outcome.best, certificate)


def lowest_risk_plan(problem: Problem, clock: Clock, delta: float, seed: int) -> Solution:
    """The allowed plan of lowest risk (the problem's first quantity) and, of equal ones, the cheapest."""
    point, certificate = least_risk(problem, 0, clock, delta)
    if point is None:
        return Solution(Status.INTERRUPTED if clock.is_interrupted else Status.INFEASIBLE)
    problem = _afresh(problem, point.values[0] * (1 + 1e-12))
    search = Search(problem, clock)
    outcome = Outcome(best=point)
    if not clock.is_over:
        search.climb(outcome)
    assert outcome.best is not None
    return Solution(_status(clock, certificate), outcome.best, certificate)


def least_total_plan(problem: Problem, clock: Clock) -> Solution:
    """The allowed plan of least cost and expected loss together (the problem's first quantity is the expected loss)."""
    point, certificate = least_total(problem, clock)
    if point is None:
        return Solution(Status.INTERRUPTED if clock.is_interrupted else Status.INFEASIBLE)
    return Solution(_status(clock, certificate), point, certificate)


def _afresh(problem: Problem, limit: float | None = None) -> Problem:
    """The same question without the superset cuts, which are valid for its old limits only."""
    limits = problem.limits if limit is None else (replace(problem.limits[0], limit=limit),)
    return Problem(problem.evaluator, problem.costs, problem.rules, limits)


def _status(clock: Clock, certificate: Certificate) -> Status:
    if clock.is_interrupted and certificate.kind is CertificateKind.GAP:
        return Status.INTERRUPTED
    return Status.FEASIBLE if certificate.kind is CertificateKind.GAP else Status.OPTIMAL


def _reachable(problem: Problem, clock: Clock) -> dict[str, float]:
    found: dict[str, float] = {}
    problem = _afresh(problem)
    for q, limit in enumerate(problem.limits):
        value = lowest_reachable(problem, q, clock)
        if value is not None and limit.label not in found:
            found[limit.label] = value
    return found
