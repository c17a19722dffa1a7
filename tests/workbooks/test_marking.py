"""``tenbin check case.xlsx --mark``: a copy beside the workbook in which what is wrong is coloured, explained and listed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

import tenbin
from running.commands import start
from tenbin.workbooks import marking
from tenbin.workbooks.layout import columns, sheet_title
from tenbin.workbooks.marking import GROUND, mark_problems

COLOUR = f"FF{GROUND.removeprefix('#')}"
PLACES = ("effects", "effect"), ("scenarios", "frequency"), ("measures", "capex")


def cell_of(table: str, key: str, row: int) -> str:
    """Where a made workbook has a column's cell."""
    return f"{get_column_letter([column.key for column in columns(table)].index(key) + 1)}{row}"


@pytest.fixture(scope="session")
def spoilt_bytes(made: dict[str, bytes]) -> dict[str, bytes]:
    found = {}
    for lang, content in made.items():
        book = load_workbook(io.BytesIO(content))
        for table, key in PLACES:
            book[sheet_title(table, lang)][cell_of(table, key, 4)] = "=1+1" if table == "measures" else "a lot"
        book.create_sheet("notes")["B2"] = "mine"
        book["notes"]["B2"].font = Font(bold=True)
        book.save(saved := io.BytesIO())
        found[lang] = saved.getvalue()
    return found


@pytest.fixture
def spoilt(spoilt_bytes: dict[str, bytes], tmp_path: Path) -> Callable[[str], Path]:
    """A made workbook with three wrong cells."""

    def make(lang: str) -> Path:
        path = tmp_path / f"case {lang}.xlsx"
        path.write_bytes(spoilt_bytes[lang])
        return path

    return make


def problems_of(path: Path) -> tuple[Any, ...]:
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(path)
    return caught.value.problems


def coloured(path: Path) -> set[str]:
    """Every cell that has the ground of a marked one."""
    return {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == COLOUR
    }


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_command_marks_a_copy_and_leaves_the_workbook_as_it_is(spoilt, lang):
    path = spoilt(lang)
    before = path.read_bytes()
    said = start("check", path, "--mark", "--json", code=2, lang=lang)
    copy = path.with_name(f"{path.stem}-marked.xlsx")
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.glob("*.xlsx")) == [copy.name, path.name]
    told = said.stderr.decode("utf-8").strip().split("\n")
    document = json.loads(said.stdout)
    assert (document["status"], document["marked"]) == ("invalid", str(copy))
    assert {problem["cell"] for problem in document["problems"]} == {cell_of(*place, 4) for place in PLACES}
    assert len(told) == 4
    assert (
        told[-1]
        == {
            "en": f"3 to correct, marked in {copy}.",
            "ja": f"直すところが3件あります。印を付けた写しは {copy} です。",
        }[lang]
    )
    assert coloured(copy) == {f"{sheet_title(table, lang)}!{cell_of(table, key, 4)}" for table, key in PLACES}
    book = load_workbook(copy)
    sheet = book[sheet_title("effects", lang)]
    comment = sheet[cell_of("effects", "effect", 4)].comment
    assert comment is not None
    assert (
        comment.text
        == {
            "en": "Must be a share from 0 to below 1; this is a lot. Write a share such as 0.3 or 30%.",
            "ja": "「0以上1未満の割合であること」が必要ですが、「a lot」となっています。0.3 や 30% のように書いてください。",
        }[lang]
    )
    assert book.sheetnames[0] == sheet_title("problems", lang)
    listed = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=4)]
    places = [line.split(": must be" if lang == "en" else "：")[0] for line in told[:3]]
    assert [f"{path.name} {row[0]}" for row in listed] == places
    assert all(all(row) for row in listed)
    links = [book.worksheets[0].cell(row, 1).hyperlink.location for row in (4, 5, 6)]
    assert links == [
        f"'{sheet_title(table, lang)}'!{cell_of(table, key, 4)}"
        for table, key in sorted(PLACES, key=lambda place: sheet_title(place[0], lang))
    ]


def rules(sheet: Any) -> dict[str, tuple[str, str, str]]:
    return {str(r.sqref): (r.type, r.formula1, r.error) for r in sheet.data_validations.dataValidation}


def test_what_a_workbook_has_is_kept(spoilt):
    path = spoilt("ja")
    copy = mark_problems(path, problems_of(path), "ja")
    assert copy is not None
    one, other = load_workbook(path), load_workbook(copy)
    assert other.sheetnames == [sheet_title("problems", "ja"), *one.sheetnames]
    marked = coloured(copy)
    assert any(rules(sheet) for sheet in one.worksheets)
    for sheet in one.worksheets:
        there = other[sheet.title]
        assert rules(there) == rules(sheet)
        assert there.sheet_state == sheet.sheet_state
        assert there.protection.sheet == sheet.protection.sheet
        assert there.freeze_panes == sheet.freeze_panes
        assert there.column_dimensions["B"].width == sheet.column_dimensions["B"].width
        assert there.row_dimensions[1].hidden == sheet.row_dimensions[1].hidden
        for row in sheet.iter_rows():
            for cell in row:
                twin = there[cell.coordinate]
                assert (twin.value, twin.data_type, twin.number_format) == (cell.value, cell.data_type, cell.number_format)
                if f"{sheet.title}!{cell.coordinate}" not in marked:
                    assert (twin.comment and twin.comment.text) == (cell.comment and cell.comment.text)
    assert other["notes"]["B2"].font.bold


def test_a_copy_is_read_as_the_workbook_is_and_can_be_corrected(spoilt, made, small):
    path = spoilt("en")
    copy = mark_problems(path, problems_of(path), "en")
    assert copy is not None
    assert [(p.row, p.column, p.cell) for p in problems_of(copy)] == [(p.row, p.column, p.cell) for p in problems_of(path)]
    again = mark_problems(copy, problems_of(copy), "ja")
    assert again is not None
    assert load_workbook(again).sheetnames.count("problems") == 0
    good = load_workbook(io.BytesIO(made["en"]))
    book = load_workbook(copy)
    for table, key in PLACES:
        cell = cell_of(table, key, 4)
        book[table][cell] = good[table][cell].value
    book.save(copy)
    assert tenbin.load(copy) == tenbin.load(small.write())


def test_a_workbook_too_large_to_be_written_again_is_not_marked(spoilt, monkeypatch):
    path = spoilt("en")
    monkeypatch.setattr(marking, "MOST_CELLS", 100)
    assert mark_problems(path, problems_of(path), "en") is None
    assert list(path.parent.iterdir()) == [path]


def test_a_copy_of_before_is_replaced(spoilt):
    path = spoilt("en")
    old = path.with_name("case en-marked.xlsx")
    old.write_bytes(b"of yesterday")
    assert mark_problems(path, problems_of(path), "en") == old
    assert coloured(old)
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]


def test_a_workbook_without_an_error_is_not_marked(plain):
    path = plain()
    start("check", path, "--mark", "--trials", "1000", code=0)
    assert [one.name for one in path.parent.glob("*.xlsx")] == [path.name]


def test_what_cannot_be_opened_is_not_marked(tmp_path):
    path = tmp_path / "text.xlsx"
    path.write_text("id,layer\n", encoding="utf-8")
    told = start("check", path, "--mark", code=2).stderr.decode("utf-8")
    assert told.startswith("text.xlsx: must be a workbook that can be read (.xlsx); got a damaged file. Open it in Excel")
    assert list(tmp_path.iterdir()) == [path]


def test_several_problems_of_a_cell_and_those_of_a_whole_sheet(plain):
    path = plain({"scenarios!A3": "A", "scenarios!P2": "=2+2"})
    book = load_workbook(path)
    book["effects"].title = "efects"
    book["scenarios"].merge_cells("D4:E4")
    rule = DataValidation(type="list", formula1='"A,B"')
    rule.add("A2:A9")
    book["scenarios"].add_data_validation(rule)
    book.save(path)
    problems = problems_of(path)
    copy = mark_problems(path, problems, "en")
    assert copy is not None
    marked = load_workbook(copy)
    texts = [[cell.value for cell in row] for row in marked["problems"].iter_rows(min_row=4)]
    assert len(texts) == len(problems)
    assert all(cell.data_type != "f" for row in marked["problems"].iter_rows() for cell in row)
    assert {"scenarios!D4", "scenarios!P2"} <= coloured(copy)
    assert "scenarios!D4:E4" in "".join(str(row[0]) for row in texts)
    assert [str(r.sqref) for r in marked["scenarios"].data_validations.dataValidation] == ["A2:A9"]


def test_hostile_values_in_the_list_stay_text(plain):
    path = plain({"scenarios!A2": "=cmd|' /C calc'!A0", "effects!C2": "'=1+1", "plans!B2": "@SUM(A1)"})
    copy = mark_problems(path, problems_of(path), "en")
    assert copy is not None
    cells = [cell for row in load_workbook(copy)["problems"].iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert {"=cmd|' /C calc'!A0", "'=1+1", "@SUM(A1)"} <= {cell.value for cell in cells}
