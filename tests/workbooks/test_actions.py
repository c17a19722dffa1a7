"""What is typed on a sheet of actions comes back as a case's status: shown first, then written, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import tenbin
from running.commands import start
from tenbin.studies.booking import take_actions, write_status
from tenbin.words import speaker
from tenbin.workbooks.actions import read_actions
from tenbin.workbooks.actions_sheet import COLUMNS
from tenbin.workbooks.layout import sheet_title

say = speaker("workbook")
KEYS = [column.key for column in COLUMNS]
FIRST = 6
Row = dict[str, str]


@pytest.fixture
def filled(results: dict[str, Path], tmp_path: Path) -> Any:
    """A results workbook in which a person typed: ``filled("en", {"L2.017": {"state": "done", …}})``."""

    def make(lang: str, typed: Mapping[str, Mapping[str, object]], name: str = "results.xlsx") -> Path:
        book = load_workbook(results[lang])
        sheet = book[sheet_title("actions", lang)]
        for row in range(FIRST, sheet.max_row + 1):
            for key, value in typed.get(str(sheet.cell(row, 1).value), {}).items():
                sheet.cell(row, KEYS.index(key) + 1).value = value
        book.save(tmp_path / name)
        return tmp_path / name

    return make


def place(measure: str, key: str, results: Path, lang: str = "en") -> str:
    """The cell of a measure's column."""
    sheet = load_workbook(results)[sheet_title("actions", lang)]
    (row,) = [n for n in range(FIRST, sheet.max_row + 1) if sheet.cell(n, 1).value == measure]
    return f"{sheet.cell(row, KEYS.index(key) + 1).column_letter}{row}"


def status_of(path: Path) -> list[Row]:
    return [{k: v for k, v in row.items() if v} for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))]


def typed_in(lang: str) -> dict[str, dict[str, object]]:
    """One done with everything filled, one under way, one as it was."""
    return {
        "L2.017": {"state": say("state_done", lang), "owner": "+佐藤", "due": date(2027, 1, 31), "note": "@switch"},
        "L3.016": {"state": say("state_under_way", lang), "owner": "Suzuki", "due": "2027/3/31"},
    }


BEFORE = [
    {"id": "L3.008", "level": "basic", "status": "in_place"},
    {"id": "firewall", "status": "in_place"},
    {"id": "L1.001", "status": "mandatory"},
]
NEW = {"id": "L2.017", "level": "basic", "status": "in_place", "note": "'+佐藤, 2027-01-31, @switch"}


def test_what_is_done_comes_back_as_status(small, filled):
    lang = "ja"
    folder, results = small.write(), filled(lang, typed_in(lang))
    before = (folder / "status.csv").read_bytes()
    shown = start("actions", results, folder, "--dry-run", code=0, lang=lang).stdout.decode("utf-8")
    assert (folder / "status.csv").read_bytes() == before
    assert "+ L2.017  basic  in_place  +佐藤, 2027-01-31, @switch" in shown
    said = start("actions", results, folder, "--json", code=0, lang=lang)
    document = json.loads(said.stdout)
    assert (document["status"], document["path"]) == ("written", str(folder / "status.csv"))
    assert status_of(folder / "status.csv") == [*BEFORE, NEW]
    states = {row["measure"]: row for row in document["actions"]}
    assert states["L3.016"] == {
        "measure": "L3.016",
        "level": "basic",
        "state": "under_way",
        "owner": "Suzuki",
        "due": "2027-03-31",
        "note": "",
    }
    assert states["L1.001"]["state"] == "not_started"
    assert [change["after"]["id"] for change in document["changes"]] == ["L2.017"]
    notes = tenbin.to_frames(tenbin.load(folder))["status"].set_index("id")["note"]
    assert notes["L2.017"] == "+佐藤, 2027-01-31, @switch"
    again = take_actions(results, folder)
    assert again.changes == ()  # what is taken over once is not taken over again
    assert [row.get("note", "") for row in again.rows][-1] == "+佐藤, 2027-01-31, @switch"


def test_a_sheet_without_anything_done_changes_nothing(small, filled):
    folder = small.write()
    before = (folder / "status.csv").read_bytes()
    said = start("actions", filled("en", {}), folder, code=0).stdout.decode("utf-8")
    assert said.startswith("Actions: 0 done, 0 under way, 3 not started.")
    assert "says so already: nothing to change." in said
    assert (folder / "status.csv").read_bytes() == before


def test_a_folder_without_a_status_gets_one(small, filled):
    folder = small.write([["status.csv"]])
    taken = take_actions(filled("en", typed_in("en")), folder)
    assert write_status(taken) == folder / "status.csv"
    assert status_of(folder / "status.csv") == [NEW]


def test_a_mandatory_row_stays_so_and_an_excluded_one_does_not(small, filled):
    rows = (
        "id,level,status,note\nL2.017,basic,excluded,too dear\nL1.001,,mandatory,the customer asks\nfirewall,,in_place,2024\n"
    )
    folder = small.write([["status.csv", rows]])
    done = {name: {"state": "done", "owner": "A"} for name in ("L2.017", "L1.001")}
    write_status(take_actions(filled("en", done), folder))
    assert status_of(folder / "status.csv") == [
        {"id": "L2.017", "level": "basic", "status": "in_place", "note": "too dear; A"},
        {"id": "L1.001", "status": "in_place;mandatory", "note": "the customer asks; A"},
        {"id": "firewall", "status": "in_place", "note": "2024"},
    ]
    tenbin.load(folder)


def test_another_level_that_was_in_place_moves(small, filled):
    measures = small.files["measures.csv"].decode() + "L2.017,advanced,900000,0,4,0,1,firewall,\n"
    measures = measures.replace("L2.017,basic,600000,0,4,0,1", "L2.017,basic,600000,0,4,0,0.5")
    rows = "id,level,status,note\nL2.017,advanced,in_place,2023\nL1.001,,mandatory,\n"
    folder = small.write([["measures.csv", measures], ["status.csv", rows]])
    write_status(take_actions(filled("en", {"L2.017": {"state": "done", "owner": "B"}}), folder))
    assert status_of(folder / "status.csv") == [
        {"id": "L2.017", "level": "basic", "status": "in_place", "note": "2023; B"},
        {"id": "L1.001", "status": "mandatory"},
    ]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_into_a_workbook_a_copy_is_written(made, filled, tmp_path, lang):
    book = tmp_path / "case.xlsx"
    book.write_bytes(made[lang])
    taken = take_actions(filled(lang, typed_in(lang)), book)
    copy = write_status(taken)
    assert book.read_bytes() == made[lang]
    assert copy == tmp_path / "case-status.xlsx"
    before, after = tenbin.load(book), tenbin.load(copy)
    rows = {row["id"]: row for row in tenbin.to_frames(after)["status"].to_dict("records")}
    new = rows.pop("L2.017")
    assert list(rows.values()) == tenbin.to_frames(before)["status"].to_dict("records")
    assert (new["level"], new["status"], new["note"]) == ("basic", "in_place", "+佐藤, 2027-01-31, @switch")
    for table, frame in tenbin.to_frames(before).items():
        if table not in ("status", "case"):
            assert frame.equals(tenbin.to_frames(after)[table]), table
    rules = [len(sheet.data_validations.dataValidation) for sheet in load_workbook(copy).worksheets]
    assert rules == [len(sheet.data_validations.dataValidation) for sheet in load_workbook(book).worksheets]


WRONG = {
    "a state of its own": (
        "state",
        "nearly",
        "must be one of not started, under way, done; got nearly. Choose one of the list.",
    ),
    "no date": ("due", "soon", "must be a date; got soon. Write it as 2027-03-31."),
    "a formula": ("owner", "=A1", "must be a value, not a formula; got =A1. Copy the cell and paste it as a value."),
    "a number": ("due", 3.5, "must be a date; got 1900-01-03T12:00:00. Write it as 2027-03-31."),
    "a control character": ("note", "a\u0085b", "must be text without control characters; got U+0085. Delete the character."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_told_by_its_place(small, filled, name):
    key, value, words = WRONG[name]
    results = filled("en", {"L2.017": {"state": "done", key: value}})
    folder = small.write()
    before = (folder / "status.csv").read_bytes()
    with pytest.raises(tenbin.InputError) as caught:
        take_actions(results, folder)
    assert str(caught.value) == f"results.xlsx actions!{place('L2.017', key, results)} {key}: {words}"
    assert caught.value.message("ja") != str(caught.value)
    assert (folder / "status.csv").read_bytes() == before


def test_every_wrong_cell_at_once_and_exit_code_two(small, filled):
    wrong = {"L2.017": {"state": "もうすぐ", "due": "来月"}, "L3.016": {"owner": "=1"}}
    results, folder = filled("ja", wrong), small.write()
    told = start("actions", results, folder, code=2, lang="ja").stderr.decode("utf-8").split("\n")
    assert {line.split("：")[0] for line in told[:3]} == {
        f"results.xlsx 行動計画!{place(measure, key, results, 'ja')} {key}"
        for measure, key in (("L2.017", "state"), ("L2.017", "due"), ("L3.016", "owner"))
    }
    assert any("未着手、進行中、完了 のいずれかであることが必要です（実際：もうすぐ）。" in line for line in told), told


def test_a_measure_that_the_case_has_not_is_told(small, filled):
    results = filled("en", {"L2.017": {"state": "done"}})
    book = load_workbook(results)
    sheet = book["actions"]
    cell = place("L2.017", "measure", results)
    sheet[cell] = "L2.071"
    book.save(results)
    with pytest.raises(tenbin.InputError) as caught:
        take_actions(results, small.write())
    assert str(caught.value) == (
        f"results.xlsx actions!{cell} measure: must be a measure and level of the case's cost table; got L2.071. Did you mean L2.017?"
    )


def test_a_workbook_without_the_sheet_is_told(small, plain):
    with pytest.raises(tenbin.InputError) as caught:
        take_actions(plain(), small.write())
    assert str(caught.value) == (
        "small.xlsx: must be a workbook of results with the sheet actions; got none. "
        "Name the workbook that tenbin report RUN --format xlsx wrote."
    )
    assert "「行動計画」シートのある結果のブックであることが必要です" in caught.value.message("ja")


def test_a_sheet_that_was_sorted_filtered_and_added_to_is_read(filled):
    results = filled("en", typed_in("en"))
    book = load_workbook(results)
    sheet = book["actions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST)]
    for n, row in enumerate(reversed(rows)):
        for m, value in enumerate(row, start=1):
            sheet.cell(FIRST + n, m).value = value
    sheet.row_dimensions[FIRST].hidden = True
    sheet.insert_cols(2)
    sheet["B5"], sheet["B7"] = "Our own column", "=1+1"
    sheet.cell(FIRST + len(rows) + 2, 3).value = "a remark below"
    book.save(results)
    read = {one.measure: (one.state, one.owner, one.due) for one in read_actions(results)}
    assert read == {
        "L1.001": ("not_started", "", ""),
        "L2.017": ("done", "+佐藤", "2027-01-31"),
        "L3.016": ("under_way", "Suzuki", "2027-03-31"),
    }
