"""The interview as a sheet: questions with what may be answered, and the answers read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.errors import InputError, Problem
from tenbin.inputs.words import LONGEST_PATH, shown
from tenbin.interview import QUESTIONS, Answers, Kind, Question, read_answers
from tenbin.reporting.palette import PANEL, RESIDUAL, RULE, SECONDARY
from tenbin.words import saying, speaker
from tenbin.workbooks import looks
from tenbin.workbooks.layout import folded, names_of_sheets
from tenbin.workbooks.lists import Lists
from tenbin.workbooks.opening import opened, rows_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["answer_lists", "read_interview", "write_interview"]

say = speaker("workbook")
ask = speaker("interview")
said = saying("workbook")

FIRST = 5
HEADS = ("ask_question", "ask_answer", "ask_unit", "ask_note")
WIDTHS = (3, 62, 26, 14, 70)
ANSWER = 3
"""The column of the answers; the first holds the questions' keys, hidden."""


def answer_lists(lang: str) -> dict[str, tuple[object, ...]]:
    """What the drop-downs of the answers offer, by name."""
    found: dict[str, tuple[object, ...]] = {"yes_no": (ask("yes", lang), ask("no", lang), ask("unknown", lang))}
    for question in QUESTIONS:
        if question.kind is Kind.CHOICE:
            words = (ask(f"choice_{question.key}_{choice}", lang) for choice in question.choices)
            found[f"answers_{question.key}"] = (*words, ask("unknown", lang))
    return found


def _rows(answers: Answers | None) -> Iterator[tuple[str, Question, str, Any]]:
    """(key, question, item of its checklist, answer) of each row."""
    for question in QUESTIONS:
        value = None if answers is None else getattr(answers, question.key)
        if question.kind is not Kind.CHECKLIST:
            yield question.key, question, "", value
            continue
        for choice in question.choices:
            yield f"{question.key}.{choice}", question, choice, None if value is None else choice in value


def write_interview(sheet: Worksheet, lang: str, lists: Lists, answers: Answers | None = None) -> None:
    """Write the questions, this language above the other, with a cell for each answer; a checklist has a row for each item."""
    both = (lang, "en" if lang == "ja" else "ja")
    for n, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDE"[n]].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.sheet_view.showGridLines = False
    for row, key, size in ((1, "ask_title", 16), (2, "ask_lead", 10), (3, "ask_lead_more", 10)):
        cell = sheet.cell(row, 2)
        looks.fill_cell(cell, say(key, lang))
        cell.font = looks.font(lang, size, bold=row == 1)
    for n, key in enumerate(HEADS, start=2):
        cell = sheet.cell(FIRST - 1, n)
        looks.fill_cell(cell, say(key, lang))
        looks.heading(cell, lang, "required" if n == ANSWER else "optional")
    for row, (key, question, choice, value) in enumerate(_rows(answers), start=FIRST):
        words = f"choice_{question.key}_{choice}" if choice else f"ask_{question.key}"
        texts = [ask(words, one) for one in both]
        if choice and choice == question.choices[0]:
            texts = [f"{ask(f'ask_{question.key}', one)}\n— {text}" for one, text in zip(both, texts, strict=True)]
        elif choice:
            texts = [f"— {text}" for text in texts]
        unit = ask(f"unit_{question.key}", lang) if f"unit_{question.key}" in ask else ""
        help_text = "" if choice else "\n".join(ask(f"help_{question.key}", one) for one in both)
        looks.fill_cell(sheet.cell(row, 1), key)
        for column, text in ((2, "\n".join(texts)), (4, unit), (5, help_text)):
            cell = sheet.cell(row, column)
            looks.fill_cell(cell, text)
            cell.font = looks.font(lang, colour=SECONDARY if column > 2 else "#1E2326")
            cell.alignment, cell.border = looks.wrapped("center", "left"), looks.rule_below()
        _answer_cell(sheet.cell(row, ANSWER), question, choice, value, lang)
        _rule(sheet, row, question, choice, lists, lang)
        lines = max(looks.lines_of("\n".join(texts), WIDTHS[1]), looks.lines_of(help_text, WIDTHS[4]))
        sheet.row_dimensions[row].height = 15 * max(lines, 2) + 4
    sheet.freeze_panes = f"A{FIRST}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    looks.on_paper(sheet)
    sheet.print_title_rows = f"{FIRST - 1}:{FIRST - 1}"


def _answer_cell(cell: Any, question: Question, choice: str, value: Any, lang: str) -> None:
    from openpyxl.styles import Border, Protection, Side

    if value is None:
        written: object = None
    elif choice or question.kind is Kind.YES_NO:
        written = ask("yes" if value else "no", lang)
    elif question.kind is Kind.CHOICE:
        written = ask(f"choice_{question.key}_{value}", lang)
    else:
        written = value
    looks.fill_cell(cell, written)
    formats = {Kind.AMOUNT: "#,##0", Kind.COUNT: "#,##0", Kind.SHARE: "0%", Kind.DAYS: "0.#"}
    cell.number_format = formats.get(question.kind, "General")
    side = Side("thin", color=looks.argb(RESIDUAL))
    cell.border = Border(left=side, right=side, top=Side("thin", color=looks.argb(RULE)), bottom=side)
    cell.fill, cell.font, cell.alignment = looks.fill(PANEL), looks.font(lang, 11), looks.wrapped("center", "left")
    cell.protection = Protection(locked=False)


def _rule(sheet: Worksheet, row: int, question: Question, choice: str, lists: Lists, lang: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if choice or question.kind in (Kind.YES_NO, Kind.CHOICE):
        name = f"answers_{question.key}" if question.kind is Kind.CHOICE else "yes_no"
        rule = DataValidation(type="list", formula1=lists.place(name), allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = say("choose_title", lang), say("choose", lang)
    elif question.kind is Kind.AMOUNT:
        return  # an amount may be text: 12億円
    else:
        rule = DataValidation(
            type="whole" if question.kind is Kind.COUNT else "decimal",
            operator="between",
            formula1=f"{question.least:g}",
            formula2=f"{question.most:.0f}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=say("number_title", lang),
            error=say("number_only", lang),
        )
    rule.add(f"C{row}")
    sheet.add_data_validation(rule)


def read_interview(path: Path) -> Answers:
    """The answers of a workbook's interview; whatever is blank is not known.

    Raises
    ------
    InputError : when the workbook cannot be read or has no interview, or with everything that is wrong, each with its cell.
    """
    label = shown(path.name, LONGEST_PATH)
    problems: list[Problem] = []
    written: dict[str, object] = {}
    rows: dict[str, int] = {}
    place = ""
    with opened(path, label, problems) as found:
        sheets = (
            [] if found is None else [s for s in found[0].worksheets if names_of_sheets().get(folded(s.title)) == "interview"]
        )
        if found is not None and not sheets:
            rule = said("must_interview", sheet=said("sheet_interview"))
            problems.append(Problem(label, 0, "", rule, said("got_no_sheet"), said("do_interview")))
        for sheet in sheets[:1]:
            place = f"{label} {shown(sheet.title)}"
            _read_rows(sheet, place, written, rows, problems)
    if problems:
        raise InputError(problems)
    try:
        return read_answers(written, place)
    except InputError as error:
        raise InputError(_with_cells(error.problems, rows)) from error


def _read_rows(sheet: Any, place: str, written: dict[str, object], rows: dict[str, int], problems: list[Problem]) -> None:
    checked: dict[str, list[str]] = {}
    known = {key: (question, choice) for key, question, choice, _ in _rows(None)}
    for number, cells in rows_of(sheet):
        key = cells[0][0].strip()
        if key not in known or len(cells) < ANSWER:
            continue
        question, choice = known[key]
        text, kind = cells[ANSWER - 1]
        if kind:
            rule = said("must_no_formula" if kind == "formula" else "must_no_error")
            problems.append(Problem(place, number, question.key, rule, text, said("do_paste_value"), cell=f"C{number}"))
        elif not choice:
            written[key], rows[key] = text, number
        elif text.strip() and text.strip().casefold() not in {ask("unknown", lang).casefold() for lang in ("ja", "en")}:
            rows.setdefault(question.key, number)
            words = {ask(word, lang).casefold(): word for word in ("yes", "no") for lang in ("ja", "en")}
            word = words.get(text.strip().casefold())
            if word is None:
                rule = said("must_yes_or_no")
                problems.append(
                    Problem(place, number, question.key, rule, shown(text), said("do_choose_state"), cell=f"C{number}")
                )
            else:
                checked.setdefault(question.key, []).extend([choice] if word == "yes" else [])
    for key, choices in checked.items():
        written[key] = ";".join(choices) or ask("nothing", "en")


def _with_cells(problems: tuple[Problem, ...], rows: dict[str, int]) -> list[Problem]:
    return [
        replace(problem, row=rows[problem.column], cell=f"C{rows[problem.column]}") if problem.column in rows else problem
        for problem in problems
    ]
