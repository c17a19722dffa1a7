"""The settings below ``[report]``, in a case or in a file of their own → a brand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.inputs.cells import BadCell, day, prose, tidy, to_text
from tenbin.inputs.containers import forbidden_character
from tenbin.inputs.folder import read_toml
from tenbin.inputs.logos import read_logo
from tenbin.inputs.words import LONGEST_PATH, nearest, shown
from tenbin.inputs.written import Sort, Written, told
from tenbin.model import Brand
from tenbin.units.colours import contrast, readable_shade
from tenbin.words import Said

__all__ = ["BRAND_KEYS", "MOST_CHARACTERS", "MOST_IN_A_NAME", "SECTION", "brand_of", "read_brand"]

SECTION = "report"
MOST_CHARACTERS = 2_000
MOST_IN_A_NAME = 200
READABLE = 4.5


def _text(text: str, most: int = MOST_CHARACTERS) -> str:
    if len(text) > most:
        raise BadCell(
            Said("brand", "text_rule", most=f"{most:,}"),
            Said("brand", "text_remedy", n=f"{len(text):,}"),
        )
    return prose(text)


def _name(text: str) -> str:
    return " ".join(_text(text, MOST_IN_A_NAME).split())


def _colour(text: str) -> str:
    value = tidy(text).upper()
    if len(value) != 7 or value[0] != "#" or not set(value[1:]) <= set("0123456789ABCDEF"):
        raise BadCell(Said("brand", "colour_rule"), Said("brand", "colour_remedy"))
    ratio = contrast(value, "#FFFFFF")
    if ratio < READABLE:
        raise BadCell(
            Said("brand", "contrast_rule"),
            Said("brand", "contrast_remedy", ratio=f"{int(ratio * 10) / 10:.1f}", shade=readable_shade(value)),
        )
    return value


told(_text, Written(most=MOST_CHARACTERS))
told(_name, Written(most=MOST_IN_A_NAME))
told(_colour, Written(Sort.COLOUR, rule=Said("brand", "colour_rule")))

BRAND_KEYS: Mapping[str, Callable[[str], Any]] = {
    "client": _name,
    "author": _name,
    "company": _name,
    "logo": lambda text: text.strip(),
    "accent": _colour,
    "version": _name,
    "date": told(lambda text: day(text).isoformat(), Written(Sort.DATE, rule=Said("problems", "must_date"))),
    "confidentiality": _name,
    "disclaimer": _text,
}
"""The keys of ``[report]``, and how each is read; a logo is the path of a picture from the file's folder."""


def brand_of(
    values: Mapping[str, Any], home: Path, label: str, lines: Mapping[str, int], problems: list[Problem]
) -> Brand | None:
    """The brand of values that were read; None when nothing is said. The logo is opened here.

    Parameters
    ----------
    values : by key of ``[report]``; a ``Logo`` in place of a path is taken as it is.
    home : where the logo's path starts.
    lines : the row of each dotted key.
    """
    given = {key: value for key, value in values.items() if value}
    if isinstance(logo := given.get("logo"), str):
        try:
            given["logo"] = read_logo(home / logo)
        except BadCell as error:
            where = f"{SECTION}.logo"
            row = lines.get(where, lines.get("logo", 0))
            problems.append(Problem(label, row, where, error.rule, shown(logo, LONGEST_PATH), error.remedy))
            del given["logo"]
    return Brand(**given) if given else None


def read_brand(path: str | Path) -> Brand:
    """A brand's file: TOML with the keys of ``[report]``, at its top or below ``[report]``.

    Raises
    ------
    InputError : with every problem of it.
    """
    file, problems = Path(path), list[Problem]()
    label = shown(path, LONGEST_PATH)
    document, lines = read_toml(file, label, problems)
    values: dict[str, Any] = {}
    for key, value, dotted in _pairs(document or {}):
        row = lines.get(dotted, 0)
        if key not in BRAND_KEYS:
            problems.append(
                Problem(label, row, shown(key), Said("brand", "brand_key_rule"), shown(key), nearest(key, BRAND_KEYS))
            )
        elif isinstance(value, list | dict):
            rule, remedy = Said("brand", "brand_value_rule"), Said("brand", "brand_value_remedy")
            problems.append(Problem(label, row, key, rule, shown(value), remedy))
        elif (text := to_text(value)).strip():
            if character := forbidden_character(text):
                rule, remedy = Said("brand", "control_rule"), Said("brand", "control_remedy")
                problems.append(Problem(label, row, key, rule, character, remedy))
                continue
            try:
                values[key] = BRAND_KEYS[key](text)
            except BadCell as error:
                got = text if error.value is None else error.value
                problems.append(Problem(label, row, key, error.rule, shown(got), error.remedy))
    brand = brand_of(values, file.parent, label, lines, problems)
    if document is not None and not document:
        rule, remedy = Said("brand", "brand_file_rule"), Said("brand", "brand_file_remedy")
        problems.append(Problem(label, 0, "", rule, Said("brand", "nothing_there"), remedy))
    if problems:
        raise InputError(problems)
    return brand or Brand()


def _pairs(document: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """(key, value, dotted key) of a document, those below [report] among them."""
    found: list[tuple[str, Any, str]] = []
    for key, value in document.items():
        if key == SECTION and isinstance(value, Mapping):
            found += [(name, inner, f"{SECTION}.{name}") for name, inner in value.items()]
        else:
            found.append((key, value, key))
    return found
