"""Reading a catalogue: its measures from one CSV file; layers and components from the bundled tables where the ids match."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from tenbin.catalogue.standards import bundled_crosswalk
from tenbin.errors import InputError, Problem, reason_of
from tenbin.model import Catalogue, Component, Layer, Measure, Protected
from tenbin.words import saying, speaker

__all__ = ["BUNDLED", "load_catalogue"]

said = saying("problems")
say = speaker("figures")

BUNDLED = "cpsf-2018-draft"
REQUIRED = ("id", "layer", "components")
TEXTS = ("title_ja", "title_en", "risk_factor_ja", "risk_factor_en", "impact_ja", "impact_en", "outline_ja", "outline_en")
ID = re.compile(r"[A-Za-z0-9._-]+")
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MOST_BYTES = 50_000_000

Records = list[tuple[int, dict[str, str]]]


def load_catalogue(name_or_path: str, relative_to: Path | None = None) -> Catalogue:
    """Load the bundled catalogue, or a user's CSV file of the same columns (id, layer, components and a title at least).

    Parameters
    ----------
    name_or_path : ``cpsf-2018-draft``, or a path to a CSV file; the catalogue is then called by the file's name.
    relative_to : the folder where relative paths start; the current one unless given.

    Raises
    ------
    InputError : when it is neither, or with every rule that the file breaks.
    """
    if name_or_path == BUNDLED:
        return _bundled_catalogue(name_or_path)
    if not name_or_path.lower().endswith(".csv"):
        close = get_close_matches(name_or_path, [BUNDLED], 1, 0.4)
        remedy = said("did_you_mean", name=BUNDLED) if close else said("do_catalogue", name=BUNDLED)
        raise InputError([_setting(said("must_catalogue"), name_or_path, remedy)])
    path = (relative_to or Path()) / name_or_path
    label = _shown(name_or_path)
    problems: list[Problem] = []
    records = _records(path, label, problems)
    measures = _measures(records, label, problems)
    if problems:
        raise InputError(problems)
    return _with_frame(path.name, measures)


def _setting(rule: str, value: str, remedy: str) -> Problem:
    return Problem("case", 0, "catalogue", rule, _shown(value), remedy)


def _shown(value: str, longest: int = 200) -> str:
    """A value as a message shows it: one printable line, "nothing" when blank."""
    return "".join(character for character in " ".join(value.split()) if character.isprintable())[:longest] or said(
        "got_nothing"
    )


def _bundled(name: str) -> Iterable[dict[str, str]]:
    text = (files("tenbin.catalogue") / "data" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return csv.DictReader(io.StringIO(text, newline=""))


@cache
def _frame() -> tuple[dict[int, Layer], dict[str, Component]]:
    """The bundled layers by number and components by id, in the framework's order."""
    items: dict[int, list[Protected]] = {}
    for row in _bundled("protects"):
        items.setdefault(int(row["layer"]), []).append(Protected(row["kind"], row["ja"], row["en"]))
    layers = {
        (number := int(row["layer"])): Layer(
            number, row["title_ja"], row["title_en"], row["aim_ja"], row["aim_en"], tuple(items.get(number, ()))
        )
        for row in _bundled("layers")
    }
    requirements: dict[str, list[tuple[str, str]]] = {}
    for row in _bundled("requirements"):
        requirements.setdefault(row["component"], []).append((row["requirement_ja"], row["requirement_en"]))
    components = {
        (part := row["component"]): Component(part, row["title_ja"], row["title_en"], tuple(requirements.get(part, ())))
        for row in _bundled("components")
    }
    return layers, components


@cache
def _bundled_catalogue(name: str) -> Catalogue:
    layers, components = _frame()
    measures = sorted((_measure(row) for row in _bundled(name)), key=lambda measure: measure.id)
    return Catalogue(name, tuple(layers.values()), tuple(components.values()), tuple(measures), bundled_crosswalk())


def _with_frame(name: str, measures: list[Measure]) -> Catalogue:
    """A user's measures with the layers and components that occur in them: bundled titles where the ids match."""
    layers, components = _frame()
    numbers = sorted({measure.layer for measure in measures})
    occurring = dict.fromkeys(part for measure in measures for part in measure.components)
    parts = [part for part in components if part in occurring] + sorted(part for part in occurring if part not in components)
    return Catalogue(
        name,
        tuple(
            layers.get(number, Layer(number, say("layer_number", "ja", n=number), say("layer_number", "en", n=number)))
            for number in numbers
        ),
        tuple(components.get(part, Component(part, part, part)) for part in parts),
        tuple(sorted(measures, key=lambda measure: measure.id)),
    )


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _tidy(text).split(";") if part.strip()))


def _measure(row: dict[str, str]) -> Measure:
    texts = {name: row.get(name, "") if row.get(name, "").strip() else "" for name in TEXTS}
    return Measure(_tidy(row["id"]), int(_tidy(row["layer"])), _split(row["components"]), **texts)


def _text(path: Path, label: str, problems: list[Problem]) -> str | None:
    try:
        if not path.is_file():
            problems.append(_setting(said("must_csv_path"), label, said("do_case_path")))
            return None
        if path.stat().st_size > MOST_BYTES:
            rule = said("must_megabytes", n=MOST_BYTES // 1_000_000)
            problems.append(Problem(label, 0, "", rule, said("got_more"), said("do_split")))
            return None
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) and error.strerror else said("got_error")
        problems.append(Problem(label, 0, "", said("must_readable_file"), reason, said("do_check_path")))
        return None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
        if any(ord(character) < 32 and character not in "\t\n" for character in text):
            break
        return text
    problems.append(Problem(label, 0, "", said("must_encoding"), said("got_something_else"), said("do_save_as_utf8")))
    return None


def _records(path: Path, label: str, problems: list[Problem]) -> Records:
    """Rows by column, with the line on which each begins."""
    text = _text(path, label, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    records: Records = []
    before = len(problems)
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [_tidy(cell) for cell in cells]
                _check_header(header, label, problems)
            elif len(cells) != len(header):
                rule = said("must_cells", n=len(header))
                problems.append(Problem(label, begins, "", rule, str(len(cells)), said("do_quote_commas")))
            else:
                records.append((begins, {name: _unguarded(cell) for name, cell in zip(header, cells, strict=True)}))
    except csv.Error as error:
        got = said("got_bad_line", what=str(error))
        problems.append(Problem(label, line, "", said("must_csv"), got, said("do_quotes_from_here")))
    if not records and len(problems) == before:
        problems.append(Problem(label, 0, "", said("must_have_rows"), said("got_none"), said("do_add_header")))
    return records if len(problems) == before else []


def _unguarded(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from reading a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def _check_header(header: list[str], label: str, problems: list[Problem]) -> None:
    known = (*REQUIRED, *TEXTS)
    for name in REQUIRED:
        if name not in header:
            problems.append(Problem(label, 1, name, said("must_there"), said("got_no_column"), said("do_add_column")))
    for name in dict.fromkeys(header):
        if name not in known:
            close = get_close_matches(name, known, 1)
            remedy = said("did_you_mean", name=close[0]) if close else said("known", names=known)
            column = _shown(name, 60) if name else ""
            problems.append(Problem(label, 1, column, said("must_column_name"), _shown(name, 60), remedy))
        elif header.count(name) > 1:
            problems.append(Problem(label, 1, name, said("must_once"), said("got_twice"), said("do_delete_one")))


def _measures(records: Records, label: str, problems: list[Problem]) -> list[Measure]:
    found: list[Measure] = []
    seen: dict[str, int] = {}
    before = len(problems)

    def refuse(number: int, column: str, rule: str, value: str, remedy: str) -> None:
        problems.append(Problem(label, number, column, rule, _shown(value, 60), remedy))

    for number, row in records:
        name, layer, parts = _tidy(row["id"]), _tidy(row["layer"]), _split(row["components"])
        if not ID.fullmatch(name):
            refuse(number, "id", said("must_id"), name, said("do_measure_id"))
        elif name in seen:
            refuse(number, "id", said("must_once"), name, said("do_delete_twin", row=seen[name]))
        seen.setdefault(name, number)
        if not (layer.isascii() and layer.isdigit() and len(layer) <= 2):
            refuse(number, "layer", said("must_layer_to_99"), layer, said("do_number", example="1"))
        if not parts:
            refuse(number, "components", said("must_one_component"), "", said("do_semicolons"))
        for part in parts:
            if not ID.fullmatch(part):
                refuse(number, "components", said("must_ids"), part, said("do_ids"))
        if not (row.get("title_ja", "").strip() or row.get("title_en", "").strip()):
            refuse(number, "title_en", said("must_title"), "", said("do_measure_title"))
        if len(problems) == before:
            found.append(_measure(row))
    return found
