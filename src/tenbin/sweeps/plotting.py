"""A sweep's tables → what its charts show: which axis the curves run along, which divides them, which is averaged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.chart_data import Label
from tenbin.reporting.sweep_data import CurveLine, CurvePanel, CurvesData, RegretData, SurfaceData
from tenbin.sweeps.axes import QUESTION
from tenbin.sweeps.reading import axes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["curves_data", "regret_data", "surface_data"]

ALONG = ("budget", "target", "level", "max-days")
"""What a curve runs along where it is varied: how much is asked."""

MOST_PANELS, MOST_LINES, MOST_CELLS = 12, 5, 12
MOST_VALUES = 200
"""An axis of more values, as a sample has, makes no surface: hardly two points share one."""


def curves_data(frame: pd.DataFrame, metric: str, name: str) -> CurvesData:
    """Cost a year against a metric of the plans that were found."""
    varied = [axis for axis in axes_of(frame) if frame[axis].nunique() > 1]
    along = tuple(axis for axis in ALONG if axis in varied) or tuple(varied[:1])
    rest = sorted((axis for axis in varied if axis not in along), key=lambda axis: (axis != "case", axis == "seed"))
    free = [axis for axis in rest if axis != "seed"] or rest
    panel_axis, line_axis = [*free, "", ""][:2]
    averaged = tuple(axis for axis in rest if axis not in (panel_axis, line_axis))
    if len(free) == 1:  # one alone divides the curves, not the panels
        panel_axis, line_axis = ("", panel_axis) if frame[panel_axis].nunique() <= MOST_LINES else (panel_axis, "")
    there, currency = _solved(frame, metric)
    panels = [
        CurvePanel(
            _short(panel_axis, panel),
            tuple(_line(rows, line_axis, value, along, metric) for value in _values(frame, line_axis)[:MOST_LINES]),
        )
        for panel in _values(frame, panel_axis)[:MOST_PANELS]
        for rows in [there if not panel_axis else there[there[panel_axis] == panel]]
    ]
    return CurvesData(
        title=Label(name),
        metric=metric,
        panels=tuple(panels),
        along=along,
        panel_axis=panel_axis,
        line_axis=line_axis,
        averaged=averaged,
        n_panels=len(_values(frame, panel_axis)),
        n_lines=len(_values(frame, line_axis)),
        n_missing=len(frame) - len(there),
        currency=currency,
    )


def surface_data(frame: pd.DataFrame, metric: str, name: str) -> SurfaceData | None:
    """A metric over what is asked and another axis, or the cost where the risk is asked; None where no two axes have few values each."""
    few = [axis for axis in axes_of(frame) if 1 < frame[axis].nunique() <= MOST_VALUES]
    asked = [axis for axis in ALONG if axis in few]
    rest = [*asked[1:], *(axis for axis in few if axis not in asked and axis not in ("seed", "case")), "case"]
    column_axis = asked[0] if asked else next((axis for axis in rest if axis in few), "")
    row_axis = next((axis for axis in rest if axis in few and axis != column_axis), "")
    if not row_axis or not column_axis:
        return None
    is_cost = column_axis in ("target", "level")
    there, currency = _solved(frame, metric)
    found = there.groupby([row_axis, column_axis], sort=False)["per_year" if is_cost else metric].median().unstack()
    rows, columns = (_values(frame, axis) for axis in (row_axis, column_axis))
    shown = [_spread(values) for values in (rows, columns)]
    varied = (axis for axis in axes_of(frame) if frame[axis].nunique() > 1)
    return SurfaceData(
        title=Label(name),
        metric=metric,
        row_axis=row_axis,
        column_axis=column_axis,
        rows=tuple(_short(row_axis, value) for value in shown[0]),
        columns=tuple(_short(column_axis, value) for value in shown[1]),
        values=found.reindex(index=shown[0], columns=shown[1]).to_numpy(float),
        is_cost=is_cost,
        averaged=tuple(axis for axis in varied if axis not in (row_axis, column_axis)),
        n_rows=len(rows),
        n_columns=len(columns),
        n_missing=len(frame) - len(there),
        currency=currency,
    )


def _solved(frame: pd.DataFrame, metric: str) -> tuple[pd.DataFrame, str]:
    """The points with a plan and the currency of most of them: amounts of several would not stand on one scale."""
    there = frame[frame["per_year"].notna() & frame[metric].notna()]
    currency = str(there["currency"].mode()[0]) if len(there) else "JPY"
    return there[there["currency"] == currency], currency


def _spread(values: list[Any]) -> list[Any]:
    """Some of very many values, evenly from the first to the last."""
    return [values[n] for n in np.unique(np.linspace(0, len(values) - 1, min(MOST_CELLS, len(values))).round().astype(int))]


def _short(axis: str, value: object) -> str:
    """A value as a chart names it: of a path the last part."""
    return str(value).rstrip("/").rpartition("/")[2] if axis in ("case", "costs") else str(value)


def _values(frame: pd.DataFrame, axis: str) -> list[Any]:
    return list(dict.fromkeys(frame[axis])) if axis else [""]


def _line(rows: pd.DataFrame, axis: str, value: object, along: Sequence[str], metric: str) -> CurveLine:
    """The medians of cost and metric at each place along the curve, the cheapest first."""
    own = rows if not axis else rows[rows[axis] == value]
    if not along:
        found = own[["per_year", metric]].median().to_frame().T if len(own) else own[["per_year", metric]]
    else:
        found = own.groupby(list(along), sort=False)[["per_year", metric]].median()
    found = found.sort_values(["per_year", metric])
    return CurveLine(_short(axis, value), found["per_year"].to_numpy(float), found[metric].to_numpy(float))


def regret_data(regret: pd.DataFrame, name: str, currency: str) -> RegretData:
    """The regrets of one question: that with the most plans."""
    columns = list(regret.columns)
    asked = [axis for axis in columns[: columns.index("plan")] if axis in QUESTION]
    assumed = [axis for axis in columns[columns.index("is_own") + 1 : columns.index("per_year")] if regret[axis].nunique() > 1]
    groups = dict(iter(regret.groupby(asked, sort=False))) if asked and len(regret) else {(): regret}
    question, rows = max(groups.items(), key=lambda pair: pair[1]["planned_for"].nunique())
    plans = list(dict.fromkeys(rows["planned_for"]))[:MOST_CELLS]
    points = list(dict.fromkeys(rows["point"]))[:MOST_CELLS]
    table = rows.pivot(index="planned_for", columns="point", values="regret").reindex(index=plans, columns=points)
    met = rows.pivot(index="planned_for", columns="point", values="met").reindex(index=plans, columns=points)
    words = {row["point"]: ", ".join(_short(axis, row[axis]) for axis in assumed) for row in rows.to_dict("records")}
    counts = dict(zip(rows["planned_for"], rows["n_planned_for"], strict=True))
    return RegretData(
        title=Label(name),
        question=", ".join(str(part) for part in (question if isinstance(question, tuple) else (question,))),
        axes=tuple(assumed),
        plans=tuple(words.get(plan, str(plan)) + (f" (+{counts[plan] - 1})" if counts[plan] > 1 else "") for plan in plans),
        assumptions=tuple(words[point] for point in points),
        regret=table.to_numpy(float, na_value=np.nan) if len(plans) else np.zeros((0, len(points))),
        met=np.array([[value is True or value == 1 for value in line] for line in met.to_numpy()], bool).reshape(
            len(plans), len(points)
        ),
        n_plans=rows["planned_for"].nunique(),
        n_assumptions=rows["point"].nunique(),
        n_questions=len(groups),
        is_cost=bool(rows["regret"].equals(rows["regret_cost"])),
        currency=currency,
    )
