"""A sweep's tables → what its charts show: which axis the curves run along, which divides them, which is averaged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.chart_data import Label
from tenbin.reporting.sweep_data import MOST_CELLS, CurveLine, CurvePanel, CurvesData, RegretData, SurfaceData, evenly
from tenbin.sweeps.axes import QUESTION
from tenbin.sweeps.reading import NAMES, axes_of
from tenbin.units import parse_amount

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["curves_data", "regret_data", "surface_data"]

ALONG = ("budget", "target", "level", "max-days")
"""What a curve runs along where it is varied: how much is asked."""

MOST_PANELS, MOST_LINES = 12, 5
FULL = 0.5
"""A surface of which no more cells were asked, as of a sample, is none: hardly two points share a value."""

NUMBER = re.compile(r"(?P<times>\*?)(?P<number>-?\d+(\.\d+)?(e[-+]?\d+)?)(?P<unit>/[a-z-]+)?", re.IGNORECASE)
FIGURES = 3
MOST_FIGURES = 17
SIZES = ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k"))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which axes a chart of curves gives which part."""

    along: tuple[str, ...]
    panel: str
    line: str
    averaged: tuple[str, ...] = ()
    is_scatter: bool = False
    is_joined: bool = False


def curves_data(frame: pd.DataFrame, metric: str, name: str) -> CurvesData:
    """Cost a year against a metric of the plans that were found; each by itself where the points are a sample."""
    layout = _layout(frame)
    there, currency, n_foreign = _solved(frame, metric)
    panels, lines = _values(there, layout.panel), _values(there, layout.line)
    shown = [_some(layout.panel, panels, MOST_PANELS), _some(layout.line, lines, MOST_LINES)]
    texts = {axis: _texts(axis, values) for axis, values in ((layout.panel, panels), (layout.line, lines))}
    drawn: list[CurvePanel] = []
    n_drawn = 0
    for panel in shown[0]:
        rows = there if not layout.panel else there[there[layout.panel] == panel]
        parts = [rows if not layout.line else rows[rows[layout.line] == line] for line in shown[1]]
        if not any(map(len, parts)):
            continue
        n_drawn += sum(map(len, parts))
        curves = (_curve(texts[layout.line][line], part, layout, metric) for line, part in zip(shown[1], parts, strict=True))
        drawn.append(CurvePanel(texts[layout.panel][panel], tuple(curves)))
    return CurvesData(
        title=Label(name),
        metric=metric,
        panels=tuple(drawn),
        along=layout.along,
        panel_axis=layout.panel,
        line_axis=layout.line,
        averaged=layout.averaged,
        n_panels=len(panels),
        n_lines=len(lines),
        n_hidden=len(there) - n_drawn,
        n_foreign=n_foreign,
        n_missing=len(frame) - len(there) - n_foreign,
        is_scatter=layout.is_scatter,
        is_joined=layout.is_joined,
        currency=currency,
    )


def _layout(frame: pd.DataFrame) -> _Layout:
    """Curves along what is asked, divided by two other axes; a scatter where points hardly share the values of an axis."""
    varied = [axis for axis in axes_of(frame) if frame[axis].nunique() > 1]
    along = tuple(axis for axis in ALONG if axis in varied) or tuple(varied[:1])
    rest = sorted((axis for axis in varied if axis not in along), key=lambda axis: (axis != "case", axis == "seed"))
    free = [axis for axis in rest if axis != "seed"] or rest
    panel, line = [*free, "", ""][:2]
    if len(free) == 1 and frame[panel].nunique() <= MOST_LINES:  # one alone divides the curves, not the panels
        panel, line = "", panel
    elif line and frame[line].nunique() > MOST_LINES >= frame[panel].nunique():
        panel, line = line, panel
    parts = [axis for axis in (panel, line) if axis]
    a_curve = frame.drop_duplicates([*parts, *along]).groupby(parts, sort=False).size() if parts else None
    if (a_curve is not None and a_curve.max() <= 1) or any(_is_many(frame, axis) for axis in rest):
        few = [axis for axis in (*along, *rest) if axis != "seed" and frame[axis].nunique() <= MOST_LINES]
        return _Layout(tuple(varied), "", next(iter(few), ""), is_scatter=True)
    averaged = tuple(axis for axis in rest if axis not in parts)
    has_order = all(axis in ALONG or _are_numbers(axis, frame[axis]) for axis in along)
    return _Layout(along, panel, line, averaged, is_joined=has_order)


def surface_data(frame: pd.DataFrame, metric: str, name: str) -> SurfaceData | None:
    """A metric over what is asked and another axis, or the cost where the risk is asked; None where no two axes share enough points."""
    varied = [axis for axis in axes_of(frame) if frame[axis].nunique() > 1]
    asked = [axis for axis in ALONG if axis in varied]
    others = [axis for axis in varied if axis not in asked and axis not in ("seed", "case")]
    pairs = [
        (column, row)
        for column in (asked or others)[:1]
        for row in (*asked, *others, "case")
        if row in varied and row != column
    ]
    pair = next((pair for pair in pairs if _share_asked(frame, pair) > FULL), None)
    if pair is None:
        return None
    column_axis, row_axis = pair
    is_cost = column_axis in ("target", "level")
    there, currency, n_foreign = _solved(frame, metric)
    found = there.groupby([row_axis, column_axis], sort=False)["per_year" if is_cost else metric].median().unstack()
    rows, columns = (_values(frame, axis) for axis in (row_axis, column_axis))
    shown = [[values[n] for n in evenly(len(values), MOST_CELLS)] for values in (rows, columns)]
    return SurfaceData(
        title=Label(name),
        metric=metric,
        row_axis=row_axis,
        column_axis=column_axis,
        rows=tuple(_texts(row_axis, shown[0]).values()),
        columns=tuple(_texts(column_axis, shown[1]).values()),
        values=found.reindex(index=shown[0], columns=shown[1]).to_numpy(float),
        is_cost=is_cost,
        averaged=tuple(axis for axis in varied if axis not in (row_axis, column_axis)),
        n_rows=len(rows),
        n_columns=len(columns),
        n_foreign=n_foreign,
        n_missing=len(frame) - len(there) - n_foreign,
        currency=currency,
    )


def _share_asked(frame: pd.DataFrame, pair: Sequence[str]) -> float:
    """The share of the pairs of two axes' values that the sweep asks about at all."""
    sizes = [frame[axis].nunique() for axis in pair]
    return len(frame.drop_duplicates(list(pair))) / (sizes[0] * sizes[1])


def _solved(frame: pd.DataFrame, metric: str) -> tuple[pd.DataFrame, str, int]:
    """The points with a plan in the currency of most of them, that currency, and how many have another: those would not stand on one scale."""
    there = frame[frame["per_year"].notna() & frame[metric].notna()]
    currency = str(there["currency"].mode()[0]) if len(there) else "JPY"
    own = there[there["currency"] == currency]
    return own, currency, len(there) - len(own)


def _values(frame: pd.DataFrame, axis: str) -> list[Any]:
    """An axis' values in the order of the points; amounts and factors from the least, as a sample has them in none."""
    if not axis:
        return [""]
    values = list(dict.fromkeys(frame[axis]))
    if axis in NAMES:
        return values
    try:
        return sorted(values, key=lambda value: parse_amount(str(value).removeprefix("*").partition("/")[0]))
    except ValueError:
        return values


def _some(axis: str, values: list[Any], most: int) -> list[Any]:
    """The first of many values, of numbers some from the least to the greatest."""
    if len(values) <= most or not _are_numbers(axis, values):
        return values[:most]
    return [values[n] for n in evenly(len(values), most)]


def _is_many(frame: pd.DataFrame, axis: str) -> bool:
    """Whether an axis has many numbers, as a range has; seeds are only repetitions."""
    return axis != "seed" and frame[axis].nunique() > MOST_PANELS and _are_numbers(axis, frame[axis])


def _are_numbers(axis: str, values: Iterable[object]) -> bool:
    return axis not in (*NAMES, "seed") and all(NUMBER.fullmatch(str(value)) for value in values)


def _texts(axis: str, values: Sequence[Any]) -> Mapping[Any, str]:
    """What a chart calls an axis' values: of a path the last part; of a number three figures, more where few values need them to differ."""
    if axis in ("case", "costs"):
        return {value: str(value).rstrip("/").rpartition("/")[2] for value in values}
    for figures in range(FIGURES, MOST_FIGURES):
        texts = {value: str(value) if axis in NAMES else _number(axis, str(value), figures) for value in values}
        if len(texts) > MOST_CELLS or len(set(texts.values())) == len(texts):
            break
    return texts


def _number(axis: str, text: str, figures: int) -> str:
    """A number with so many figures, never with an exponent; whole ones as they are, budgets as they are written (1.5M/year)."""
    found = NUMBER.fullmatch(text)
    if not found or (found["number"].lstrip("-").isdigit() and axis != "budget"):
        return text
    rounded = Decimal(f"{float(found['number']):.{figures}g}")
    size, letter = next((pair for pair in SIZES if axis == "budget" and rounded >= pair[0]), (Decimal(1), ""))
    return f"{found['times']}{(rounded / size).normalize():,f}{letter}{found['unit'] or ''}"


def _curve(name: str, rows: pd.DataFrame, layout: _Layout, metric: str) -> CurveLine:
    """The medians of cost and metric at each place along the curve, of a scatter each point; the cheapest first."""
    found = rows[["per_year", metric]]
    if layout.along and not layout.is_scatter:
        found = rows.groupby(list(layout.along), sort=False)[["per_year", metric]].median()
    found = found.sort_values(["per_year", metric])
    return CurveLine(name, found["per_year"].to_numpy(float), found[metric].to_numpy(float))


def regret_data(regret: pd.DataFrame, name: str, currency: str) -> RegretData:
    """The regrets of one question: that with the most plans."""
    columns = list(regret.columns)
    asked = [axis for axis in columns[: columns.index("plan")] if axis in QUESTION]
    groups = dict(iter(regret.groupby(asked, sort=False))) if asked and len(regret) else {(): regret}
    question, rows = max(groups.items(), key=lambda pair: pair[1]["planned_for"].nunique())
    parts = question if isinstance(question, tuple) else (question,)
    varied = columns[columns.index("is_own") + 1 : columns.index("per_year")]
    assumed = [axis for axis in varied if rows[axis].nunique() > 1] or [axis for axis in varied if axis == "case"]
    texts = {axis: _texts(axis, _values(rows, axis)) for axis in assumed}
    plans, points = (list(dict.fromkeys(rows[axis])) for axis in ("planned_for", "point"))
    words, spoken = {}, {}
    for row in rows.drop_duplicates("point").to_dict("records"):
        words[row["point"]] = ", ".join(texts[axis][row[axis]] for axis in assumed)
        spoken[row["point"]] = ", ".join(
            texts[axis][row[axis]] if axis == "case" else f"{axis} {texts[axis][row[axis]]}" for axis in assumed
        )
    table, met = (
        rows.pivot(index="planned_for", columns="point", values=value).reindex(index=plans, columns=points)
        for value in ("regret", "met")
    )
    counts = dict(zip(rows["planned_for"], rows["n_planned_for"], strict=True))
    size = len(plans), len(points)
    return RegretData(
        title=Label(name),
        question=", ".join(_texts(axis, [part])[part] for axis, part in zip(asked, parts, strict=False)),
        axes=tuple(assumed),
        plans=tuple(words.get(plan, str(plan)) + (f" (+{counts[plan] - 1})" if counts[plan] > 1 else "") for plan in plans),
        spoken=tuple(spoken.get(plan, str(plan)) for plan in plans),
        assumptions=tuple(words[point] for point in points),
        regret=table.to_numpy(float, na_value=np.nan).reshape(size),
        met=np.array([[value is True or value == 1 for value in line] for line in met.to_numpy()], bool).reshape(size),
        there=met.notna().to_numpy(bool).reshape(size),
        n_questions=len(groups),
        is_cost=bool(rows["regret"].equals(rows["regret_cost"])),
        currency=currency,
    )
