"""The bundled cases as plain tables: covered cells, sources named, ids that meet; the standard library's csv only."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = ["machine-parts-sme", "control-units-midtier", "two-cells"]
REAL = CASES[:2]
COMPONENTS = {"organisation", "people", "thing", "data", "procedure", "system"}
LOSS_FORMS = {"productivity", "response", "replacement", "competitive", "fines", "reputation"}
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]+")
CATALOGUE = ROOT / "src" / "tenbin" / "catalogue" / "data"
PRESETS = ROOT / "src" / "tenbin" / "interview" / "presets"
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
A_PATH = re.compile(r"\w/\w+\.\w|\.(md|csv|toml)\b")


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def scenario_table(case: str, table: str) -> list[dict[str, str]]:
    return rows(ROOT / "scenarios" / case / f"{table}.csv")


def cost_table(case: str, table: str) -> list[dict[str, str]]:
    return rows(ROOT / "cost_tables" / case / f"{table}.csv")


def number(text: str) -> float:
    over, _, under = text.partition("/")
    return float(over) / float(under or 1)


def levels(case: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in cost_table(case, "measures"):
        found.setdefault(row["measure"], []).append(row)
    return found


@pytest.mark.parametrize("case", REAL)
def test_every_cell_is_covered(case: str) -> None:
    cells = {(row["layer"], part) for row in scenario_table(case, "scenarios") for part in row["components"].split(";")}
    assert cells == {(layer, part) for layer in "123" for part in COMPONENTS}


@pytest.mark.parametrize("case", CASES)
def test_every_figure_says_where_it_comes_from(case: str) -> None:
    for table in ("scenarios", "effects", "triggers"):
        for row in scenario_table(case, table):
            assert row["basis"].strip(), (table, row)
    for table in ("measures", "shared", "subsidies"):
        for row in cost_table(case, table):
            assert (row.get("basis", "") + row.get("note", "")).strip(), (table, row)


def tables_of(case: str) -> list[Path]:
    """A bundled case's tables and its cost tables, or the interview's presets."""
    places = [PRESETS] if case == "presets" else [ROOT / "scenarios" / case, ROOT / "cost_tables" / case]
    return sorted(path for place in places for path in place.glob("*.csv"))


def not_in_both_languages(table: str, found: list[dict[str, str]]) -> list[str]:
    """Where a basis or a note has no Japanese beside it, or names a file; where a capability or a subsidy has no title."""
    wrong = []
    for n, row in enumerate(found, start=2):
        for name in ("basis", "note"):
            text, ja = row.get(name, ""), row.get(f"{name}_ja", "")
            if bool(text) != bool(JAPANESE.search(ja)) or A_PATH.search(f"{text} {ja}") or text == ja != "":
                wrong.append(f"{table}:{n} {name}")
        if table in ("shared", "subsidies") and not (JAPANESE.search(row.get("title_ja", "")) and row.get("title_en")):
            wrong.append(f"{table}:{n} title")
    return wrong


@pytest.mark.parametrize("case", [*CASES, "presets"])
def test_what_is_told_is_told_in_both_languages(case: str) -> None:
    looked = 0
    for path in tables_of(case):
        found = rows(path)
        looked += sum(bool(row.get("basis", "")) + bool(row.get("note", "")) for row in found)
        assert not_in_both_languages(path.stem, found) == [], path
    assert looked > (8 if case == "two-cells" else 200)


def test_what_is_told_in_one_language_is_seen() -> None:
    """The control."""
    good = {"capability": "utm", "title_ja": "防火壁", "title_en": "Firewall", "basis": "judgement", "basis_ja": "判断"}
    bad = ({"basis_ja": ""}, {"basis_ja": "judgement"}, {"basis": ""}, {"basis": "see docs/data.md"}, {"title_ja": "utm"})
    assert not_in_both_languages("shared", [good]) == []
    assert all(not_in_both_languages("shared", [{**good, **one}]) for one in bad)


@pytest.mark.parametrize("case", CASES)
def test_scenarios_are_whole(case: str) -> None:
    layers = {row["layer"]: set() for row in rows(CATALOGUE / "layers.csv")}
    for row in rows(CATALOGUE / "protects.csv"):
        if row["kind"] == "protect":
            layers[row["layer"]].add(row["en"])
    for row in scenario_table(case, "scenarios"):
        assert IDENTIFIER.fullmatch(row["id"])
        assert row["title_ja"]
        assert row["title_en"]
        assert row["protects"] in layers[row["layer"]], row["id"]
        assert set(row["loss_forms"].split(";")) <= LOSS_FORMS, row["id"]
        assert number(row["frequency"]) > 0
        if row.get("frequency_low"):
            assert number(row["frequency_low"]) <= number(row["frequency"]) <= number(row["frequency_high"]), row["id"]
        if row.get("loss_model"):
            assert not row.get("loss_p05")
        else:
            assert 0 < float(row["loss_p05"]) < float(row["loss_p95"]), row["id"]


@pytest.mark.parametrize("case", CASES)
def test_effects_are_ordered_and_credible(case: str) -> None:
    keys = set()
    for row in scenario_table(case, "effects"):
        key = (row["scenario"], row["measure"], row["acts_on"])
        assert key not in keys
        keys.add(key)
        assert row["acts_on"] in {"frequency", "severity"}
        effect = float(row["effect"])
        assert 0 < effect <= 0.75, key
        if row.get("effect_low"):
            assert 0 <= float(row["effect_low"]) <= effect <= float(row["effect_high"]) < 1, key


@pytest.mark.parametrize("case", CASES)
def test_measures_with_effects_have_costs_and_the_reverse(case: str) -> None:
    assert {row["measure"] for row in scenario_table(case, "effects")} == set(levels(case))


@pytest.mark.parametrize("case", REAL)
def test_all_55_measures_have_costs(case: str) -> None:
    assert set(levels(case)) == {row["id"] for row in rows(CATALOGUE / "cpsf-2018-draft.csv")}


@pytest.mark.parametrize("case", CASES)
def test_levels_rank_by_scale_and_the_highest_is_one(case: str) -> None:
    for measure, found in levels(case).items():
        scales = [float(row["effect_scale"]) for row in found]
        assert len(set(scales)) == len(scales), measure
        assert max(scales) == 1, measure
        assert min(scales) > 0, measure


@pytest.mark.parametrize("case", CASES)
def test_names_meet(case: str) -> None:
    prices = levels(case)
    capabilities = {row["capability"] for row in cost_table(case, "shared")}
    subsidies = {row["subsidy"] for row in cost_table(case, "subsidies")}
    scenarios = {row["id"] for row in scenario_table(case, "scenarios")}
    factors = {row["id"] for row in scenario_table(case, "factors")}
    used = set()
    for row in cost_table(case, "measures"):
        used |= set(filter(None, row["shared"].split(";")))
        assert row["subsidy"] in subsidies | {""}
    assert used == capabilities
    for row in scenario_table(case, "effects"):
        assert row["scenario"] in scenarios
    for row in scenario_table(case, "scenarios"):
        assert row.get("factor", "") in factors | {""}
    for row in scenario_table(case, "triggers"):
        assert {row["scenario"], row["triggers"]} <= scenarios
    for row in scenario_table(case, "plans"):
        assert row["level"] in {price["level"] for price in prices[row["measure"]]}
    for row in cost_table(case, "relations"):
        assert row["kind"] in {"requires", "excludes"}
        assert {row["measure"], row["other"]} <= set(prices)


@pytest.mark.parametrize("case", REAL)
def test_what_is_in_place_hangs_together(case: str) -> None:
    prices = levels(case)
    in_place = [row for row in scenario_table(case, "status") if "in_place" in row["status"].split(";")]
    measures = {row["id"]: row["level"] for row in in_place if row["level"]}
    assert len(measures) == sum(bool(row["level"]) for row in in_place), "at most one level of a measure"
    capabilities = {row["id"] for row in in_place if not row["level"]}
    needed = set()
    for measure, level in measures.items():
        [price] = [row for row in prices[measure] if row["level"] == level]
        needed |= set(filter(None, price["shared"].split(";")))
    assert capabilities == needed
    for row in cost_table(case, "relations"):
        if row["kind"] == "requires" and row["measure"] in measures:
            assert row["other"] in measures, row


@pytest.mark.parametrize("case", CASES)
def test_settings(case: str) -> None:
    settings = tomllib.loads((ROOT / "scenarios" / case / "case.toml").read_text(encoding="utf-8"))
    assert settings["format"] == 1
    assert (ROOT / "scenarios" / case / settings["cost_tables"]).resolve() == ROOT / "cost_tables" / case
    assert settings["targets"]
    assert {"basic", "standard"} <= set(settings["levels"])
    assert settings["study"]["n_trials"] == 100_000
