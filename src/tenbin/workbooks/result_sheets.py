"""The sheets of a results workbook, each a table and, where it helps, a chart over its cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tenbin.model import Brand
from tenbin.reporting.palette import COST, INHERENT, RESIDUAL, SECONDARY, TARGET, TODAY, heat, readable_on
from tenbin.reporting.report.data import FloatArray, PlanView, ReportData
from tenbin.reporting.report.entered import entered_tables
from tenbin.reporting.sentences import answer, certificate, metric_title
from tenbin.words import speaker
from tenbin.workbooks.paper import AMOUNT, Column, Paper

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = [
    "about_sheet",
    "assumptions_sheet",
    "cash_flow_sheet",
    "coverage_sheet",
    "curve_sheet",
    "frontier_sheet",
    "heatmap_sheet",
    "plan_sheet",
    "scenarios_sheet",
    "summary_sheet",
]

METRICS = ("aal", "var95", "tvar95", "var99", "tvar99")
COSTS = ("per_year", "first_year", "first_year_cash", "npv", "capex", "subsidy")
RAREST = 0.001
"""The rarest year that the curve's chart shows."""
CHART_ROWS = 24
DAYS = ("days_first_year", "days_per_year")


def own_view(data: ReportData) -> PlanView:
    """The run's own plan."""
    return data.views[data.own]


def _axis(name: str, lang: str) -> dict[str, object]:
    """An axis of amounts, in millions."""
    return {"name": name, "num_format": f'#,##0,,"{speaker("workbook")("million_mark", lang)}"'}


def summary_sheet(paper: Paper, data: ReportData, brand: Brand) -> None:
    """The answer and its certificate; what it costs and what risk it leaves; the targets."""
    view, lang = own_view(data), paper.lang
    document = view.document
    sheet = paper.sheet("summary", (46, 20, 20, 20, 14))
    row = paper.title(sheet, paper.voice.title(data.title), " · ".join(filter(None, (brand.client, brand.date or data.made))))
    for text, style in (
        (answer(document, lang), paper.style(font_size=13, text_wrap=True, valign="top")),
        (certificate(document, lang), paper.style(text_wrap=True, valign="top", font_color=SECONDARY)),
    ):
        sheet.merge_range(row, 0, row, 4, "", style)
        paper.put(sheet, row, 0, text, style)
        sheet.set_row(row, 40)
        row += 1
    row = paper.section(sheet, row + 1, paper.say("res_costs"))
    cost, today = document["cost"], document["current"]["cost"]
    first = row + 1
    columns: tuple[Column, ...] = (Column("cost"), Column("today", "amount"), Column("after", "amount"))
    row = paper.table(sheet, row, columns, [(paper.say(f"res_cost_{k}"), today[k], cost[k]) for k in COSTS], with_widths=False)
    for key in DAYS:
        for n, value in enumerate((paper.say(f"res_cost_{key}"), today[key], cost[key])):
            paper.put(sheet, row, n, value, paper.cell_style("days" if n else "text"))
        row += 1
    row = paper.section(sheet, row + 1, paper.say("res_risk"))
    risk = {
        "inherent": document["risk"]["inherent"],
        "today": document["current"]["risk"],
        "after": document["risk"]["residual"],
    }
    names = [name for name in METRICS if name in risk["after"]]
    columns = (Column("metric"), *(Column(key, "amount") for key in risk))
    row = paper.table(
        sheet,
        row,
        columns,
        [(metric_title(n, lang), *(values[n] for values in risk.values())) for n in names],
        with_widths=False,
    )
    if targets := document.get("targets", ()):
        row = paper.section(sheet, row + 1, paper.say("res_targets"))
        columns = (Column("target"), Column("limit", "amount"), Column("value", "amount"), Column("met"))
        rows = [
            (t["target"], t["limit"], t["value"], paper.say("res_yes" if t["met"] else "res_no")) for t in targets if "met" in t
        ]
        row = paper.table(sheet, row, columns, rows, with_widths=False)
    paper.put(sheet, row + 1, 0, paper.say("res_tax"), paper.style(font_color=SECONDARY))
    chart, name = paper.chart("bar"), sheet.get_name()
    for n, (key, colour) in enumerate((("today", TODAY), ("after", COST)), start=1):
        chart.add_series(
            {
                "name": paper.say(f"res_{key}"),
                "categories": [name, first, 0, first + 1, 0],
                "values": [name, first, n, first + 1, n],
                "fill": {"color": colour},
                "gap": 60,
                "data_labels": {"value": True, "num_format": AMOUNT, "font": {"name": paper.face, "size": 9}},
            }
        )
    x, y = (
        {"visible": False, "major_gridlines": {"visible": False}, "min": 0},
        {"reverse": True, "major_gridlines": {"visible": False}},
    )
    paper.draw(chart, sheet, f"A{row + 4}", paper.say("res_chart_costs"), x, y, height=260, width=860)


def plan_sheet(paper: Paper, data: ReportData) -> None:
    """What is bought, kept and given up, with its costs and what it takes away."""
    sheet = paper.sheet("plan")
    row = paper.title(
        sheet,
        paper.say("res_plan"),
        paper.say("res_plan_lead", metric=metric_title(data.metric.rpartition(":")[2], paper.lang)),
    )
    columns = (
        Column("id", width=16),
        Column("measure", "long", 46),
        Column("layer", "text", 7),
        Column("level", width=12),
        Column("change", width=12),
        Column("once", "amount", 16),
        Column("yearly", "amount", 16),
        Column("saved", "amount", 16),
        Column("takes", "amount", 18),
    )
    first = row + 1
    rows = []
    for entry in own_view(data).rows:
        change = entry.change.value if entry.change else entry.kind.value
        rows.append(
            (
                entry.label.id,
                paper.voice.title(entry.label),
                entry.layer,
                entry.level,
                paper.say(f"res_is_{change}"),
                entry.once,
                entry.yearly,
                entry.saved or None,
                entry.takes if change != "keep" else None,
            )
        )
    row = paper.table(sheet, row, columns, rows)
    bold = paper.cell_style("amount", bold=True, top=1)
    paper.put(sheet, row, 1, paper.say("res_total"), paper.style(bold=True, top=1))
    for column, total in ((5, sum(e.once for e in own_view(data).rows)), (6, sum(e.yearly for e in own_view(data).rows))):
        letter = "ABCDEFGHI"[column]
        sheet.write_formula(row, column, f"=SUM({letter}{first + 1}:{letter}{row})", bold, total)
    sheet.freeze_panes(first, 2)
    sheet.autofilter(first - 1, 0, max(row - 1, first), len(columns) - 1)


def scenarios_sheet(paper: Paper, data: ReportData) -> None:
    """Each scenario's average loss a year with nothing, today and under the plan."""
    sheet = paper.sheet("scenarios_results")
    row = paper.title(sheet, paper.say("res_scenarios"), paper.say("res_scenarios_lead"))
    columns = (
        Column("id", width=14),
        Column("scenario", "long", 54),
        Column("layer", "text", 7),
        Column("often", width=24),
        Column("rate", "rate", 14),
        Column("inherent", "amount", 17),
        Column("today", "amount", 17),
        Column("after", "amount", 17),
    )
    rows = [
        (
            s.label.id,
            paper.voice.title(s.label),
            s.layer,
            paper.voice.often(s.per_year),
            s.per_year,
            s.inherent,
            s.today,
            float(after),
        )
        for s, after in zip(data.scenarios, own_view(data).scenario_losses, strict=True)
    ]
    paper.table(sheet, row, columns, rows)
    sheet.freeze_panes(row + 1, 2)
    sheet.autofilter(row, 0, row + max(len(rows), 1), len(columns) - 1)


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
        chart.add_series(_limit_line(paper, sheet, row + 1, data.limit))
    x = {**_axis(paper.say("res_axis_loss"), paper.lang), "min": 0, **({"max": _round_up(largest)} if largest else {})}
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
    row = paper.title(sheet, paper.say("res_frontier"), paper.say("res_frontier_lead", metric=metric))
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
    sheet.freeze_panes(first, 0)
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
    x = {**_axis(paper.say("res_per_year"), paper.lang), "min": 0}
    paper.draw(chart, sheet, f"B{end + 3}", paper.say("res_frontier"), x, {**_axis(metric, paper.lang), "min": 0}, height=420)


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
    paper.draw(chart, sheet, f"A{end + 3}", paper.say("res_cash_flow"), x, _axis(data.currency, paper.lang))


def coverage_sheet(paper: Paper, data: ReportData) -> None:
    """How many requirements of each standard the plan supports."""
    sheet = paper.sheet("coverage")
    row = paper.title(sheet, paper.say("res_coverage"), paper.say("res_coverage_lead"))
    columns = (
        Column("standard", width=26),
        *(Column(k, "count", 18) for k in ("references", "supported_today", "supported_after", "unverified")),
    )
    rows = [(s.standard, s.n_references, s.n_today, s.n_after, s.n_unverified) for s in own_view(data).standards]
    paper.table(sheet, row, columns, rows)


def assumptions_sheet(paper: Paper, data: ReportData) -> None:
    """What was entered, in words, with where it comes from."""
    sheet = paper.sheet("assumptions")
    row = paper.title(sheet, paper.say("res_assumptions"), paper.say("res_assumptions_lead"))
    columns = (
        Column("table", width=18),
        Column("id", width=20),
        Column("what", "long", 50),
        Column("figures", "long", 50),
        Column("basis", "long", 70),
    )
    rows = [
        (table.title, entry.id, entry.title, entry.figures, entry.basis)
        for table in entered_tables(data, paper.voice)
        for entry in table.rows
    ]
    paper.table(sheet, row, columns, rows)
    sheet.freeze_panes(row + 1, 2)
    sheet.autofilter(row, 0, row + max(len(rows), 1), len(columns) - 1)


def about_sheet(paper: Paper, data: ReportData, brand: Brand) -> None:
    """Whose results these are, and how they were computed."""
    sheet = paper.sheet("about", (34, 90))
    row = paper.title(sheet, paper.say("res_about"))
    facts = [(f"about_{k}", getattr(brand, k)) for k in ("client", "author", "company", "version", "date", "confidentiality")]
    facts += [
        ("about_case", data.title.id),
        ("about_run", data.run),
        ("about_made", data.made),
        ("about_years", data.n_trials),
        ("about_seed", data.seed),
        ("about_horizon", data.horizon_years),
        ("about_rate", paper.voice.share(data.discount_rate)),
        ("about_day_rate", paper.voice.exact(data.day_rate)),
        ("about_currency", data.currency),
        ("about_asked", "; ".join(data.asked)),
        ("about_tenbin", data.version),
    ]
    for key, value in facts:
        if value != "":
            paper.put(sheet, row, 0, paper.say(f"res_{key}"), paper.cell_style("text", font_color=SECONDARY))
            paper.put(sheet, row, 1, value, paper.cell_style("text"))
            row += 1
    row += 1
    for text in (
        *(paper.say(f"word_{k}") for k in ("risk", "bad_year", "inherent", "per_year", "layer")),
        paper.say("res_tax"),
        brand.disclaimer,
    ):
        if text:
            style = paper.style(text_wrap=True, valign="top", font_color=SECONDARY)
            sheet.merge_range(row, 0, row, 1, "", style)
            paper.put(sheet, row, 0, text, style)
            sheet.set_row(row, 30 if text != brand.disclaimer else min(400, 30 + 15 * (len(text) // 60)))
            row += 1
