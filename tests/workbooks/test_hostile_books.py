"""Workbooks that are none, or would do harm, are refused in words; odd ones are read; neither takes much memory."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import tenbin
from running.commands import start
from tenbin.workbooks import guard as guarding
from tenbin.workbooks import statussheet
from tenbin.workbooks.guard import guard
from workbooks.conftest import sheets_of
from workbooks.hostile_books import (
    MAIN,
    OLE,
    lying,
    part_of,
    random_blocks,
    rewritten,
    row_xml,
    sheet_xml,
    streamed,
)

SHEET = "xl/worksheets/sheet2.xml"
"""Of the scenarios: the case stands first."""
BOMB = "a file that unpacks to far too much. A case needs far less: copy its sheets to a new workbook."
MEMORY = 150 << 20
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

Make = Callable[[Path, Path], Path]


def bomb(source: Path, target: Path) -> Path:
    return streamed(source, target, "xl/media/image1.png", (b"\0" * (1 << 20) for _ in range(150)))


def many_small_bombs(source: Path, target: Path) -> Path:
    """No part alone is too well packed; together they are too much."""
    return streamed(source, target, "xl/media/image1.png", random_blocks(110))


def with_a_text_part(text: bytes, name: str = "xl/sharedStrings.xml") -> Make:
    return lambda source, target: rewritten(source, target, {name: text})


def many_texts(source: Path, target: Path) -> Path:
    texts = (b"".join(b"<si><t>%x</t></si>" % (n * 7_919) for n in range(k, k + 1000)) for k in range(0, 400_000, 1000))
    return streamed(source, target, "xl/sharedStrings.xml", (f'<sst xmlns="{MAIN}">'.encode(), *texts, b"</sst>"))


def large_styles(source: Path, target: Path) -> Path:
    return streamed(source, target, "xl/styles.xml", random_blocks(40, f'<styleSheet xmlns="{MAIN}">'.encode()))


def one_endless_row(source: Path, target: Path) -> Path:
    cells = (
        b'<row r="1">',
        *(b"".join(b'<c r="A1"><v>%d</v></c>' % n for n in range(k, k + 1000)) for k in range(0, 20_000, 1000)),
    )
    return streamed(source, target, SHEET, sheet_xml(cells))


def truncated(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes()[:-2000])
    return target


def of_bytes(content: bytes) -> Make:
    def make(source: Path, target: Path) -> Path:
        target.write_bytes(content)
        return target

    return make


def says_less(source: Path, target: Path) -> Path:
    return lying(source, target, SHEET, 100)


def says_more(source: Path, target: Path) -> Path:
    return lying(source, target, SHEET, 1 << 31)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<sst xmlns="%s"><si><t>&b;</t></si></sst>' % MAIN.encode()
)
OUTSIDE = b'<?xml version="1.0"?>\n<!doctype x SYSTEM "file:///etc/passwd"><sst/>'
LATE = b"<!--" + b"x" * 65_530 + b"--><!DOCTYPE x><sst/>"
ODD_CODE = b'<?xml version="1.0" encoding="cp037"?>' + '<!DOCTYPE x><sst xmlns="x"/>'.encode("cp037")

REFUSED: dict[str, tuple[Make, str]] = {
    "a bomb": (bomb, BOMB),
    "many small bombs": (many_small_bombs, BOMB),
    "more texts than cells": (many_texts, BOMB),
    "styles without end": (large_styles, BOMB),
    "a row without end": (one_endless_row, BOMB),
    "an archive that says too little": (
        says_less,
        "a damaged file. Open it in Excel or LibreOffice and save it again as .xlsx.",
    ),
    "an archive that says too much": (says_more, BOMB),
    "truncated": (truncated, "a damaged file. Open it in Excel or LibreOffice and save it again as .xlsx."),
    "text": (of_bytes(b"id,layer\nA,1\n"), "a damaged file."),
    "nothing": (of_bytes(b""), "a damaged file."),
    "a web page": (of_bytes(b"<html><body><table></table></body></html>"), "a damaged file."),
    "with a password": (of_bytes(OLE + b"\0" * 4096 + "EncryptedPackage".encode("utf-16-le")), "a file locked with a password"),
    "entities": (with_a_text_part(LAUGHS), "XML entities."),
    "an entity from outside": (with_a_text_part(OUTSIDE), "XML entities."),
    "entities in UTF-16": (with_a_text_part(LAUGHS.decode().encode("utf-16")), "XML entities."),
    "entities across two blocks": (with_a_text_part(LATE), "XML entities."),
    "entities in a code of their own": (with_a_text_part(ODD_CODE), "XML entities."),
    "entities in a part of another name": (with_a_text_part(LAUGHS, "xl/strings.bin"), "XML entities."),
    "macros": (
        with_a_text_part(b"Attribute VB_Name", "xl/vbaProject.bin"),
        "macros. Save it as .xlsx: that leaves the macros out.",
    ),
    "macros of 1992": (with_a_text_part(b"<x/>", "xl/macrosheets/sheet1.xml"), "macros."),
    "links": (with_a_text_part(b"<x/>", "xl/externalLinks/externalLink1.xml"), "links to other files. Break the links"),
    "connections": (with_a_text_part(b"<x/>", "xl/connections.xml"), "links to other files."),
    "an embedded object": (with_a_text_part(b"MZ", "xl/embeddings/oleObject1.bin"), "embedded objects."),
    "a button": (with_a_text_part(b"<x/>", "xl/activeX/activeX1.xml"), "embedded objects."),
    "sheets that are no XML": (with_a_text_part(b"<worksheet", SHEET), "a damaged file."),
    "no list of parts": (
        lambda source, target: rewritten(source, target, {"[Content_Types].xml": None}),
        "a file of another kind.",
    ),
    "no workbook within": (lambda source, target: rewritten(source, target, {"xl/workbook.xml": None}), "a damaged file."),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, base_files: dict[str, str]) -> Path:
    """A good workbook to spoil."""
    from workbooks.conftest import plain_book

    files = {name: text.encode() for name, text in base_files.items()}
    return plain_book(tmp_path_factory.mktemp("good") / "good.xlsx", sheets_of(files))


def test_the_workbook_that_is_spoilt_was_good(source, tmp_path):
    assert tenbin.load(rewritten(source, tmp_path / "good.xlsx", {})) == tenbin.load(source)
    assert b">frequency<" in part_of(source, SHEET) or b"scenarios" in part_of(source, "xl/workbook.xml")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(source, tmp_path, name):
    make, words = REFUSED[name]
    path = make(source, tmp_path / "book.xlsx")
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"book.xlsx: must be a workbook that can be read (.xlsx); got {words}")
    told = problem.within("ja")
    assert all(JAPANESE.search(text) for text in (told.rule, told.value, told.remedy))


@pytest.mark.parametrize("make", [bomb, large_styles, one_endless_row])
def test_it_takes_little_memory(source, tmp_path, make):
    path = make(source, tmp_path / "book.xlsx")
    tracemalloc.start()
    try:
        problems: list[Any] = []
        assert not guard(path, "book.xlsx", problems).is_fine
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(problems) == 1
    assert peak < 8 << 20


@pytest.mark.parametrize("suffix", [".xlsm", ".xls", ".xlsb", ".xltm", ".ods", ".xltx", ".XLSM"])
def test_other_formats_are_refused_by_name(source, tmp_path, suffix):
    path = tmp_path / f"book{suffix}"
    path.write_bytes(source.read_bytes())
    with pytest.raises(tenbin.InputError, match=r"Open it and save it as an Excel workbook \(\.xlsx\)\."):
        tenbin.load(path)


@pytest.mark.parametrize(("command", "name"), [("check", "macros"), ("optimise", "truncated")])
def test_a_command_ends_with_exit_code_two(source, tmp_path, name, command):
    path = REFUSED[name][0](source, tmp_path / "book.xlsx")
    told = start(command, path, code=2, lang="ja").stderr.decode("utf-8")
    assert told.startswith("book.xlsx：読み込めるブック（.xlsx）であることが必要です（実際：")
    assert told.rstrip().endswith("直すところが1件あります。何も書き込んでいません。")


def many_rows(source: Path, target: Path, n: int, row: Callable[[int], bytes], rest: Iterable[bytes] = ()) -> Path:
    """A workbook whose scenarios have so many rows below their heading, and others below these."""
    columns = ("id", "layer", "components", "title_ja", "title_en", "frequency", "loss_model")
    rows = (b"".join(row(number) for number in range(k, min(k + 5000, n + 2))) for k in range(2, n + 2, 5000))
    return streamed(source, target, SHEET, sheet_xml((row_xml(1, columns), *rows, *rest)))


def test_a_million_rows_are_refused_in_bounded_memory(source, tmp_path):
    row = b'<row r="%d"><c r="A%d"><v>%d</v></c></row>'
    path = many_rows(source, tmp_path / "many.xlsx", 1_000_000, lambda n: row % (n, n, n))
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY >> 10
    assert str(caught.value) == (
        "many.xlsx scenarios:50002: must be at most 50,000 rows; got more. Split the case, or keep it as a folder of CSV files."
    )


def test_a_workbook_too_large_to_be_written_again_gets_no_copy(source, tmp_path, monkeypatch):
    path = rewritten(source, tmp_path / "good.xlsx", {})
    monkeypatch.setattr(statussheet, "MOST_CELLS", 100)
    told = r"good\.xlsx: must be a workbook of at most 100 cells; got [0-9]{3} cells\. Split the case, or keep it as a folder"
    with pytest.raises(tenbin.InputError, match=told):
        statussheet.write_status_copy(path, [])
    assert list(tmp_path.iterdir()) == [path]


def test_rows_below_a_hundred_thousand_empty_ones_are_read(source, tmp_path):
    columns = ("A", "1", "data", "漏えい", "Leak", "0.1", "fixed(5M)")
    last = [row_xml(100_002 + n, (name, *columns[1:])) for n, name in enumerate("ABC")]
    path = many_rows(source, tmp_path / "empty.xlsx", 100_000, lambda n: b'<row r="%d" ht="15"/>' % n, last)
    assert [scenario.id for scenario in tenbin.load(path).scenarios] == ["A", "B", "C"]


def test_what_is_odd_but_harmless_is_read(source, tmp_path):
    path = tmp_path / "odd.xlsx"
    book = load_workbook(source)
    book["scenarios"].row_dimensions[2].hidden = True
    book["scenarios"].column_dimensions["F"].hidden = True
    book["effects"].sheet_state = "hidden"
    book["measures"].sheet_state = "veryHidden"
    book["scenarios"]["D2"].hyperlink = "https://example.com/"
    book["scenarios"].protection.sheet = True
    book.create_sheet("sums")["A1"] = "=SUM(scenarios!F2:F4)"
    book["sums"].sheet_state = "hidden"
    book["scenarios"]["A20000"] = " "
    book.save(path)
    assert replace(tenbin.load(path), name="good") == tenbin.load(source)


def test_merged_cells_are_told_by_their_range(source, tmp_path):
    path = tmp_path / "merged.xlsx"
    book = load_workbook(source)
    book["scenarios"].merge_cells("D2:E2")
    book["scenarios"].merge_cells("N3:N4")
    book.create_sheet("notes").merge_cells("A1:C3")
    book.save(path)
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.load(path)
    told = str(caught.value)
    for cells in ("D2:E2", "N3:N4"):
        line = f"merged.xlsx scenarios!{cells}: must be without merged cells; got {cells}. Unmerge the cells and fill each of them."
        assert line in told
    assert "notes" not in told


def test_a_folder_or_nothing_of_that_name_is_told(tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(tenbin.InputError, match="got a folder without "):
        tenbin.load(tmp_path / "folder.xlsx")
    with pytest.raises(tenbin.InputError, match=r"got nothing there\. Check the path\."):
        tenbin.load(tmp_path / "none.xlsx")


def test_without_the_guard_a_bomb_would_be_unpacked(source, tmp_path, monkeypatch):
    """The negative control: the bounds are what refuses them."""
    path = many_small_bombs(source, tmp_path / "book.xlsx")
    assert zipfile.is_zipfile(path)
    monkeypatch.setattr(guarding, "MOST_UNPACKED", 1 << 40)
    assert guard(path, "book.xlsx", []).is_fine
    row = one_endless_row(source, tmp_path / "row.xlsx")
    monkeypatch.setattr(guarding, "MOST_IN_A_ROW", 1 << 40)
    assert guard(row, "row.xlsx", []).cells > 20_000
