"""The slides of measures: what to buy, what it changes, what to do next."""

from __future__ import annotations

from tenbin.reporting import palette
from tenbin.reporting.chart_data import CostKind
from tenbin.reporting.report.data import BuyRow
from tenbin.reporting.report.first_page import NOTHING
from tenbin.reporting.report.heatmap import SHADES, HeatSide
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.slides.charts import Bar, bar_chart
from tenbin.reporting.slides.tables import table
from tenbin.reporting.slides.telling import Telling
from tenbin.reporting.slides.texts import SOFT, Box
from tenbin.reporting.slides.units import Unit

__all__ = ["buy", "change", "last"]

MOST_ROWS = 10
MOST_BARS = 9
MOST_STEPS = 6


def buy(t: Telling) -> None:
    """3: what to buy."""
    view, deck, v, page = t.view, t.deck, t.v, t.page
    rows = [row for row in view.rows if row.kind is CostKind.MEASURE]
    shown = rows[:MOST_ROWS] if len(rows) <= MOST_ROWS else rows[: MOST_ROWS - 1]
    deck.begin(t.say("buy_title", counts=page.counts(view)))
    heads = ("measure", "layer", "level", "change", "year_one", "each_year", "takes")
    words = [t.say("year_one") if head == "year_one" else v.say(head) for head in heads]
    shares = (0.43, 0.08, 0.10, 0.08, 0.10, 0.10, 0.11)
    cells = [_buy_cells(t, row) for row in shown]
    box = deck.inside.cut(0, 0.01, 1, 0.84)
    frame = table(deck, box, shares, [words, *cells, _buy_total(t)], right_from=4, has_total=True)
    deck.describe(frame, "; ".join(" ".join(row) for row in cells))
    rest = len(rows) - len(shown)
    note = v.joined([*([t.say("more_rows", n=rest)] if rest else []), page.takes_note])
    deck.text(note, deck.inside.cut(0, 0.87, 1, 0.13), largest=11, colour=SOFT)
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
    return [
        name,
        layer,
        t.page.level(row) or "—",
        change,
        t.page.row_first(row),
        t.page.row_yearly(row),
        t.page.takes_words(row),
    ]


def change(t: Telling) -> None:
    """5: where the losses arise before and after, and what each measure takes off."""
    data, view, deck, v, page = t.data, t.view, t.deck, t.v, t.page
    deck.begin(page.heat_lead(view))
    left, right = deck.inside.cut(0, 0, 0.54, 0.86), deck.inside.cut(0.56, 0, 0.44, 0.86)
    for n, side in enumerate(page.heat_sides(view)):
        _heat(t, left.cut(0, 0.5 * n, 1, 0.48), side)
    heading = f"{v.say('waterfall')} ({v.metric(data.metric)})"
    deck.text(heading, right.cut(0, 0, 1, 0.1), largest=12, bold=True, colour=deck.accent)
    steps = _steps(t)
    if steps:
        unit = t.unit(max(abs(amount) for _, amount in steps))
        bars = [_bar(v, unit, name, amount) for name, amount in steps]
        top, low = max(0.0, *(bar.value for bar in bars)), min(0.0, *(bar.value for bar in bars))
        area = right.cut(0, 0.1, 1, min(0.9, 0.06 + 0.12 * len(bars)))
        ends = {"high": 1.5 * top if top else None, "low": 1.4 * low if low < 0 else None}
        frame = bar_chart(deck.slide, area, t.lang, v.say("takes"), bars, size=10.5, gap=55, **ends)
        deck.describe(frame, "; ".join(f"{name} {v.amount(amount)}" for name, amount in steps))
    else:
        deck.text(v.chart("no_steps"), right.cut(0, 0.12, 1, 0.2))
    note = v.joined([page.heat_unit_words, v.say("heat_note"), page.takes_note])
    deck.text(note, deck.inside.cut(0, 0.87, 1, 0.13), largest=10, smallest=8, colour=SOFT)
    deck.end(t.source(*((f"{name}: {data.metric}", amount) for name, amount in steps)))


def _steps(t: Telling) -> list[tuple[str, float]]:
    """What each measure takes off, the largest first; past so many the smallest together."""
    rows = sorted((row for row in t.view.rows if row.takes and abs(row.takes) >= NOTHING), key=lambda row: row.takes or 0.0)
    most = rows if len(rows) <= MOST_BARS else sorted(rows, key=lambda row: -abs(row.takes or 0.0))[: MOST_BARS - 1]
    others = [row for row in rows if row not in most]
    steps = [(f"{row.label.id} {t.page.row_title(row)}", -(row.takes or 0.0)) for row in rows if row in most]
    if others:
        steps.append((t.v.chart("others", count=len(others)), -sum(row.takes or 0.0 for row in others)))
    return steps


def _bar(v: Voice, unit: Unit, name: str, amount: float) -> Bar:
    value, longest = amount / unit.size, 46 if v.lang == "en" else 26
    shown = name if len(name) <= longest else name[: longest - 1].rstrip() + "…"
    return Bar(shown, value, unit.form(value, v.amount(amount)), palette.SAVED if amount >= 0 else palette.INHERENT)


def _heat(t: Telling, box: Box, side: HeatSide) -> None:
    deck, v = t.deck, t.v
    heading = v.chart("heatmap_panel", name=side.title, total=side.total)
    deck.text(heading, box.cut(0, 0, 1, 0.14), largest=12, bold=True)
    layers = [v.say("layer_n", n=layer.id) for layer in t.data.layers]
    rows = [["", *layers], *([row.title, *(cell.text for cell in row.cells)] for row in side.rows)]
    n = max(1, len(layers))
    shares = (0.34, *([0.66 / n] * n))
    fills = [[""] * (n + 1), *(["", *(palette.heat(cell.shade / SHADES) for cell in row.cells)] for row in side.rows)]
    frame = table(deck, box.cut(0, 0.14, 1, 0.84), shares, rows, right_from=1, fills=fills, size=10.5)
    deck.describe(frame, "; ".join(" ".join(row) for row in rows))


def last(t: Telling) -> None:
    """6: what to do next, how sure this is, what it rests on."""
    data, view, deck, v, page = t.data, t.view, t.deck, t.v, t.page
    deck.begin(t.say("last_title"))
    steps = [f"{n}. {_step(t, row)}" for n, row in enumerate(page.first_rows(view), start=1)]
    more = [t.say("more_steps", n=len(steps) - MOST_STEPS)] if len(steps) > MOST_STEPS else []
    rests = [
        t.say("rests_scenarios", n=len(data.scenarios), years=f"{data.n_trials:,}"),
        t.say("rests_money", years=data.horizon_years, rate=v.share(data.discount_rate), day=v.amount(data.day_rate)),
        t.say("rests_guesses"),
        v.say("tax"),
    ]
    high = 0.82 if deck.brand.disclaimer else 1.0
    deck.lists_of(
        [
            (v.say("first"), [*steps[:MOST_STEPS], *more] or [v.say("first_none")], deck.inside.cut(0, 0.01, 0.33, high)),
            (v.say("sure"), page.sure(view), deck.inside.cut(0.34, 0.01, 0.33, high)),
            (t.say("rests"), rests, deck.inside.cut(0.68, 0.01, 0.32, high)),
        ],
        largest=15,
    )
    deck.text(deck.brand.disclaimer, deck.inside.cut(0, 0.84, 1, 0.16), largest=11, smallest=8, colour=SOFT)
    deck.end(t.source(), *steps)


def _step(t: Telling, row: BuyRow) -> str:
    waits = t.page.waits_for(row)
    first, yearly = t.page.row_first(row), t.page.row_yearly(row)
    cost = t.say("step_cost", first=first, yearly=yearly) if row.yearly else t.say("step_cost_once", first=first)
    text = t.say("step", name=f"{row.label.id} {t.page.row_title(row)}", cost=cost)
    return t.v.with_remark(text, waits) if waits else text
