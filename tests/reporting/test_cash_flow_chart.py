"""The cost of each year: stacked parts, subsidies below nought, today's line and the totals are the data's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes

from reporting.fake import cash_flow, chart_data
from tenbin.reporting import CashFlow, ChartData
from tenbin.reporting.charts import cash_flow as chart
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.style import Style


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


@pytest.fixture(scope="module")
def data() -> ChartData:
    return chart_data(2000)


def style(lang: str = "en") -> Style:
    return Style(resolve(lang, {}))


def axes_of(data: ChartData, lang: str = "en") -> Axes:
    axes: Axes = chart.page(data, style(lang)).axes[0]
    return axes


def stacks(axes: Axes, n_years: int) -> list[float]:
    """What the bars of each year come to: upwards less downwards."""
    sums = [0.0] * n_years
    for patch in axes.patches:
        name, _, year = str(patch.get_gid()).rpartition("-")
        if name.startswith("flow_"):
            sums[int(year) - 1] += patch.get_height()
    return sums


@pytest.mark.parametrize("n_years", [1, 5, 50])
def test_the_bars_of_a_year_come_to_its_total(data: ChartData, n_years: int) -> None:
    flow = cash_flow(n_years)
    axes = axes_of(replace(data, cash_flow=flow))
    assert stacks(axes, n_years) == pytest.approx(flow.total.tolist())
    assert stacks(axes, n_years)[0] != pytest.approx(
        float((flow.capex + flow.opex + flow.effort)[0])
    )  # the control: no subsidy


def test_parts_stand_on_each_other(data: ChartData) -> None:
    patches = {str(patch.get_gid()): patch for patch in axes_of(data).patches}
    foot = 0.0
    for name in ("flow_capex", "flow_opex", "flow_effort"):
        bar = patches[f"{name}-1"]
        assert bar.get_y() == pytest.approx(foot)
        foot += bar.get_height()
    assert patches["flow_subsidy-1"].get_height() < 0
    assert "flow_subsidy-2" not in patches


def test_today_is_a_line_at_its_cost(data: ChartData) -> None:
    (line,) = [line for line in axes_of(data).lines if line.get_label() == "today"]
    assert set(line.get_ydata()) == {1_400_000.0}


def test_totals_are_after_the_subsidy(data: ChartData) -> None:
    texts = [text.get_text() for text in axes_of(data).texts]
    total = cash_flow(5).total
    assert style().amount(float(total[0])) in texts
    assert style().amount(float(total[0]) + 1_025_000) not in texts
    assert texts.count(style().amount(float(total[1]))) == 4


def test_of_many_years_those_alike_have_one_total(data: ChartData) -> None:
    flow = cash_flow(50)
    texts = [text.get_text() for text in axes_of(replace(data, cash_flow=flow)).texts]
    later = style().amount(float(flow.total[1]))
    assert later not in texts
    assert texts.count(f"{later} each year") == 1
    assert style().amount(float(flow.total[0])) in texts


@pytest.mark.parametrize(
    ("flow", "en", "ja"),
    [
        (cash_flow(5), "Year 1: ¥7.89M; later years: ¥4.22M each. Over 5 years that is ¥17.8M more", "1,780万円多く"),
        (replace(cash_flow(5), today=np.full(5, 9e6)), "less than today's", "少なく"),
        (replace(cash_flow(5), today=cash_flow(5).total), "that is what today's measures cost", "現在の対策と同じ"),
        (cash_flow(1), "¥7.89M in the one year looked at. Over 1 year that", "対象の1年間"),
        (None, "not known", "分かりません"),
    ],
)
def test_the_sentence(data: ChartData, flow: CashFlow | None, en: str, ja: str) -> None:
    shown = replace(data, cash_flow=flow)
    assert en in chart.summary(shown, style())
    assert ja in chart.summary(shown, style("ja"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"opex": np.zeros(3)}, "for each year"),
        ({"opex": np.full(5, -1.0)}, "at least 0"),
        ({"effort": np.full(5, np.nan)}, "finite"),
    ],
)
def test_what_is_no_cash_flow_is_refused(data: ChartData, change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(data, cash_flow=replace(cash_flow(5), **change))
