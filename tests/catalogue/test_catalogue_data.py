"""The framework's tables against the draft they stem from; the standard library's csv only."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "tenbin" / "catalogue" / "data"
COMPONENTS = {"organisation", "people", "thing", "data", "procedure", "system"}
TEXTS = [f"{kind}_{lang}" for kind in ("title", "risk_factor", "impact", "outline") for lang in ("ja", "en")]
SIDES = {
    "L2.017": "（IoT機器等の側）",
    "L2.019": "（IoT機器等の側）",
    "L3.014": "（サイバー空間の側）",
    "L3.021": "（サイバー空間の側）",
}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
TABLES = {
    "cpsf-2018-draft": ["id", "layer", "components", *TEXTS],
    "layers": ["layer", "title_ja", "title_en", "aim_ja", "aim_en"],
    "components": ["component", "title_ja", "title_en"],
    "requirements": ["component", "requirement_ja", "requirement_en"],
    "protects": ["layer", "kind", "ja", "en"],
    "crosswalk": ["measure", "standard", "reference", "confidence", "scheme_kind", "source"],
    "references": ["standard", "reference", "source"],
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


MEASURES = read(DATA / "cpsf-2018-draft.csv")
DRAFT = read(Path(__file__).parent / "draft_titles.csv")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_plain_utf8_with_its_columns_and_no_blank_cell(table: str) -> None:
    raw = (DATA / f"{table}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    rows = read(DATA / f"{table}.csv")
    for row in rows:
        assert list(row) == TABLES[table]
        for value in row.values():
            assert value
            assert value == value.strip()


def test_the_draft_has_55_measures() -> None:
    assert len(DRAFT) == 55
    assert [sum(row["layer"] == layer for row in DRAFT) for layer in "123"] == [12, 21, 22]


def test_ids_layers_and_titles_are_the_drafts() -> None:
    wanted = {row["id"]: (row["layer"], row["title_ja"] + SIDES.get(row["id"], "")) for row in DRAFT}
    assert {row["id"]: (row["layer"], row["title_ja"]) for row in MEASURES} == wanted
    assert len(MEASURES) == len(wanted)


def test_a_side_is_added_only_where_the_drafts_titles_coincide() -> None:
    titles = [row["title_ja"] for row in DRAFT]
    assert {row["id"] for row in DRAFT if titles.count(row["title_ja"]) > 1} == set(SIDES)


@pytest.mark.parametrize("column", ["title_ja", "title_en"])
def test_titles_are_unique(column: str) -> None:
    assert len({row[column] for row in MEASURES}) == len(MEASURES)


def test_every_text_is_in_its_language() -> None:
    for row in MEASURES:
        for column in TEXTS:
            assert bool(JAPANESE.search(row[column])) == column.endswith("_ja"), (row["id"], column)


def test_sentences_end_as_sentences_do() -> None:
    for row in MEASURES:
        for kind in ("risk_factor", "impact", "outline"):
            assert row[f"{kind}_ja"].endswith("。"), (row["id"], kind)
            assert row[f"{kind}_en"].endswith("."), (row["id"], kind)


def test_components_are_the_frameworks() -> None:
    assert {row["component"] for row in read(DATA / "components.csv")} == COMPONENTS
    assert {row["component"] for row in read(DATA / "requirements.csv")} == COMPONENTS
    for row in MEASURES:
        parts = row["components"].split(";")
        assert set(parts) <= COMPONENTS
        assert len(set(parts)) == len(parts)


def test_every_cell_of_the_framework_has_a_measure() -> None:
    cells = {(row["layer"], part) for row in MEASURES for part in row["components"].split(";")}
    assert len({cell for cell in cells if cell[0] in "123"}) >= 16
    assert {layer for layer, _ in cells} == set("123")


def test_layers_and_what_they_protect() -> None:
    assert [row["layer"] for row in read(DATA / "layers.csv")] == ["1", "2", "3"]
    rows = read(DATA / "protects.csv")
    assert {(row["layer"], row["kind"]) for row in rows} == {
        (layer, kind) for layer in "123" for kind in ("protect", "incident", "measure_item")
    }


def test_every_support_is_of_a_known_measure_and_reference() -> None:
    universe = {(row["standard"], row["reference"]): row["source"] for row in read(DATA / "references.csv")}
    assert len(universe) == len(read(DATA / "references.csv")) == 545
    measures = {row["id"] for row in MEASURES}
    rows = read(DATA / "crosswalk.csv")
    assert len({(row["measure"], row["standard"], row["reference"]) for row in rows}) == len(rows) == 410
    for row in rows:
        assert row["measure"] in measures
        source = universe[row["standard"], row["reference"]]
        assert (row["confidence"] == "unverified") == (source == "unverified"), row
        assert row["scheme_kind"] in ("standard", "scheme")
    assert {row["standard"] for row in rows} == {standard for standard, _ in universe}


IDS = {
    "NIST-CSF-2.0": r"(GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d\d",
    "ISO-27001-2022": r"A\.(5\.([1-9]|[12]\d|3[0-7])|6\.[1-8]|7\.([1-9]|1[0-4])|8\.([1-9]|[12]\d|3[0-4]))",
    "IEC-62443-3-3": r"SR [1-7]\.([1-9]|1[0-3])",
    "CIS-8.1": r"([1-9]|1[0-8])\.([1-9]|1[0-4])",
    "CPSF-1.0": r"CPS\.[A-Z]{2}-\d{1,2}",
    "SECURITY-ACTION-1": r"[1-6]",
    "SECURITY-ACTION-2": r"[1-9]|1\d|2[0-5]",
    "SCS": r"[a-z-]+",
}


def test_references_are_ids_only() -> None:
    for row in read(DATA / "references.csv"):
        assert re.fullmatch(IDS[row["standard"]], row["reference"]), row


def test_every_standard_has_its_names():
    with (DATA / "references.csv").open(encoding="utf-8", newline="") as file:
        known = {row["standard"] for row in csv.DictReader(file)}
    with (DATA / "standards.csv").open(encoding="utf-8", newline="") as file:
        named = {row["standard"]: (row["title_ja"], row["title_en"]) for row in csv.DictReader(file)}
    assert set(named) == known
    assert all(ja and en for ja, en in named.values())
