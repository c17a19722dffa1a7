"""Which measures are in at each point of the frontier: cells, levels, order and marks are the data's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reporting.fake import frontier_data
from reporting.test_charts import hostile
from reporting.texts import check_no_overlap, check_on_page, drawn
from tenbin.reporting import FrontierData, FrontierMark, Label, LevelRow
from tenbin.reporting.charts import composition
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.style import Style


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


def style(lang: str = "en") -> Style:
    return Style(resolve(lang, {}))


def axes_of(data: FrontierData, lang: str = "en") -> Axes:
    axes: Axes = composition.page(data, style(lang)).axes[0]
    return axes


def cells(axes: Axes) -> dict[str, Rectangle]:
    return {str(patch.get_gid())[3:]: patch for patch in axes.patches if str(patch.get_gid()).startswith("in-")}


def with_hostile_titles(data: FrontierData) -> FrontierData:
    rows = tuple(replace(row, label=hostile(n), layer="") for n, row in enumerate(data.measures))
    return replace(data, title=hostile(0), layers=tuple(hostile(n) for n in range(3)), measures=rows)


def only_in_the_last(n_plans: int, count: int, layer: str = "2") -> tuple[LevelRow, ...]:
    chosen = (*(0 for _ in range(n_plans - 1)), 1)
    return tuple(LevelRow(Label(f"X.{n:03}"), layer, ("",), chosen) for n in range(count))


CASES = {
    "as it is": frontier_data(),
    "hostile titles": with_hostile_titles(frontier_data(30)),
    "all measures": frontier_data(30, 55),
    "many plans": frontier_data(200, 20),
    "one plan": frontier_data(1, 3),
    "no measure": frontier_data(3, 0, measures=()),
    "nothing in place": frontier_data(5, 5, today=None, measures=frontier_data(5, 5).measures[:2]),
    "dollars": frontier_data(12, 8, currency="USD"),
    "a run's own plan": frontier_data(30, 8, own=FrontierMark(3e6, 2e7)),
}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("case", CASES)
def test_it_draws_on_the_page(case: str, lang: str) -> None:
    """In English to the pixel, in Japanese laid out alone, as in ``test_charts``."""
    figure = composition.page(CASES[case], Style(resolve(lang, {}), CASES[case].currency))
    if lang == "en":
        figure.canvas.draw()
    else:
        figure.draw_without_rendering()
    check_on_page(figure)
    check_no_overlap(figure)


def test_a_measure_has_a_cell_where_it_is_in_and_only_there() -> None:
    data = frontier_data()
    expected = {
        f"{plan}-{row.label.id}"
        for row in data.measures
        if len({*row.chosen, row.today}) > 1
        for plan, chosen in [("today", row.today), *enumerate(row.chosen)]
        if chosen
    }
    assert set(cells(axes_of(data))) == expected
    assert not any("L1.999" in key for key in expected)  # the one that is always in


def test_another_plans_measures_would_be_noticed() -> None:
    """The negative control: with one measure taken out of one plan, one cell is gone."""
    data = frontier_data()
    first = data.measures[0]
    less = replace(first, chosen=(0, *first.chosen[1:]))
    gone = set(cells(axes_of(data))) - set(cells(axes_of(replace(data, measures=(less, *data.measures[1:])))))
    assert gone == {f"0-{first.label.id}"}


def test_the_higher_the_level_the_fuller_and_darker() -> None:
    found = cells(axes_of(frontier_data()))
    key = frontier_data().measures[0].label.id
    levels = [found[f"{plan}-{key}"] for plan in (0, 3, 6)]  # basic, standard, advanced
    heights = [abs(cell.get_height()) for cell in levels]
    assert heights == pytest.approx([heights[2] / 3, heights[2] * 2 / 3, heights[2]])
    shades = [sum(cell.get_facecolor()[:3]) for cell in levels]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 3


def test_rows_are_by_layer_and_those_of_the_cheapest_plans_first() -> None:
    data = frontier_data()
    rows = composition.shown_rows(data)
    assert [row.layer for row in rows] == sorted(row.layer for row in rows)
    for layer in "123":
        coming = [next(n for n, chosen in enumerate(row.chosen) if chosen) for row in rows if row.layer == layer]
        assert coming == sorted(coming)


def test_marks_stand_over_their_plans() -> None:
    data = frontier_data()
    axes = axes_of(data)
    marks = {str(line.get_label()): line for line in axes.lines if str(line.get_label()).startswith("mark:")}
    assert set(marks) == {f"mark:{data.knee}", f"mark:{data.least_total}"}
    for number in (data.knee, data.least_total):
        cell = next(cell for key, cell in cells(axes).items() if key.startswith(f"{number}-"))
        assert marks[f"mark:{number}"].get_xdata()[0] == pytest.approx(cell.get_x() + cell.get_width() / 2)


def amounts(data: FrontierData) -> list[str]:
    return [text.get_text() for text in axes_of(data).texts if text.get_rotation() == 90]


@pytest.mark.parametrize("n_plans", [5, 30])
def test_every_column_has_its_number_its_cost_and_what_is_left(n_plans: int) -> None:
    data = frontier_data(n_plans, 8)
    upright, texts = amounts(data), [text.get_text() for text in axes_of(data).texts]
    assert data.today is not None
    for mark in (data.today, *data.plans):
        assert style().amount(mark.cost) in upright
        assert style().amount(mark.value) in upright
    assert all(str(n) in texts for n in range(1, n_plans + 1))


def with_own(data: FrontierData, number: int, **changes: Any) -> FrontierData:
    """The frontier kept by a run whose plan has the measures of one of its plans, at a cost and with a loss of its own where given."""
    rows = tuple(replace(row, own=row.chosen[number]) for row in data.measures)
    return replace(data, measures=rows, own=replace(data.plans[number], **changes))


def test_the_runs_own_plan_has_its_mark_or_a_column_of_its_own() -> None:
    among, between = with_own(frontier_data(), 3), with_own(frontier_data(), 3, cost=frontier_data().plans[3].cost * 1.1)
    assert (among.own_at, between.own_at, frontier_data().own_at) == (3, None, None)
    assert not any(key.startswith("own-") for key in cells(axes_of(among)))
    found = cells(axes_of(between))
    for row in between.measures:
        assert (f"own-{row.label.id}" in found) == (bool(row.own) and row.changes)
    assert between.own is not None
    assert style().amount(between.own.cost) in amounts(between)
    key = frontier_data().measures[0].label.id
    assert found[f"3-{key}"].get_x() < found[f"own-{key}"].get_x() < found[f"4-{key}"].get_x()
    for data, at in ((among, cells(axes_of(among))[f"3-{key}"]), (between, found[f"own-{key}"])):
        (mark,) = [line for line in axes_of(data).lines if line.get_label() == "mark:own"]
        assert mark.get_xdata()[0] == pytest.approx(at.get_x() + at.get_width() / 2)


def test_of_many_plans_the_marked_ones_stay() -> None:
    data = frontier_data(200, 5, knee=133, least_total=77)
    shown = composition.shown_plans(data)
    assert {0, 77, 133, 199} <= set(shown)
    assert len(shown) == composition.MOST_PLANS
    assert shown == sorted(set(shown))
    assert "170 plans" in " ".join(text.get_text() for text in drawn(composition.page(data, style())))


def test_what_only_the_dearest_plan_has_is_gathered_when_there_is_much() -> None:
    data = frontier_data(10, 30)
    few = replace(data, measures=(*data.measures, *only_in_the_last(10, 4)))
    assert "9-X.003" in cells(axes_of(few))
    many = replace(data, measures=(*data.measures, *only_in_the_last(10, 12)))
    texts = [text.get_text() for text in axes_of(many).texts]
    assert not any("X.003" in key for key in cells(axes_of(many)))
    assert any(text.startswith(("12 more", "13 more", "14 more")) for text in texts)


@pytest.mark.parametrize(
    ("data", "en"),
    [
        (CASES["as it is"], "13 measures come, go or change between the 10 plans and today; 1 is the same"),
        (CASES["no measure"], "No measure changes"),
    ],
)
def test_the_sentence(data: FrontierData, en: str) -> None:
    assert en in composition.summary(data, style())


def test_a_row_that_fits_no_plan_is_refused() -> None:
    row = LevelRow(Label("M"), "1", ("basic",), (0, 2))
    with pytest.raises(ValueError, match="one of its levels"):
        frontier_data(2, 0, measures=(row,))
