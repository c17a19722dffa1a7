"""Every chart, in both languages, of friendly and hostile data: no warning, nothing off the page, and the data's own values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reporting.fake import cash_flow, chart_data, tail_mean
from reporting.texts import check_no_overlap, check_on_page, drawn
from tenbin.reporting import (
    PLAN_CHARTS,
    AbatementRow,
    Change,
    ChartData,
    CostKind,
    CostRow,
    Label,
    Step,
    TargetRow,
)
from tenbin.reporting.charts import costs, exceedance, heatmap, waterfall
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.palette import contrast
from tenbin.reporting.style import Style

CHARTS: dict[str, Any] = dict(PLAN_CHARTS)
HOSTILE = [
    "$x^2$",
    "<b>&amp;",
    "長い題" * 3000 + " very long" * 100,
    "",
    "\\frac{1}{0}$$",
    "🦊 ﷽ x",
    "line\nbreak\ttab\x00\u200b \u202eback\u202c \u200fשלום",
    "%s {key}",
]


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


@pytest.fixture(scope="module")
def data() -> ChartData:
    return chart_data(20_000)


def style(lang: str = "en") -> Style:
    found = resolve(lang, {})
    assert found.japanese, "the dev extra brings a font"
    return Style(found)


def hostile(n: int) -> Label:
    return Label(HOSTILE[n % 8], HOSTILE[(n + 1) % 8], HOSTILE[(n + 3) % 8])


def with_hostile_titles(data: ChartData) -> ChartData:
    return replace(
        data,
        title=hostile(0),
        layers=tuple(hostile(n) for n in range(3)),
        components=tuple(hostile(n + 2) for n in range(6)),
        costs=tuple(replace(row, label=hostile(n), level=HOSTILE[n % 8]) for n, row in enumerate(data.costs)),
        steps=tuple(replace(step, label=hostile(n)) for n, step in enumerate(data.steps)),
        abatement=tuple(replace(row, label=hostile(n)) for n, row in enumerate(data.abatement)),
        sentence_ja="$\\frac{ <b> 🦊",
        sentence_en="$\\frac{ <b>",
    )


def with_all_measures(data: ChartData) -> ChartData:
    labels = [Label(f"L1.{n:03}", f"対策その{n}", f"Measure number {n}") for n in range(55)]
    steps = tuple(Step(label, -2e6 * 0.93**n) for n, label in enumerate(labels))
    rows = tuple(CostRow(label, 1e5 * (n + 1), 3e4 * (n % 7), list(Change)[n % 4]) for n, label in enumerate(labels))
    abatement = tuple(AbatementRow(label, 9e5 * (n * 7 % 55), 1e5 * n, Change.ADD) for n, label in enumerate(labels))
    after = data.metric_before + sum(step.amount for step in steps)
    return replace(data, costs=rows, steps=steps, abatement=abatement, metric_after=after)


def with_one_measure(data: ChartData) -> ChartData:
    step = Step(data.steps[0].label, data.metric_after - data.metric_before)
    return replace(data, costs=data.costs[:1], steps=(step,), abatement=data.abatement[:1], targets=())


def with_today(data: ChartData) -> ChartData:
    """The plan is what is in place."""
    same = {"annual_loss_after": data.annual_loss_today, "heat_after": data.heat_before, "metric_after": data.metric_before}
    rows = tuple(replace(row, change=Change.KEEP, capex=0.0) for row in data.costs if row.kind is CostKind.MEASURE)
    kept = tuple(replace(row, change=Change.KEEP) for row in data.abatement)
    flow = replace(cash_flow(5, subsidy=0.0), capex=np.zeros(5))
    flow = replace(flow, effort=np.full(5, 9e5), today=flow.opex + 9e5)
    return replace(data, **same, costs=rows, steps=(), abatement=kept, cash_flow=flow, metric_after_range=None)


def with_a_cheaper_plan(data: ChartData) -> ChartData:
    """Everything in place is dropped, and a subsidy pays more than the rest costs."""
    flow = replace(cash_flow(5, 0.1), today=np.full(5, 9e6), subsidy=(np.arange(5) == 0) * 4e6)
    return replace(data, cash_flow=flow, abatement=tuple(replace(row, cost=-row.cost) for row in data.abatement))


def with_amounts(data: ChartData, scale: float, n_years: int, currency: str) -> ChartData:
    years = {f"annual_loss_{key}": getattr(data, f"annual_loss_{key}") * scale for key in ("inherent", "today", "after")}
    return replace(
        data,
        **years,
        heat_before=data.heat_before * scale,
        heat_after=data.heat_after * scale,
        metric_before=data.metric_before * scale,
        metric_after=data.metric_after * scale,
        metric_before_range=None,
        metric_after_range=None,
        targets=tuple(replace(target, limit=target.limit * scale) for target in data.targets),
        costs=tuple(replace(r, capex=r.capex * scale, yearly=r.yearly * scale, saved=r.saved * scale) for r in data.costs),
        steps=tuple(replace(step, amount=step.amount * scale) for step in data.steps),
        abatement=tuple(replace(row, takes=row.takes * scale, cost=row.cost * scale) for row in data.abatement),
        cash_flow=cash_flow(n_years, scale),
        currency=currency,
    )


def with_losses(data: ChartData, losses: float, metric: float) -> ChartData:
    years = np.full(5000, losses)
    cells = np.full((3, 6), losses / 18)
    return replace(
        data,
        annual_loss_inherent=years,
        annual_loss_today=years,
        annual_loss_after=years,
        heat_before=cells,
        heat_after=cells,
        metric_before=metric,
        metric_after=metric,
        metric_before_range=None,
        metric_after_range=None,
        steps=(),
    )


def with_few_years(data: ChartData) -> ChartData:
    some = {f"annual_loss_{key}": getattr(data, f"annual_loss_{key}")[:60] for key in ("inherent", "today", "after")}
    return replace(data, **some)


def with_other_metric(data: ChartData) -> ChartData:
    average = TargetRow("aal=20M", "aal", None, 20e6)
    scoped = TargetRow("L2:aal=1M", "aal", None, 1e6, "L2")
    before, after = float(data.annual_loss_today.mean()), float(data.annual_loss_after.mean())
    targets = (average, scoped, *data.targets)
    return replace(data, metric="aal", metric_before=before, metric_after=after, targets=targets, currency="USD")


CASES: dict[str, Callable[[ChartData], ChartData]] = {
    "as it is": lambda data: data,
    "hostile titles": with_hostile_titles,
    "all measures": with_all_measures,
    "one measure": with_one_measure,
    "no measure": lambda data: replace(data, costs=(), steps=(), abatement=(), cash_flow=None),
    "today": with_today,
    "a cheaper plan": with_a_cheaper_plan,
    "one year": lambda data: replace(data, cash_flow=cash_flow(1)),
    "huge amounts over fifty years": lambda data: with_amounts(data, 1e6, 50, "EUR"),
    "tiny amounts over twenty years": lambda data: with_amounts(data, 1e-7, 20, "USD"),
    "no losses": lambda data: with_losses(data, 0.0, 0.0),
    "equal losses": lambda data: with_losses(data, 5e6, 5e6),
    "a loss of one": lambda data: with_losses(data, 1.0, 1.0),
    "huge losses": lambda data: with_losses(data, 3e15, 3e15),
    "no loss after": lambda data: replace(data, annual_loss_after=np.zeros(100), metric_after=0.0, metric_after_range=None),
    "nothing in place": lambda data: replace(data, has_today=False, annual_loss_today=np.array([])),
    "few years": with_few_years,
    "other metric": with_other_metric,
    "a var": lambda data: replace(data, metric="var99.5"),
}


LOSSES = ("exceedance", "heatmap", "waterfall")
CHANGED: dict[str, tuple[str, ...]] = {
    "all measures": ("exceedance", "costs", "waterfall", "abatement"),
    "one measure": ("exceedance", "costs", "waterfall", "abatement"),
    "no measure": ("costs", "waterfall", "abatement", "cash-flow"),
    "today": ("exceedance", "heatmap", "costs", "waterfall", "abatement", "cash-flow"),
    "a cheaper plan": ("abatement", "cash-flow"),
    "one year": ("cash-flow",),
    "no losses": LOSSES,
    "equal losses": LOSSES,
    "a loss of one": LOSSES,
    "huge losses": LOSSES,
    "no loss after": ("exceedance", "waterfall"),
    "nothing in place": LOSSES,
    "few years": ("exceedance",),
    "a var": ("exceedance", "waterfall", "convergence"),
}
"""Charts that a case draws otherwise than "as it is", all unless said; the others come out the same to the pixel and are not drawn again."""


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(("case", "name"), [(case, name) for case in CASES for name in CHANGED.get(case, tuple(CHARTS))])
def test_it_draws_on_the_page_without_a_warning(data: ChartData, case: str, name: str, lang: str) -> None:
    """In English to the pixel, in Japanese laid out alone: its glyphs are loaded, which warns of those that a font lacks."""
    shown = CASES[case](data)
    figure = CHARTS[name].page(shown, Style(style(lang).fonts, shown.currency))
    if lang == "en":
        figure.canvas.draw()
    else:
        figure.draw_without_rendering()
    check_on_page(figure)
    check_no_overlap(figure)


def test_a_glyph_that_no_font_has_is_warned_of_without_drawing_it(data: ChartData) -> None:
    """The control of laying out alone."""
    figure = costs.page(data, style())
    drawn(figure)[0].set_text("\N{CHEROKEE LETTER A}")
    with pytest.warns(UserWarning, match="missing from font"):
        figure.draw_without_rendering()


def test_texts_that_overlap_would_be_noticed(data: ChartData) -> None:
    """The negative control: one text moved onto another, one off the page."""
    figure = costs.page(data, style())
    first, second = drawn(figure)[:2]
    second.set_position(first.get_position())
    with pytest.raises(AssertionError):
        check_no_overlap(figure)
    second.set_position((0.999, 0.5))
    with pytest.raises(AssertionError):
        check_on_page(figure)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))
def test_every_text_can_be_read_on_paper(data: ChartData, chart: ModuleType) -> None:
    figure = chart.page(data, style())
    on_cells = {"¥", "0"} if chart is heatmap else set()  # those are checked against their cell below
    for text in drawn(figure):
        if text.get_text()[0] not in on_cells:
            assert contrast(str(text.get_color()), "#FFFFFF") >= 4.5, text.get_text()


@pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_every_page_must_say(data: ChartData, chart: ModuleType, lang: str) -> None:
    words = "".join(text.get_text() for text in drawn(chart.page(data, style(lang)))).replace(" ", "")
    for part in (
        ("消費税を含みません", "保証するものではありません", "機械部品メーカー")
        if lang == "ja"
        else ("excludeconsumptiontax", "notaguarantee")
    ):
        assert part in words


def axes_of(chart: ModuleType, data: ChartData, lang: str = "en") -> Axes:
    axes: Axes = chart.page(data, style(lang)).axes[0]
    return axes


def bars(axes: Axes) -> dict[str, Rectangle]:
    return {str(patch.get_gid()): patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_gid()}


def test_the_functions_take_axes_and_return_them(data: ChartData) -> None:
    for chart in CHARTS.values():
        axes = Figure().add_subplot()
        assert chart.draw(data, axes, style()) is axes


def test_curves_are_the_empirical_exceedance(data: ChartData) -> None:
    lines = {line.get_label(): line for line in axes_of(exceedance, data).lines}
    for key in ("inherent", "today", "after"):
        losses = getattr(data, f"annual_loss_{key}")
        xs, ys = lines[key].get_data()
        assert lines[key].get_drawstyle() == "steps-post"
        for x, y in list(zip(xs, ys, strict=True))[::40]:
            assert y == pytest.approx(np.mean(losses > x), abs=1e-12)


def test_a_curve_of_the_wrong_years_would_be_noticed(data: ChartData) -> None:
    """The negative control of the test above."""
    xs, ys = next(line for line in axes_of(exceedance, data).lines if line.get_label() == "after").get_data()
    assert any(abs(y - np.mean(data.annual_loss_today > x)) > 1e-3 for x, y in zip(xs, ys, strict=True))


def test_marks_and_targets_stand_at_their_values(data: ChartData) -> None:
    lines = {line.get_label(): line for line in axes_of(exceedance, data).lines}
    for key, value in (("today", data.metric_before), ("after", data.metric_after)):
        (x,), (y,) = lines[f"mark:{key}"].get_data()
        assert x == value
        assert y == pytest.approx(np.mean(getattr(data, f"annual_loss_{key}") > value))
    for target in data.targets:
        line = lines[f"target:{target.label}"]
        assert set(line.get_xdata()) == {target.limit}
        assert line.is_dashed()


def test_the_rarest_year_shown_holds_every_mark() -> None:
    few = with_few_years(chart_data(1000))
    few = replace(
        few, metric_before=tail_mean(few.annual_loss_today, 0.05), metric_after=tail_mean(few.annual_loss_after, 0.05)
    )
    axes = axes_of(exceedance, few)
    for line in axes.lines:
        if str(line.get_label()).startswith("mark:"):
            assert line.get_ydata()[0] == pytest.approx(
                np.mean(getattr(few, f"annual_loss_{line.get_label()[5:]}") > line.get_xdata()[0])
            )


def test_targets_of_a_part_are_counted_not_drawn(data: ChartData) -> None:
    figure = exceedance.page(with_other_metric(data), style())
    assert not any("L2" in str(line.get_label()) for line in figure.axes[0].lines)
    assert any("1 further target" in text.get_text() for text in drawn(figure))


def test_cells_carry_their_amount_and_its_shade(data: ChartData) -> None:
    axes = axes_of(heatmap, data)
    texts = {text.xy: text for text in axes.texts}
    darkest = max(data.heat_before.max(), data.heat_after.max())
    shades = []
    for key, cells in (("today", data.heat_before), ("after", data.heat_after)):
        for layer, component in np.ndindex(cells.shape):
            cell = bars(axes)[f"cell-{key}-{data.layers[layer].id}-{data.components[component].id}"]
            text = texts[(cell.get_x() + 0.5, cell.get_y() + 0.5)]
            value = cells[layer, component]
            assert text.get_text() == (style().amount(value) if value else "0")
            colour = "#" + "".join(f"{round(255 * channel):02X}" for channel in cell.get_facecolor()[:3])
            assert contrast(str(text.get_color()), colour) >= 4.5
            shades.append((value / darkest, contrast(colour, "#FFFFFF")))
    ordered = [shade for _, shade in sorted(shades)]
    assert ordered == sorted(ordered)


def test_bars_are_as_long_as_the_costs(data: ChartData) -> None:
    found = bars(axes_of(costs, data))
    for row in data.costs:
        assert found[f"capex-{row.kind.value}-{row.label.id}"].get_width() == pytest.approx(row.capex)
        assert found[f"yearly-{row.kind.value}-{row.label.id}"].get_width() == pytest.approx(row.yearly)
    assert found["saved-measure-L2.021"].get_width() == 210_000
    subsidy = found["capex-subsidy-it-introduction"]
    assert subsidy.get_x() + min(subsidy.get_width(), 0) < 0


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_plan_is_said_in_words(data: ChartData, lang: str) -> None:
    texts = {text.get_text() for text in axes_of(costs, data, lang).texts}
    words = (
        {"追加", "強化", "継続", "中止", "共通", "補助"}
        if lang == "ja"
        else {"add", "raise", "keep", "drop", "shared", "subsidy"}
    )
    assert words <= texts


def test_all_costs_sum_to_the_plans(data: ChartData) -> None:
    many = with_all_measures(data)
    widths = [bar.get_width() for gid, bar in bars(axes_of(costs, many)).items() if gid.startswith("capex")]
    assert len(widths) == costs.MOST_ROWS
    assert sum(widths) == pytest.approx(sum(row.capex for row in many.costs))


@pytest.mark.parametrize("name", ["as it is", "all measures", "one measure"])
def test_the_waterfall_goes_from_before_to_after(data: ChartData, name: str) -> None:
    shown = CASES[name](data)
    found = bars(axes_of(waterfall, shown))
    assert found["end-today"].get_width() == shown.metric_before
    assert found["end-after"].get_width() == shown.metric_after
    amounts = {step.label.id: step.amount for step in shown.steps}
    level = shown.metric_before
    for gid, bar in found.items():
        if gid.startswith("step-"):
            up = bar.get_hatch() is not None
            assert (bar.get_x() if up else bar.get_x() + bar.get_width()) == pytest.approx(level)
            level += bar.get_width() if up else -bar.get_width()
            if gid[5:] in amounts:
                assert bar.get_width() == pytest.approx(abs(amounts[gid[5:]]))
    assert level == pytest.approx(shown.metric_after)


def test_steps_are_largest_first_and_drops_go_up(data: ChartData) -> None:
    steps = waterfall.shown_steps(data)
    cuts = [step.amount for step in steps if step.amount < 0 and step.label.id != "others"]
    assert cuts == sorted(cuts)
    assert steps[-1].label.id == "L2.021"
    assert steps[-1].amount > 0


def test_small_steps_up_are_not_netted_into_those_down(data: ChartData) -> None:
    """Of many small steps the cuts are one row and what adds risk is another, hatched; the caption speaks of it only then."""
    change = data.metric_after - data.metric_before
    down = tuple(Step(Label(f"D.{n}"), 0.9 * change / 20) for n in range(20))
    up = tuple(Step(Label(f"U.{n}"), -0.01 * change) for n in range(3))
    shown = replace(data, steps=(*down, *up))
    gathered = {step.label.id: step.amount for step in waterfall.shown_steps(shown) if step.label.id.startswith("others")}
    assert gathered == {"others": pytest.approx(10 * 0.9 * change / 20), "others_up": pytest.approx(-0.03 * change)}
    found = bars(axes_of(waterfall, shown))
    assert (found["step-others"].get_hatch(), found["step-others_up"].get_hatch()) == (None, "////")
    for steps, is_said in ((shown.steps, True), (down, False)):
        figure = waterfall.page(replace(data, steps=steps), style("en"))
        assert ("Hatched steps" in " ".join(text.get_text() for text in drawn(figure))) == is_said


def test_what_no_measure_explains_is_shown(data: ChartData) -> None:
    short = replace(data, steps=data.steps[:3])
    rest = waterfall.shown_steps(short)[-1]
    assert rest.label.id == "unattributed"
    assert rest.amount == pytest.approx(data.metric_after - data.metric_before - sum(step.amount for step in short.steps))


def test_hostile_titles_are_drawn_literally(data: ChartData) -> None:
    label = Label("M.1", "$x^", "$x^ <b>")
    shown = replace(data, costs=(CostRow(label, 1.0, 1.0, Change.ADD, CostKind.MEASURE),))
    assert "$x^ <b>" in {text.get_text() for text in axes_of(costs, shown).texts}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"annual_loss_after": np.array([1.0, np.nan])}, "annual_loss_after"),
        ({"annual_loss_inherent": np.array([])}, "annual_loss_inherent"),
        ({"annual_loss_today": np.array([-1.0])}, "annual_loss_today"),
        ({"heat_after": np.zeros((6, 3))}, "heat_after must be 3 × 6"),
        ({"metric": "risk"}, "no metric"),
        ({"metric": "tvar"}, "no metric"),
        ({"metric": "tvar100"}, "no metric"),
        ({"metric_after": np.inf}, "finite"),
    ],
)
def test_what_cannot_be_shown_truly_is_refused(data: ChartData, change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(data, **change)
