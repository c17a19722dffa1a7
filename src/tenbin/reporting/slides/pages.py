"""The six slides, each of what it says, what it shows and where its numbers stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.reporting import palette
from tenbin.reporting.chart_data import CostKind
from tenbin.reporting.curve_points import CurvePoints
from tenbin.reporting.report.data import BuyRow, PlanView, ReportData
from tenbin.reporting.report.heatmap import SHADES, HeatSide
from tenbin.reporting.report.page import Page
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.slides.charts import Axis, Series, bar_chart, plain_unit, xy_chart
from tenbin.reporting.slides.deck import Deck
from tenbin.reporting.slides.texts import Box, cleaned, fitted, write_cell
from tenbin.words import speaker

__all__ = ["PAGES", "Telling"]

say = speaker("slides")
MOST_ROWS = 10
MOST_BARS = 9
MOST_STEPS = 6
LOG_FROM = 8
"""The cost axis is logarithmic where the dearest plan costs so many times the cheapest."""
LEAST_CHANCE = 1e-4
BESIDE = 1e-3
"""The chance at which a curve is named."""
PERCENT = "[>=0.01]0%;[>=0.001]0.0%;0.00%"


@dataclass(frozen=True)
class Telling:
    """What every slide is made of."""

    data: ReportData
    v: Voice
    page: Page
    deck: Deck

    @property
    def lang(self) -> str:
        return self.v.lang

    @property
    def view(self) -> PlanView:
        return self.data.views[self.data.own]

    @property
    def before(self) -> float:
        return self.data.today_value if self.data.has_today else self.data.inherent_value

    @property
    def before_words(self) -> str:
        return self.v.chart("today" if self.data.has_today else "inherent")

    def say(self, key: str, **values: object) -> str:
        """Words of the slides."""
        return say(key, self.lang, **values)

    def source(self, *pairs: tuple[str, float]) -> str:
        """Where numbers stand in the run's documents, with every digit."""
        listed = "\n".join(f"{place} = {value!r}" for place, value in pairs)
        head = self.say(
            "source", run=self.data.run, version=self.data.version, years=f"{self.data.n_trials:,}", seed=self.data.seed
        )
        return f"{head}\n{listed}"

    def place(self, name: str) -> str:
        """The place of a number of the plan in the run's documents."""
        return f"{self.view.path}/{name}" if self.view.path else name

    def unit(self, largest: float) -> tuple[float, str, str, str]:
        """A chart's divisor, its unit in words, the form of a label (three figures) and that of an axis."""
        size, before, after = plain_unit(largest, self.lang, self.v.currency)
        whole, tenth, fine = (f'"{before}"{digits}"{after}"' for digits in ("#,##0", "0.0", "0.00"))
        label = whole if size in (1.0, 1e4) else f"[>=99.95]{whole};[>=9.995]{tenth};{fine}"
        return size, f"{before}{after}".strip(), label, "#,##0.##" if size > 1e4 else "#,##0"


def answer(t: Telling) -> None:
    """1: the sentence; cost and loss on one scale."""
    data, view, deck = t.data, t.view, t.deck
    deck.begin(t.page.sentence(view))
    largest = max(t.before, view.value, data.limit or 0, view.per_year)
    size, _, form, _ = t.unit(largest)
    shares = (0.4, 0.58)
    plan_word = t.v.say("this_plan")
    costs = [(t.v.chart("today"), data.today_per_year, palette.TODAY)] if data.has_today else []
    costs.append((plan_word, view.per_year, palette.COST))
    losses = [(t.before_words, t.before, palette.TODAY if data.has_today else palette.INHERENT)]
    losses.append((t.v.chart("after"), view.value, palette.RESIDUAL))
    if data.limit is not None:
        losses.append((t.say("target"), data.limit, palette.TARGET))
    names = 0.12  # of the slide's width: then the bars of both charts begin at a known place, and share one scale
    longest = 1.2 * largest / size / (shares[1] - names)
    for left, share, heading, rows, series in (
        (0.0, shares[0], t.v.say("cost_side"), costs, t.v.say("cost_side")),
        (0.42, shares[1], t.page.loss_heading, losses, t.v.heading(data.metric)),
    ):
        box = deck.inside.cut(left, 0.02, share, 0.66)
        deck.text(heading, box.cut(0, 0, 1, 0.14), largest=15, bold=True, colour=deck.accent)
        area = box.cut(0, 0.14, 1, 0.24 + 0.2 * len(rows))
        values, colours = [value / size for _, value, _ in rows], [colour for *_, colour in rows]
        frame = bar_chart(
            deck.slide,
            area,
            t.lang,
            [name for name, *_ in rows],
            series,
            values,
            colours,
            form,
            size=14,
            high=longest * (share - names),
            names_wide=names / share,
        )
        deck.describe(frame, "; ".join(f"{name} {t.v.amount(value)}" for name, value, _ in rows))
    foot = deck.inside.cut(0, 0.72, 1, 0.28)
    texts = [t.page.year_one(view), t.page.certificate(view), t.say("one_scale")]
    deck.list_of(t.say("besides"), [text for text in texts if text], foot)
    cost = view.document["cost"]
    pairs = [(t.place("cost.per_year"), view.per_year), (t.place("cost.first_year"), cost["first_year"])]
    pairs += [("current.cost.per_year", data.today_per_year), (f"{data.metric} ({t.before_words})", t.before)]
    pairs += [(f"{data.metric} ({plan_word})", view.value)]
    deck.end(
        t.source(*pairs, *([(f"limit {data.metric}", data.limit)] if data.limit is not None else [])), t.page.sentence(view)
    )


def frontier(t: Telling) -> None:
    """2: what each level of risk costs at best."""
    data, view, deck, v = t.data, t.view, t.deck, t.v
    points = [(one.per_year, one.value) for one in data.views]
    has_frontier = len(points) > 1
    if has_frontier:
        ends = {"from": v.amount(points[0][0]), "to": v.amount(points[-1][0])}
        title = v.chart(
            "frontier_lead", metric=v.metric(data.metric), before=v.amount(points[0][1]), after=v.amount(points[-1][1]), **ends
        )
    else:
        title = t.say("no_frontier")
    deck.begin(title)
    marks = [(view.per_year, view.value), *([(data.today_per_year, data.today_value)] if data.has_today else [])]
    x_size, x_unit, _, x_form = t.unit(max(x for x, _ in (*points, *marks)))
    y_size, y_unit, _, y_form = t.unit(max(y for _, y in (*points, *marks)))
    costs = [x / x_size for x, _ in (*points, *marks) if x > 0]
    is_log = len(costs) > 1 and max(costs) / min(costs) >= LOG_FROM
    series = []
    if has_frontier:
        series.append(
            Series(t.say("all_plans"), [(x / x_size, y / y_size) for x, y in points], palette.RESIDUAL, 1.5, 6, label="")
        )
    if data.knee is not None and data.knee != data.own:
        x, y = points[data.knee]
        series.append(Series(v.say("mark_knee"), [(x / x_size, y / y_size)], palette.SAVED, 0, 10, label="b"))
    if data.has_today:
        x, y = marks[1]
        series.append(Series(v.chart("today"), [(x / x_size, y / y_size)], palette.TODAY, 0, 11))
    own = v.listed([v.say("this_plan"), *([v.say("mark_knee")] if data.knee == data.own else [])])
    series.append(Series(own, [(view.per_year / x_size, view.value / y_size)], palette.COST, 0, 13, label="b"))
    if data.limit is not None:
        ends_at = [min(costs), max(costs)] if len(costs) > 1 else [0, 2 * costs[0]]
        line = [(x, data.limit / y_size) for x in ends_at]
        series.append(Series(v.chart("target", limit=v.amount(data.limit)), line, palette.TARGET, 1.25, 0, True, "t"))
    low, high = _ends(costs) if is_log else (0.0, None)
    across = Axis(
        t.say("axis", words=v.say("cost_axis_log" if is_log else "cost_axis"), unit=x_unit), x_form, low, high, is_log
    )
    up = Axis(t.say("axis", words=v.heading(data.metric), unit=y_unit), y_form, 0.0)
    box = deck.inside.cut(0, 0.0, 1, 0.86)
    frame = xy_chart(deck.slide, box, t.lang, across, up, series, 12)
    deck.describe(frame, title)
    deck.text(
        v.say("frontier_note") if has_frontier else v.say("no_frontier"),
        deck.inside.cut(0, 0.88, 1, 0.12),
        largest=11,
        colour=palette.SECONDARY,
    )
    pairs = [
        (f"{one.path or 'result.json'}: cost.per_year, {data.metric} [{n + 1}]", one.per_year)
        for n, one in enumerate(data.views)
    ]
    deck.end(t.source(*pairs), v.metric_means(data.metric))


def buy(t: Telling) -> None:
    """3: what to buy."""
    view, deck, v, page = t.view, t.deck, t.v, t.page
    rows = [row for row in view.rows if row.kind is CostKind.MEASURE]
    shown = rows[:MOST_ROWS] if len(rows) <= MOST_ROWS else rows[: MOST_ROWS - 1]
    deck.begin(t.say("buy_title", counts=page.counts(view)))
    heads = ("measure", "layer", "level", "change", "year_one", "each_year", "takes")
    words = [t.say("year_one") if head == "year_one" else v.say(head) for head in heads]
    shares = (0.40, 0.08, 0.10, 0.09, 0.11, 0.11, 0.11)
    cells = [_buy_cells(t, row) for row in shown]
    box = deck.inside.cut(0, 0.01, 1, 0.84)
    frame = _table(t, box, shares, [words, *cells, _buy_total(t)], right_from=4)
    deck.describe(frame, "; ".join(" ".join(row) for row in cells))
    rest = len(rows) - len(shown)
    note = v.joined([*([t.say("more_rows", n=rest)] if rest else []), page.takes_note])
    deck.text(note, deck.inside.cut(0, 0.87, 1, 0.13), largest=11, colour=palette.SECONDARY)
    listed = [" | ".join(_buy_cells(t, row)) for row in view.rows]
    cost = view.document["cost"]
    deck.end(t.source(*((t.place(f"cost.{name}"), value) for name, value in cost.items())), *listed)


def _buy_total(t: Telling) -> list[str]:
    once, yearly = (sum(getattr(row, name) for row in t.view.rows) for name in ("once", "yearly"))
    return [t.say("buy_total"), "", "", "", t.v.amount(once + yearly), t.v.amount(yearly), t.page.takes_total(t.view)]


def _buy_cells(t: Telling, row: BuyRow) -> list[str]:
    name = f"{row.label.id} {t.page.row_title(row)}".strip()
    layer = t.v.say("layer_n", n=row.layer) if row.layer is not None else "—"
    change = t.page.change_word(row)
    return [name, layer, row.level or "—", change, t.page.row_first(row), t.page.row_yearly(row), t.page.takes_words(row)]


def curve(t: Telling) -> None:
    """4: how bad a year can get."""
    data, view, deck, v = t.data, t.view, t.deck, t.v
    values = {"before": v.amount(t.before), "after": v.amount(view.value), "change": v.change(t.before, view.value)}
    deck.begin(v.chart("metric_changes", metric=v.heading(data.metric), **values))
    before = data.curve_today if data.has_today else data.curve_inherent
    curves = [(t.before_words, before, palette.TODAY if data.has_today else palette.INHERENT)]
    curves.append((v.chart("after"), view.curve, palette.RESIDUAL))
    top = max(float(one.loss[-1]) for _, one, _ in curves)
    size, unit, *_ = t.unit(max(t.before, view.value))
    # the few smallest losses of a year would take up half of the picture
    low = 10.0 ** float(np.floor(np.log10(max(top / size, 1e-9) / 1e4)))
    series = []
    for side, (name, one, colour) in zip("rl", curves, strict=True):
        drawn = _steps(one, one.chance, size, low)
        if drawn:
            beside = int(np.argmin([abs(np.log(chance / BESIDE)) for _, chance in drawn]))
            series.append(Series(name, drawn, colour, 2.25, label=side, label_at=beside))
    for name, end in (("band_low", view.curve.low), ("band_high", view.curve.high)):
        if drawn := _steps(view.curve, end, size, low):
            series.append(Series(t.say(name), drawn, palette.SAVED, 0.75, label=""))
    chances = [chance for one in series for _, chance in one.points]
    if data.limit is not None and ":" not in data.metric and chances:
        line = [(data.limit / size, min(chances)), (data.limit / size, max(chances))]
        series.append(Series(v.chart("target", limit=v.amount(data.limit)), line, palette.TARGET, 1.25, 0, True, "t"))
    box = deck.inside.cut(0, 0, 1, 0.86)
    losses = [loss for one in series for loss, _ in one.points]
    if losses:
        high = 10.0 ** np.ceil(np.log10(max(losses)))
        across = Axis(t.say("axis", words=v.say("loss_axis"), unit=unit), "#,##0.###", low, float(high), True)
        up = Axis(v.chart("chance"), PERCENT, LEAST_CHANCE, 1.0, True)
        frame = xy_chart(deck.slide, box, t.lang, across, up, series, 12)
        deck.describe(frame, v.chart("metric_changes", metric=v.heading(data.metric), **values))
    note = v.joined([t.say("curve_note", years=f"{data.n_trials:,}"), v.metric_means(data.metric)])
    deck.text(note, deck.inside.cut(0, 0.87, 1, 0.13), largest=11, colour=palette.SECONDARY)
    pairs = [(f"{data.metric} ({t.before_words})", t.before), (f"{data.metric} ({v.chart('after')})", view.value)]
    deck.end(t.source(*pairs), *(" | ".join(row) for row in t.page.curve_rows(view)))


def _steps(one: CurvePoints, chances: Any, size: float, low: float) -> list[tuple[float, float]]:
    """Points of a curve that logarithmic scales can show."""
    pairs = zip(one.loss, chances, strict=True)
    return [(float(loss) / size, float(chance)) for loss, chance in pairs if loss / size >= low and chance >= LEAST_CHANCE]


def change(t: Telling) -> None:
    """5: where the losses arise before and after, and what each measure takes off."""
    data, view, deck, v, page = t.data, t.view, t.deck, t.v, t.page
    deck.begin(page.heat_lead(view))
    sides = page.heat_sides(view)
    left, right = deck.inside.cut(0, 0, 0.54, 0.86), deck.inside.cut(0.56, 0, 0.44, 0.86)
    for n, side in enumerate(sides):
        _heat(t, left.cut(0, 0.5 * n, 1, 0.48), side)
    deck.text(
        f"{v.say('waterfall')} ({v.metric(data.metric)})", right.cut(0, 0, 1, 0.1), largest=13, bold=True, colour=deck.accent
    )
    rows = sorted((row for row in view.rows if row.takes and abs(row.takes) >= 0.5), key=lambda row: row.takes or 0.0)
    most = rows if len(rows) <= MOST_BARS else sorted(rows, key=lambda row: -abs(row.takes or 0.0))[: MOST_BARS - 1]
    most = [row for row in rows if row in most]
    others = [row for row in rows if row not in most]
    bars = [(f"{row.label.id} {page.row_title(row)}", -(row.takes or 0.0)) for row in most]
    if others:
        bars.append((v.chart("others", count=len(others)), -sum(row.takes or 0.0 for row in others)))
    if bars:
        size, _, form, _ = t.unit(max(abs(amount) for _, amount in bars))
        names = [_short(name, 46 if t.lang == "en" else 26) for name, _ in bars]
        values = [amount / size for _, amount in bars]
        colours = [palette.SAVED if amount >= 0 else palette.INHERENT for _, amount in bars]
        top, low = max([*values, 0.0]), min([*values, 0.0])
        area = right.cut(0, 0.1, 1, min(0.9, 0.12 + 0.1 * len(bars)))
        frame = bar_chart(
            deck.slide,
            area,
            t.lang,
            names,
            v.say("takes"),
            values,
            colours,
            form,
            size=10.5,
            gap=55,
            high=1.3 * top if top else None,
            low=1.4 * low if low < 0 else None,
        )
        deck.describe(frame, "; ".join(f"{name} {v.amount(amount)}" for name, amount in bars))
    else:
        deck.text(v.chart("no_steps"), right.cut(0, 0.12, 1, 0.2))
    note = v.joined([page.heat_unit_words, v.say("heat_note"), page.takes_note])
    deck.text(note, deck.inside.cut(0, 0.87, 1, 0.13), largest=10, smallest=8, colour=palette.SECONDARY)
    pairs = [(f"{name}: {data.metric}", amount) for name, amount in bars]
    deck.end(t.source(*pairs))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _heat(t: Telling, box: Box, side: HeatSide) -> None:
    deck, v = t.deck, t.v
    heading = v.chart("heatmap_panel", name=side.title, total=side.total)
    deck.text(heading, box.cut(0, 0, 1, 0.14), largest=12, bold=True)
    layers = [v.say("layer_n", n=layer.id) for layer in t.data.layers]
    rows = [["", *layers], *([row.title, *(cell.text for cell in row.cells)] for row in side.rows)]
    n = max(1, len(layers))
    shares = (0.34, *([0.66 / n] * n))
    fills = [[""] * (n + 1), *(["", *(palette.heat(cell.shade / SHADES) for cell in row.cells)] for row in side.rows)]
    frame = _table(t, box.cut(0, 0.14, 1, 0.84), shares, rows, right_from=1, fills=fills, size=10.5)
    deck.describe(frame, "; ".join(" ".join(row) for row in rows))


def _table(
    t: Telling,
    box: Box,
    shares: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    right_from: int,
    fills: Sequence[Sequence[str]] = (),
    size: float = 12,
) -> Any:
    """A table whose first row is its head; amounts stand at the right."""
    from pptx.util import Emu

    deck = t.deck
    high = min(box.h // len(rows), int(0.46 * 914_400))
    frame = deck.slide.shapes.add_table(len(rows), len(shares), box.x, box.y, box.w, high * len(rows))
    table = frame.table
    table._tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    ).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # neither style nor grid
    table.horz_banding = False
    table.first_row = True
    widths = [int(share * box.w) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width)
    sizes = [min(fitted(row[c], Box(0, 0, width, high), size, 9)[1] for row in rows) for c, width in enumerate(widths)]
    for r, row in enumerate(rows):
        table.rows[r].height = Emu(high)
        for c, text in enumerate(row):
            fill = fills[r][c] if fills else ""
            own = fill or (palette.PANEL if r == 0 else "")
            colour = palette.readable_on(fill) if fill else palette.SECONDARY if r == 0 else palette.INK
            write_cell(
                table.cell(r, c),
                text,
                Box(0, 0, widths[c], high),
                t.lang,
                size=sizes[c] if r else min(sizes[c], size - 1),
                colour=colour,
                bold=r == 0,
                right=c >= right_from and not fills,
                fill=own,
                centre=bool(fills) and c >= right_from,
            )
            if not fill:
                _line_below(table.cell(r, c))
            if cleaned(text) != table.cell(r, c).text_frame.text:
                deck.notes.append(text)
    return frame


def _line_below(cell: Any) -> None:
    from pptx.oxml import parse_xml

    properties = cell._tc.get_or_add_tcPr()
    colour = palette.RULE.removeprefix("#")
    line = (
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="6350"><a:solidFill>'
        f'<a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
    )
    properties.insert(0, parse_xml(line))


def last(t: Telling) -> None:
    """6: what to do next, how sure this is, what it rests on."""
    data, view, deck, v, page = t.data, t.view, t.deck, t.v, t.page
    deck.begin(t.say("last_title"))
    steps = [f"{n}. {_step(t, row)}" for n, row in enumerate(page.first_rows(view), start=1)]
    more = [t.say("more_steps", n=len(steps) - MOST_STEPS)] if len(steps) > MOST_STEPS else []
    deck.list_of(v.say("first"), [*steps[:MOST_STEPS], *more] or [v.say("first_none")], deck.inside.cut(0, 0, 0.34, 0.8))
    deck.list_of(v.say("sure"), page.sure(view), deck.inside.cut(0.35, 0, 0.32, 0.8))
    rests = [
        t.say("rests_scenarios", n=len(data.scenarios), years=f"{data.n_trials:,}"),
        t.say("rests_money", years=data.horizon_years, rate=v.share(data.discount_rate), day=v.amount(data.day_rate)),
        v.say("assumptions_lead"),
        v.say("tax"),
    ]
    deck.list_of(t.say("rests"), rests, deck.inside.cut(0.68, 0, 0.32, 0.8))
    deck.text(deck.brand.disclaimer, deck.inside.cut(0, 0.82, 1, 0.18), largest=11, smallest=8, colour=palette.SECONDARY)
    deck.end(t.source(), *steps)


def _step(t: Telling, row: BuyRow) -> str:
    waits = t.page.waits_for(row)
    cost = t.say("step_cost", first=t.page.row_first(row), yearly=t.page.row_yearly(row))
    text = t.say("step", name=f"{row.label.id} {t.page.row_title(row)}", cost=cost)
    return t.v.with_remark(text, waits) if waits else text


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Powers of ten round some values."""
    low, high = 10.0 ** np.floor(np.log10(min(values))), 10.0 ** np.ceil(np.log10(max(values)))
    return float(low), float(high)


PAGES = (answer, frontier, buy, curve, change, last)
