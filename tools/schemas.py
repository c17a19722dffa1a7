"""The published JSON Schemas of a case: ``docs/schema/*.json``, made of ``tenbin.inputs.schema``.

``python tools/schemas.py`` writes them anew; a test fails when they are stale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenbin.inputs.schema import CASE_TABLES, COST_TABLES, SETTINGS, TABLES, Column, Table
from tenbin.inputs.written import Sort, Written, how_written
from tenbin.workbooks.layout import help_of, label_of, setting_help, setting_label

__all__ = ["FOLDER", "schemas", "write_schemas"]

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The name of the dialect; nothing is fetched."""
ID = r"[A-Za-z0-9._\-]+"
DIGITS = r"([0-9]+([_,][0-9]{3})*(\.[0-9]+)?|\.[0-9]+)([eE][+\-]?[0-9]{1,9})?"
PART = r"[0-9]+([_,][0-9]{3})*(\.[0-9]+)?"
PLAIN_AMOUNT = rf"[¥$€£]? *{DIGITS} *([kKmMbB]|千万|百万|千|万|億|兆)? *円?"
JAPANESE_AMOUNT = rf"(?=.*[兆億万])¥?({PART}兆)?({PART}億)?({PART}万)?([0-9]+([_,][0-9]{{3}})*)?円?"
AMOUNT = f"^({PLAIN_AMOUNT}|{JAPANESE_AMOUNT})$"
PERCENT_BELOW = r"([0-9]{1,2}(\.[0-9]+)?|\.[0-9]+) *%"
FRACTION = rf"{DIGITS} */ *{DIGITS}"


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its file's name."""
    made = {f"{name}.json": _table(name, table) for name, table in TABLES.items()}
    made["case.json"] = _settings()
    made["mapping.json"] = _mapping()
    return made


def write_schemas(folder: Path = FOLDER) -> None:
    """Write the files, and take away those that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = schemas()
    for old in set(folder.glob("*.json")) - {folder / name for name in made}:
        old.unlink()
    for name, schema in made.items():
        (folder / name).write_text(text_of(schema), encoding="utf-8", newline="\n")


def text_of(schema: Mapping[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def urn(name: str) -> str:
    """A schema's name: no address, since nothing is to be fetched."""
    return f"urn:tenbin:case:1:{name}"


def _table(name: str, table: Table) -> dict[str, Any]:
    row = {
        "type": "object",
        "additionalProperties": False,
        "required": [column for column, how in table.columns.items() if how.is_filled],
        "properties": {column: _cell(name, column, how) for column, how in table.columns.items()},
    }
    schema: dict[str, Any] = {"$schema": DIALECT, "$id": urn(name), "title": name, "type": "array", "items": row}
    return schema | ({"minItems": 1} if table.has_rows else {})


def _cell(table: str, column: str, how: Column) -> dict[str, Any]:
    title, description = label_of(table, column, "en"), help_of(table, column, "en")
    schema: dict[str, Any] = {"title": title, "description": description, **_taken(how_written(how.convert))}
    return schema if how.is_filled else _blank(schema, how.blank)


def _blank(schema: dict[str, Any], blank: Any) -> dict[str, Any]:
    """A cell that may be left blank, and what a blank one means."""
    if isinstance(blank, int | float | str) and blank != "":
        schema["default"] = int(blank) if isinstance(blank, float) and blank.is_integer() else blank
    return schema


def _taken(written: Written) -> dict[str, Any]:
    """The keywords for a cell of a sort."""
    bounds: dict[str, Any] = {}
    for word, value, without in (
        ("minimum", written.low, written.without_low),
        ("maximum", written.high, written.without_high),
    ):
        if value is not None:
            bounds[f"exclusive{word.capitalize()}" if without else word] = _plain(value)
    match written.sort:
        case Sort.ID:
            return _text(f"^{ID}$")
        case Sort.IDS:
            return _text(f"^ *{ID} *(; *{ID} *)*;? *$")
        case Sort.AMOUNT:
            return {"anyOf": [{"type": "number", **bounds}, _text(AMOUNT)]}
        case Sort.NUMBER:
            return {"anyOf": [{"type": "number", **bounds}, _text(f"^{FRACTION}$")]}
        case Sort.SHARE:
            whole = "" if written.without_high else r"|100(\.0+)? *%"
            sign = "-?" if written.low is not None and written.low < 0 else ""
            return {"anyOf": [{"type": "number", **bounds}, _text(f"^{sign}({PERCENT_BELOW}{whole})$")]}
        case Sort.WHOLE:
            return {"anyOf": [{"type": "integer", **bounds}, _text(r"^[0-9]{1,3}([_,]?[0-9]{3})*$")]}
        case Sort.CHOICE:
            return {"enum": list(written.choices)}
        case Sort.CHOICES:
            words = "|".join(written.choices)
            return _text(f"^ *({words}) *(; *({words}) *)*;? *$")
        case Sort.DATE:
            return _text(r"^[0-9]{4}[\-/.](0?[1-9]|1[0-2])[\-/.](0?[1-9]|[12][0-9]|3[01])$")
        case Sort.CURRENCY:
            return _text("^[A-Za-z]{3}$")
        case Sort.COLOUR:
            return _text("^#[0-9A-Fa-f]{6}$")
        case Sort.LAW:
            return _text(rf"^(poisson|bernoulli|negative_binomial *\( *cv *= *{DIGITS} *\))$")
        case Sort.FORMS:
            share = rf" *[A-Za-z][A-Za-z0-9_ .\-]*= *({PERCENT_BELOW}|100 *%|0?\.[0-9]+|0|1) *"
            return _text(rf"^([^;=]+(;[^;=]*)*|{share}(;{share})*;?)$")
        case Sort.REFERENCE:
            return {
                "anyOf": [
                    {"type": "number"},
                    {"type": "string", "pattern": "^[^;,=%]*[^;,=% ][^;,=%]*$", "maxLength": written.most},
                ]
            }
        case _:
            return {"type": ["string", "number"]} | ({"maxLength": written.most} if written.most else {})


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _settings() -> dict[str, Any]:
    """The schema of ``case.toml``, as a TOML reader gives it."""
    top: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {}
    for key, how in SETTINGS.items():
        section, _, name = key.rpartition(".")
        schema = {"title": setting_label(key, "en"), "description": setting_help(key, "en"), **_taken(how_written(how.convert))}
        home = sections.setdefault(section, {}) if section else top
        home[name] = _blank({word: value for word, value in schema.items() if value != ""}, how.blank)
    one = {"type": ["string", "number"]}
    values = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
    for section in ("targets", "levels"):
        top[section] = {"type": "object", "description": setting_help(section, "en"), "additionalProperties": values}
    top["targets"]["additionalProperties"] = {"anyOf": [*values["anyOf"], {"type": "object"}]}  # tvar99.5 = … nests in TOML
    for section, properties in sections.items():
        top[section] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {
        "$schema": DIALECT,
        "$id": urn("case"),
        "title": "case.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": top,
    }


def _mapping() -> dict[str, Any]:
    """The schema of a whole case as one document: its settings and its tables."""
    return {
        "$schema": DIALECT,
        "$id": urn("mapping"),
        "title": "a case: its settings and its tables",
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, table in CASE_TABLES.items() if table.is_there]
        + [name for name, table in COST_TABLES.items() if table.is_there],
        "properties": {name: {"$ref": urn(name)} for name in ("case", *TABLES)},
    }


if __name__ == "__main__":
    write_schemas()
