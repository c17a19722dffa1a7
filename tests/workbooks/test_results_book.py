"""The workbook of a run: every number is its JSON's, charts draw the cells they say, text is text, nothing leads out of it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

import tenbin
from tenbin.catalogue import action_texts
from tenbin.reporting.sentences import answer, certificate, metric_title
from tenbin.words import speaker
from tenbin.workbooks.layout import sheet_title
from tenbin.workbooks.result_tables import COSTS, DAYS, METRICS
from tenbin.workbooks.resultbook import write_results
from workbooks.conftest import HOSTILE
from workbooks.drawn import drawn

LANGS = ("en", "ja")
say = speaker("workbook")


@pytest.fixture(scope="session")
def books(results: dict[str, Path]) -> dict[str, Any]:
    return {lang: load_workbook(path) for lang, path in results.items()}


@pytest.fixture(scope="session")
def document(opened_run: Any) -> Any:
    return json.loads((opened_run.run.path / "result.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def frontier(opened_run: Any) -> Any:
    return json.loads((opened_run.run.path / "frontier.json").read_text(encoding="utf-8"))


def sheet_of(book: Any, name: str, lang: str) -> Any:
    return book[sheet_title(name, lang)]


def table(sheet: Any, lang: str, *heads: str) -> list[dict[str, Any]]:
    """The rows below the headings with these keys, until a blank one; each by heading's key."""
    wanted = [say(f"res_{key}", lang) for key in heads]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(n for n, row in enumerate(rows) if row[: len(wanted)] == wanted)
    found = []
    for row in rows[at + 1 :]:
        if row[0] is None:
            break
        found.append(dict(zip(heads, row, strict=False)))
    return found


def written(value: float) -> Any:
    """A number as a workbook holds it: to sixteen figures."""
    return pytest.approx(value, rel=1e-15)


def wrong_numbers(book: Any, lang: str, document: Mapping[str, Any]) -> list[str]:
    """Numbers of the first sheet that are not the document's."""
    sheet = sheet_of(book, "summary", lang)
    found = []
    costs = {row["cost"]: row for row in table(sheet, lang, "cost", "today", "after")}
    for key in (*COSTS, *DAYS):
        row = costs[say(f"res_cost_{key}", lang)]
        if [row["today"], row["after"]] != [written(one[key]) for one in (document["current"]["cost"], document["cost"])]:
            found.append(key)
    risk = {row["metric"]: row for row in table(sheet, lang, "metric", "inherent", "today", "after")}
    assert len(risk) == len(METRICS)
    for key in METRICS:
        row = risk[metric_title(key, lang)]
        given = document["risk"]["inherent"], document["current"]["risk"], document["risk"]["residual"]
        if [row["inherent"], row["today"], row["after"]] != [written(one[key]) for one in given]:
            found.append(key)
    for row, target in zip(table(sheet, lang, "target", "limit", "value", "met"), document["targets"], strict=True):
        met = say("res_yes" if target["met"] else "res_no", lang)
        if list(row.values())[:4] != [target["target"], written(target["limit"]), written(target["value"]), met]:
            found.append(target["target"])
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_answer_and_its_numbers_are_the_documents(books, document, lang):
    assert wrong_numbers(books[lang], lang, document) == []
    texts = [cell.value for row in sheet_of(books[lang], "summary", lang).iter_rows() for cell in row]
    assert answer(document, lang) in texts
    assert certificate(document, lang) in texts


@pytest.mark.parametrize(("cell", "key"), [("C10", "first_year"), ("D22", "tvar95"), ("C28", "aal=60%")])
def test_an_altered_number_is_found(results, document, cell, key):
    book = load_workbook(results["en"])
    book["summary"][cell].value *= 1.000_001
    assert wrong_numbers(book, "en", document) == [key]


@pytest.mark.parametrize("lang", LANGS)
def test_the_plan_sums_to_the_first_year(books, document, opened_run, lang):
    rows = table(
        sheet_of(books[lang], "plan", lang), lang, "id", "measure", "layer", "level", "change", "once", "yearly", "saved"
    )
    chosen = {
        row["id"]: row["level"] for row in rows if row["change"] in (say(f"res_is_{k}", lang) for k in ("add", "raise", "keep"))
    }
    assert chosen == {entry["measure"]: entry["level"] for entry in document["plan"]}
    dropped = [row["id"] for row in rows if row["change"] == say("res_is_drop", lang)]
    assert dropped == [entry["measure"] for entry in document["change"]["drop"]]
    assert sum(row["once"] + row["yearly"] for row in rows) == pytest.approx(document["cost"]["first_year"], rel=1e-12)
    for row in opened_run.case.costs.rows:
        if chosen.get(row.measure) == row.level:
            (found,) = [one for one in rows if one["id"] == row.measure]
            rate = opened_run.case.organisation.day_rate
            assert found["once"] == pytest.approx(row.capex + row.effort_initial * rate, rel=1e-12)
            assert found["yearly"] == pytest.approx(row.opex + row.effort_yearly * rate, rel=1e-12)
    last = [cell for row in sheet_of(books[lang], "plan", lang).iter_rows() for cell in row if cell.data_type == "f"]
    assert [cell.value for cell in last] == ["=SUM(F5:F9)", "=SUM(G5:G9)"]


@pytest.mark.parametrize("lang", LANGS)
def test_years_scenarios_and_cells_sum_to_the_documents_totals(books, document, opened_run, report, lang):
    keys = ("year", "cash_capex", "cash_opex", "cash_effort", "cash_subsidy", "total", "today")
    years = table(sheet_of(books[lang], "cash_flow", lang), lang, *keys)
    rate = report.discount_rate
    for column, cost in (("total", document["cost"]), ("today", document["current"]["cost"])):
        assert years[0][column] == pytest.approx(cost["first_year"], rel=1e-12)
        assert sum(row[column] / (1 + rate) ** n for n, row in enumerate(years)) == pytest.approx(cost["npv"], rel=1e-12)
    assert all(row["total"] == pytest.approx(sum(row[key] for key in keys[1:5])) for row in years)
    scenarios = table(
        sheet_of(books[lang], "scenarios_results", lang),
        lang,
        "id",
        "scenario",
        "layer",
        "often",
        "rate",
        "inherent",
        "today",
        "after",
    )
    risk = document["risk"]
    wanted = {"inherent": risk["inherent"], "today": document["current"]["risk"], "after": risk["residual"]}
    for column, found in wanted.items():
        assert sum(row[column] for row in scenarios) == pytest.approx(found["aal"], rel=1e-12)
    assert [row["rate"] for row in scenarios] == [s.frequency.likely for s in opened_run.case.scenarios]
    heat = sheet_of(books[lang], "heatmap", lang)
    cells = [[cell.value for cell in row] for row in heat.iter_rows(min_row=6)]
    for first, total in ((0, wanted["today"]["aal"]), (5, risk["residual"]["aal"])):
        assert sum(value for row in cells[:-1] for value in row[first + 1 : first + 4]) == pytest.approx(total, rel=1e-12)
        assert cells[-1][first : first + 2] == [say("res_total", lang), pytest.approx(total, rel=1e-12)]


@pytest.mark.parametrize("lang", LANGS)
def test_the_frontier_is_the_frontiers_document(books, document, frontier, lang):
    heads = ("number", "per_year", "value_of", "first_year", "npv", "aal", "n_measures", "certificate", "mark", "measures")
    rows = table(sheet_of(books[lang], "frontier", lang), lang, *heads)
    given = [*frontier["points"]]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    found = {row["measures"]: row for row in rows}
    for point in given:
        plan = point["plan"]
        pairs = plan.items() if isinstance(plan, dict) else [(entry["measure"], entry["level"]) for entry in plan]
        row = found["; ".join(f"{measure}={level}" for measure, level in pairs)]
        for key in ("per_year", "first_year", "npv"):
            assert row[key] == pytest.approx(point["cost"][key], rel=1e-12)
    (own,) = [row for row in rows if say("res_mark_own", lang) in str(row["mark"])]
    assert own["per_year"] == written(document["cost"]["per_year"])
    assert own["aal"] == written(document["risk"]["residual"]["aal"])


def cells_at(book: Any, place: str) -> list[Any]:
    """The values of ``'sheet'!$A$1:$A$9``."""
    title, _, cells = place.rpartition("!")
    left, top, right, bottom = range_boundaries(cells.replace("$", ""))
    sheet = book[title.strip("'")]
    return [sheet.cell(row, column).value for row in range(top, bottom + 1) for column in range(left, right + 1)]


def agree(held: list[Any], cells: list[Any]) -> bool:
    """Whether a chart holds what the cells hold."""
    return len(held) == len(cells) and all(
        cell == one if isinstance(cell, str) else cell is not None and float(one) == pytest.approx(float(cell), rel=1e-12)
        for one, cell in zip(held, cells, strict=True)
    )


@pytest.mark.parametrize("lang", LANGS)
def test_charts_are_excels_own_over_the_cells_that_they_name(books, results, document, lang):
    charts = drawn(results[lang])
    assert len(charts) == 4  # costs, curve, frontier, cash flow
    assert sum(len(series) for series in charts.values()) >= 2 * (2 + 4 + 2 + 4)
    for name, series in charts.items():
        for axis, place, held in series:
            assert agree(held, cells_at(books[lang], place)), (name, axis, place)
    costs, curve, frontier, cash = (series for _, series in sorted(charts.items()))
    title = {key: sheet_title(key, lang) for key in ("summary", "curve", "frontier", "cash_flow")}
    for series, key in ((costs, "summary"), (curve, "curve"), (frontier, "frontier"), (cash, "cash_flow")):
        assert {place.rpartition("!")[0].strip("'") for _, place, _ in series} == {title[key]}
    assert [float(value) for value in costs[3][2]] == [written(document["cost"][key]) for key in ("per_year", "first_year")]
    assert [float(value) for value in frontier[3][2]] == [written(document["risk"]["residual"]["aal"])]
    assert [float(value) for value in frontier[2][2]] == [written(document["cost"]["per_year"])]
    limit = curve[-2:]
    assert [float(value) for value in limit[0][2]] == [written(document["targets"][0]["limit"])] * 2
    for n in range(0, len(curve) - 2, 2):
        loss, chance = ([float(value) for value in curve[n + k][2]] for k in (0, 1))
        assert loss == sorted(loss)
        assert chance == sorted(chance, reverse=True)
        assert len(loss) == len(chance)


def test_a_chart_over_other_cells_is_found(books, results):
    axis, place, held = drawn(results["en"])["xl/charts/chart3.xml"][1]
    assert axis == "yVal"
    row = int(place.rpartition("$")[2])
    moved = re.sub(r"[0-9]+", lambda match: str(int(match[0]) + 1), place)
    assert str(row + 1) in moved
    assert not agree(held, cells_at(books["en"], moved))


@pytest.mark.parametrize("lang", LANGS)
def test_text_is_text_and_nothing_leads_out(books, results, lang):
    cells = [cell for sheet in books[lang].worksheets for row in sheet.iter_rows() for cell in row]
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {sheet_title("plan", lang)}
    assert all(re.fullmatch(r"=SUM\([FG][0-9]+:[FG][0-9]+\)", cell.value) for cell in formulas)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {"+1+1", "=HYPERLINK(1)", "@SUM(A1)", "-1+1", "+&L&P"} <= texts
    if lang == "en":
        assert HOSTILE in texts
    with zipfile.ZipFile(results[lang]) as archive:
        for name in archive.namelist():
            assert not re.search(r"externalLink|vbaProject|connections|embeddings|activeX", name), name
            content = archive.read(name)
            assert b'TargetMode="External"' not in content, name
            assert b"<hyperlink" not in content, name
            assert b"<!DOCTYPE" not in content
            if name.startswith("xl/worksheets/sheet"):
                assert b"+&amp;&amp;L&amp;&amp;P" in content  # a foot's & is no command


@pytest.mark.parametrize("lang", LANGS)
def test_each_chosen_measure_has_its_action(books, opened_run, document, lang):
    sheet = sheet_of(books[lang], "actions", lang)
    keys = [cell.value for cell in sheet[4]]
    assert sheet.row_dimensions[4].hidden
    rows = [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=6)]
    assert {row["measure"]: row["level"] for row in rows} == {entry["measure"]: entry["level"] for entry in document["plan"]}
    prices = {(row.measure, row.level): row for row in opened_run.case.costs.rows}
    for row in rows:
        price = prices[row["measure"], row["level"]]
        words = action_texts()[row["measure"]]
        assert row["first_step"] == words.first_step(lang)
        assert row["evidence"] == words.evidence(lang)
        assert row["days"] == price.effort_initial + price.effort_yearly
        assert row["cash"] == price.capex + price.opex
        assert (row["owner"], row["due"], row["note"]) == (None, None, None)
        assert row["state"] == say("state_not_started", lang)
    needs = {row["measure"]: row["needs"] for row in rows}
    assert needs == {"L1.001": None, "L2.017": None, "L3.016": "L1.001"}
    order = [row["measure"] for row in rows]
    assert order.index("L1.001") < order.index("L3.016")
    typed = {keys[cell.column - 1] for cell in sheet[6] if not cell.protection.locked}
    assert typed == {"owner", "due", "state", "note"}
    (choice,) = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert choice.formula1 == '"' + ",".join(say(f"state_{s}", lang) for s in ("not_started", "under_way", "done")) + '"'


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_is_named_in_its_language_and_fits_the_page(books, lang):
    names = [
        "summary",
        "plan",
        "actions",
        "scenarios_results",
        "curve",
        "heatmap",
        "frontier",
        "cash_flow",
        "coverage",
        "assumptions",
        "about",
    ]
    assert books[lang].sheetnames == [sheet_title(name, lang) for name in names]
    for sheet in books[lang].worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "n" and cell.value is not None and abs(cell.value) >= 1000:
                    width = sheet.column_dimensions[cell.column_letter].width
                    assert len(f"{cell.value:,.0f}") + 2 <= width, (sheet.title, cell.coordinate)


def test_nothing_is_written_over(report, tmp_path):
    there = tmp_path / "there.xlsx"
    there.write_bytes(b"mine")
    with pytest.raises(tenbin.InputError, match="must be a new file; got a file that is there already"):
        write_results(report, there, "en")
    assert there.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [there]
