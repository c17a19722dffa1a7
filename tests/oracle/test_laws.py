"""Laws of losses: expected losses by quadrature, years by Fourier transform, each with deductible and cap and under plans."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import tenbin
from oracles import cases, compare, law_cases, risk, tables

CASES = {"light": law_cases.light, "layered": law_cases.layered}
STEP, GRID = 2000.0, 2**18  # half a billion in steps of 2,000: bracket of the mean below 0.1 % of it


@cache
def evaluated(name: str, plan: str) -> Any:
    return tenbin.evaluate(events(name), plan=cases.PLANS[plan])


@cache
def events(name: str) -> Any:
    return tenbin.simulate(tenbin.load(CASES[name]()))


def far(name: str, plan: str, scope: str = "", frames: Any = None, broken: str = "") -> dict[str, float]:
    """Where the years disagree with the exact law."""
    law = risk.compound(frames or CASES[name](), cases.PLANS[plan], STEP, GRID, scope, broken)
    assert law.lost < 1e-7
    found = evaluated(name, plan)
    part = found.scope(scope) if scope else found
    return compare.disagreements(law, part.annual_loss, part.var, part.tvar)


@pytest.mark.parametrize("plan", cases.PLANS)
@pytest.mark.parametrize("name", CASES)
def test_years_are_of_the_exact_law(name: str, plan: str) -> None:
    assert far(name, plan) == {}


@pytest.mark.parametrize("scenario", "ABCDE")
@pytest.mark.parametrize(("name", "plan"), [("light", "nothing"), ("layered", "nothing"), ("layered", "half")])
def test_each_law_is_its_own(name: str, plan: str, scenario: str) -> None:
    assert far(name, plan, scenario) == {}


@pytest.mark.parametrize("scenario", "ABCDE")
def test_control_another_layer_is_rejected(scenario: str) -> None:
    """The deductible half as much again, the cap a third smaller."""
    for column, factor in (("deductible", 1.5), ("loss_cap", 0.67)):
        frames = law_cases.layered()
        frames["scenarios"][column] = frames["scenarios"][column] * factor
        assert far("layered", "nothing", scenario, frames) != {}, column


OTHERS = {
    "A": "weibull(scale=2M, shape=0.72)",
    "B": "uniform(low=1M, high=5.2M)",
    "C": "pert(low=1M, mode=2.6M, high=10M)",
    "D": "tail(lognormal(median=3M, sigma=0.8), from=8M, scale=3.6M, shape=0.12)",
    "E": "mixture(0.67*lognormal(median=1M, sigma=0.9), 0.2*pert(low=500k, mode=4M, high=9M), 0.13*fixed(6543210))",
}


@pytest.mark.parametrize("scenario", OTHERS)
def test_control_a_neighbouring_law_is_rejected(scenario: str) -> None:
    frames = law_cases.light()
    table = frames["scenarios"]
    table["loss_model"] = [
        OTHERS[scenario] if s == scenario else law for s, law in zip(table["id"], table["loss_model"], strict=True)
    ]
    assert far("light", "nothing", scenario, frames) != {}


@pytest.mark.parametrize(
    ("plan", "mistake"), [("half", "scale"), ("half", "severity"), ("all", "thinning"), ("all", "overlap")]
)
def test_control_another_plan_is_rejected(plan: str, mistake: str) -> None:
    assert far("light", plan, broken=mistake) != {}


def test_expected_losses_of_every_law_and_layer() -> None:
    """Exact in both, the oracle's by quadrature to 1e-11: 1e-9 relative. Controls: cap and deductible forgotten."""
    frames = law_cases.every_law()
    scenarios = tables.rows(frames, "scenarios")
    names = [row["id"] for row in scenarios]
    found = tenbin.evaluate(tenbin.simulate(tenbin.load(frames)), plan={})
    stated = [found.scope(name).aal for name in names]
    assert stated == pytest.approx(risk.expected_loss(frames, {}, names), rel=1e-9)
    finite = [row for row in scenarios if "shape=1.1" not in row["loss_model"]]
    for mistake, column in (("cap", "loss_cap"), ("deductible", "deductible")):
        less = {**frames, "scenarios": finite}
        wrong = dict(
            zip((r["id"] for r in finite), risk.expected_loss(less, {}, [r["id"] for r in finite], broken=mistake), strict=True)
        )
        seen = [column in r and wrong[r["id"]] != pytest.approx(found.scope(r["id"]).aal, rel=1e-9) for r in finite]
        assert sum(seen) >= 0.8 * sum(column in r for r in finite), mistake
