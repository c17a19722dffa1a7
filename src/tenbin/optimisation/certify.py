"""From a closed search to a certificate: audit of the tangents, then polish, which checks every cheaper plan near the limits."""

from __future__ import annotations

import math

from tenbin.model import Metric
from tenbin.optimisation.attack import attack
from tenbin.optimisation.certificate import Certificate, CertificateKind
from tenbin.optimisation.doubt import misled, noise, probe
from tenbin.optimisation.polish import eased_bound, exhaust, look_round, polish
from tenbin.optimisation.search import Outcome, Search

__all__ = ["ENOUGH_TAIL_YEARS", "certify"]

ENOUGH_TAIL_YEARS = 1_000
ROUNDS = 5
FEW_ROWS = 40
"""Up to so many rows of the cost table superset cuts alone are tried first: then nothing rests on convexity."""
EXHAUST_SECONDS = 4.0
ROOM = 1.1
REACH = 2.5
"""For VaR, which has no convexity at all, plans are looked at up to so many times as far after the polish."""
VERY_NEAR = 0.01
TOO_COARSE = 0.05
"""A certificate coarser than this is none."""


def certify(search: Search, outcome: Outcome, delta: float, seed: int) -> Certificate:
    """Audit and polish the incumbent of a search; the incumbent may get cheaper on the way."""
    problem = search.problem
    assert outcome.best is not None
    confidences = [q.confidence for q in problem.quantities if q.metric is not Metric.AAL and q.confidence is not None]
    if not confidences:
        # every cut is a theorem: a closed search is a proof
        kind = CertificateKind.PROVED if outcome.closed else CertificateKind.GAP
        return Certificate.of(kind, outcome.best.cost, outcome.best.cost if outcome.closed else outcome.bound)
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
            points = probe(search, outcome, seed)
            near = [p for p in points if problem.excess(p).max() <= max(delta, VERY_NEAR)]
            return _audited(outcome, max(delta, noise(search, outcome, near)), tail_years, checked)
    points = probe(search, outcome, seed)
    for _ in range(ROUNDS):
        wrong = misled(search, points)
        if problem.audit([*problem.points.values()]):
            search.climb(outcome)
            if not outcome.closed:
                return _open(search, outcome, delta, tail_years)
        # what is nearest tells how coarse the sample is, before the long work
        points += look_round(search, outcome, max(delta, wrong))
        near = [p for p in points if problem.excess(p).max() <= max(delta, wrong)]
        delta = max(delta, wrong, ROOM * noise(search, outcome, near))
        if delta > TOO_COARSE:
            # the tangents mislead here: only what needs no convexity is left to say
            return _without_tangents(search, outcome, tail_years, 0)
        bound, seen = polish(search, outcome, delta)
        checked += len(seen)
        if bound < outcome.best.cost:
            return _open(search, outcome, delta, tail_years, bound)
        points = [p for p in (*points, *seen) if problem.excess(p).max() <= delta]
        coarser = max(noise(search, outcome, points), misled(search, points))
        if coarser <= delta:
            before = outcome.best
            points += attack(search, outcome)
            if any(quantity.metric is Metric.VAR for quantity in problem.quantities):
                points += look_round(search, outcome, REACH * delta)
            if outcome.best is before:
                return _audited(outcome, delta, tail_years, checked)
            coarser = max(delta, misled(search, points))
        # plans checked at a coarser delta will say a little more again: leave room for it
        delta = ROOM * coarser
    return _open(search, outcome, delta, tail_years)


def _audited(outcome: Outcome, delta: float, tail_years: float, checked: int) -> Certificate:
    assert outcome.best is not None
    cost = outcome.best.cost
    return Certificate.of(CertificateKind.AUDITED, cost, cost, delta, tail_years, 0, checked)


def _open(search: Search, outcome: Outcome, delta: float, tail_years: float, bound: float | None = None) -> Certificate:
    """The search was stopped: the bound is the model's with every limit eased by delta."""
    assert outcome.best is not None
    if bound is None:
        bound = eased_bound(search, outcome, delta)
    return Certificate.of(CertificateKind.GAP, outcome.best.cost, bound, delta, tail_years)


def _without_tangents(search: Search, outcome: Outcome, tail_years: float, needed: int) -> Certificate:
    """Too few years in the tail, or tangents that mislead: the bound comes from superset cuts and exact constraints alone."""
    closed, checked = exhaust(search, outcome, 5.0)
    assert outcome.best is not None
    bound = outcome.best.cost if closed else outcome.bound
    return Certificate.of(CertificateKind.GAP, outcome.best.cost, bound, 0.0, tail_years, needed, checked)
