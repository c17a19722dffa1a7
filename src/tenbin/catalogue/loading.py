"""Reading a catalogue: its measures from one CSV file, layers and components from the bundled tables where ids match."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from tenbin.errors import InputError, Problem
from tenbin.model import Catalogue, Component, Layer, Measure, Protected

__all__ = ["BUNDLED", "load_catalogue"]

BUNDLED = "cpsf-2018-draft"
REQUIRED = ("id", "layer", "components")
TEXTS = ("title_ja", "title_en", "risk_factor_ja", "risk_factor_en", "impact_ja", "impact_en", "outline_ja", "outline_en")
ID = re.compile(r"^[A-Za-z0-9._-]+$")

Records = list[tuple[int, dict[str, str]]]


def _bundled(name: str) -> list[dict[str, str]]:
    text = (files("tenbin.catalogue") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def _frame() -> tuple[tuple[Layer, ...], tuple[Component, ...]]:
    items: dict[int, list[Protected]] = {}
    for row in _bundled("protects"):
        items.setdefault(int(row["layer"]), []).append(Protected(row["kind"], row["ja"], row["en"]))
    layers = tuple(
        Layer(n := int(row["layer"]), row["title_ja"], row["title_en"], row["aim_ja"], row["aim_en"], tuple(items.get(n, ())))
        for row in _bundled("layers")
    )
    requirements: dict[str, list[tuple[str, str]]] = {}
    for row in _bundled("requirements"):
        requirements.setdefault(row["component"], []).append((row["requirement_ja"], row["requirement_en"]))
    components = tuple(
        Component(row["component"], row["title_ja"], row["title_en"], tuple(requirements.get(row["component"], ())))
        for row in _bundled("components")
    )
    return layers, components


@cache
def _bundled_catalogue(name: str) -> Catalogue:
    layers, components = _frame()
    return Catalogue(name, layers, components, tuple(_measure(row) for row in _bundled(name)))


def _measure(row: dict[str, str]) -> Measure:
    parts = tuple(part.strip() for part in row["components"].split(";") if part.strip())
    return Measure(row["id"].strip(), int(row["layer"]), parts, **{name: (row.get(name) or "").strip() for name in TEXTS})


def load_catalogue(name: str, relative_to: Path | None = None) -> Catalogue:
    """Load the bundled catalogue, or a user's CSV file of the same columns.

    Parameters
    ----------
    name : ``cpsf-2018-draft``, or a path (relative to ``relative_to``).

    Raises
    ------
    InputError : when it is neither, or the file breaks a rule.
    """
    if name == BUNDLED:
        return _bundled_catalogue(name)
    path = (relative_to or Path()) / name
    if path.suffix.lower() != ".csv" or not path.is_file():
        remedy = f'Write catalogue = "{BUNDLED}", or the path of a CSV file of the same columns.'
        raise InputError([Problem("case.toml", 0, "catalogue", "a known catalogue or a CSV file", repr(name), remedy)])
    problems: list[Problem] = []
    rows = _read(path, name, problems)
    measures = _check(rows, name, problems)
    if problems:
        raise InputError(problems)
    layers, components = _frame()
    known_layers, known_components = {x.number: x for x in layers}, {x.id: x for x in components}
    numbers = sorted({measure.layer for measure in measures})
    parts = [c.id for c in components] + sorted({c for m in measures for c in m.components} - known_components.keys())
    return Catalogue(
        name,
        tuple(known_layers.get(n, Layer(n, f"第{n}層", f"Layer {n}")) for n in numbers),
        tuple(known_components.get(c, Component(c, c, c)) for c in parts),
        tuple(sorted(measures, key=lambda measure: measure.id)),
    )


def _read(path: Path, label: str, problems: list[Problem]) -> Records:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (OSError, UnicodeDecodeError, csv.Error):
        problems.append(Problem(label, 0, "", "a CSV file in UTF-8", "something else", 'Save it as "CSV UTF-8".'))
        return []
    header = list(rows[0]) if rows else []
    for column in REQUIRED:
        if column not in header:
            problems.append(Problem(label, 1, column, "there", "no such column", "Add the column."))
    for column in header:
        if column not in (*REQUIRED, *TEXTS):
            problems.append(
                Problem(label, 1, str(column), "a known column", repr(column), f"Known: {', '.join((*REQUIRED, *TEXTS))}.")
            )
    return [] if problems else [(n, row) for n, row in enumerate(rows, start=2)]


def _check(rows: Records, label: str, problems: list[Problem]) -> list[Measure]:
    found: dict[str, Measure] = {}
    for number, row in rows:
        name, layer = (row["id"] or "").strip(), (row["layer"] or "").strip()
        if not ID.match(name):
            problems.append(
                Problem(label, number, "id", "an id of letters, digits, '.', '_' and '-'", repr(name), "Use L1.001.")
            )
        elif name in found:
            problems.append(Problem(label, number, "id", "unique", repr(name), "Delete one of the rows."))
        elif not layer.isdigit() or int(layer) < 1:
            problems.append(Problem(label, number, "layer", "the number of a layer", repr(layer), "Write 1, 2 or 3."))
        elif not (row.get("title_ja") or row.get("title_en")):
            problems.append(Problem(label, number, "title_en", "filled (or title_ja)", "nothing", "Give the measure a title."))
        else:
            found[name] = _measure(row)
    return list(found.values())
