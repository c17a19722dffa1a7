"""What the charts of a sweep show, free of language and of the rooms that computed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.reporting.chart_data import Label

__all__ = ["CurveLine", "CurvePanel", "CurvesData", "RegretData", "SurfaceData", "SweepData"]

FloatArray = NDArray[np.float64]


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

    metric : ``tvar95`` … along : the axes that each curve runs along. panel_axis, line_axis : what the panels and the curves differ in ("" :
    nothing). averaged : axes over which the curves are medians. n_panels, n_lines : how many there are, shown or not. n_missing : points without a plan,
    or not done yet.
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
    n_missing: int = 0
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
    """What each plan is regretted by under each assumption.

    question : the targets or the budget that all answer. plans : which assumptions each was planned for, as words. assumptions : their
    values, as words. regret : cost a year beyond the best plan's (``is_cost``), else risk beyond it; shape (n_plans, n_assumptions), nan where the plan is none there. met : whether the question is met
    there, the same shape. n_plans, n_assumptions, n_questions : how many there are, shown or not.
    """

    title: Label
    question: str
    axes: tuple[str, ...]
    plans: tuple[str, ...]
    assumptions: tuple[str, ...]
    regret: FloatArray
    met: NDArray[np.bool_]
    n_plans: int
    n_assumptions: int
    n_questions: int = 1
    is_cost: bool = True
    currency: str = "JPY"

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        shape = (len(self.plans), len(self.assumptions))
        if self.regret.shape != shape or self.met.shape != shape:
            raise ValueError("regret and met must have a row a plan and a column an assumption")

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)

    @property
    def worst(self) -> FloatArray:
        """The largest regret of each plan where it meets the question; inf for one that misses it somewhere."""
        there = np.where(np.isnan(self.regret) | ~self.met, math.inf, self.regret)
        return np.asarray(there.max(axis=1))


@dataclass(frozen=True, slots=True)
class SurfaceData:
    """What plans leave, or cost, over two axes.

    rows, columns : values of the two axes. values : the median of a pair's points, money a year, shape (n_rows, n_columns); nan where none has a
    plan. is_cost : whether that is what the plans cost a year, else the metric that they leave. averaged : axes over which it is a median.
    n_rows, n_columns : how many values there are, shown or not. n_missing : points without a plan, or not done yet.
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
