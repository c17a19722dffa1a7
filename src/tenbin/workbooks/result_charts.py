"""The sheets of a results workbook that are drawn: curves, heatmap, frontier, cash flow, each over the cells beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tenbin.reporting.palette import COST, INHERENT, RESIDUAL, SECONDARY, TARGET, TODAY, heat, readable_on
from tenbin.reporting.report.data import FloatArray, ReportData
from tenbin.reporting.sentences import metric_title
from tenbin.workbooks.paper import AMOUNT, Column, Paper
from tenbin.workbooks.result_tables import own_view

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["cash_flow_sheet", "curve_sheet", "frontier_sheet", "heatmap_sheet"]

RAREST = 0.001
"""The rarest year that the curve's chart shows."""
CHART_ROWS = 24


def curve_sheet(paper: Paper, data: ReportData) -> None:
    """The exceedance curves: how likely a year's loss is to be above an amount."""
    sheet = paper.sheet("curve")
    row = paper.title(sheet, paper.say("res_curve"), paper.say("res_curve_lead"))
    name, top = sheet.get_name(), row
    row += CHART_ROWS
    chart = paper.chart("scatter", "straight")
    curves = (
        ("inherent", data.curve_inherent, INHERENT),
        ("today", data.curve_today, TODAY),
        ("after", own_view(data).curve, RESIDUAL),
    )
    largest = 0.0
    for block, (key, curve, colour) in enumerate(curves):
        if key == "today" and not data.has_today:
            continue
        first = block * 5
        paper.put(sheet, row, first, paper.say(f"res_{key}"), paper.style(bold=True, font_color=colour))
        columns = (Column("loss", "amount", 16), *(Column(k, "share", 11) for k in ("chance", "low", "high")))
        points = zip(curve.loss, curve.chance, curve.low, curve.high, strict=True)
        paper.table(sheet, row + 1, columns, [tuple(map(float, point)) for point in points], first)
        shown = int(np.count_nonzero(curve.chance > 0))
        largest = max(largest, float(curve.loss[max(int(np.count_nonzero(curve.chance >= RAREST)) - 1, 0)]))
        chart.add_series(
            {
                "name": paper.say(f"res_{key}"),
                "categories": [name, row + 2, first, max(row + 1 + shown, row + 2), first],
                "values": [name, row + 2, first + 1, max(row + 1 + shown, row + 2), first + 1],
                "line": {"color": colour, "width": 2.25 if key == "after" else 1.25},
            }
        )
        sheet.set_column(first + 4, first + 4, 3)
    if data.limit is not None:
        chart.add_series(_limit_line(paper, sheet, row + 2, data.limit))
    x = {**paper.amounts(paper.say("res_axis_loss"), largest), **({"max": _round_up(largest)} if largest else {})}
    y = {
        "name": paper.say("res_axis_chance"),
        "num_format": "0.0%",
        "log_base": 10,
        "min": RAREST,
        "max": 1,
        "crossing": RAREST,
    }
    paper.draw(chart, sheet, f"A{top + 1}", paper.say("res_curve"), x, y, height=440, width=900)


def _round_up(value: float) -> float:
    """The next amount of one figure and a half: where an axis may end."""
    step = 10.0 ** math.floor(math.log10(value)) / 2
    return math.ceil(value / step) * step


def _limit_line(paper: Paper, sheet: Worksheet, row: int, limit: float) -> dict[str, object]:
    """The target as an upright dashed line, its two points beside the curves."""
    paper.put(sheet, row - 2, 15, paper.say("res_target"), paper.style(bold=True, font_color=TARGET))
    for n, value in enumerate((limit, limit)):
        paper.put(sheet, row + n, 16, value, paper.style(num_format=AMOUNT, font_color=SECONDARY))
        paper.put(sheet, row + n, 15, (RAREST, 1.0)[n], paper.style(num_format="0.0%", font_color=SECONDARY))
    sheet.set_column(15, 16, 16, paper.style())
    name = sheet.get_name()
    return {
        "name": paper.say("res_target"),
        "categories": [name, row, 16, row + 1, 16],
        "values": [name, row, 15, row + 1, 15],
        "line": {"color": TARGET, "width": 1, "dash_type": "dash"},
    }


def heatmap_sheet(paper: Paper, data: ReportData) -> None:
    """Average loss a year by layer and component, before and after, in one scale of shades."""
    sheet = paper.sheet("heatmap", (24, *[17] * len(data.layers), 3, 24, *[17] * len(data.layers)))
    row = paper.title(sheet, paper.say("res_heatmap"), paper.say("res_heatmap_lead"))
    after = own_view(data).heat
    top = max(float(data.heat_before.max(initial=0)), float(after.max(initial=0)))
    before = paper.say("res_today" if data.has_today else "res_inherent")
    _heat(paper, sheet, row, 0, before, data, data.heat_before, top)
    _heat(paper, sheet, row, len(data.layers) + 2, paper.say("res_after"), data, after, top)


def _heat(
    paper: Paper, sheet: Worksheet, row: int, first: int, title: str, data: ReportData, cells: FloatArray, top: float
) -> None:
    paper.put(sheet, row, first, title, paper.style(bold=True))
    sheet.set_row(row + 1, 48)
    for n, layer in enumerate(data.layers, start=1):
        text = paper.say("res_layer_is", n=layer.id, title=paper.voice.title(layer))
        paper.put(
            sheet, row + 1, first + n, text, paper.style(text_wrap=True, font_color=SECONDARY, font_size=9, align="center")
        )
    for m, component in enumerate(data.components):
        paper.put(sheet, row + 2 + m, first, paper.voice.title(component), paper.style())
        sheet.set_row(row + 2 + m, 28)
        for n in range(len(data.layers)):
            value = float(cells[n, m])
            ground = heat(value / top if top else 0.0)
            style = paper.style(
                bg_color=ground,
                font_color=readable_on(ground),
                num_format=AMOUNT,
                align="center",
                border=1,
                border_color="#FFFFFF",
            )
            paper.put(sheet, row + 2 + m, first + 1 + n, value, style)
    end = row + 2 + len(data.components)
    paper.put(sheet, end, first, paper.say("res_total"), paper.style(bold=True))
    paper.put(sheet, end, first + 1, float(cells.sum()), paper.style(bold=True, num_format=AMOUNT, align="center"))


def frontier_sheet(paper: Paper, data: ReportData) -> None:
    """Every plan that was found, from the cheapest to the dearest, and where the run's own lies."""
    sheet = paper.sheet("frontier")
    metric = metric_title(data.metric.rpartition(":")[2], paper.lang)
    top = paper.title(sheet, paper.say("res_frontier"), paper.say("res_frontier_lead", metric=metric))
    row = top + CHART_ROWS
    columns = (
        Column("number", "count", 8),
        Column("per_year", "amount", 17),
        Column("value_of", "amount", 19),
        Column("first_year", "amount", 17),
        Column("npv", "amount", 17),
        Column("aal", "amount", 17),
        Column("n_measures", "count", 11),
        Column("certificate", width=14),
        Column("mark", width=22),
        Column("measures", "long", 90),
    )
    rows = []
    for n, view in enumerate(data.views):
        document = view.document
        marks = [
            paper.say(f"res_mark_{k}")
            for k, at in (("own", data.own), ("knee", data.knee), ("total", data.least_total))
            if at == n
        ]
        kind = (document.get("certificate") or {}).get("kind", "")
        rows.append(
            (
                n + 1,
                view.per_year,
                view.value,
                document["cost"]["first_year"],
                document["cost"]["npv"],
                document["risk"]["residual"]["aal"],
                len(view.plan),
                paper.say(f"res_cert_{kind}") if kind else "",
                paper.voice.listed(marks),
                "; ".join(f"{measure}={level}" for measure, level in view.plan.items()),
            )
        )
    end = paper.table(sheet, row, columns, rows)
    name, first = sheet.get_name(), row + 1
    chart = paper.chart("scatter", "straight_with_markers")
    marker = {"type": "circle", "size": 5, "fill": {"color": RESIDUAL}, "border": {"color": RESIDUAL}}
    line = {"color": RESIDUAL, "width": 1.25}
    chart.add_series(
        {
            "name": paper.say("res_frontier"),
            "categories": [name, first, 1, end - 1, 1],
            "values": [name, first, 2, end - 1, 2],
            "marker": marker,
            "line": line,
        }
    )
    own = first + data.own
    marker = {"type": "diamond", "size": 11, "fill": {"color": COST}, "border": {"color": COST}}
    chart.add_series(
        {
            "name": paper.say("res_mark_own"),
            "categories": [name, own, 1, own, 1],
            "values": [name, own, 2, own, 2],
            "marker": marker,
            "line": {"none": True},
        }
    )
    x = paper.amounts(paper.say("res_per_year"), max(view.per_year for view in data.views))
    y = paper.amounts(metric, max(view.value for view in data.views))
    paper.draw(chart, sheet, f"A{top + 1}", paper.say("res_frontier"), x, y, height=440, width=900)


def cash_flow_sheet(paper: Paper, data: ReportData) -> None:
    """The plan's costs year by year."""
    sheet = paper.sheet("cash_flow")
    row = paper.title(sheet, paper.say("res_cash_flow"), paper.say("res_cash_flow_lead"))
    keys = ("capex", "opex", "effort", "subsidy")
    columns = (
        Column("year", "count", 10),
        *(Column(f"cash_{k}", "amount", 18) for k in keys),
        Column("total", "amount", 18),
        Column("today", "amount", 18),
    )
    rows = [
        (n, year.capex, year.opex, year.effort, -year.subsidy, year.total, data.today_years[n - 1].total)
        for n, year in enumerate(own_view(data).years, start=1)
    ]
    end = paper.table(sheet, row, columns, rows)
    name, first = sheet.get_name(), row + 1
    chart = paper.chart("column", "stacked")
    for n, (key, colour) in enumerate(zip(keys, (COST, "#C4A85A", "#E3D4A4", RESIDUAL), strict=True), start=1):
        chart.add_series(
            {
                "name": paper.say(f"res_cash_{key}"),
                "categories": [name, first, 0, end - 1, 0],
                "values": [name, first, n, end - 1, n],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    x = {"name": paper.say("res_year"), "label_position": "low"}
    largest = max((year.total + year.subsidy for year in own_view(data).years), default=0.0)
    y = {**paper.amounts(paper.say("res_cost"), largest), "min": None}
    paper.draw(chart, sheet, f"A{end + 3}", paper.say("res_cash_flow"), x, y, width=860)
