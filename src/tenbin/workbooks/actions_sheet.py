"""The sheet of actions: what to do first with each measure, and room to write who does it, until when, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenbin.catalogue import action_texts
from tenbin.reporting.chart_data import Change, CostKind
from tenbin.reporting.palette import PANEL, RESIDUAL, SECONDARY
from tenbin.reporting.report.data import BuyRow, ReportData
from tenbin.workbooks.layout import LAST_ROW
from tenbin.workbooks.paper import Column, Paper

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["COLUMNS", "STATES", "Action", "actions_of", "actions_sheet", "in_order"]

STATES = ("not_started", "under_way", "done")
QUARTERS = 4
KEYS = 3
"""The row of the keys, hidden; the headings follow it (counted from 0)."""

COLUMNS = (
    Column("measure", "text", 11),
    Column("title", "long", 28),
    Column("level", "text", 10),
    Column("change", "text", 10),
    Column("first_step", "long", 46),
    Column("owner", "text", 14),
    Column("when", "text", 12),
    Column("due", "date", 13),
    Column("state", "text", 12),
    Column("days", "days", 10),
    Column("cash", "amount", 13),
    Column("needs", "long", 12),
    Column("evidence", "long", 34),
    Column("note", "long", 22),
)
TYPED = ("owner", "due", "state", "note")


@dataclass(frozen=True, slots=True)
class Action:
    """A chosen measure with what it takes in the first year, in days and in cash; needs : chosen measures that come first."""

    row: BuyRow
    days: float
    cash: float
    needs: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        return self.row.change is Change.KEEP

    @property
    def worth(self) -> float:
        """Risk taken away for each unit of cost; what costs nothing comes first."""
        cost = self.row.once + self.row.yearly
        taken = -(self.row.takes or 0.0)
        return taken / cost if cost > 0 else float("inf") if taken > 0 else 0.0


def actions_of(data: ReportData) -> list[Action]:
    """What there is to do under the run's plan, in the order to do it: what must come first, then by worth; what is kept last."""
    prices = _prices(data)
    view = data.views[data.own]
    found = []
    for row in view.rows:
        if row.kind is not CostKind.MEASURE or row.label.id not in view.plan:
            continue
        price = prices.get((row.label.id, row.level), {})
        keeps = row.change is Change.KEEP
        days = price.get("effort_yearly", 0.0) + (0.0 if keeps else price.get("effort_initial", 0.0))
        cash = price.get("opex", 0.0) + (0.0 if keeps else price.get("capex", 0.0))
        needs = tuple(other for other in data.requires.get(row.label.id, ()) if other in view.plan)
        found.append(Action(row, days, cash, needs))
    return in_order(found)


def in_order(actions: Sequence[Action]) -> list[Action]:
    """By worth, but never before what has to be there first (a ring of needs is cut where it is met)."""
    by_id = {action.row.label.id: action for action in actions}
    done: dict[str, Action] = {}

    def place(action: Action, above: frozenset[str]) -> None:
        own = action.row.label.id
        if own in done or own in above:
            return
        for other in action.needs:
            if other in by_id:
                place(by_id[other], above | {own})
        done[own] = action

    for action in sorted(actions, key=lambda one: (one.is_there, -one.worth, one.row.label.id)):
        place(action, frozenset())
    return sorted(done.values(), key=lambda one: one.is_there)


def _prices(data: ReportData) -> dict[tuple[str, str], dict[str, float]]:
    header, rows = data.tables["measures"]
    records = (dict(zip(header, row, strict=True)) for row in rows)
    names = ("capex", "opex", "effort_initial", "effort_yearly")
    return {(str(r["measure"]), str(r["level"])): {n: float(str(r[n] or 0)) for n in names} for r in records}


def actions_sheet(paper: Paper, data: ReportData) -> None:
    """Write the sheet; the grey cells are ours, the white ones are to be typed in."""
    sheet = paper.sheet("actions")
    paper.title(sheet, paper.say("res_actions"), paper.say("res_actions_lead", run=data.run))
    for n, column in enumerate(COLUMNS):
        sheet.set_column(n, n, column.width, paper.style())
        paper.put(sheet, KEYS, n, column.key)
    sheet.set_row(KEYS, None, None, {"hidden": True})
    row = paper.head(sheet, KEYS + 1, COLUMNS)
    for n, column in enumerate(COLUMNS):
        if column.key in TYPED:
            style = paper.style(bold=True, text_wrap=True, bg_color=RESIDUAL, font_color="#FFFFFF", bottom=1)
            paper.put(sheet, KEYS + 1, n, paper.say(f"res_{column.key}"), style)
    first = row
    actions = actions_of(data)
    to_do = sum(not action.is_there for action in actions)
    for n, action in enumerate(actions):
        quarter = 0 if action.is_there else n * QUARTERS // max(to_do, 1) + 1
        _row(paper, sheet, row, _texts(paper, action, quarter))
        row += 1
    last = max(row - 1, first)
    names = [column.key for column in COLUMNS]
    states = [paper.say(f"state_{state}") for state in STATES]
    choice = {
        "validate": "list",
        "source": states,
        "error_title": paper.say("choose_title"),
        "error_message": paper.say("choose"),
    }
    sheet.data_validation(first, names.index("state"), LAST_ROW, names.index("state"), choice)
    dates = {"validate": "decimal", "criteria": "between", "minimum": 36526, "maximum": 73050}
    dates |= {"error_title": paper.say("must_date"), "error_message": paper.say("date_only")}
    sheet.data_validation(first, names.index("due"), LAST_ROW, names.index("due"), dates)
    sheet.freeze_panes(first, 3)
    sheet.autofilter(first - 1, 0, last, len(COLUMNS) - 1)
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "sort": True,
            "autofilter": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )


def _texts(paper: Paper, action: Action, quarter: int) -> Mapping[str, object]:
    row = action.row
    words = action_texts().get(row.label.id)
    return {
        "measure": row.label.id,
        "title": paper.voice.title(row.label),
        "level": row.level,
        "change": paper.say(f"res_is_{row.change.value if row.change else 'keep'}"),
        "first_step": words.first_step(paper.lang) if words and not action.is_there else "",
        "owner": "",
        "when": paper.say("res_quarter", n=quarter) if quarter else "",
        "due": "",
        "state": paper.say("state_done" if action.is_there else "state_not_started"),
        "days": action.days,
        "cash": action.cash,
        "needs": "; ".join(action.needs),
        "evidence": words.evidence(paper.lang) if words else "",
        "note": "",
    }


def _row(paper: Paper, sheet: Worksheet, row: int, texts: Mapping[str, object]) -> None:
    sheet.set_row(row, paper.height(COLUMNS, [texts[column.key] for column in COLUMNS]))
    for n, column in enumerate(COLUMNS):
        typed = column.key in TYPED
        more = (
            {"locked": False}
            if typed
            else {"bg_color": PANEL, "font_color": SECONDARY if column.key == "evidence" else "#1E2326"}
        )
        paper.put(sheet, row, n, texts[column.key], paper.cell_style(column.kind, text_wrap=True, **more))
