"""LibreOffice opens what we write, as it is: saved again it holds the same, and a case read back is the same case."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import tenbin
from tenbin.workbooks.actions import read_actions
from tenbin.workbooks.marking import GROUND, mark_problems
from workbooks.conftest import HOSTILE
from workbooks.drawn import drawn
from workbooks.office import convert, office

NAMES = ("case", "case-marked", "results")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, made: dict[str, bytes], results: dict[str, Path]) -> dict[str, Path]:
    """A case's workbook, the marked copy of a spoilt one, a run's results."""
    home = tmp_path_factory.mktemp("written")
    case = home / "case.xlsx"
    case.write_bytes(made["ja"])
    spoilt = home / "spoilt.xlsx"
    book = load_workbook(case)
    book["シナリオ"]["H3"] = "たくさん"
    book.save(spoilt)
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(spoilt)
    marked = mark_problems(spoilt, caught.value.problems, "ja")
    assert marked is not None
    marked = marked.rename(home / "case-marked.xlsx")
    there = home / "results.xlsx"
    there.write_bytes(results["en"].read_bytes())
    return {"case": case, "case-marked": marked, "results": there}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where LibreOffice has its profile and puts what it saves."""
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def saved(home: Path, written: dict[str, Path]) -> dict[str, Path]:
    """The same three, opened and saved again by LibreOffice; and what it makes of a broken one."""
    broken = home / "broken.xlsx"
    broken.write_bytes(written["case"].read_bytes()[:20_000])
    return dict(zip((*NAMES, "broken"), convert([*written.values(), broken], "xlsx", home), strict=True))


@cache
def book_at(path: Path, data_only: bool = False) -> Any:
    """A workbook that is only looked at."""
    return load_workbook(path, data_only=data_only)


@cache
def values(path: Path) -> dict[str, dict[str, Any]]:
    """What the cells hold, without formulas; numbers to fifteen figures, as LibreOffice writes them."""
    found: dict[str, dict[str, Any]] = {}
    for sheet in book_at(path).worksheets:
        cells = found[sheet.title] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, "") and cell.data_type != "f":
                    number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
                    cells[cell.coordinate] = f"{cell.value:.12g}" if number else cell.value
    return found


def differing(one: Path, other: Path) -> list[str]:
    """The cells in which two workbooks differ."""
    first, second = values(one), values(other)
    assert list(first) == list(second)
    return [
        f"{title}!{cell}"
        for title in first
        for cell in sorted(first[title].keys() | second[title].keys())
        if first[title].get(cell) != second[title].get(cell)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_and_holds_the_same(written, saved, name):
    assert saved[name].is_file()
    assert differing(written[name], saved[name]) == []


def test_a_cell_that_is_not_the_same_is_found(written, saved, tmp_path):
    book = load_workbook(saved["results"])
    sheet = book["summary"]
    sheet["C9"] = sheet["C9"].value * 1.000_001
    book.save(tmp_path / "altered.xlsx")
    assert differing(written["results"], tmp_path / "altered.xlsx") == ["summary!C9"]


def test_the_case_reads_back_equal(small, saved):
    case = tenbin.load(small.write())
    back = tenbin.load(saved["case"])
    assert replace(back, name=case.name) == case
    altered = load_workbook(saved["case"])
    altered["シナリオ"]["H3"] = 0.11
    altered.save(small.home / "altered.xlsx")
    assert replace(tenbin.load(small.home / "altered.xlsx"), name=case.name) != case


def test_what_is_worked_out_is_worked_out(saved):
    book = book_at(saved["case"], data_only=True)
    sheet = book["シナリオ"]
    assert [sheet[f"A{row}"].value for row in (3, 4, 5)] == ["約10年に1回", "約5年に1回", "約3.3年に1回"]
    assert sheet["B3"].value == pytest.approx((1e6 * 30e6) ** 0.5)
    assert book["効果"]["A3"].value == "漏えい"
    errors = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert errors == []


def test_drop_downs_notes_and_marks_are_kept(written, saved):
    for name in ("case", "case-marked"):
        before, after = book_at(written[name]), book_at(saved[name])
        for sheet in before.worksheets:
            there = after[sheet.title]
            kinds = [sorted(rule.type for rule in one.data_validations.dataValidation) for one in (sheet, there)]
            assert set(kinds[0]) == set(kinds[1]), sheet.title
            assert there.sheet_state == sheet.sheet_state
            assert there.protection.sheet == sheet.protection.sheet
    cell = book_at(saved["case-marked"])["シナリオ"]["H3"]
    assert cell.fill.fgColor.rgb[2:] == GROUND.removeprefix("#")
    assert cell.comment is not None
    assert "「たくさん」となっています" in cell.comment.text.replace("\n", "")
    link = book_at(saved["case-marked"])["誤り一覧"]["A4"].hyperlink
    assert "H3" in f"{link.location}{link.target}"


def ends(place: str) -> str:
    """A range of one cell is that cell."""
    first, _, last = place.partition(":")
    return first if first.endswith(f"!{last}") else place


def test_charts_and_actions_are_kept(written, saved, opened_run):
    both = written["results"], saved["results"]
    named = [{place.replace("'", "") for charts in drawn(path).values() for _, place, _ in charts} for path in both]
    assert len(drawn(both[1])) == 4
    assert {place.split("!")[0] for place in named[1]} == {"summary", "loss curve", "frontier", "cash flow"}
    assert {ends(place) for place in named[0]} == {ends(place) for place in named[1]}
    assert [replace(one, place="") for one in read_actions(saved["results"])] == [
        replace(one, place="") for one in read_actions(written["results"])
    ]
    assert HOSTILE in values(saved["results"])["risk by scenario"].values()
    assert opened_run.case.scenarios[0].title_en == HOSTILE


def test_all_three_print(home, written):
    pages = {}
    for name, path in zip(NAMES, convert([written[name] for name in NAMES], "pdf", home), strict=True):
        content = path.read_bytes()
        assert content.startswith(b"%PDF")
        pages[name] = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 12 <= pages["case"] <= 40
    assert pages["case-marked"] >= pages["case"] + 1
    assert len(load_workbook(written["results"]).sheetnames) <= pages["results"] <= 30


def test_a_broken_workbook_is_not_opened(saved):
    """The negative control: without a window nobody agrees to a repair."""
    assert not saved["broken"].exists()


def test_where_it_is_missing_tests_are_skipped_but_not_where_they_have_to_run(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="LibreOffice is not installed"):
        office()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="LibreOffice is not installed"):
        office()
