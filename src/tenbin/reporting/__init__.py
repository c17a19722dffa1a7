"""Results become pictures: the charts of a run, in Japanese or English, without a display or a change to anyone's settings.

Importing this room is cheap; matplotlib comes with the first chart.
"""

from tenbin.reporting.chart_data import Change, ChartData, ChartFiles, CostKind, CostRow, Label, Step, TargetRow, write_charts
from tenbin.reporting.frontier_data import FrontierData, FrontierMark

__all__ = [
    "Change",
    "ChartData",
    "ChartFiles",
    "CostKind",
    "CostRow",
    "FrontierData",
    "FrontierMark",
    "Label",
    "Step",
    "TargetRow",
    "write_charts",
]
