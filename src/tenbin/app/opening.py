"""The ways to a draft: a bundled case, a workbook that was uploaded, the case that the command was given."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenbin.app import keeping
from tenbin.app.drafts import Draft, draft_of, open_draft
from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.studies import load
from tenbin.studies.examples import example_names, example_path
from tenbin.words import saying

__all__ = [
    "Example",
    "Taken",
    "blank_workbook",
    "examples",
    "first_address",
    "marked_copy",
    "open_case",
    "open_example",
    "take_workbook",
]

said = saying("drafts")

UPLOADS = ".uploads"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Example:
    """A bundled case."""

    name: str
    titles: Mapping[str, str]
    n_scenarios: int
    n_measures: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A workbook that was uploaded: where it lies, what can be read of it (None: nothing), what is wrong with it."""

    path: Path
    draft: Draft | None
    problems: tuple[Problem, ...] = ()


def examples() -> list[Example]:
    """The bundled cases."""
    found = []
    for name in example_names():
        case = load(example_path(name))
        measures = {row.measure for row in case.costs.rows}
        found.append(Example(name, {lang: case.title(lang) for lang in ("ja", "en")}, len(case.scenarios), len(measures)))
    return found


def open_example(name: str) -> str:
    """A new draft of a bundled case; its id."""
    return keeping.new_draft(open_draft(example_path(name))[0])


def take_workbook(name: str, content: bytes) -> Taken:
    """Look at an uploaded workbook.

    Raises
    ------
    StorageError : when it cannot be kept while it is looked at.
    """
    plain = re.sub(r"[^\w.() -]+", "_", Path(name).name, flags=re.UNICODE).strip(". ")[-LONGEST_NAME:] or "case.xlsx"
    folder = keeping.drafts_root() / UPLOADS / secrets.token_hex(6)
    try:
        folder.mkdir(parents=True)
        path = folder / plain
        path.write_bytes(content)
    except OSError as error:
        raise StorageError(refusal(folder, said("must_writable"), reason_of(error), said("do_make_room"))) from error
    if path.suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xltx", ".xltm"):
        problem = Problem(plain, 0, "", said("must_be_workbook"), path.suffix or plain, said("do_save_as_xlsx"))
        return Taken(path, None, (problem,))
    try:
        return Taken(path, draft_of(load(path)))
    except InputError as error:
        problems = error.problems
    try:
        return Taken(path, open_draft(path)[0], problems)
    except InputError:
        return Taken(path, None, problems)


def marked_copy(taken: Taken, lang: str) -> Path | None:
    """A copy of a workbook with its wrong cells marked; None where there is nothing to mark in it."""
    from tenbin.workbooks.marking import mark_problems

    return mark_problems(taken.path, taken.problems, lang)


def forget(taken: Taken) -> None:
    """Throw an uploaded workbook away."""
    shutil.rmtree(taken.path.parent, ignore_errors=True)


def blank_workbook(lang: str) -> bytes:
    """A workbook to fill in: a bundled case as an example of every sheet, as ``tenbin init --workbook`` makes it."""
    from tenbin.workbooks.casebook import write_workbook

    folder = keeping.drafts_root() / UPLOADS / secrets.token_hex(6)
    folder.mkdir(parents=True)
    try:
        path = write_workbook(load(example_path("machine-parts-sme")), folder / "case.xlsx", lang)
        return path.read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def open_case(case: Path) -> tuple[str, bool]:
    """The draft of a case on the disk, and whether something is wrong with it: the one that was made of it before, as long as its files are the same.

    Raises
    ------
    InputError : when nothing of it can be read.
    """
    origin = _origin(case)
    for kept in keeping.list_drafts():
        if keeping.question_of(kept.path).get("origin") == origin:
            return kept.id, False
    draft, problems = open_draft(case)
    return keeping.new_draft(draft, {"origin": origin}), bool(problems)


def _origin(case: Path) -> dict[str, Any]:
    """Which files a case was read from, and what was in them."""
    folder = case if case.is_dir() else case.parent
    files = sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".toml", ".xlsx")) if case.is_dir() else [case]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return {"path": str(case.resolve()), "sha256": digest.hexdigest()}


def first_address(case: Path | None, lang: str) -> str:
    """Where the browser is sent first.

    Raises
    ------
    InputError, StorageError : when the case cannot be opened.
    """
    if case is None:
        return f"/{lang}/"
    draft, is_wrong = open_case(case)
    return f"/{lang}/case/{draft}/" + ("tables" if is_wrong else "")
