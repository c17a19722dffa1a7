"""A case through a workbook and back is the same case, whatever its texts look like."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import tenbin
from reporting.pictures import png
from running.commands import start
from tenbin.inputs import write_case
from tenbin.inputs.branding import MOST_IN_A_NAME
from tenbin.interview import Answers
from tenbin.model import Brand
from tenbin.workbooks.casebook import write_workbook
from tenbin.workbooks.interview_sheet import read_interview

ROOT = Path(__file__).parents[2]
ODD = (
    "=1+1",
    "+81 3",
    "-5 %",
    "@sum",
    "'quoted",
    "＝１",
    "_x0041_",
    "#N/A",
    "TRUE",
    "1e5",
    "2026-11-24",
    " leading and trailing ",
    "two\nlines",
    "</x><b>&amp;",
    "\u202eright to left",
    "🙂" * 10,
    "長" * 10_000,
)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", ["machine-parts-sme", "control-units-midtier", "two-cells"])
def test_folder_to_workbook_to_folder(bundled, tmp_path, name, lang):
    case = bundled[name]
    book = write_workbook(case, tmp_path / "case.xlsx", lang)
    back = tenbin.load(book)
    assert back == case
    write_case(back, tmp_path / "folder")
    assert tenbin.load(tmp_path / "folder") == case
    assert tenbin.load(tmp_path) == case  # a folder without case.toml holds case.xlsx


def test_every_table_and_own_files(small, tmp_path):
    catalogue = (
        "id,layer,components,title_en\nL1.001,1,data;system,One\nL2.017,2,thing,Two\nL3.008,3,data,Three\nL3.016,3,data,Four\n"
    )
    small.write(
        [
            ["case.toml", 'catalogue = "cpsf-2018-draft"', 'catalogue = "own.csv"'],
            ["case.toml", "[levels]", '[report]\nclient = "=A1"\nlogo = "logo.png"\n\n[levels]'],
        ]
    )
    (small.folder / "own.csv").write_text(catalogue, encoding="utf-8")
    (small.folder / "logo.png").write_bytes(png())
    case = tenbin.load(small.folder)
    assert case.brand is not None
    assert case.brand.logo is not None
    book = write_workbook(case, tmp_path / "there" / "case.xlsx", "en")
    assert tenbin.load(book) == case
    assert (book.parent / "own.csv").is_file()
    assert sorted(path.name for path in book.parent.iterdir()) == ["case.xlsx", "logo.png", "own.csv"]


@pytest.mark.parametrize("texts", [ODD[n : n + 3] for n in range(0, len(ODD), 3)])
def test_text_stays_text(small, tmp_path, texts):
    """Three to a workbook: each in a scenario and at a price, on one line in the brand too, the first two also as titles."""
    case = tenbin.load(small.write())
    n = len(texts)
    scenarios = [
        replace(one, title_ja=text, description_en=text, basis=text, protects=text)
        for one, text in zip(case.scenarios, texts, strict=False)
    ]
    rows = [replace(row, note=text) for row, text in zip(case.costs.rows, texts, strict=False)]
    assert len(scenarios) == len(rows) == n
    lines = [text.strip() for text in texts if "\n" not in text and len(text) <= MOST_IN_A_NAME]
    odd = replace(
        case,
        scenarios=(*scenarios, *case.scenarios[n:]),
        costs=replace(case.costs, rows=(*rows, *case.costs.rows[n:])),
        brand=Brand(**dict(zip(("client", "company", "author"), lines, strict=False))) if lines else None,
        **dict(zip(("title_en", "title_ja"), lines, strict=False)),
    )
    book = write_workbook(odd, tmp_path / "odd.xlsx", "en")
    back = tenbin.load(book)
    assert back.scenarios == odd.scenarios
    assert back.costs.rows == odd.costs.rows
    assert (back.title_en, back.title_ja, back.brand) == (odd.title_en, odd.title_ja, odd.brand)
    formulas = [
        cell.value
        for sheet in load_workbook(book).worksheets
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if cell.data_type == "f" and not str(sheet.cell(1, cell.column).value).startswith("~")
    ]
    assert formulas == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40),
    frequency=st.floats(1e-6, 1e3),
    effect=st.floats(0, 0.999),
    capex=st.floats(1e-3, 1e17),
    width=st.floats(1, 1e3),
    cv=st.floats(0.001, 100),
)
def test_any_text_and_any_number(base_files, tmp_path_factory, text, frequency, effect, capex, width, cv):
    from inputs.conftest import Small

    home = tmp_path_factory.mktemp("any")
    frames = tenbin.to_frames(tenbin.load(Small(home, base_files).write()))
    frames["scenarios"]["title_ja"] = text
    frames["scenarios"]["frequency"] = repr(frequency)
    frames["scenarios"][["frequency_low", "frequency_high"]] = ""
    frames["effects"]["effect"] = repr(effect)
    frames["effects"][["effect_low", "effect_high"]] = ""
    frames["scenarios"]["frequency_model"] = f"negative_binomial(cv={cv!r})"
    frames["measures"][["capex", "capex_low", "capex_high"]] = [
        repr(capex),
        repr(capex / width),
        repr(min(capex * width, 1e18)),
    ]
    case = tenbin.load(frames)
    assert tenbin.load(write_workbook(case, home / "any.xlsx", "ja")) == case


def test_the_interview_comes_back(small, tmp_path):
    case = tenbin.load(small.write())
    answers = Answers(
        industry="care",
        employees=30,
        revenue=2.5e8,
        days_down=2.5,
        remote_access=False,
        customer_share=0.35,
        in_place=("policy", "mfa"),
        cash=1.5e7,
    )
    for lang in ("ja", "en"):
        book = write_workbook(case, tmp_path / f"{lang}.xlsx", lang, answers)
        assert read_interview(book) == answers
        assert tenbin.load(book) == case
    blank = write_workbook(case, tmp_path / "blank.xlsx", "en")
    assert read_interview(blank) == Answers()


def test_the_sheet_is_made_to_be_filled_in(small, tmp_path):
    book = load_workbook(write_workbook(tenbin.load(small.write()), tmp_path / "small.xlsx", "ja"))
    assert book.sheetnames[:4] == ["質問票", "使い方", "ケース", "シナリオ"]
    sheet = book["効果"]
    keys = [cell.value for cell in sheet[1]]
    assert sheet.row_dimensions[1].hidden
    assert all(cell.comment is not None and "\n" in cell.value for cell in sheet[2])
    at = {key: sheet.cell(3, n) for n, key in enumerate(keys, start=1)}
    assert {key for key, cell in at.items() if cell.protection.locked} == {"~scenario_title", "~measure_title"}
    assert all(cell.protection.locked for cell in sheet[2])
    assert sheet.protection.sheet
    assert not sheet.protection.password
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    column = at["acts_on"].column_letter
    assert "lists" in book.sheetnames or "選択肢" in book.sheetnames
    assert lists[f"{column}3:{column}2000"].startswith("'選択肢'!")
    assert book["選択肢"].sheet_state == "hidden"
    assert sheet[f"{at['effect'].column_letter}2"].value.startswith("* 効果")
    scenarios = book["シナリオ"]
    column = next(cell.column_letter for cell in scenarios[1] if cell.value == "frequency_model")
    rules = {str(rule.sqref): rule for rule in scenarios.data_validations.dataValidation}
    assert not rules[f"{column}3:{column}2000"].showErrorMessage  # negative_binomial with another cv may be typed
    columns = [cell.value for cell in book["対策費用"][1]]
    assert columns[columns.index("subsidy") + 1 :][:4] == ["capex_low", "capex_high", "opex_low", "opex_high"]


def test_nothing_is_written_over(small, tmp_path):
    case = tenbin.load(small.write())
    there = tmp_path / "there.xlsx"
    there.write_bytes(b"mine")
    with pytest.raises(tenbin.InputError, match=r"must be a new file; got a file that is there already\. Name another\."):
        write_workbook(case, there, "en")
    assert there.read_bytes() == b"mine"
    long = replace(case, scenarios=(replace(case.scenarios[0], basis="x" * 40_000), *case.scenarios[1:]))
    with pytest.raises(tenbin.InputError, match=r"long\.xlsx scenarios:3 basis: must be at most 32,767 characters in a cell"):
        write_workbook(long, tmp_path / "long.xlsx", "en")
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx") == ["there.xlsx"]


def test_the_commands_take_a_workbook(tmp_path):
    book = tmp_path / "case.xlsx"
    start("init", tmp_path / "first", "--from", "two-cells", code=0)
    start("init", book, "--from", tmp_path / "first", code=0)
    start("init", tmp_path / "back", "--from", book, code=0)
    start("init", tmp_path / "folder", "--from", tmp_path / "back", "--workbook", code=0, lang="ja")
    assert zipfile.is_zipfile(tmp_path / "folder" / "case.xlsx")
    found = tenbin.load(tmp_path / "folder")
    assert found == tenbin.load(book) == tenbin.load(tmp_path / "back") == tenbin.load(tmp_path / "first")
    said = start("check", book, "--trials", "1000", code=0).stdout.decode("utf-8")
    assert said.startswith(f"{found.title('en')}: no errors.")
    refused = start("check", tmp_path / "back", "--mark", code=2).stderr.decode("utf-8")
    assert refused.startswith(f"--mark: must be a workbook (.xlsx); got {tmp_path / 'back'}. ")
