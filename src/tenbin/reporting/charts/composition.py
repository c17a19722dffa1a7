"""Which measures are in at each point of the frontier: a matrix of measures and plans, by layer, with the levels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tenbin.reporting.charts.key import LINE, STAR, STAR_SIZE, Swatch, key_rows, put_key
from tenbin.reporting.charts.rows import Names, Row, counted
from tenbin.reporting.frame import WIDTH, Margins, axes_size, bare, framed
from tenbin.reporting.frontier_data import FrontierData, FrontierMark, LevelRow
from tenbin.reporting.palette import INK, PANEL, PAPER, RESIDUAL, RULE, SECONDARY, TODAY, layer_colour, tint
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "shown_plans", "shown_rows", "summary"]

ROW = 13.0
GROUP = 18.0
"""Points for a layer's heading."""

NAME_WIDTH = 190.0
MOST_PLANS = 30
"""Columns; of more plans some are left out, never one that is marked."""

MOST_ROWS = 36
"""Past so many measures those that come with the dearest plan alone are gathered, layer by layer."""

LAST = "only-in-the-last"
TODAY_GAP = 26.0
"""Points between today's column and the plans'."""

LIGHTEST = 0.45
OWN = -1
"""Stands for the run's own plan among the columns' numbers, where it is none of the frontier's."""

APART = 5.0
"""Points between the matrix, its amounts, the numbers and the marks."""

NUMBER = 10.0
TALL = 1.0
"""The height of a line of text, in sizes: an upright one must not be wider than its column."""

WIDE_ENOUGH = 14.0
"""Points of a column from which on a cell's edge leaves a gap to the next."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A row of the matrix with how far down its middle stands, in points; ``row`` is None for a layer's heading."""

    row: LevelRow | None
    layer: int
    level: float


def summary(data: FrontierData, style: Style) -> str:
    """The chart in a sentence: how many measures come and go, and how many are in every plan."""
    come, always = len(shown_rows(data)), _always(data)
    if not come:
        return style.say("composition_lead_none", always=always)
    key = "composition_lead" if data.own is None or data.own_at is not None else "composition_lead_own"
    return style.say(key, count=come, always=always, plans=len(data.plans))


def shown_rows(data: FrontierData) -> list[LevelRow]:
    """The measures that are not everywhere the same: by layer, those first that come with the least money."""

    def coming(row: LevelRow) -> tuple[int, int, str]:
        first = next((n for n, chosen in enumerate(row.chosen) if chosen), len(row.chosen))
        return first, -sum(map(bool, row.chosen)), row.label.id

    layers = {layer.id: n for n, layer in enumerate(data.layers)}
    rows = [row for row in data.measures if row.changes]
    return sorted(rows, key=lambda row: (layers.get(row.layer, len(layers)), *coming(row)))


def shown_plans(data: FrontierData) -> list[int]:
    """The numbers of the plans that have a column: all, or evenly chosen ones with the first, the last and the marked."""
    n_plans = len(data.plans)
    if n_plans <= MOST_PLANS:
        return list(range(n_plans))
    must = {0, n_plans - 1, *(n for n in (data.knee, data.least_total, data.own_at) if n is not None)}
    even = [round(n * (n_plans - 1) / (MOST_PLANS - 1)) for n in range(MOST_PLANS)]
    spare = sorted((n for n in even if n not in must), key=lambda n: min(abs(n - other) for other in must))
    return sorted(must | set(spare[len(must | set(even)) - MOST_PLANS :]))


def page(data: FrontierData, style: Style) -> Figure:
    """The chart with its texts."""
    names = _names(data, style)
    heads = ("composition_number", "composition_cost", "composition_left")
    left = max(names.left, max(style.width(style.say(word), SMALL) for word in heads) + 8)
    key = key_rows(_swatches(data, style), WIDTH - 32, style)
    heading = _Heading.of(data, style)
    top = heading.height + LINE * len(key)
    note = style.say("composition_note", **style.metric_words(data.metric))
    hidden = len(data.plans) - len(shown_plans(data))
    figure, axes = framed(
        style,
        style.say("composition_title"),
        summary(data, style),
        [style.sentences(note, style.say("composition_hidden", count=hidden) if hidden else "")],
        style.footer(data.title),
        _height(data) + top + heading.left,
        Margins(left=left, right=4, top=top, bottom=heading.left),
    )
    draw(data, axes, style)
    put_key(axes, style, key, -left, top - 6)
    return figure


def draw(data: FrontierData, axes: Axes, style: Style) -> Axes:
    """Draw the matrix: today's column, then a column for each plan, the cheapest first."""
    from matplotlib.patches import Rectangle

    columns = _columns(data, axes_size(axes)[0])
    places = _places(data)
    bare(axes)
    axes.set_xlim(0, columns[-1][1] + 1 if columns else 1)
    axes.set_ylim(_height(data), 0)
    names = _names(data, style)
    edge = 0.7 if axes_size(axes)[0] / axes.get_xlim()[1] >= WIDE_ENOUGH else 0.3
    number = 0
    for place in places:
        if place.row is None:
            _put_layer(axes, data, place, names, style)
            continue
        names.put(axes, number, place.level, style)
        number += 1
        colour = layer_colour(place.layer)
        for plan, x in columns:
            chosen = _level(place.row, plan)
            foot = place.level + ROW / 2 - 1
            tall = ROW - 2
            axes.add_patch(Rectangle((x + 0.06, foot - tall), 0.88, tall, facecolor=PANEL, linewidth=0, zorder=1))
            if not chosen:
                continue
            share = chosen / len(place.row.levels)
            face = tint(colour, LIGHTEST + (1 - LIGHTEST) * share)
            cell = Rectangle((x + 0.06, foot - tall * share), 0.88, tall * share, facecolor=face, edgecolor=colour, zorder=2)
            cell.set_linewidth(edge)
            cell.set_gid(f"in-{_column_name(plan)}-{place.row.label.id}")
            axes.add_patch(cell)
    _put_heads(axes, data, columns, style)
    _put_marks(axes, data, columns, style)
    return axes


def _level(row: LevelRow, plan: int | None) -> int:
    if plan is None:
        return row.today
    return row.own or 0 if plan == OWN else row.chosen[plan]


def _column_name(plan: int | None) -> str:
    return "today" if plan is None else "own" if plan == OWN else str(plan)


def _always(data: FrontierData) -> int:
    return sum(not row.changes for row in data.measures)


def _columns(data: FrontierData, width: float) -> list[tuple[int | None, float]]:
    """Each column's plan (None for today) with its left side, in columns, where all have ``width`` points.

    The run's own plan has one of its own where it is none of the frontier's, between the cheaper and the dearer ones.
    """
    shown = shown_plans(data)
    if data.own is not None and data.own_at is None:
        own = data.own
        before = sum(data.plans[plan].cost <= own.cost for plan in shown)
        shown = [*shown[:before], OWN, *shown[before:]]
    gap = TODAY_GAP * (len(shown) + 1) / (width - TODAY_GAP)
    start = 1 + gap if data.today else 0.0
    plans: list[tuple[int | None, float]] = [(plan, start + n) for n, plan in enumerate(shown)]
    return [(None, 0.0), *plans] if data.today else plans


def _gathered(data: FrontierData) -> list[LevelRow]:
    """The rows as drawn: of many, one for those of a layer that only the dearest plan has."""
    rows = shown_rows(data)
    if len(rows) <= MOST_ROWS or len(data.plans) < 2:
        return rows
    found: list[LevelRow] = []
    for layer, group in groupby(rows, key=lambda row: row.layer):
        here = list(group)
        last = [row for row in here if not any((*row.chosen[:-1], row.today, row.own))]
        if len(last) < 2:
            found += here
            continue
        found += [row for row in here if row not in last]
        found.append(LevelRow(counted(LAST, "composition_last", len(last)), layer, ("",), (*(0 for _ in data.plans[1:]), 1)))
    return found


def _places(data: FrontierData) -> list[_Place]:
    layers = {layer.id: n for n, layer in enumerate(data.layers)}
    places: list[_Place] = []
    down, last = 0.0, -1
    for row in _gathered(data):
        layer = layers.get(row.layer, len(layers))
        if layer != last:
            places.append(_Place(None, layer, down + GROUP / 2 + 1))
            down, last = down + GROUP, layer
        places.append(_Place(row, layer, down + ROW / 2))
        down += ROW
    return places


def _height(data: FrontierData) -> float:
    places = _places(data)
    return places[-1].level + ROW / 2 if places else ROW


def _names(data: FrontierData, style: Style) -> Names:
    rows = []
    for place in _places(data):
        if place.row is not None:
            identity, title = style.names(place.row.label)
            rows.append(Row("" if place.row.label.id == LAST else identity, title))
    return Names.of(rows or [Row("", "")], NAME_WIDTH, style, lines=1)


def _swatches(data: FrontierData, style: Style) -> list[Swatch]:
    found = []
    if shown_rows(data):
        if any(len(row.levels) > 1 for row in shown_rows(data)):
            found.append(Swatch(style.say("composition_lower"), SECONDARY, filled=0.4, face=tint(SECONDARY, 0.65)))
        found += [Swatch(style.say("composition_full"), SECONDARY), Swatch(style.say("composition_out"), RULE, face=PANEL)]
    if data.knee is not None:
        found.append(Swatch(style.say("frontier_knee"), INK, marker="^"))
    if data.least_total is not None:
        found.append(Swatch(style.say("frontier_least_total"), INK, marker="s"))
    if data.own is not None:
        found.append(Swatch(style.say("frontier_own"), RESIDUAL, marker=STAR))
    return found


def _put_layer(axes: Axes, data: FrontierData, place: _Place, names: Names, style: Style) -> None:
    """A layer's heading over its rows: a short bar of its colour, its number and title."""
    layer = data.layers[place.layer] if place.layer < len(data.layers) else None
    number = style.say("layer", id=style.literal(layer.id)) if layer else style.say("composition_no_layer")
    title = style.title(layer).removeprefix(number).lstrip(" 　:：") if layer else ""
    text = number if not layer or title == layer.id else f"{number}　{title}" if style.lang == "ja" else f"{number}: {title}"
    width, _ = axes_size(axes)
    where: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "fontsize": SMALL, "color": layer_colour(place.layer)}
    style.put(axes, style.cut(text, names.left + width - 8, SMALL), (0, place.level), (-names.left, 0), **where)


@dataclass(frozen=True, slots=True)
class _Heading:
    """Points that stand over the matrix for the upright costs, the numbers and the marks, and under it for what is left."""

    costs: float
    number: float
    left: float

    @classmethod
    def of(cls, data: FrontierData, style: Style) -> _Heading:
        costs = (style.width(style.amount(mark.cost), SMALL) for mark in data.marks)
        left = (style.width(style.amount(mark.value), SMALL) for mark in data.marks)
        number = max(NUMBER, *(style.width(str(n + 1), SMALL) for n in shown_plans(data)))
        return cls(max(costs) + 2 * APART, number, max(left) + 2 * APART)

    @property
    def numbers(self) -> float:
        """How far over the matrix the numbers' middle stands."""
        return self.costs + self.number / 2

    @property
    def marks(self) -> float:
        return self.costs + self.number + 1.5 * APART

    @property
    def height(self) -> float:
        return self.marks + 3 * APART


def _mark_of(data: FrontierData, plan: int | None) -> FrontierMark:
    mark = data.today if plan is None else data.own if plan == OWN else data.plans[plan]
    assert mark is not None
    return mark


def _put_heads(axes: Axes, data: FrontierData, columns: list[tuple[int | None, float]], style: Style) -> None:
    """Each column's number and, upright, its cost over it and what is left under it."""
    width, _ = axes_size(axes)
    scale = width / axes.get_xlim()[1]
    heading = _Heading.of(data, style)
    small: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL}
    beside = {
        "composition_number": (1, heading.numbers),
        "composition_cost": (1, APART + 4),
        "composition_left": (0, -APART - 4),
    }
    for key, (side, up) in beside.items():
        style.put(axes, style.say(key), (0, side), (-10, up), ha="right", color=SECONDARY, **small)
    widest = max(style.width(str(n + 1), SMALL) for n in shown_plans(data))
    size = min(SMALL, scale / TALL)
    turned: dict[str, Any] = {"rotation": 90, "va": "center_baseline", "fontsize": size} if widest + 2 > scale else {}
    for plan, x in columns:
        mark, middle = _mark_of(data, plan), (x + 0.5) * scale
        colour = TODAY if plan is None else RESIDUAL if plan == OWN else INK
        upright: dict[str, Any] = {**small, "fontsize": size, "color": colour, "ha": "center", "rotation": 90}
        put = [
            style.put(axes, style.amount(mark.cost), (0, 1), (middle, APART), va="bottom", **upright),
            style.put(axes, style.amount(mark.value), (0, 0), (middle, -APART), va="top", **upright),
        ]
        if plan is None:
            text = style.say("today")
            at = max(middle, style.width(text, SMALL) / 2)
            style.put(axes, text, (0, 1), (at, heading.numbers), ha="center", color=TODAY, **small)
        elif plan != OWN:
            how = {**small, **turned}
            put.append(style.put(axes, str(plan + 1), (0, 1), (middle, heading.numbers), ha="center", color=INK, **how))
        for text_put in put:
            text_put.set_linespacing(1.0)


def _put_marks(axes: Axes, data: FrontierData, columns: list[tuple[int | None, float]], style: Style) -> None:
    """Marks over the columns; a frame round the run's own plan."""
    from matplotlib.patches import Rectangle

    heading = _Heading.of(data, style)
    own = data.own_at if data.own_at is not None else OWN
    for plan, x in columns:
        here = {data.least_total: ("s", INK), data.knee: ("^", INK)}
        if plan == own and data.own is not None:
            frame = Rectangle((x, 0), 1, _height(data), fill=False, edgecolor=RESIDUAL, linewidth=1.0, zorder=3)
            frame.set(clip_on=False)
            axes.add_patch(frame)
            up = heading.numbers if own == OWN else heading.marks + (8 if plan in here else 0)
            _mark(axes, (STAR, RESIDUAL), x + 0.5, up, "mark:own")
        if plan is not None and plan in here:
            _mark(axes, here[plan], x + 0.5, heading.marks, f"mark:{plan}")


def _mark(axes: Axes, how: tuple[str, str], x: float, up: float, label: str) -> None:
    """A mark (its shape and colour) as on the frontier, ``up`` points over a column."""
    from matplotlib.transforms import offset_copy

    shape, colour = how
    size, face, edge = (STAR_SIZE, colour, 0.8) if shape == STAR else (5.5, PAPER, 1.5)
    over = offset_copy(axes.get_xaxis_transform(), axes.get_figure(root=True), 0, up, units="points")
    (mark,) = axes.plot([x], [1], shape, markersize=size, mfc=face, mec=colour, mew=edge, clip_on=False, transform=over)
    mark.set_label(label)
