"""The simulated year against its exact law: mean, VaR, TVaR, variance, dependence."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, compare, risk, tables

CASES = {"independent": cases.independent, "factors": cases.with_factors, "triggers": cases.with_triggers}
STEP, GRID = 2000.0, 2**19  # a billion in steps of 2,000: bracket of the mean below 0.2 % of it
MISTAKES = {
    ("independent", "all"): ("thinning", "severity", "overlap"),
    ("independent", "half"): ("scale",),
    ("factors", "nothing"): ("cv", "double_cv"),
    ("factors", "half"): ("cv", "double_cv", "thinning"),
    ("triggers", "nothing"): ("trigger", "cv"),
    ("triggers", "half"): ("trigger", "thinning"),
    ("triggers", "all"): ("trigger", "severity"),
}


@cache
def events(name: str) -> Any:
    return tenbin.simulate(tenbin.load(CASES[name]()))


@cache
def exact(name: str, plan: str) -> risk.Compound:
    """The law that the years of a plan are to be of."""
    return risk.compound(CASES[name](), cases.PLANS[plan], STEP, GRID)


@cache
def evaluated(name: str, plan: str) -> Any:
    return tenbin.evaluate(events(name), plan=cases.PLANS[plan])


@pytest.mark.parametrize("plan", cases.PLANS)
@pytest.mark.parametrize("name", CASES)
def test_sample_is_of_the_exact_law(name: str, plan: str) -> None:
    law = exact(name, plan)
    assert law.lost < 1e-7
    found = evaluated(name, plan)
    assert compare.disagreements(law, found.annual_loss, found.var, found.tvar) == {}


@pytest.mark.parametrize(("name", "plan", "mistake"), [(n, p, m) for (n, p), ms in MISTAKES.items() for m in ms])
def test_control_a_wrong_law_is_rejected(name: str, plan: str, mistake: str) -> None:
    law = risk.compound(CASES[name](), cases.PLANS[plan], STEP, GRID, broken=mistake)
    found = evaluated(name, plan)
    assert compare.disagreements(law, found.annual_loss, found.var, found.tvar) != {}


@pytest.mark.parametrize("scope", ["L2", "data", "L1/data", "E"])
def test_a_scope_is_of_its_own_law(scope: str) -> None:
    law = risk.compound(cases.with_factors(), cases.PLANS["half"], STEP, GRID, scope=scope)
    found = evaluated("factors", "half").scope(scope)
    assert compare.disagreements(law, found.annual_loss, found.var, found.tvar) == {}


def test_control_another_scope_is_rejected() -> None:
    law = risk.compound(cases.with_factors(), cases.PLANS["half"], STEP, GRID, scope="L1")
    found = evaluated("factors", "half").scope("L1/data")
    assert compare.disagreements(law, found.annual_loss, found.var, found.tvar) != {}


@pytest.mark.parametrize("seed", range(8))
def test_generated_cases_under_what_is_in_place(seed: int) -> None:
    """Losses capped at 40 M, so that the grid holds them."""
    frames = cases.generated(seed, n_trials=50_000)
    scenarios = frames["scenarios"]
    if "loss_cap" not in scenarios:
        scenarios["loss_cap"] = math.nan
    scenarios["loss_cap"] = [min(c, 4e7) if c == c and c is not None else 4e7 for c in scenarios["loss_cap"]]
    plan = tables.current(frames)
    law = risk.compound(frames, plan, STEP, GRID)
    assert law.lost < 1e-7
    found = tenbin.evaluate(tenbin.simulate(tenbin.load(frames)), plan=plan)
    assert compare.disagreements(law, found.annual_loss, found.var, found.tvar) == {}


# ---------------------------------------------------------------- means and variances by hand


def _far(name: str, plan: str, broken: str = "") -> dict[str, float]:
    """Mean and variance: standard errors from the analytic ones; the variance's needs μ₄, that of the exact law."""
    frames = CASES[name]()
    mean, variance = risk.cumulants(frames, cases.PLANS[plan], broken)
    fourth = exact(name, plan).central_moment(4)
    loss = evaluated(name, plan).annual_loss
    n = len(loss)
    far = {
        "mean": abs(loss.mean() - mean) / math.sqrt(variance / n),
        "variance": abs(loss.var(ddof=1) - variance) / math.sqrt((fourth - variance**2) / n),
    }
    return {k: round(float(z), 2) for k, z in far.items() if z > compare.ERRORS}


@pytest.mark.parametrize("plan", cases.PLANS)
@pytest.mark.parametrize("name", CASES)
def test_mean_and_variance_are_the_analytic_ones(name: str, plan: str) -> None:
    assert _far(name, plan) == {}


@pytest.mark.parametrize(
    ("name", "plan", "mistake"),
    [
        ("factors", "half", "cv"),
        ("factors", "all", "overlap"),
        ("triggers", "nothing", "cluster"),
        ("triggers", "half", "trigger"),
        ("triggers", "all", "thinning"),
    ],
)
def test_control_wrong_mean_or_variance_is_rejected(name: str, plan: str, mistake: str) -> None:
    assert _far(name, plan, mistake) != {}


def _expected_covariance(pair: tuple[str, str], plan: str, cv: float) -> float:
    if not set(pair) <= set("ACE"):
        return 0.0
    one, other = risk.expected_loss(cases.with_factors(), cases.PLANS[plan], pair)
    return cv**2 * one * other


@pytest.mark.parametrize("plan", cases.PLANS)
def test_scenarios_vary_together_only_through_their_factor(plan: str) -> None:
    """Cov = cv² E[L_a] E[L_b] under one factor, 0 otherwise (streams of two scenarios that touched would show here)."""
    far = {
        pair: (value - _expected_covariance(pair, plan, 1.1)) / error
        for pair, (value, error) in compare.covariances(evaluated("factors", plan)).items()
    }
    assert {pair: z for pair, z in far.items() if abs(z) > compare.ERRORS} == {}


def test_control_another_cv_does_not_fit() -> None:
    found = compare.covariances(evaluated("factors", "nothing"))
    far = [(v - _expected_covariance(p, "nothing", 0.8)) / e for p, (v, e) in found.items()]
    assert max(abs(z) for z in far) > compare.ERRORS


def test_a_trigger_ties_two_scenarios() -> None:
    """A → B only: Cov(L_A, L_B) = (events of both a year) · E[loss of A] · E[loss of B].

    A's own measures thin the events of B that it sets off.
    """
    frames = cases.independent(seed=21)
    frames["triggers"] = cases.frame([{"scenario": "A", "triggers": "B", "probability": 0.5}])
    plan = cases.PLANS["half"]
    thinned, reduced = risk.reductions(frames, plan)
    mean = risk.Paths(frames).mean
    both = 0.6 * thinned["A"] * 0.5 * thinned["B"]
    expected = both * reduced["A"] * mean["A"] * reduced["B"] * mean["B"]
    found = tenbin.evaluate(tenbin.simulate(tenbin.load(frames)), plan=plan)
    a, b = found.scope("A").annual_loss, found.scope("B").annual_loss
    product = (a - a.mean()) * (b - b.mean())
    error = product.std() / math.sqrt(len(product))
    assert abs(product.mean() - expected) < compare.ERRORS * error
    unthinned = expected / thinned["A"]  # the control: B set off by events of A that A's measures prevented
    assert abs(product.mean() - unthinned) > compare.ERRORS * error


@pytest.mark.parametrize("name", CASES)
def test_years_are_independent(name: str) -> None:
    """Neighbours do not correlate, and sums of 100 years in a row vary by 100 σ².

    The variance of m sums has a relative s.e. of √((2 + κ/100)/m), κ the excess kurtosis of a year.
    """
    loss = evaluated(name, "nothing").annual_loss
    n = len(loss)
    centred = loss - loss.mean()
    assert abs((centred[1:] * centred[:-1]).mean() / centred.var()) < compare.ERRORS / math.sqrt(n)
    sums = centred.reshape(-1, 100).sum(axis=1)
    kurtosis = float((centred**4).mean() / centred.var() ** 2 - 3)
    ratio = float(sums.var() / (100 * centred.var()))
    assert abs(ratio - 1) < compare.ERRORS * math.sqrt((2 + kurtosis / 100) / len(sums))
    assert abs(np.sort(loss).reshape(-1, 100).sum(axis=1).var() / (100 * centred.var()) - 1) > 1  # the control
