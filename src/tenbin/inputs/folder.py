"""A folder of CSV files with its ``case.toml`` as a container."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tenbin.errors import Problem, reason_of
from tenbin.inputs.containers import Container
from tenbin.inputs.csv_files import read_csv, read_text
from tenbin.inputs.words import LONGEST_PATH, nearest, said, shown

__all__ = ["SETTINGS", "label_of", "open_case_folder", "open_folder", "read_toml"]

SETTINGS = "case.toml"
REMEDY = said("do_case_folder")


def label_of(path: Path, start: Path) -> str:
    """A path as messages show it: relative to ``start``, with slashes."""
    try:
        return shown(Path(os.path.relpath(path, start)).as_posix(), LONGEST_PATH)
    except ValueError:  # another drive
        return shown(path.as_posix(), LONGEST_PATH)


def open_case_folder(source: Path, wanted: Collection[str]) -> Container:
    """Read a case's folder; labels are relative to the folder's parent."""
    typed = shown(source, LONGEST_PATH)
    problems: list[Problem] = []
    container = Container(source.name, problems=problems)
    try:
        folder = source.resolve()
        is_folder, exists = folder.is_dir(), folder.exists()
    except (OSError, ValueError, RuntimeError):
        is_folder = exists = False
    if not is_folder:
        got = said("got_file") if exists else said("got_nothing_there")
        problems.append(Problem(typed, 0, "", said("must_case_folder"), got, REMEDY))
        return container
    if not (folder / SETTINGS).exists() and not any((folder / f"{name}.csv").exists() for name in wanted):
        problems.append(Problem(typed, 0, "", said("must_case_folder"), said("got_folder_without"), REMEDY))
        return container
    prefix = f"{shown(folder.name, LONGEST_PATH)}/"
    text = None
    label = f"{prefix}{SETTINGS}"
    if (folder / SETTINGS).exists():
        text = read_text(folder / SETTINGS, label, problems)
    else:
        problems.append(Problem(label, 0, "", said("must_there"), said("got_no_file"), said("do_least_settings")))
    found_settings = _toml(text, label, problems) if text is not None else None
    settings = found_settings or {}
    catalogue = settings.get("catalogue")
    own = {catalogue.removeprefix("./")} if isinstance(catalogue, str) else set()
    found = open_folder(folder, prefix, wanted, skip=own)
    found.problems[:0] = problems
    found.settings, found.settings_label, found.lines = settings, label, _lines(text or "")
    found.has_settings = found_settings is not None
    return found


def open_folder(folder: Path, prefix: str, wanted: Collection[str], skip: Collection[str] = ()) -> Container:
    """Read the wanted tables of a folder that exists; other CSV files, but for ``skip``, are problems."""
    container = Container(
        folder.name.encode("utf-8", "replace").decode(),
        folder=folder,
        prefix=prefix,
        suffix=".csv",
        settings_label=f"{prefix}{SETTINGS}",
    )
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        rule, remedy = said("must_readable_folder"), said("do_check_permissions")
        container.problems.append(Problem(prefix, 0, "", rule, reason_of(error), remedy))
        return container
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if suffix.lower() != "csv" or not dot or name.startswith((".", "~")) or name in skip:
            continue
        label = prefix + shown(name, LONGEST_PATH)
        if stem not in wanted or suffix != "csv":
            remedy = said("two_sentences", first=nearest(stem, wanted, ".csv"), then=said("do_rename_file"))
            container.problems.append(Problem(label, 0, "", said("must_table_file"), shown(name), remedy))
        else:
            container.tables[stem] = read_csv(folder / name, label, container.problems)
    return container


def read_toml(path: Path, label: str, problems: list[Problem]) -> tuple[Mapping[str, Any] | None, dict[str, int]]:
    """A TOML file's content and the line of each dotted key; None, with a problem, when it is none."""
    text = read_text(path, label, problems)
    return (None, {}) if text is None else (_toml(text, label, problems), _lines(text))


def _toml(text: str, label: str, problems: list[Problem]) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = str(error) if isinstance(error, ValueError) else said("got_deep_brackets")
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        row = int(place[1]) if place else text.count("\n") + 1 if "end of document" in message else 0
        what = message[: place.start()] if place else message.removesuffix(" (at end of document)")
        remedy = said("do_see_column", n=place[2]) if place else said("do_brackets")
        got = said("got_bad_line", what=shown(what[:1].lower() + what[1:]))
        problems.append(Problem(label, row, "", said("must_toml"), got, remedy))
        return None


def _lines(text: str) -> dict[str, int]:
    """The line of each dotted key, as far as a plain look at the lines tells."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if head := re.match(r"\[\s*([^\[\]]+?)\s*\]", bare):
            section = head[1].replace('"', "") + "."
            found.setdefault(section[:-1], number)
        elif key := re.match(r"""("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""", bare):
            found.setdefault(section + key[1].strip("\"'"), number)
    return found
