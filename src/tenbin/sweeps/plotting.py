"""A sweep's tables → what its charts show: which axis the curves run along, which divides them, which is averaged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.chart_data import Label
from tenbin.reporting.sweep_data import CurveLine, CurvePanel, CurvesData, RegretData
from tenbin.sweeps.axes import QUESTION
from tenbin.sweeps.reading import axes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["curves_data", "regret_data"]

ALONG = ("budget", "target", "level", "max-days")
"""What a curve runs along where it is varied: how much is asked."""

MOST_PANELS, MOST_LINES, MOST_CELLS = 12, 5, 12


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
    there = frame[frame["per_year"].notna() & frame[metric].notna()]
    currency = str(there["currency"].mode()[0]) if len(there) else "JPY"
    there = there[there["currency"] == currency]  # amounts of several would not stand on one scale
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
