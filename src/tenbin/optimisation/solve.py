"""One question from start to certificate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from threadpoolctl import ThreadpoolController

from tenbin.optimisation.certificate import Certificate, CertificateKind
from tenbin.optimisation.certify import certify
from tenbin.optimisation.least import least_risk, least_total, lowest_reachable
from tenbin.optimisation.polish import exhaust
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import Clock, OnProgress, Outcome, Search

__all__ = ["Solution", "Status", "cheapest_plan", "least_total_plan", "lowest_risk_plan", "search_plan"]

RESCUE_SECONDS = 10.0


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_thread_in_algebra() -> Iterator[None]:
    """Keep BLAS to one thread: the matrices are small, and its threads fight with those of the solver (measured: half the time)."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


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


@one_thread_in_algebra()
def search_plan(problem: Problem, clock: Clock, on_progress: OnProgress | None = None) -> tuple[Search, Outcome]:
    """Search until the bound meets the incumbent, without a certificate; no incumbent: none was found, or there is none."""
    search = Search(problem, clock, on_progress)
    outcome = Outcome(best=problem.recall())
    top = problem.evaluate(problem.top)
    search.offer(outcome, top)
    if outcome.best is None and not problem.is_met(top):
        # risk is monotone: what everything together misses, no plan meets
        outcome.infeasible = True
        return search, outcome
    search.relax()
    search.construct(outcome)
    search.climb(outcome)
    if outcome.best is None and not clock.is_interrupted:
        # the tangents may have claimed too much: ask again without them
        exhaust(search, outcome, RESCUE_SECONDS)
        if outcome.best is not None:
            search.climb(outcome)
    return search, outcome


@one_thread_in_algebra()
def cheapest_plan(
    problem: Problem,
    clock: Clock,
    delta: float,
    seed: int,
    on_progress: OnProgress | None = None,
    explain: bool = True,
) -> Solution:
    """The cheapest allowed plan that meets every limit of the problem, with its certificate.

    explain : look for the lowest value within reach of each limit when there is no plan.
    """
    search, outcome = search_plan(problem, clock, on_progress)
    if outcome.best is None:
        if clock.is_interrupted:
            return Solution(Status.INTERRUPTED)
        if not outcome.infeasible:
            return Solution(Status.FAILED)  # the time ran out first
        return Solution(Status.INFEASIBLE, reachable=reachable(problem, clock) if explain else {})
    certificate = certify(search, outcome, delta, seed)
    return Solution(status_of(clock, certificate), outcome.best, certificate)


@one_thread_in_algebra()
def lowest_risk_plan(problem: Problem, clock: Clock, delta: float, seed: int) -> Solution:
    """The allowed plan of lowest risk (the problem's first quantity) and, of equal ones, the cheapest."""
    point, certificate = least_risk(problem, 0, clock, delta)
    if point is None:
        return Solution(Status.INTERRUPTED if clock.is_interrupted else Status.INFEASIBLE)
    problem = problem.again(limits=(replace(problem.limits[0], limit=point.values[0] * (1 + 1e-12)),))
    search = Search(problem, clock)
    outcome = Outcome(best=problem.evaluate(point.chosen))
    if not clock.is_over:
        search.climb(outcome)
    assert outcome.best is not None
    return Solution(status_of(clock, certificate), outcome.best, certificate)


@one_thread_in_algebra()
def least_total_plan(problem: Problem, clock: Clock) -> Solution:
    """The allowed plan of least cost and expected loss together (the problem's first quantity is the expected loss)."""
    point, certificate = least_total(problem, clock)
    if point is None:
        return Solution(Status.INTERRUPTED if clock.is_interrupted else Status.INFEASIBLE)
    return Solution(status_of(clock, certificate), point, certificate)


def status_of(clock: Clock, certificate: Certificate) -> Status:
    """Optimal when proved or audited; else feasible, or interrupted by the user's word."""
    if certificate.kind is not CertificateKind.GAP:
        return Status.OPTIMAL
    return Status.INTERRUPTED if clock.is_interrupted else Status.FEASIBLE


def reachable(problem: Problem, clock: Clock) -> dict[str, float]:
    """The lowest value within reach of each limit's metric, by label, the other limits left aside."""
    found: dict[str, float] = {}
    problem = problem.again()
    for q, limit in enumerate(problem.limits):
        value = lowest_reachable(problem, q, clock)
        if value is not None and limit.label not in found:
            found[limit.label] = value
    for cover in problem.rules.covers:
        found[cover.label] = cover.reachable
    return found
