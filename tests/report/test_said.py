"""What the page says of a plan: whether its target holds, what is bought and kept, what would change the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tenbin
from tenbin.reporting.chart_data import Change, CostKind, Label
from tenbin.reporting.report.data import CONFIDENCES
from tenbin.reporting.report.figures import waterfall
from tenbin.reporting.report.page import Page
from tenbin.reporting.report.voice import Voice
from tenbin.studies import reopen


@pytest.fixture(scope="module")
def page(data):
    return Page(data, Voice("en", "JPY"))


@pytest.fixture(scope="module")
def own(data):
    return data.views[data.own]


def test_the_losses_beside_the_curve_are_those_of_all_years(page, own, data, folder):
    rows = {row[0]: row[1:] for row in page.curve_rows(own)}
    found = reopen(folder)
    risk = found.document["risk"]
    for words, name in (("once in 20 years", "var95"), ("once in 100 years", "var99")):
        sides = (risk["inherent"][name], found.document["current"]["risk"][name], risk["residual"][name])
        assert rows[words] == [page.v.amount(value) for value in sides]
    years = tenbin.evaluate(found.events, dict(own.plan)).annual_loss
    for confidence, loss in zip(CONFIDENCES, own.quantiles, strict=True):
        assert (years > loss).mean() <= 1 - confidence + 1e-12
        assert (years >= loss).mean() >= 1 - confidence
    thinned = [float(own.curve.loss[int((own.curve.chance <= 1 - c).argmax())]) for c in CONFIDENCES]
    assert thinned != list(own.quantiles), "the control: read off the thinned curve they would be others"


@pytest.mark.parametrize(
    ("outside", "limit", "said"),
    [
        ((10e6, 9e6, 11e6), 10.5e6, "¥10.5M, is met"),
        ((10e6, 9e6, 11e6), 9.5e6, "cannot be told apart from chance"),
        ((10e6, 9e6, 11e6), 8e6, "¥8.00M, is missed"),
        ((10e6, 9e6, 11e6), None, ""),
    ],
)
def test_whether_a_target_holds_is_said_in_three_ways(page, own, outside, limit, said):
    text = page.sure(replace(own, outside=outside, outside_limit=limit))[0]
    assert said in text
    assert ("target" in text) == bool(said)


def test_kinder_years_are_called_so(page, own):
    low = replace(own, outside=(own.value * 1.1, own.value * 1.05, own.value * 1.2))
    high = replace(own, outside=(own.value, own.value * 0.9, own.value * 1.1))
    assert "kinder" in page.sure(low)[0]
    assert "kinder" not in page.sure(high)[0]
    assert "not tried on others" in page.sure(replace(own, outside=None))[0]
    assert "exactly" in page.sure(replace(own, outside=(own.value, own.value, own.value)))[0]


def test_every_change_is_counted_as_what_it_is(page, own):
    measure = next(row for row in own.rows if row.kind is CostKind.MEASURE)
    changes = (Change.ADD, Change.LOWER, Change.LOWER, Change.DROP)
    view = replace(own, rows=tuple(replace(measure, change=change) for change in changes))
    assert page.counts(view) == "1 to add, 2 to lower, 1 to give up"


def test_what_is_bought_and_what_is_kept_are_all(page, own):
    bought, kept = page.bought(own), page.kept(own)
    assert len(bought) + len(kept) == len(own.rows)
    assert {row.change for row in kept if row.kind is CostKind.MEASURE} == {Change.KEEP}
    assert all(row.once == 0 for row in kept if row.kind is CostKind.SHARED)
    assert Change.KEEP not in {row.change for row in bought}


def test_a_plan_that_misses_the_runs_target_says_so(page, data):
    for view in data.views:
        assert bool(page.misses(view)) == (view.value > data.limit * (1 + 1e-9))
    assert page.misses(data.views[data.own]) == ""
    assert any(page.misses(view) for view in data.views)


def test_todays_level_at_best_is_said_where_it_is_worth_saying(data):
    def at_best(per_year):
        return Page(replace(data, at_best_per_year=per_year), Voice("en", "JPY")).at_best

    assert "18% less" in at_best(0.82 * data.today_per_year)
    assert at_best(0.995 * data.today_per_year) == ""
    assert at_best(None) == ""


def test_prices_that_would_change_the_plan(page, own, data):
    years = sum((1 + data.discount_rate) ** -n for n in range(data.horizon_years))
    new = page.first_rows(own)[0].label.id
    reasons = {
        "chosen": [
            {"measure": new, "instead": {"cost": {"extra_npv": 50_000 * years}}},
            {"measure": "L1.010", "instead": None},
        ],
        "not_chosen": [
            {"measure": "L1.002", "price_npv": 200_000 * years, "enters_at_npv": 150_000 * years},
            {"measure": "L1.004", "price_npv": 200_000 * years, "enters_at_npv": -1.0},
            {"measure": "L1.005", "price_npv": 200_000 * years, "enters_at_npv": None},
        ],
    }
    view = replace(own, document={**own.document, "reasons": reasons})
    leaves, enters = page.prices(view)
    assert new in leaves
    assert "¥50.0k a year more" in leaves
    assert "L1.002" in enters
    assert "¥150k a year instead of ¥200k (25% less)" in enters
    assert page.prices(own) == []


def test_what_makes_it_worse_is_not_hidden_among_the_others(data, own):
    measures = [row for row in own.rows if row.kind is CostKind.MEASURE]
    rows = (*(replace(measures[0], takes=-1000.0 - n) for n in range(20)), replace(measures[0], takes=500.0))
    text = waterfall(data, replace(own, rows=rows), Voice("en", "JPY")).markup()
    assert "7 other" in text
    assert "1 other" in text
    assert "+¥500" in text


def test_measures_bear_their_part_of_what_they_share(page, own):
    """A cheap measure that needs a dear platform does not come before one that needs none and takes as much away."""
    add = replace(next(r for r in own.rows if r.change is Change.ADD), once=0.0, yearly=100.0, takes=-1000.0, shared=())
    cheap = replace(add, label=replace(add.label, id="L1.001"), yearly=90.0, shared=("platform",))
    shared = next((r for r in own.rows if r.kind is CostKind.SHARED), None)
    assert shared is not None
    platform = replace(shared, label=Label("platform", "", "platform"), once=1e6, yearly=0.0)
    plain = replace(add, label=replace(add.label, id="L1.002"))
    order = [row.label.id for row in page.first_rows(replace(own, rows=(cheap, plain, platform)))]
    assert order == ["L1.002", "L1.001"]
    assert "platform" in page.first_cost(replace(own, rows=(cheap, platform)), cheap)
    assert [row.label.id for row in page.first_rows(replace(own, rows=(cheap, plain)))] == ["L1.001", "L1.002"]
