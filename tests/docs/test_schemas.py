"""The published JSON Schemas: fresh, true of the bundled cases, blind to none of the planted mistakes, and never laxer than tenbin."""

from __future__ import annotations

import copy
import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import schemas
from tenbin.inputs.cells import BadCell
from tenbin.inputs.schema import COST_TABLES, SETTINGS, TABLES

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(path.name for path in (ROOT / "scenarios").iterdir() if path.is_dir())
MADE = schemas.schemas()
REGISTRY: Registry[Any] = Registry().with_resources([(one["$id"], Resource.from_contents(one)) for one in MADE.values()])


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(MADE[f"{name}.json"], registry=REGISTRY)


def cell(text: str) -> str | float:
    """A cell as a reader of CSV gives it."""
    try:
        return float(text)
    except ValueError:
        return text


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: cell(value) for key, value in row.items() if value} for row in csv.DictReader(file)]


def document(case: str) -> dict[str, Any]:
    tables = {path.stem: rows(path) for home in ("scenarios", "cost_tables") for path in (ROOT / home / case).glob("*.csv")}
    return {"case": tomllib.loads((ROOT / "scenarios" / case / "case.toml").read_text(encoding="utf-8")), **tables}


def test_the_files_are_fresh() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in schemas.FOLDER.glob("*.json")}
    assert there == {name: schemas.text_of(schema) for name, schema in MADE.items()}, "run: python tools/schemas.py"


def test_control_a_stale_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}", encoding="utf-8")
    schemas.write_schemas(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(MADE)
    column = next(iter(TABLES["effects"].columns))
    assert schemas.text_of(MADE["effects.json"]) != schemas.text_of(MADE["effects.json"]).replace(f'"{column}"', '"other"', 1)


def test_they_are_schemas_with_names_of_their_own() -> None:
    for name, schema in MADE.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:tenbin:case:1:{name.removesuffix('.json')}"
    assert set(MADE) == {f"{name}.json" for name in (*TABLES, "case", "mapping")}


@pytest.mark.parametrize("case", CASES)
def test_the_bundled_cases_are_valid(case: str) -> None:
    assert [error.message for error in validator("mapping").iter_errors(document(case))] == []


MISTAKES: list[tuple[str, str, Any]] = [
    ("scenarios", "frequency", 0),
    ("scenarios", "frequency", "often"),
    ("scenarios", "frequency", None),  # missing
    ("scenarios", "id", "S L1"),
    ("scenarios", "layer", 2.5),
    ("scenarios", "loss_p05", -1),
    ("scenarios", "loss_p95", "a lot"),
    ("scenarios", "losses_p95", 1),  # no such column
    ("scenarios", "frequency_model", "binomial"),
    ("effects", "acts_on", "both"),
    ("effects", "effect", 1),
    ("effects", "effect", "100%"),
    ("effects", "effect", "1.2"),
    ("status", "status", "in_place,mandatory"),
    ("triggers", "probability", 1.01),
    ("measures", "effect_scale", 0),
    ("measures", "capex", "30 dollars"),
    ("measures", "effort_initial", -1),
    ("subsidies", "share", "120%"),
    ("subsidies", "valid_until", "March"),
    ("relations", "kind", "needs"),
]


@pytest.mark.parametrize(("table", "column", "value"), MISTAKES)
def test_control_a_planted_mistake_is_found(table: str, column: str, value: Any) -> None:
    whole = document("machine-parts-sme")
    sound = whole[table]
    assert not list(validator(table).iter_errors(sound))
    broken = copy.deepcopy(sound)
    if value is None:
        del broken[0][column]
    else:
        broken[0][column] = value
    errors = list(validator(table).iter_errors(broken))
    assert errors
    assert all(list(error.absolute_path)[:1] == [0] for error in errors)


SETTING_MISTAKES: list[tuple[tuple[str, ...], Any]] = [
    (("organization",), {}),
    (("organisation", "employee"), 60),
    (("organisation", "cash_reserve"), -1),
    (("currency",), "yen?"),
    (("format",), 2),
    (("study", "n_trials"), 0),
    (("study", "discount_rate"), 2),
    (("targets", "tvar95"), []),
    (("report",), {"accent": "blue"}),
]


@pytest.mark.parametrize(("place", "value"), SETTING_MISTAKES)
def test_control_a_planted_mistake_in_the_settings_is_found(place: tuple[str, ...], value: Any) -> None:
    sound = document("machine-parts-sme")["case"]
    broken = copy.deepcopy(sound)
    home = broken
    for key in place[:-1]:
        home = home.setdefault(key, {})
    home[place[-1]] = value
    assert not list(validator("case").iter_errors(sound))
    assert list(validator("case").iter_errors(broken))


TEXTS = (
    "0", "1", "0.3", ".5", "1.0", "1e3", "-1", "1,000", "1_000", "10,00", "30%", "99.9%", "100%", "101%", "-5%", "30M", "300k", "1.2B", "¥30M",
    "3000万", "3000万円", "1.2億円", "1億2000万円", "1兆", "円", "1/10", "3 / 4", "1/0", "a", "a b", "a;b", "a; b;", ";", "A.1_b-c", "日本", "",
    " ", "basic", "frequency", "requires", "in_place", "in_place;excluded", "in_place, mandatory", "poisson", "bernoulli",
    "negative_binomial(cv=1.2)", "negative_binomial(cv=)", "negative_binomial(cv=0)", "high", "scheme", "2027-03-31", "2027/3/1", "2027-13-01", "2027-02-30",
    "JPY", "jp", "#1F6F8B", "#ffffff", "PR.AA-05", "SR 1.1", "a=b", "x" * 70,
)  # fmt: skip
NUMBERS = (0, 1, 2, 0.3, 0.999, 1.5, -1, 50, 51, 1e6, 2e6, 1e18, 2e18, 100_000)
BEYOND = {
    "2027-02-30": "which days a month has",
    "1/0": "division",
    "negative_binomial(cv=0)": "a range within a text",
    "#ffffff": "contrast",
}
"""What a pattern cannot say; the file reference does."""


def taken(convert: Any, value: object) -> bool:
    from tenbin.inputs.cells import to_text

    try:
        convert(to_text(value))
    except BadCell:
        return False
    return True


@pytest.mark.parametrize("name", [*TABLES, "case"])
def test_what_a_schema_admits_tenbin_reads(name: str) -> None:
    columns = SETTINGS if name == "case" else TABLES[name].columns
    admitted = 0
    for column, how in columns.items():
        properties = MADE[f"{name}.json"]["properties"] if name == "case" else MADE[f"{name}.json"]["items"]["properties"]
        for key in column.split(".")[:-1]:
            properties = properties[key]["properties"]
        one = Draft202012Validator(properties[column.rpartition(".")[2]])
        for value in (*TEXTS, *NUMBERS):
            if one.is_valid(value) and value not in BEYOND:
                in_range = isinstance(value, str) and value.strip() and _only_the_range_is_wrong(how.convert, value)
                assert taken(how.convert, value) or in_range, (column, value)
                admitted += 1
    assert admitted > len(columns)


def _only_the_range_is_wrong(convert: Any, text: str) -> bool:
    """A number written as text is not held against its range."""
    from tenbin.inputs.written import Sort, how_written

    return how_written(convert).sort in (Sort.WHOLE, Sort.NUMBER) and text[0].isdigit()


def test_cost_tables_are_among_them() -> None:
    assert set(MADE["mapping.json"]["required"]) == {"scenarios", "effects", "measures"}
    assert {f"{name}.json" for name in COST_TABLES} <= set(MADE)
    assert json.loads(schemas.text_of(MADE["mapping.json"])) == MADE["mapping.json"]
