"""What the charts show of a real case is what the plan costs and takes off."""

from __future__ import annotations

from pathlib import Path

import pytest

import tenbin
from tenbin.model import current_plan
from tenbin.studies.charting import abatement_rows, cash_flow
from tenbin.studies.picturing import level_rows

SME = Path(__file__).resolve().parents[2] / "scenarios" / "machine-parts-sme"


@pytest.fixture(scope="module")
def events():
    return tenbin.simulate(tenbin.load(SME), n_trials=4000)


def test_prices_sum_to_the_plans_cost_and_to_what_it_takes_off(events):
    plan = {**current_plan(events.case), "L1.006": "basic", "L3.003": "basic"}
    risk, bare = tenbin.evaluate(events, plan), tenbin.evaluate(events, {})
    rows = abatement_rows(events.case, risk, {})
    assert {row.label.id for row in rows} == set(plan)
    assert sum(row.cost for row in rows) == pytest.approx(risk.cost.per_year, rel=1e-12)
    assert sum(row.takes for row in rows) == pytest.approx(bare.aal - risk.aal, rel=1e-9)
    today = tenbin.evaluate(events, "current")
    assert sum(row.takes for row in rows) != pytest.approx(today.aal - risk.aal, rel=0.05)  # the control: another beginning


def test_one_measure_alone_takes_off_what_it_is_alone(events):
    """Independent of any sharing out: with one measure there is nothing to share."""
    risk, bare = tenbin.evaluate(events, {"L3.003": "basic"}), tenbin.evaluate(events, {})
    (row,) = abatement_rows(events.case, risk, {"L3.003": "add"})
    assert row.takes == pytest.approx(bare.aal - risk.aal, rel=1e-9)
    assert row.cost == pytest.approx(risk.cost.per_year)


def test_the_first_year_of_the_cash_flow_is_the_plans(events):
    plan = {**current_plan(events.case), "L1.006": "basic"}
    flow, cost = cash_flow(events.case, plan), tenbin.evaluate(events, plan).cost
    assert flow.total[0] == pytest.approx(cost.first_year)
    assert flow.today[0] == pytest.approx(tenbin.evaluate(events, "current").cost.first_year)


def test_levels_are_those_of_the_plans(events):
    case = events.case
    plans = [dict(current_plan(case)), {"L1.006": "basic"}, {"L1.006": case.costs.levels("L1.006")[-1].level}, {}]
    rows = {row.label.id: row for row in level_rows(case, plans)}
    assert set(rows) == {*current_plan(case), "L1.006"}
    for measure, row in rows.items():
        for number, plan in zip(row.chosen, plans, strict=True):
            assert (row.levels[number - 1] if number else None) == plan.get(measure)
        assert (row.levels[row.today - 1] if row.today else None) == current_plan(case).get(measure)
    assert rows["L1.006"].layer == "1"
