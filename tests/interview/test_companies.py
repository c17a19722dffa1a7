"""Eighteen companies that answered: the case made of their answers rings true against their own five years."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from scipy import stats

import tenbin
from tenbin.interview import Answers, make_case
from tenbin.interview.questions import INDUSTRIES
from tenbin.studies.ringing import own_years

COMPANIES = list(csv.DictReader((Path(__file__).parent / "companies.csv").read_text(encoding="utf-8").splitlines()))
TRIALS = 20_000
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def answered(row, **more):
    numbers = {name: float(row[name]) for name in ("revenue",)}
    return Answers(
        industry=row["industry"], employees=int(row["employees"]), incidents=int(row["incidents"]), **numbers, **more
    )


def five_years(made):
    """Expected incidents of five years: events that cost more than a day of work, in closed form, triggered ones too."""
    events = tenbin.simulate(made.case, 1000)
    return 5 * tenbin.ring_true(events, threshold=made.filled.answers.profit_per_day).incidents_per_year


@pytest.mark.parametrize("row", COMPANIES, ids=lambda row: f"{row['industry']}-{row['employees']}")
def test_a_company_recognises_itself(row):
    made = make_case(answered(row))
    revenue = float(row["revenue"])
    events = tenbin.simulate(made.case, TRIALS)
    today = tenbin.evaluate(events, "current")
    assert stats.poisson.interval(0.95, five_years(made))[0] <= int(row["incidents"])
    assert int(row["incidents"]) <= stats.poisson.interval(0.95, five_years(made))[1]
    assert (
        0.0002 < today.aal / revenue < 0.03
    )  # cyber losses of firms: some hundredths of a per cent to a few per cent of revenue
    assert today.aal < today.tvar(0.95) < revenue
    found = tenbin.optimise(events, time_limit=1.5)  # a plan, proved cheapest or not
    assert found.status in ("optimal", "feasible")
    assert 1e-4 < found.cost.per_year / revenue < 0.01
    assert found.risk.tvar(0.95) <= 0.75 * today.tvar(0.95) * (1 + 1e-9)


def test_a_history_that_is_not_theirs_is_seen():
    """The control: the same company with thirty incidents is not what the presets alone expect."""
    row = {**COMPANIES[1], "incidents": "30"}
    plain = make_case(Answers(industry="factory", employees=60, revenue=1.2e9))
    assert stats.poisson.interval(0.95, five_years(plain))[1] < 30
    made = make_case(answered(row))
    assert five_years(made) > 4 * five_years(plain)
    found = own_years(made.case, made.filled.answers.profit_per_day, 30)
    assert found.expected == pytest.approx(five_years(made), rel=0.02)  # two samples' triggered events
    assert found.fits == "more"


@pytest.mark.parametrize("industry", [*INDUSTRIES, None])
def test_nobody_knows_anything(industry):
    made = make_case(Answers(industry=industry))
    assert "employees" in made.filled.assumed
    assert made.history == 1.0
    risk = tenbin.evaluate(tenbin.simulate(made.case, 5000), "current")
    assert 0 < risk.aal < made.filled.answers.revenue


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_a_larger_company_never_pays_less(industry):
    costs = []
    for employees in (5, 10, 60, 250, 1000):
        case = make_case(Answers(industry=industry, employees=employees)).case
        costs.append(sum(row.capex + row.opex + row.effort_yearly * 32_000 for row in case.costs.rows))
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def test_the_engine_never_sees_a_preset():
    made = make_case(Answers(industry="it", employees=60))
    for name, frame in tenbin.to_frames(made.case).items():
        if hasattr(frame, "columns"):
            assert "scales_with" not in frame.columns, name
    assert all(row.basis for row in made.case.costs.rows)
    assert all(scenario.basis.startswith("preset ") for scenario in made.case.scenarios)


def test_what_is_told_is_told_in_both_languages():
    case = make_case(Answers(industry="factory", employees=60)).case
    costs = case.costs
    for row in (*case.scenarios, *case.effects, *case.triggers, *costs.rows, *costs.capabilities, *costs.subsidies):
        assert JAPANESE.search(row.basis_ja), row
        assert not row.basis or row.basis != row.basis_ja
    assert all(JAPANESE.search(row.note_ja) for row in (*case.status, *costs.relations))
    assert all(one.title_ja and one.title_en for one in (*costs.capabilities, *costs.subsidies))
    utm = next(one for one in costs.capabilities if one.id == "utm")
    assert (utm.title_en in utm.basis, utm.title_ja in utm.basis_ja) == (True, True)
