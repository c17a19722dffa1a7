"""What must hold for every case: more measures never hurt, dearer ones never help, order and threads mean nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenbin
from oracles import cases, tables

SEEDS = range(12)
TRIALS = 12_000  # more than a block of 10,000 years, and not a whole number of them


@cache
def made(seed: int) -> tuple[Any, Any]:
    frames = cases.generated(seed, n_trials=TRIALS + seed)
    return frames, tenbin.simulate(tenbin.load(frames))


@cache
def made_in_worlds(seed: int) -> tuple[Any, Any]:
    frames = cases.uncertain(seed, n_trials=TRIALS, n_worlds=5)
    return frames, tenbin.simulate(tenbin.load(frames))


def loss(events: Any, plan: dict[str, str]) -> Any:
    return np.asarray(tenbin.evaluate(events, plan=plan).annual_loss)


# ---------------------------------------------------------------- more measures never cost a year more


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.sampled_from(SEEDS), uncertain=st.booleans(), data=st.data())
def test_a_measure_more_or_a_level_higher_never_raises_a_year(seed: int, uncertain: bool, data: st.DataObject) -> None:
    """Year by year, for the whole and for each scenario. Rounding: a year sums few events, 1e-12 relative is plenty."""
    frames, events = made_in_worlds(seed) if uncertain else made(seed)
    levels = {m: [None, *(r["level"] for r in found)] for m, found in tables.level_rows(frames).items()}
    places = {m: data.draw(st.integers(0, len(found) - 1), label=m) for m, found in levels.items()}
    raisable = [m for m, place in places.items() if place < len(levels[m]) - 1]
    if not raisable:
        return
    measure = data.draw(st.sampled_from(raisable), label="raised")
    more = {**places, measure: data.draw(st.integers(places[measure] + 1, len(levels[measure]) - 1), label="to")}
    low, high = (
        {m: levels[m][place] for m, place in chosen.items() if levels[m][place] is not None} for chosen in (places, more)
    )
    before, after = tenbin.evaluate(events, plan=low), tenbin.evaluate(events, plan=high)
    assert (after.annual_loss <= before.annual_loss * (1 + 1e-12)).all()
    assert after.aal <= before.aal * (1 + 1e-12)
    for scenario in frames["scenarios"]["id"]:
        assert (after.scope(scenario).annual_loss <= before.scope(scenario).annual_loss * (1 + 1e-12)).all()
    for confidence in (0.9, 0.99):
        assert after.var(confidence) <= before.var(confidence) * (1 + 1e-12)
        assert after.tvar(confidence) <= before.tvar(confidence) * (1 + 1e-12)


def test_control_the_reverse_is_false() -> None:
    """Losses do fall: the inequality above is not one of equals."""
    for seed in SEEDS:
        frames, events = made(seed)
        everything = {m: found[-1]["level"] for m, found in tables.level_rows(frames).items()}
        assert (loss(events, everything) < loss(events, {})).mean() > 0.01


# ---------------------------------------------------------------- dearer measures


def dearer(frames: Any, row: int, column: str, by: float) -> Any:
    table = frames["measures"].copy()
    table[column] = table[column].astype(float)
    table.loc[row, column] += by
    return {**frames, "measures": table}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.sampled_from(SEEDS),
    place=st.integers(0, 99),
    column=st.sampled_from(["capex", "opex", "effort_initial", "effort_yearly"]),
    by=st.integers(1, 40),
)
def test_a_dearer_measure_never_makes_the_optimum_cheaper(seed: int, place: int, column: str, by: int) -> None:
    """Within the solver's half a currency unit on either side."""
    frames, events = made(seed)
    extra = by if column.startswith("effort") else by * 50_000
    raised = dearer(frames, place % len(frames["measures"]), column, float(extra))
    targets = ["aal=65%of-inherent"]
    cheap = tenbin.optimise(events, targets=targets)
    dear = tenbin.optimise(tenbin.simulate(tenbin.load(raised)), targets=targets)
    assert (cheap.status == "infeasible") == (dear.status == "infeasible")
    if cheap.status != "infeasible":
        assert dear.cost.npv >= cheap.cost.npv - 1.0


def test_control_a_cheaper_measure_does_make_it_cheaper() -> None:
    frames, events = made(3)
    raised = {**frames, "measures": frames["measures"].assign(capex=frames["measures"]["capex"] + 1e6)}
    targets = ["aal=65%of-inherent"]
    dear = tenbin.optimise(tenbin.simulate(tenbin.load(raised)), targets=targets)
    assert tenbin.optimise(events, targets=targets).cost.npv < dear.cost.npv - 1.0


# ---------------------------------------------------------------- order, neighbours, threads, seeds


def stripped(document: Any) -> Any:
    """A result's document without what measures time."""
    return {k: v for k, v in document.items() if k not in ("seconds", "case")}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    frames, events = made(seed)
    other = tenbin.simulate(tenbin.load(cases.shuffled(frames, seed + 1)))
    everything = {m: found[-1]["level"] for m, found in tables.level_rows(frames).items()}
    for plan in ({}, everything, tables.current(frames)):
        assert np.array_equal(loss(events, plan), loss(other, plan))
        one, two = tenbin.evaluate(events, plan=plan), tenbin.evaluate(other, plan=dict(reversed(plan.items())))
        assert (one.aal, one.tvar(0.95), one.cost.npv) == (two.aal, two.tvar(0.95), two.cost.npv)
        assert sorted(one.violations) == sorted(two.violations)


@pytest.mark.parametrize("seed", [1, 4, 8])
def test_the_order_of_rows_changes_no_optimum(seed: int) -> None:
    frames, events = made(seed)
    other = tenbin.simulate(tenbin.load(cases.shuffled(frames, seed + 1)))
    for target in ("aal=65%of-inherent", "tvar95=75%of-inherent"):
        one, two = (tenbin.optimise(e, targets=[target]).to_dict() for e in (events, other))
        assert stripped(one) == stripped(two)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_scenario_gone_leaves_the_draws_of_the_others(seed: int) -> None:
    """Every scenario that it does not set off, directly or not, keeps each year's loss to the bit.

    One that it sets off directly only loses events, as long as whatever else sets that one off is untouched.
    """
    frames, events = made(seed)
    links = tables.rows(frames, "triggers")
    for gone in list(frames["scenarios"]["id"]):
        behind = {gone}
        while more := {r["triggers"] for r in links if r["scenario"] in behind} - behind:
            behind |= more
        cut = tenbin.simulate(tenbin.load(cases.without_scenario(frames, gone)))
        before, after = tenbin.evaluate(events, plan={}), tenbin.evaluate(cut, plan={})
        for kept in set(frames["scenarios"]["id"]) - behind:
            assert np.array_equal(before.scope(kept).annual_loss, after.scope(kept).annual_loss), (gone, kept)
        parents = {c: {r["scenario"] for r in links if r["triggers"] == c} for c in behind - {gone}}
        for child in (c for c, above in parents.items() if above & behind == {gone}):
            assert (after.scope(child).annual_loss <= before.scope(child).annual_loss * (1 + 1e-12)).all()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("uncertain", [False, True])
def test_threads_change_nothing(seed: int, uncertain: bool) -> None:
    frames = cases.uncertain(seed, n_trials=TRIALS, n_worlds=5) if uncertain else cases.generated(seed, n_trials=45_000)
    case = tenbin.load(frames)
    one, four = (tenbin.simulate(case, n_threads=n) for n in (1, 4))
    for plan in ({}, tables.current(frames)):
        assert np.array_equal(loss(one, plan), loss(four, plan))
        assert tenbin.evaluate(one, plan=plan).tvar(0.95) == tenbin.evaluate(four, plan=plan).tvar(0.95)


def test_the_seed_makes_the_numbers() -> None:
    frames, events = made(2)
    case = tenbin.load(frames)
    seed = frames["case"]["study"]["seed"]
    again, given_, other = tenbin.simulate(case), tenbin.simulate(case, seed=seed), tenbin.simulate(case, seed=seed + 1)
    zero = tenbin.simulate(case, seed=0)
    assert np.array_equal(loss(events, {}), loss(again, {}))
    assert np.array_equal(loss(events, {}), loss(given_, {}))
    assert not np.array_equal(loss(events, {}), loss(other, {}))
    assert not np.array_equal(loss(events, {}), loss(zero, {}))
    assert len(loss(tenbin.simulate(case, n_trials=3_333), {})) == 3_333


def test_an_unused_row_changes_no_draw() -> None:
    """A measure more in the tables, not chosen, leaves every year as it was."""
    frames, events = made(5)
    spare = next(m for m in cases.MEASURES if m not in set(frames["measures"]["measure"]))
    row = {"measure": spare, "level": "basic", "capex": 1, "opex": 1, "effect_scale": 1.0}
    effect = {"scenario": "S-01", "measure": spare, "acts_on": "frequency", "effect": 0.5}
    more = {
        **frames,
        "measures": pd.concat([frames["measures"], pd.DataFrame([row])], ignore_index=True),
        "effects": pd.concat([frames["effects"], pd.DataFrame([effect])], ignore_index=True),
    }
    assert np.array_equal(loss(events, {}), loss(tenbin.simulate(tenbin.load(more)), {}))
