"""Containers of tables: a folder of CSV files or a mapping of DataFrames, all read into the same plain form."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tenbin.errors import Problem

__all__ = ["Container", "RawTable", "open_folder", "open_mapping"]

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as text: its label in messages, its header, its rows with the numbers that an editor shows."""

    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(slots=True)
class Container:
    """Tables by name, settings, and what could not be read. ``folder`` is where relative paths start."""

    label: str
    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    settings: dict[str, Any] | None = None
    settings_label: str = ""
    folder: Path | None = None
    problems: list[Problem] = field(default_factory=list)


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def read_text(path: Path, label: str, problems: list[Problem]) -> str | None:
    """A file's text in UTF-8 (with or without BOM) or CP932; None, with a problem, when it has none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(
            Problem(label, 0, "", "a readable file", error.strerror or "an error", "Check the path and its permissions.")
        )
        return None
    if not content.strip():
        problems.append(Problem(label, 0, "", "a table with a header", "an empty file", "Delete the file or write its header."))
        return None
    text = _decode(content)
    if text is None:
        problems.append(
            Problem(label, 0, "", "text in UTF-8 or CP932", "another encoding", 'Save it as "CSV UTF-8" from your spreadsheet.')
        )
    return text


def read_csv(path: Path, label: str, problems: list[Problem]) -> RawTable | None:
    """A CSV file as a table; rows are numbered by the line on which they begin."""
    text = read_text(path, label, problems)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[tuple[int, tuple[str, ...]]] = []
    header: tuple[str, ...] | None = None
    line = 1
    try:
        for record in reader:
            begins, line = line, reader.line_num + 1
            if header is None:
                header = tuple(name.strip() for name in record)
            elif any(cell.strip() for cell in record):
                rows.append((begins, tuple(record)))
            if len(rows) > MOST_ROWS:
                problems.append(Problem(label, begins, "", f"at most {MOST_ROWS:,} rows", "more", "Split the case."))
                return None
    except csv.Error as error:
        problems.append(Problem(label, line, "", "a line of CSV", str(error), "Check the quotes of this line."))
        return None
    return RawTable(label, header or (), tuple(rows))


def open_folder(folder: Path, label: str, wanted: Mapping[str, str], settings: str | None) -> Container:
    """Read the tables of a folder. ``wanted`` maps table names to what they are; other CSV files are problems."""
    container = Container(label, folder.name, folder=folder)
    problems = container.problems
    if not folder.is_dir():
        what = "a file" if folder.exists() else "nothing there"
        problems.append(
            Problem(label, 0, "", "a folder with the tables", what, "Give the folder's path; tenbin init makes one.")
        )
        return container
    if settings is not None:
        path = folder / settings
        container.settings_label = f"{label}/{settings}"
        if path.is_file():
            container.settings = read_toml(path, container.settings_label, problems)
        else:
            problems.append(
                Problem(container.settings_label, 0, "", "there", "no such file", "tenbin init makes a case to edit.")
            )
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in wanted:
            known = ", ".join(f"{name}.csv" for name in wanted)
            problems.append(Problem(f"{label}/{path.name}", 0, "", f"one of {known}", path.name, "Rename or move the file."))
            continue
        table = read_csv(path, f"{label}/{path.name}", problems)
        if table is not None:
            container.tables[path.stem] = table
        else:
            container.tables[path.stem] = RawTable(f"{label}/{path.name}", (), ())
    return container


def read_toml(path: Path, label: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The settings of a case.toml; None, with a problem, when it cannot be read."""
    text = read_text(path, label, problems)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(label, 0, "", "valid TOML", str(error), "Check the quotes and brackets there."))
        return None


def _text(value: Any) -> str:
    """A DataFrame's cell as the text that a person would have typed."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "item"):
        return _text(value.item())
    text = str(value)
    return "" if text in ("<NA>", "NaT") else text


def open_mapping(source: Mapping[str, Any], wanted: Mapping[str, str]) -> Container:
    """Read a mapping of DataFrames; ``case`` holds the settings, as a nested dict or a frame of key and value."""
    container = Container("frames", "frames", settings_label="case")
    for name, content in source.items():
        if name == "case":
            container.settings = _settings(content, container.problems)
            container.name = str((container.settings or {}).get("name", "frames"))
        elif name not in wanted:
            known = ", ".join(wanted)
            container.problems.append(
                Problem(str(name), 0, "", f"one of {known}", repr(name), "Rename or leave out the table.")
            )
        elif not hasattr(content, "columns"):
            container.problems.append(
                Problem(str(name), 0, "", "a DataFrame", type(content).__name__, "Give a pandas DataFrame.")
            )
        else:
            rows = tuple(
                (n + 2, tuple(_text(cell) for cell in record))
                for n, record in enumerate(content.itertuples(index=False, name=None))
            )
            rows = tuple((n, record) for n, record in rows if any(cell.strip() for cell in record))
            container.tables[name] = RawTable(name, tuple(str(column) for column in content.columns), rows)
    if container.settings is None:
        container.settings = {}
    return container


def _settings(content: Any, problems: list[Problem]) -> dict[str, Any] | None:
    if isinstance(content, Mapping):
        return {str(key): value for key, value in content.items()}
    if not hasattr(content, "columns") or list(content.columns)[:2] != ["key", "value"]:
        problems.append(
            Problem("case", 0, "", "a dict, or a frame with key and value", type(content).__name__, "Give the settings.")
        )
        return None
    nested: dict[str, Any] = {}
    for key, value in content[["key", "value"]].itertuples(index=False, name=None):
        place = nested
        *path, last = str(key).split(".")
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return nested
