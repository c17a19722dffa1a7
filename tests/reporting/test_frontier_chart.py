"""The frontier's chart, in both languages, of friendly and hostile data: the data's own values, nothing off the page or over another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from reporting.texts import check_no_overlap, check_on_page, drawn
from tenbin.reporting import Label
from tenbin.reporting.charts import frontier
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.frontier_data import FrontierData, FrontierMark, KneeGains, knee_gains
from tenbin.reporting.palette import contrast
from tenbin.reporting.style import Style


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


def style(lang: str = "en") -> Style:
    found = resolve(lang, {})
    assert found.japanese, "the dev extra brings a font"
    return Style(found)


def friendly() -> FrontierData:
    plans = tuple(
        FrontierMark(1.2e6 * 1.4**n, 34e6 * 0.85**n, (34e6 * 0.85**n * 1.02, 34e6 * 0.85**n * 1.06)) for n in range(10)
    )
    return FrontierData(
        Label("a case", "あるケース", "a case"), "tvar95", plans, FrontierMark(2.6e6, 29e6), FrontierMark(1.7e6, 28.9e6), 6, 2
    )


CASES = {
    "friendly": friendly(),
    "one plan": replace(friendly(), plans=friendly().plans[:1], knee=None, least_total=0, today=None, at_best=None),
    "nothing in place": replace(friendly(), today=None, at_best=None),
    "all marks on one plan": replace(friendly(), knee=2, today=friendly().plans[2], at_best=friendly().plans[2]),
    "free": replace(friendly(), plans=(FrontierMark(0.0, 34e6), *friendly().plans[1:])),
    "no risk left": replace(friendly(), plans=(*friendly().plans, FrontierMark(1e9, 0.0))),
    "no risk at all": FrontierData(Label("x", "x", "x"), "aal", (FrontierMark(0.0, 0.0),)),
    "close together": replace(friendly(), plans=tuple(FrontierMark(1e6 + n, 2e6 - n) for n in range(30)), knee=14),
    "huge": replace(friendly(), plans=(FrontierMark(1e12, 9e15), FrontierMark(3e14, 1e11)), knee=None, least_total=1),
    "hostile": replace(
        friendly(),
        title=Label("$x^", "<b>&amp;" * 90, "\\frac{1}{0}"),
        sentence_en="$x^ {key} %s " * 60,
        sentence_ja="長い" * 400,
    ),
    "a run's own plan": replace(friendly(), own=FrontierMark(2.0e6, 26e6), n_outside=1_000_000),
    "a part": replace(friendly(), metric="var99.5", scope="L2"),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> FrontierData:
    return CASES[request.param]


def lines(axes: Axes) -> dict[str, Line2D]:
    return {str(line.get_label()): line for line in axes.lines}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_draws_on_the_page(case: FrontierData, lang: str) -> None:
    figure = frontier.page(case, style(lang))
    figure.canvas.draw()
    check_on_page(figure)
    for text in drawn(figure):
        assert contrast(str(text.get_color()), "#FFFFFF") >= 4.5, text.get_text()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    "name", ["friendly", "nothing in place", "all marks on one plan", "close together", "a run's own plan"]
)
def test_no_text_lies_on_another(name: str, lang: str) -> None:
    figure = frontier.page(CASES[name], style(lang))
    figure.canvas.draw()
    check_no_overlap(figure)


def test_points_ranges_and_marks_stand_at_their_values() -> None:
    data = friendly()
    axes = frontier.page(data, style()).axes[0]
    found = lines(axes)
    assert list(found["plans"].get_xdata()) == [plan.cost for plan in data.plans]
    assert list(found["plans"].get_ydata()) == [plan.value for plan in data.plans]
    assert found["steps"].get_drawstyle() == "steps-post"
    for n, plan in enumerate(data.plans):
        assert tuple(found[f"range:{n}"].get_ydata()) == plan.outside
    marks = {label.removeprefix("mark:"): line for label, line in found.items() if label.startswith("mark:")}
    assert len(marks) == 4
    assert data.today is not None
    assert data.at_best is not None
    at = {(line.get_xdata()[0], line.get_ydata()[0]) for line in marks.values()}
    wanted = (data.today, data.at_best, data.plans[6], data.plans[2])
    assert at == {(mark.cost, mark.value) for mark in wanted}
    assert any(artist.get_gid() == "arrow" for artist in axes.findobj(Annotation))


def test_marks_at_one_place_share_a_label() -> None:
    axes = frontier.page(CASES["all marks on one plan"], style()).axes[0]
    assert len([label for label in lines(axes) if label.startswith("mark:")]) == 1


def said(data: FrontierData, lang: str = "en") -> str:
    return " ".join(text.get_text() for text in drawn(frontier.page(data, style(lang))))


def test_what_money_takes_off_on_both_sides_of_the_knee_is_said_in_numbers() -> None:
    plans = tuple(FrontierMark(cost, value) for cost, value in ((1e6, 30e6), (2e6, 20e6), (3e6, 16e6), (13e6, 6e6)))
    data = replace(friendly(), plans=plans, knee=2, least_total=None)
    gains = knee_gains([(plan.cost, plan.value) for plan in plans], 2)
    assert gains == KneeGains(1e6, 7e6, 1e6)
    assert "each ¥1M a year takes about ¥7M off on average, past it about ¥1M." in said(data)
    assert "100万円増やすごとに" in said(data, "ja").replace(" ", "")
    for knee in (None, 0, 3):
        assert knee_gains([(plan.cost, plan.value) for plan in plans], knee) is None
        assert "Up to the knee" not in said(replace(data, knee=knee))


def test_why_every_range_lies_above_is_said_only_where_it_does() -> None:
    data = replace(friendly(), n_outside=200_000)
    assert data.kinder
    assert "200,000 other years" in said(data)
    assert "Values are worse there" in said(data)
    first = data.plans[0]
    one_below = replace(data, plans=(replace(first, outside=(0.9 * first.value, first.value)), *data.plans[1:]))
    assert not one_below.kinder
    assert "Values are worse there" not in said(one_below)
    assert not replace(data, plans=tuple(replace(plan, outside=None) for plan in data.plans)).kinder


def test_the_runs_own_plan_is_marked() -> None:
    data = CASES["a run's own plan"]
    marks = [line for label, line in lines(frontier.page(data, style()).axes[0]).items() if "This run" in label]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks] == [(2.0e6, 26e6)]


@pytest.mark.parametrize(
    "change",
    [
        {"plans": ()},
        {"plans": (FrontierMark(2.0, 1.0), FrontierMark(1.0, 0.5))},
        {"plans": (FrontierMark(1.0, 1.0), FrontierMark(2.0, 1.5))},
        {"plans": (FrontierMark(1.0, float("nan")),), "knee": None, "least_total": None},
        {"plans": (FrontierMark(1.0, -1.0),), "knee": None, "least_total": None},
        {"knee": 10},
        {"metric": "spread"},
    ],
)
def test_what_cannot_be_shown_truly_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"plan|amount|metric|spread"):
        replace(friendly(), **change)  # type: ignore[arg-type]
