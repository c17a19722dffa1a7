"""What a larger company, a worse past, less in place and extreme answers do to the case; and that the basis says so."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest
from scipy import stats

import tenbin
from tenbin.evaluation import cost_of
from tenbin.interview import QUESTIONS, Answers, Kind, make_case
from tenbin.interview.presets import REFERENCE, preset
from tenbin.interview.questions import CHECKLIST, INDUSTRIES
from tenbin.model import current_plan
from tenbin.studies.ringing import own_years

SIZES = (1, 5, 10, 30, 60, 150, 250, 1000)
MOST = {
    one.key: one.most if one.kind in (Kind.AMOUNT, Kind.SHARE, Kind.DAYS) else int(one.most)
    for one in QUESTIONS
    if one.kind not in (Kind.CHOICE, Kind.YES_NO, Kind.CHECKLIST)
}
LEAST = {key: type(most)(next(one.least for one in QUESTIONS if one.key == key)) for key, most in MOST.items()}
EXTREMES = {
    "nobody knows": {},
    "one person": {"employees": 1},
    "100,000 people": {"employees": 100_000},
    "all at its most": {**MOST, "remote_access": True, "in_place": ()},
    "all at its least": {**LEAST, "remote_access": False, "in_place": CHECKLIST},
    "nothing in place": {"in_place": ()},
    "all in place": {"in_place": CHECKLIST},
    "more records than people": {"employees": 10, "records": 10**9},
    "no payment": {"largest_payment": 0.0},
    "no machines, no records": {"machines": 0, "records": 0},
    "no profit": {"profit_per_day": 0.0},
    "a day's profit above a year's revenue": {"profit_per_day": 1e11},
    "a failure every other day": {"incidents": 1000},
    "one man with a fortune": {"employees": 1, "revenue": 1e13},
}


def expected(case, today=True):
    """Expected loss of a year, today or with nothing in place, in closed form but for what sets off what."""
    return tenbin.evaluate(tenbin.simulate(case, 2000), "current" if today else {}).aal


def made(**answers):
    return make_case(Answers(**{"industry": "factory", **answers}))


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_a_larger_company_loses_more_but_less_of_its_revenue(industry):
    cases = [made(industry=industry, employees=size) for size in SIZES]
    losses = [expected(one.case) for one in cases]
    shares = [loss / one.filled.answers.revenue for loss, one in zip(losses, cases, strict=True)]
    assert losses == sorted(losses)
    assert max(shares) < 4 * min(shares)  # and no size is of another kind


@pytest.mark.parametrize("industry", INDUSTRIES)
@pytest.mark.parametrize("employees", [10, 60, 250])
def test_a_company_of_the_surveys(industry, employees):
    """What docs/interview.md defends: incidents above ¥1M, expected loss and the bad year, by size."""
    one = made(industry=industry, employees=employees)
    events = tenbin.simulate(one.case, 20_000)
    ring, today = tenbin.ring_true(events), tenbin.evaluate(events, "current")
    revenue = one.filled.answers.revenue
    low, high = {10: (0.02, 0.09), 60: (0.08, 0.25), 250: (0.2, 0.7)}[employees]
    assert low < ring.incidents_per_year < high
    assert 0.0005 < today.aal / revenue < 0.005
    assert today.tvar(0.95) < 0.1 * revenue
    if employees == 10:
        assert today.exceedance(100e6) < 0.001  # hardly a firm of ten people loses ¥100M


def test_the_presets_are_the_bundled_company():
    """The control of the anchor: at the presets' own size nothing is scaled."""
    one = made(employees=60, computers=60, machines=30, records=1800, profit_per_day=REFERENCE["revenue_day"], days_down=7)
    presets = {row["id"]: row for row in preset("scenarios")}
    for scenario in one.case.scenarios:
        row = presets[scenario.id]
        assert scenario.frequency.likely == pytest.approx(1 / float(row["frequency"].split("/")[1]), rel=0.05)
        assert scenario.basis.removeprefix(f"preset {scenario.id}: ") in ("as it is", "at most two of your largest payments")


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_the_own_past_moves_the_frequencies(industry):
    factors = [made(industry=industry, employees=60, incidents=n).history for n in (0, 1, 3, 5, 10, 1000)]
    assert factors == sorted(factors)
    assert factors[0] < 1 < factors[2]
    assert factors[-1] == 5.0
    losses = [expected(made(industry=industry, employees=60, incidents=n).case) for n in (0, 5)]
    assert losses[1] > 2 * losses[0]


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_what_is_in_place_helps(industry):
    nothing, usual, everything = (
        made(industry=industry, employees=60, in_place=items) for items in ((), ("antivirus", "backup"), CHECKLIST)
    )
    assert expected(nothing.case) > expected(usual.case) > expected(everything.case)
    assert expected(nothing.case, today=False) == expected(everything.case, today=False)  # the risk itself is the same
    assert expected(made(remote_access=False).case) < expected(made(remote_access=True).case)
    assert expected(made(days_down=1.0).case) < expected(made(days_down=30.0).case)
    assert expected(made(customer_share=0.1).case) < expected(made(customer_share=0.9).case)
    assert expected(made(records=0).case) < expected(made(records=100_000).case)
    assert expected(made(machines=0).case) < expected(made(machines=30).case)


def extremes():
    """Those that touch everything with every industry, of the others each with two, so that every industry meets some of them."""
    industries = [*INDUSTRIES, None]
    for n, name in enumerate(EXTREMES):
        every = name in ("nobody knows", "all at its most", "all at its least")
        yield from ((name, one) for one in (industries if every else [industries[n % 7], industries[(n + 3) % 7]]))


@pytest.mark.parametrize(("name", "industry"), list(extremes()))
def test_extreme_answers_make_a_case(name, industry):
    one = make_case(Answers(industry=industry, **EXTREMES[name]))
    revenue = one.filled.answers.revenue
    assert all(scenario.severity.cap <= max(revenue / 4 * 1.1, 1) for scenario in one.case.scenarios)
    assert all(math.isfinite(cost) for row in one.case.costs.rows for cost in (row.capex, row.opex, row.effort_yearly))
    assert expected(one.case) > 0
    assert not one.case.warnings


@pytest.mark.parametrize("name", ["nobody knows", "all at its most", "all at its least", "one person", "all in place"])
def test_extreme_answers_are_optimised(name):
    one = make_case(Answers(industry="factory", **EXTREMES[name]))
    events = tenbin.simulate(one.case, 1000)  # of which no proof is to be had: the time is used up
    assert tenbin.optimise(events, time_limit=1).status in ("optimal", "feasible")
    today = cost_of(one.case, current_plan(one.case)).first_year_cash
    assert tenbin.optimise(events, budget=f"{math.ceil(today)}/first-year", time_limit=1).status in ("optimal", "feasible")


def test_every_row_says_where_it_comes_from():
    answers = Answers("factory", 20, 25, 4e8, None, 3.0, False, 5, 300, 1e7, 0.5, ("antivirus", "policy"), 0, 1e7, 1e6)
    case = make_case(answers).case
    told = {scenario.id: scenario for scenario in case.scenarios}
    ransomware = told["S-L1-01"]
    assert "(employees: your answer)" in ransomware.basis
    assert "(profit lost per day stopped: assumed)" in ransomware.basis
    assert "(3 days until work goes on: your answer)" in ransomware.basis
    assert "回答：社外から入れない" in ransomware.basis_ja
    assert "(the largest customer's share: your answer)" in told["S-L1-09"].basis
    frames = tenbin.to_frames(case)
    for table, column in (
        ("scenarios", "basis"),
        ("effects", "basis"),
        ("measures", "basis"),
        ("shared", "basis"),
        ("status", "note"),
    ):
        assert frames[table][column].astype(str).str.len().gt(0).all(), table
    assert set(frames["status"]["note"]) == {
        "your answer",
        "your answer; not to be given up",
        "assumed: observing law is not a choice",
    }


def test_nobody_is_told_to_give_up_antivirus():
    case = made(employees=60).case
    held = {row["id"]: row["status"] for row in tenbin.to_frames(case)["status"].to_dict("records")}
    assert all("mandatory" in held[measure] for measure in ("L2.012", "L3.016", "L3.008"))


@pytest.mark.parametrize(("incidents", "fits"), [(None, None), (0, "fits"), (1, "fits"), (5, "more"), (30, "more")])
def test_the_figures_are_held_against_the_own_years(incidents, fits):
    one = made(employees=60)
    found = own_years(tenbin.simulate(one.case, 1000), one.filled.answers.profit_per_day, incidents)
    assert found.expected == pytest.approx(one.expected, rel=0.25)  # which leaves triggered events out
    assert found.fits == fits
    if incidents is not None:
        low, high = stats.poisson.interval(0.95, found.expected)
        assert (low <= incidents <= high) == (fits == "fits")


def test_figures_that_expect_too_much_are_seen():
    """The control: the same company with every frequency fifteen times as high has had fewer than expected."""
    case = made(employees=60).case
    for scenario in case.scenarios:
        case = tenbin.replace(
            case, "scenarios", scenario.id, frequency=15 * scenario.frequency.likely, frequency_low=None, frequency_high=None
        )
    assert own_years(tenbin.simulate(case, 1000), 1.7e6, 1).fits == "fewer"


def test_each_question_is_of_use():
    """Every answer but the industry changes the case, or the command that is told."""
    plain = tenbin.to_frames(made(employees=60).case)
    other = {
        "employees": 61, "computers": 200, "revenue": 2e9, "profit_per_day": 3e6, "days_down": 20.0, "remote_access": False,
        "machines": 90, "records": 50_000, "largest_payment": 1e6, "customer_share": 0.9, "in_place": (), "incidents": 4,
        "cash": 9e7,
    }  # fmt: skip
    assert set(other) == {one.name for one in fields(Answers)} - {"industry", "budget"}
    for key, value in other.items():
        frames = tenbin.to_frames(made(**{"employees": 60, key: value}).case)
        assert any(
            str(frames[name]) != str(plain[name]) if name == "case" else not frames[name].equals(plain[name]) for name in plain
        ), key
