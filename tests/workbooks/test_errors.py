"""What is wrong in a workbook is told by sheet, row, column and cell, everything at once, in either language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

import tenbin
from tenbin.workbooks.layout import columns, label_of, sheet_title, visible_label
from workbooks.conftest import plain_book, sheets_of

Edit = Callable[[Any], object]
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def edited(path: Path, *edits: Edit) -> Path:
    """A workbook changed as a person would, and saved again."""
    book = load_workbook(path)
    for edit in edits:
        edit(book)
    book.save(path)
    return path


def refused(path: Path) -> tenbin.InputError:
    """What reading the workbook ends in."""
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(path)
    return caught.value


def lines(path: Path, lang: str = "en") -> list[str]:
    """The messages, without the name of the file."""
    return [line.removeprefix(f"{path.name} ") for line in refused(path).message(lang).split("\n")]


CELLS = {
    "scenarios!F2": ("abc", "must be a number of events a year above 0; got abc. Write a number such as 0.1, or 1/10"),
    "scenarios!B3": ("four", "must be the number of a layer; got four. Write a number such as 1."),
    "effects!D3": ("30 pct", "must be a share from 0 to below 1; got 30 pct. Write a share such as 0.3 or 30%."),
    "measures!C2": (
        "a lot",
        "must be an amount of at least 0; got a lot. Write an amount such as 3000000, 3M, 300万円 or 1.2億円.",
    ),
    "plans!B2": ("L2.17", "must be a measure of the cost table; got L2.17. Did you mean L2.017?"),
    "status!A3": ("wall", "must be a measure of the cost table or a shared capability; got wall."),
    "subsidies!D2": ("soon", "must be a date; got soon. Write it as 2027-03-31."),
    "triggers!C2": ("150%", "must be a probability from 0 to 1; got 150%. Write a share such as 0.3 or 30%."),
}
NAMES = {"scenarios!F2": "frequency", "scenarios!B3": "layer", "effects!D3": "effect", "measures!C2": "capex"}
NAMES |= {"plans!B2": "measure", "status!A3": "id", "subsidies!D2": "valid_until", "triggers!C2": "probability"}


def test_every_error_at_once_each_with_its_cell(plain):
    path = plain({place: value for place, (value, _) in CELLS.items()})
    found = refused(path)
    assert len(found.problems) == len(CELLS)
    told = lines(path)
    for place, (_, words) in CELLS.items():
        assert any(line.startswith(f"{place} {NAMES[place]}: {words}") for line in told), (place, told)
    by_cell = {f"{problem.file.removeprefix(f'{path.name} ')}!{problem.cell}": problem for problem in found.problems}
    assert set(by_cell) == set(CELLS)
    assert all(f"!{place[-2]}{problem.row}" in place for place, problem in by_cell.items())
    assert by_cell["effects!D3"].to_dict()["cell"] == "D3"


def test_a_workbook_without_an_error_has_none(plain):
    assert tenbin.load(plain()).title("en") == "Small"


def test_the_cells_of_a_made_workbook_are_those_that_people_see(made, tmp_path):
    path = tmp_path / "made.xlsx"
    path.write_bytes(made["ja"])
    letter = get_column_letter([column.key for column in columns("effects")].index("effect") + 1)
    edited(path, lambda book: book["効果"][f"{letter}4"].__setattr__("value", "多い"))
    (problem,) = refused(path).problems
    assert (problem.file, problem.row, problem.column, problem.cell) == ("made.xlsx 効果", 4, "effect", f"{letter}4")
    assert str(problem.within("ja")).startswith(
        f"made.xlsx 効果!{letter}4 effect：0以上1未満の割合であることが必要です（実際：多い）。"
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    ("value", "got"), [("=1/10", "=1/10"), (ArrayFormula("F2", "=1/10"), "=1/10"), ("=HYPERLINK(1)", "=HYPERLINK(1)")]
)
def test_a_formula_is_refused(plain, value, got, lang):
    said = {
        "en": f"scenarios!F2 frequency: must be a value, not a formula; got {got}. Copy the cell and paste it as a value.",
        "ja": f"scenarios!F2 frequency：数式ではなく値であることが必要です（実際：{got}）。セルをコピーし、値として貼り付けてください。",
    }
    assert lines(plain({"scenarios!F2": value}), lang) == [said[lang]]


def test_a_formula_in_a_column_that_is_worked_out_is_never_read(made, tmp_path):
    path = tmp_path / "made.xlsx"
    path.write_bytes(made["en"])
    assert columns("scenarios")[0].is_derived
    edited(path, lambda book: book["scenarios"].__setitem__("A3", "=1/0"))
    assert tenbin.load(path).title("en") == "Small"


@pytest.mark.parametrize("value", [datetime(2026, 1, 10), 46_032, "2026/1/10", "1月10日"])
def test_a_fraction_that_became_a_date_is_told_so(plain, value):
    path = plain({"scenarios!F2": value})
    (line,) = lines(path)
    assert line.startswith("scenarios!F2 frequency: must be a number of events a year above 0; got ")
    assert "Excel may have turned 1/10 into a date: write 0.1." in line
    (line,) = lines(path, "ja")
    assert "Excel が 1/10 を日付に変えたのかもしれません。0.1 と書いてください。" in line


def test_the_number_of_a_day_is_an_amount_elsewhere(plain):
    assert tenbin.load(plain({"measures!C2": 46_032})).costs.rows[0].capex == 46_032


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?"])
def test_an_error_cell_is_refused(plain, error):
    def edit(book: Any) -> None:
        book["measures"]["D3"].value = error
        book["measures"]["D3"].data_type = "e"

    path = edited(plain(), edit)
    assert lines(path) == [f"measures!D3 opex: must be a value; got {error}. Fill the cell again."]
    assert lines(path, "ja") == [f"measures!D3 opex：値であることが必要です（実際：{error}）。セルを記入し直してください。"]


@pytest.mark.parametrize("value", [True, time(1, 2), "１０回"])
def test_what_is_no_number_is_refused(plain, value):
    assert lines(plain({"scenarios!F2": value}))[0].startswith("scenarios!F2 frequency: must be a number of events a year")


@pytest.mark.parametrize("value", ["０．１", " 0.1 ", 0.1, "1/10", "１／１０"])
def test_numbers_as_people_type_them_are_read(plain, value):
    assert tenbin.load(plain({"scenarios!F2": value})).scenarios[0].frequency.likely == pytest.approx(0.1, rel=1e-15)


def test_an_unknown_sheet_is_named_with_the_nearest(plain):
    path = edited(plain(), lambda book: book["effects"].__setattr__("title", "efects"))
    assert lines(path) == [
        "efects: must be a sheet's name; got efects. Did you mean effects? Rename it, or let its name begin with notes.",
        "effects: must be there; got no such table. Add it with the columns scenario, measure, acts_on, effect.",
    ]
    assert lines(path, "ja")[0] == (
        "efects：シートの名前であることが必要です（実際：efects）。「effects」ではありませんか。"
        "名前を変えるか、「メモ」で始まる名前にしてください。"
    )


@pytest.mark.parametrize("title", ["メモ", "メモ2", "notes of mine", "Note", "備考", "_scratch", "#old"])
def test_sheets_for_notes_are_left_alone(plain, title):
    edit = lambda book: book.create_sheet(title).__setitem__("A1", "=1+1")  # noqa: E731
    assert tenbin.load(edited(plain(), edit)).title("en") == "Small"


def test_empty_and_hidden_sheets_of_other_names_are_left_alone(plain):
    def edit(book: Any) -> None:
        book.create_sheet("Sheet1")
        book.create_sheet("calc")["A1"] = "=1+1"
        book["calc"].sheet_state = "hidden"

    assert tenbin.load(edited(plain(), edit)).title("en") == "Small"


def test_the_same_sheet_twice_is_refused(plain):
    path = edited(plain(), lambda book: book.copy_worksheet(book["effects"]).__setattr__("title", "効果"))
    assert lines(path) == ["効果: must be there once; got effects means the same. Keep one of the two."]
    assert lines(path, "ja") == [
        "効果：1つだけであることが必要です（実際：「effects」と同じ意味）。どちらか1つにしてください。"
    ]


def test_a_missing_column_is_named(plain):
    path = edited(plain(), lambda book: book["scenarios"].delete_cols(6))
    assert lines(path) == ["scenarios:1 frequency: must be there; got no such column. Add the column."]
    assert lines(path, "ja") == ["scenarios:1 frequency：用意されていることが必要です（実際：列がない）。列を加えてください。"]


def test_a_column_of_another_name_and_one_twice_are_named_by_cell(plain):
    path = edited(plain({"scenarios!O1": "frequency", "scenarios!P1": "colour", "scenarios!P2": "red"}))
    told = lines(path)
    assert told[1] == "scenarios!F1 frequency: must be there once; got a column twice. Delete one of the two."
    assert told[0].startswith("scenarios!P1 colour: must be a column's name; got colour. Known: ")
    assert len(told) == 2


def test_a_cell_below_no_heading_is_named(plain):
    path = plain({"scenarios!P2": "red", "scenarios!P3": "blue", "scenarios!R4": "green"})
    assert lines(path) == [
        f"scenarios!{cell}: must be below a heading; got {colour}. Write the column's heading above it, or empty the cells. "
        "For notes of your own add a sheet whose name begins with notes."
        for cell, colour in (("P2", "red"), ("R4", "green"))
    ]


HEADINGS: dict[str, Callable[[str, str], str]] = {
    "keys": lambda table, key: key,
    "keys shouted": lambda table, key: f" {key.upper()} ",
    "English": lambda table, key: label_of(table, key, "en"),
    "Japanese": lambda table, key: label_of(table, key, "ja"),
    "both": lambda table, key: visible_label(table, key, "ja"),
    "both, English first": lambda table, key: visible_label(table, key, "en"),
}


@pytest.mark.parametrize("style", HEADINGS)
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("titles", [0, 1, 3])
def test_keys_and_headings_of_either_language_below_titles(small, tmp_path, style, lang, titles):
    sheets = {}
    for name, rows in sheets_of(small.files).items():
        head = [HEADINGS[style](name, str(key)) for key in rows[0]]
        above = [[f"Our {name} of 2026"], ["a second line", "of words"], ["第三の行"]][:titles]
        sheets[sheet_title(name, lang)] = [*above, head, *rows[1:]]
    assert tenbin.load(plain_book(tmp_path / "small.xlsx", sheets)) == tenbin.load(small.write())


def test_a_row_of_keys_above_the_headings_and_errors_below_them(small, tmp_path):
    def rows(name: str, body: Sequence[Sequence[object]]) -> list[list[object]]:
        return [list(body[0]), [visible_label(name, str(key), "ja") for key in body[0]], *map(list, body[1:])]

    sheets = {name: rows(name, body) for name, body in sheets_of(small.files).items()}
    path = plain_book(tmp_path / "small.xlsx", sheets)
    assert tenbin.load(path) == tenbin.load(small.write())
    edited(
        path, lambda book: book["scenarios"].__setitem__("F3", "often"), lambda book: book["effects"].__setitem__("D2", "力")
    )
    told = lines(path)
    assert told[0].startswith("effects!D2 力: must be a column's name") or told[0].startswith("scenarios!F3")
    assert any(
        line.startswith("scenarios!F3 frequency: must be a number of events a year above 0; got often.") for line in told
    )


def test_errors_of_settings_have_their_cells(plain):
    path = plain({"case!B10": "abc", "case!A3": "titel_en", "case!A4": None, "case!A15": "study.horizon"})
    told = lines(path)
    assert any(
        line.startswith("case!B10 organisation.cash_reserve: must be an amount of at least 0; got abc.") for line in told
    )
    assert any(
        line.startswith("case!A3 titel_en: must be a setting's name; got titel_en. Did you mean title_en?") for line in told
    )
    assert "case!A4 key: must be filled; got nothing. Name the setting." in told
    assert any(line.startswith("case!A15 study.horizon: must be a setting's name; got study.horizon.") for line in told)
    twice = lines(plain({"case!A3": "currency", "case!B3": "USD"}, "twice.xlsx"))
    assert twice == ["case!A4 key: must be there once; got currency. It stands in row 3 already; delete one of the two."]
    assert "case:1 value: must be there; got no such column. Add the column." in lines(plain({"case!B1": "valu"}, "valu.xlsx"))


def test_all_of_it_in_japanese(plain):
    path = edited(
        plain(
            {**{place: value for place, (value, _) in CELLS.items()}, "case!A4": None, "scenarios!P2": "red", "losses!B2": "=1"}
        ),
        lambda book: book["scenarios"].merge_cells("D2:E2"),
        lambda book: book.create_sheet("anything").__setitem__("A1", 1),
    )
    error = refused(path)
    assert len(error.problems) >= len(CELLS) + 5
    for problem in error.problems:
        told = problem.within("ja")
        assert JAPANESE.search(told.rule), problem
        assert JAPANESE.search(told.remedy), problem
        assert told.rule.endswith(("こと", "）")), told.rule
        assert (told.file, told.row, told.column, told.cell) == (problem.file, problem.row, problem.column, problem.cell)
    assert not JAPANESE.search(refused(path).message("en").replace("300万円 or 1.2億円", ""))


def test_a_cell_of_a_folder_is_named_by_line(small):
    """The negative control: without a workbook there is no cell."""
    rows = list(csv.reader(io.StringIO(small.files["scenarios.csv"].decode())))
    assert rows[1][5] == "0.1"
    with pytest.raises(tenbin.InputError, match=r"scenarios\.csv:2 frequency: must be a number of events a year above 0"):
        tenbin.load(small.write([["scenarios.csv", "Leak,0.1,0.05", "Leak,often,0.05"]]))


@pytest.mark.parametrize(("lang", "got"), [("en", "none"), ("ja", "ありません")])
def test_a_book_without_its_settings_is_told(plain, lang, got):
    """They would be guessed otherwise: no work would cost anything."""
    path = plain()
    book = load_workbook(path)
    del book["case"]
    book.save(path)
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(path)
    (problem,) = [one.within(lang) for one in caught.value.problems]
    assert problem.file == "small.xlsx case"
    assert problem.value == got
