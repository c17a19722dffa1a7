"""The sheets of a results workbook that are tables: the answer, the plan, the scenarios, standards, what was entered."""

from __future__ import annotations

from tenbin.model import Brand
from tenbin.reporting.palette import COST, SECONDARY, TODAY
from tenbin.reporting.report.data import PlanView, ReportData
from tenbin.reporting.report.entered import entered_tables
from tenbin.reporting.sentences import answer, certificate, metric_title
from tenbin.workbooks.paper import AMOUNT, Column, Paper

__all__ = [
    "about_sheet",
    "assumptions_sheet",
    "coverage_sheet",
    "own_view",
    "plan_sheet",
    "scenarios_sheet",
    "summary_sheet",
]

METRICS = ("aal", "var95", "tvar95", "var99", "tvar99")
COSTS = ("per_year", "first_year", "first_year_cash", "npv", "capex", "subsidy")
DAYS = ("days_first_year", "days_per_year")


def own_view(data: ReportData) -> PlanView:
    """The run's own plan."""
    return data.views[data.own]


def summary_sheet(paper: Paper, data: ReportData, brand: Brand) -> None:
    """The answer and its certificate; what it costs and what risk it leaves; the targets."""
    view, lang = own_view(data), paper.lang
    document = view.document
    sheet = paper.sheet("summary", (46, 20, 20, 20, 14))
    sheet.fit_to_pages(1, 1)
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
    paper.put(sheet, row + 1, 0, paper.say("res_tax", currency=paper.currency), paper.style(font_color=SECONDARY))
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
    for n, column in enumerate(columns):
        paper.put(sheet, row, n, paper.say("res_total") if n == 1 else None, paper.cell_style(column.kind, bold=True, top=1))
    for place, total in ((5, sum(e.once for e in own_view(data).rows)), (6, sum(e.yearly for e in own_view(data).rows))):
        letter = "ABCDEFGHI"[place]
        sheet.write_formula(row, place, f"=SUM({letter}{first + 1}:{letter}{row})", bold, total)
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


def coverage_sheet(paper: Paper, data: ReportData) -> None:
    """How many requirements of each standard the plan supports."""
    sheet = paper.sheet("coverage")
    row = paper.title(sheet, paper.say("res_coverage"), paper.say("res_coverage_lead"))
    columns = (
        Column("standard", width=44),
        *(Column(k, "count", 18) for k in ("references", "supported_today", "supported_after", "unverified")),
    )
    rows = [
        (paper.voice.title(s.label), s.n_references, s.n_today, s.n_after, s.n_unverified) for s in own_view(data).standards
    ]
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
        ("about_worlds", data.n_worlds),
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
        paper.say("res_tax", currency=paper.currency),
        brand.disclaimer,
    ):
        if text:
            style = paper.style(text_wrap=True, valign="top", font_color=SECONDARY)
            sheet.merge_range(row, 0, row, 1, "", style)
            paper.put(sheet, row, 0, text, style)
            sheet.set_row(row, 30 if text != brand.disclaimer else min(400, 30 + 15 * (len(text) // 60)))
            row += 1
