"""Runs that are there: listing them and finding one by a path, an id, a unique prefix of one, or ``latest``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.storage.writing import json_text, write_over
from tenbin.words import Said, saying

__all__ = ["MANIFEST", "Run", "find_run", "keep_json", "list_runs", "read_json"]

MANIFEST = "manifest.json"

said = saying("problems")


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its id, which is its folder's name, and the folder."""

    id: str
    path: Path


def list_runs(root: Path) -> list[Run]:
    """The whole runs of a results folder, oldest first.

    Raises
    ------
    StorageError : when the folder is there and cannot be read.
    """
    try:
        folders = [path for path in root.iterdir() if not path.name.startswith(".") and (path / MANIFEST).is_file()]
        return [Run(p.name, p) for p in sorted(folders, key=lambda p: ((p / MANIFEST).stat().st_mtime_ns, p.name))]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(
            refusal(root, said("must_readable_folder"), reason_of(error), said("do_check_permissions"))
        ) from error


def find_run(text: str, root: Path) -> Run:
    """The run of a path, an id, a unique prefix of one, or ``latest``.

    Raises
    ------
    InputError : when there is none, or there are several.
    """
    if text and (Path(text) / MANIFEST).is_file():
        return Run(Path(text).resolve().name, Path(text))
    runs = list_runs(root)
    if text == "latest" and runs:
        return runs[-1]
    matches = [run for run in runs if run.id == text] or [run for run in runs if text and run.id.startswith(text)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        value: str = said("got_several", text=text, n=len(matches))
        remedy: Said = said("do_write_more", names=[run.id for run in matches[:5]])
    else:
        near = get_close_matches(text, [run.id for run in runs], 1, 0.4)
        value, remedy = repr(text), said("did_you_mean", name=near[0]) if near else said("do_list_runs")
    raise InputError([Problem("RUN", 0, "", said("must_run"), value, remedy)])


def read_json(run: Run, name: str = "result.json") -> dict[str, Any]:
    """A document of a run.

    Raises
    ------
    StorageError : when it is not there or is no document.
    """
    path = run.path / name
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict):
            raise ValueError(said("got_no_object"))
    except (OSError, ValueError) as error:
        raise StorageError(refusal(path, said("must_document"), reason_of(error), said("do_run_again"))) from error
    return document


def keep_json(run: Run, name: str, document: dict[str, Any]) -> None:
    """Keep a document beside a run's own, over one of that name.

    Raises
    ------
    StorageError : when the disk refuses.
    """
    try:
        write_over(run.path / name, json_text(document))
    except OSError as error:
        raise StorageError(
            refusal(run.path, said("must_writable_folder"), reason_of(error), said("do_check_permissions"))
        ) from error
