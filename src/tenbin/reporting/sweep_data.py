"""What the charts of a sweep show, free of language and of the rooms that computed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.reporting.chart_data import Label

__all__ = ["MOST_CELLS", "CurveLine", "CurvePanel", "CurvesData", "RegretData", "SurfaceData", "SweepData", "evenly"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_CELLS = 12
"""A chart of cells has room for so many rows, and so many columns."""


def evenly(n: int, most: int) -> list[int]:
    """The places of some of ``n`` things, evenly from the first to the last."""
    return [int(place) for place in np.unique(np.linspace(0, n - 1, min(most, n)).round())]


@dataclass(frozen=True, slots=True)
class CurveLine:
    """One curve: what its plans cost a year and leave, the cheapest first; shape (n_points,) each. name : the value of its axis."""

    name: str
    cost: FloatArray
    value: FloatArray


@dataclass(frozen=True, slots=True)
class CurvePanel:
    """The curves of one small chart. name : the value of its axis; "" where there is one chart alone."""

    name: str
    lines: tuple[CurveLine, ...]


@dataclass(frozen=True, slots=True)
class CurvesData:
    """Cost against risk, in small multiples.

    metric : ``tvar95`` … along : the axes that each curve runs along, of a scatter all that the points differ in. panel_axis, line_axis : what the
    panels and the curves differ in ("" : nothing). averaged : axes over which the curves are medians. n_panels, n_lines : how many there are, shown
    or not. n_hidden : points with a plan beyond those shown. n_foreign : points in another currency. n_missing : points without a plan, or not done
    yet. is_scatter : whether each mark is a point of its own. is_joined : whether a line joins the marks, as it may where they have an order.
    """

    title: Label
    metric: str
    panels: tuple[CurvePanel, ...]
    along: tuple[str, ...] = ()
    panel_axis: str = ""
    line_axis: str = ""
    averaged: tuple[str, ...] = ()
    n_panels: int = 1
    n_lines: int = 1
    n_hidden: int = 0
    n_foreign: int = 0
    n_missing: int = 0
    is_scatter: bool = False
    is_joined: bool = True
    currency: str = "JPY"

    def __post_init__(self) -> None:
        """Refuse what no chart could show truly."""
        if not all(np.isfinite(line.cost).all() and np.isfinite(line.value).all() for p in self.panels for line in p.lines):
            raise ValueError("every point of a curve must be finite")

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True)
class RegretData:
    """What each plan is regretted by under each assumption: all of them, whatever of it a chart has room for.

    question : the targets or the budget that all answer. plans : which assumptions each was planned for, as words; spoken : the same for a
    sentence. assumptions : their values, as words. regret : cost a year beyond the best plan's (``is_cost``), else risk beyond it; shape (n_plans,
    n_assumptions), nan where there is none. met : whether the question is met there; there : whether the plan is one there; the same shape.
    """

    title: Label
    question: str
    axes: tuple[str, ...]
    plans: tuple[str, ...]
    spoken: tuple[str, ...]
    assumptions: tuple[str, ...]
    regret: FloatArray
    met: BoolArray
    there: BoolArray
    n_questions: int = 1
    is_cost: bool = True
    currency: str = "JPY"

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        shape = (len(self.plans), len(self.assumptions))
        if len(self.spoken) != len(self.plans) or not self.regret.shape == self.met.shape == self.there.shape == shape:
            raise ValueError("regret, met and there must have a row a plan and a column an assumption")

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)

    @property
    def held(self) -> BoolArray:
        """Where a plan meets the question, and by how much it is regretted is known."""
        return np.asarray(self.met & np.isfinite(self.regret))

    @property
    def misses(self) -> NDArray[np.int64]:
        """Under how many of all assumptions each plan does not meet the question, or is none."""
        return np.asarray((~self.held).sum(axis=1), np.int64)

    @property
    def worst(self) -> FloatArray:
        """The largest regret of each plan where it meets the question; inf for one that never does."""
        known = np.where(self.held, np.maximum(self.regret, 0.0), -math.inf).max(axis=1, initial=-math.inf)
        return np.where(known < 0, math.inf, known)

    @property
    def n_unmet(self) -> int:
        """Under how many assumptions no plan at all meets the question."""
        return int((~self.held.any(axis=0)).sum())

    @property
    def ranking(self) -> list[int]:
        """The plans, first the one that misses least often, of equals the one that is regretted least."""
        return [int(n) for n in np.lexsort((self.worst, self.misses))]

    @property
    def drawn(self) -> tuple[list[int], list[int]]:
        """The plans and the assumptions that a chart has room for: the best plans in their order, and assumptions evenly from the first to the
        last with the one where the best of all is regretted most.
        """
        rows, columns = sorted(self.ranking[:MOST_CELLS]), evenly(len(self.assumptions), MOST_CELLS)
        if rows and columns:
            best = self.ranking[0]
            most = int(np.where(self.held[best], self.regret[best], -math.inf).argmax())
            if most not in columns:
                columns[int(np.abs(np.array(columns) - most).argmin())] = most
        return rows, sorted(columns)


@dataclass(frozen=True, slots=True)
class SurfaceData:
    """What plans leave, or cost, over two axes.

    rows, columns : values of the two axes. values : the median of a pair's points, money a year, shape (n_rows, n_columns); nan where none has a
    plan. is_cost : whether that is what the plans cost a year, else the metric that they leave. averaged : axes over which it is a median.
    n_rows, n_columns : how many values there are, shown or not. n_foreign : points in another currency. n_missing : points without a plan, or
    not done yet.
    """

    title: Label
    metric: str
    row_axis: str
    column_axis: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    is_cost: bool
    averaged: tuple[str, ...] = ()
    n_rows: int = 0
    n_columns: int = 0
    n_foreign: int = 0
    n_missing: int = 0
    currency: str = "JPY"

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        if self.values.shape != (len(self.rows), len(self.columns)):
            raise ValueError("a surface must have a row and a column for each value")

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)


SweepData = CurvesData | RegretData | SurfaceData
"""What the charts of a sweep are made of."""
