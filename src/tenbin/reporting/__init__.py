"""Results become pictures: the charts of a run, in Japanese or English, without a display or a change to anyone's settings.

Importing this room is cheap; matplotlib comes with the first chart.
"""

from tenbin.reporting.chart_data import (
    AbatementRow,
    CashFlow,
    Change,
    ChartData,
    CostKind,
    CostRow,
    Label,
    Step,
    TargetRow,
)
from tenbin.reporting.convergence_data import Convergence
from tenbin.reporting.frontier_data import FrontierData, FrontierMark, LevelRow
from tenbin.reporting.writing import CHART_FORMATS, FRONTIER_CHARTS, PLAN_CHARTS, ChartFiles, write_chart, write_charts

__all__ = [
    "CHART_FORMATS",
    "FRONTIER_CHARTS",
    "PLAN_CHARTS",
    "AbatementRow",
    "CashFlow",
    "Change",
    "ChartData",
    "ChartFiles",
    "Convergence",
    "CostKind",
    "CostRow",
    "FrontierData",
    "FrontierMark",
    "Label",
    "LevelRow",
    "Step",
    "TargetRow",
    "write_chart",
    "write_charts",
]
