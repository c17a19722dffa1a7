"""Numbers of events: at most one, negative binomial, under factors, triggers and plans, against exact laws and formulas."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, compare, law_cases, risk, tables

CASES = {
    "counts": law_cases.counts,
    "factors": law_cases.counts_and_factors,
    "triggers": law_cases.counts_and_triggers,
}
STEP, GRID = 4000.0, 2**17
MISTAKES = {
    ("counts", "nothing"): ("frequency", "double_cv"),
    ("counts", "half"): ("frequency", "thinning"),
    ("factors", "nothing"): ("cv", "frequency"),
    ("factors", "all"): ("frequency", "overlap"),
    ("triggers", "half"): ("trigger", "frequency"),
}


@cache
def evaluated(name: str, plan: str) -> Any:
    return tenbin.evaluate(events(name), plan=cases.PLANS[plan])


@cache
def events(name: str) -> Any:
    return tenbin.simulate(tenbin.load(CASES[name]()))


@cache
def law_of(name: str, plan: str, scope: str = "", broken: str = "") -> risk.Compound:
    return risk.compound(CASES[name](), cases.PLANS[plan], STEP, GRID, scope, broken)


def far(name: str, plan: str, scope: str = "", broken: str = "") -> dict[str, float]:
    law = law_of(name, plan, scope, broken)
    assert law.lost < 1e-6
    found = evaluated(name, plan)
    part = found.scope(scope) if scope else found
    return compare.disagreements(law, part.annual_loss, part.var, part.tvar)


@pytest.mark.parametrize("plan", cases.PLANS)
@pytest.mark.parametrize("name", CASES)
def test_years_are_of_the_exact_law(name: str, plan: str) -> None:
    assert far(name, plan) == {}


@pytest.mark.parametrize(("name", "plan", "mistake"), [(n, p, m) for (n, p), ms in MISTAKES.items() for m in ms])
def test_control_a_wrong_law_is_rejected(name: str, plan: str, mistake: str) -> None:
    assert far(name, plan, broken=mistake) != {}


@pytest.mark.parametrize("scenario", "ABCDE")
@pytest.mark.parametrize("plan", ["nothing", "half"])
def test_each_scenario_is_of_its_own_law(plan: str, scenario: str) -> None:
    assert far("counts", plan, scenario) == {}


@pytest.mark.parametrize("name", CASES)
def test_mean_and_variance_are_the_analytic_ones(name: str) -> None:
    """As in ``test_compound``: standard errors from the exact law; the control, all numbers Poisson."""
    for plan in ("nothing", "half"):
        frames, chosen = CASES[name](), cases.PLANS[plan]
        fourth = law_of(name, plan).central_moment(4)
        loss = evaluated(name, plan).annual_loss
        mean, variance = risk.cumulants(frames, chosen)
        error = math.sqrt((fourth - variance**2) / len(loss))
        assert abs(loss.mean() - mean) < compare.ERRORS * math.sqrt(variance / len(loss))
        assert abs(loss.var(ddof=1) - variance) < compare.ERRORS * error
        assert abs(loss.var(ddof=1) - risk.cumulants(frames, chosen, "frequency")[1]) > compare.ERRORS * error


@pytest.mark.parametrize("name", CASES)
def test_expected_loss_is_the_sum_over_paths(name: str) -> None:
    """The mean number of events is λF whatever its law."""
    for plan in cases.PLANS:
        expected = risk.expected_loss(CASES[name](), cases.PLANS[plan], ("", *"ABCDE"))
        found = evaluated(name, plan)
        stated = [found.aal, *(found.scope(s).aal for s in "ABCDE")]
        assert stated == pytest.approx(expected, rel=1e-9)


# ---------------------------------------------------------------- what a factor and an own gamma do


@pytest.mark.parametrize("plan", cases.PLANS)
def test_scenarios_vary_together_only_through_their_factor(plan: str) -> None:
    """Cov = cv² E[L_a] E[L_b] under one factor, 0 otherwise, the factor's cv alone: own gammas are each scenario's own."""
    chosen = cases.PLANS[plan]
    expected = dict(zip("ABCDE", risk.expected_loss(law_cases.counts_and_factors(), chosen, tuple("ABCDE")), strict=True))
    wrong = {"no factor": 0.0, "the own gammas too": 0.9**2 + 1.2**2}
    seen = dict.fromkeys(wrong, 0.0)
    for (a, b), (value, error) in compare.covariances(evaluated("factors", plan)).items():
        together = {a, b} <= set("ACE")
        assert abs(value - 0.81 * together * expected[a] * expected[b]) < compare.ERRORS * error, (a, b)
        for mistake, square in wrong.items():
            seen[mistake] = max(seen[mistake], abs(value - square * together * expected[a] * expected[b]) / error)
    assert min(seen.values()) > compare.ERRORS, seen


def one_number(law: str, rate: float, effect: float, cv: float, seed: int) -> Any:
    """Years with a loss of 1 an event, of a scenario with a measure, perhaps under a factor."""
    row = {"frequency": rate, "frequency_model": law, "loss_model": "fixed(1)"}
    effects = [{"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": effect}]
    tables_ = {"factors": [{"id": "F", "cv": cv}]} if cv else {}
    return law_cases.single(seed, 200_000, {**row, "factor": "F"} if cv else row, effects=effects, **tables_)


@pytest.mark.parametrize(("effect", "cv"), [(0.0, 0.0), (0.6, 0.0), (0.0, 0.8), (0.6, 0.8)])
def test_over_dispersion_is_as_written(effect: float, cv: float) -> None:
    """Var N = λF + c²(λF)²; with a factor (1 + c²)(1 + k²) − 1 in the place of c².

    Controls: a Poisson number, the factor or the own gamma forgotten, λ thinned but not the dispersion.
    """
    rate, own = 1.5, 1.2
    events_ = tenbin.simulate(tenbin.load(one_number(f"negative_binomial(cv={own})", rate, effect, cv, 41)))
    loss = np.asarray(tenbin.evaluate(events_, plan={"L1.001": "basic"}).annual_loss)
    left = rate * (1 - effect)
    wide = (1 + own**2) * (1 + cv**2) - 1
    error = math.sqrt((((loss - loss.mean()) ** 4).mean() - loss.var() ** 2) / len(loss))
    assert abs(loss.var() - (left + wide * left**2)) < compare.ERRORS * error
    wrong = {left, left + wide * rate**2, *([left + own**2 * left**2, left + cv**2 * left**2] if cv else [])}
    assert (
        min(abs(loss.var() - v) for v in wrong - ({left + wide * left**2} if effect == 0 else set())) > compare.ERRORS * error
    )


def test_at_most_once_a_year_until_a_trigger() -> None:
    """Own events are 0 or 1 of which a plan keeps a share; triggered ones come on top."""
    frames = one_number("bernoulli", 0.7, 0.4, 0.0, 43)
    events_ = tenbin.simulate(tenbin.load(frames))
    n = 200_000
    for plan, chance in (({}, 0.7), ({"L1.001": "basic"}, 0.42)):
        loss = np.asarray(tenbin.evaluate(events_, plan=plan).annual_loss)
        assert set(np.unique(loss)) == {0.0, 1.0}
        error = math.sqrt(chance * (1 - chance) / n)
        assert abs(loss.mean() - chance) < compare.ERRORS * error
        assert abs(loss.mean() - (1 - math.exp(-chance))) > compare.ERRORS * error  # the control: any Poisson events
    found = evaluated("triggers", "nothing").scope("D").annual_loss
    scenarios = {r["id"]: r for r in tables.rows(CASES["triggers"](), "scenarios")}
    assert scenarios["D"]["frequency"] == 1.0
    assert (found > 0).all()  # its own event, every year
    alone = law_of("counts", "nothing", "D")
    assert compare.disagreements(alone, found, np_var(found), np_tvar(found)) != {}


def np_var(loss: Any) -> Any:
    return lambda c: compare.tails(np.asarray(loss), (str(c),))[0][0]


def np_tvar(loss: Any) -> Any:
    return lambda c: compare.tails(np.asarray(loss), (str(c),))[0][1]


@pytest.mark.parametrize("seed", range(6))
def test_generated_cases_of_every_law(seed: int) -> None:
    """Whatever laws, layers, factors, triggers and measures meet: years of the exact law, expected losses to 1e-9."""
    frames = law_cases.varied(seed)
    scenarios = frames["scenarios"]
    scenarios["loss_cap"] = [4e7 if c is None or c != c else min(c, 4e7) for c in scenarios["loss_cap"]]
    plan = tables.current(frames)
    found = tenbin.evaluate(tenbin.simulate(tenbin.load(cases.with_study(frames, n_trials=50_000))), plan=plan)
    law = risk.compound(frames, plan, STEP, GRID)
    assert law.lost < 1e-6
    assert compare.disagreements(law, found.annual_loss, found.var, found.tvar) == {}
    assert found.aal == pytest.approx(risk.expected_loss(frames, plan)[0], rel=1e-9)
    scenarios["frequency"] = scenarios["frequency"] * 0.7  # the control
    assert compare.disagreements(risk.compound(frames, plan, STEP, GRID), found.annual_loss, found.var, found.tvar) != {}
