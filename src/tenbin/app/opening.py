"""The ways to a draft: a bundled case, a workbook that was uploaded, the case that the command was given."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tenbin.app import keeping
from tenbin.app.drafts import Draft, check_draft, draft_of, open_draft, refusing
from tenbin.errors import InputError, Problem
from tenbin.inputs.folder import read_toml
from tenbin.studies import load
from tenbin.studies.examples import example_names, example_path
from tenbin.words import saying

__all__ = [
    "Example",
    "Opened",
    "Taken",
    "begin_anew",
    "blank_workbook",
    "clear_uploads",
    "examples",
    "forget",
    "marked_copy",
    "open_case",
    "open_example",
    "take_workbook",
]

said = saying("drafts")

UPLOADS = ".uploads"
KEPT_SECONDS = 24 * 3600
"""So long a workbook that was uploaded and not opened is kept: its copy with marks may still be wanted."""
LONGEST_NAME = 160
"""Of an uploaded file, in bytes: its copy with marks has a longer one."""
ORIGINS = (".csv", ".toml", ".xlsx", ".png", ".svg", ".jpg", ".jpeg")
NOT_IN_NAMES = '<>:"|?*'


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


@dataclass(frozen=True, slots=True)
class Opened:
    """What the command opened: the draft ("": none) and what is wrong with the case that it was made of.

    resumed : the case, where its draft was changed here since it was made of it. charts : whether runs are kept with their charts.
    """

    draft: str = ""
    problems: tuple[Problem, ...] = ()
    resumed: Path | None = None
    charts: bool = True

    def address(self, lang: str) -> str:
        """Where the browser is sent first: to the start page where there is no such draft any more."""
        if not self.draft or not (keeping.drafts_root() / self.draft).is_dir():
            return f"/{lang}/"
        return f"/{lang}/case/{self.draft}/" + ("tables" if self.problems else "")


@cache
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
    plain = _plain_name(name)
    folder = keeping.drafts_root() / UPLOADS / secrets.token_hex(6)
    path = folder / plain
    with refusing(folder):
        folder.mkdir(parents=True)
        path.write_bytes(content)
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


def _plain_name(name: str) -> str:
    """A file name that any disk takes, as near to the user's own as can be."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join("_" if letter in NOT_IN_NAMES or not letter.isprintable() else letter for letter in last).strip(". ")
    return plain.encode()[-LONGEST_NAME:].decode(errors="ignore").strip(". ") or "case.xlsx"


def marked_copy(taken: Taken, lang: str) -> Path | None:
    """A copy of a workbook with its wrong cells marked; None where there is nothing to mark in it."""
    from tenbin.workbooks.marking import mark_problems

    return mark_problems(taken.path, taken.problems, lang)


def forget(taken: Taken) -> None:
    """Throw an uploaded workbook away."""
    shutil.rmtree(taken.path.parent, ignore_errors=True)


def clear_uploads() -> None:
    """Throw away what was uploaded more than a day ago and not opened."""
    with suppress(OSError):
        for folder in list((keeping.drafts_root() / UPLOADS).iterdir()):
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


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


def open_case(case: Path) -> Opened:
    """The draft of a case on the disk: the one that was made of it before, as long as its files are the same.

    Raises
    ------
    InputError : when it is no case: something is wrong with it, and no table has a row that can be read.
    StorageError : when no draft can be kept.
    """
    origin = _origin(case)
    for kept in keeping.list_drafts():
        if keeping.question_of(kept.path).get("origin") == origin:
            return Opened(kept.id, _wrong(kept.path), case.resolve() if _is_changed(kept.path, case) else None)
    draft, unread = open_draft(case)
    problems = _wrong(case) or unread
    if problems and not any(table.rows for table in draft.tables.values()):
        raise InputError(problems)
    return Opened(keeping.new_draft(draft, {"origin": origin}), problems)


def _is_changed(kept: Path, case: Path) -> bool:
    """Whether a draft says something else than the case that it was made of."""
    ours, theirs = open_draft(kept)[0], open_draft(case)[0]
    found, wanted = check_draft(ours)[0], check_draft(theirs)[0]
    return ours != theirs if found is None or wanted is None else found != wanted


def begin_anew(case: Path) -> str:
    """Another draft of a case's files; its id.

    Raises
    ------
    InputError : when nothing of the case can be read.
    StorageError : when no draft can be kept.
    """
    return keeping.new_draft(open_draft(case)[0], {"origin": _origin(case)})


def _wrong(case: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with a case."""
    try:
        load(case)
    except InputError as error:
        return error.problems
    return ()


def _origin(case: Path) -> dict[str, Any]:
    """Which files a case was read from, and what was in them."""
    digest = hashlib.sha256()
    for path in sorted(_read_of(case)):
        digest.update(b"\0" + path.name.encode(errors="replace") + b"\0")
        with suppress(OSError):  # reading the case says it, where it is one of the case's
            digest.update(path.read_bytes())
    return {"path": str(case.resolve()), "sha256": digest.hexdigest()}


def _read_of(case: Path) -> Iterator[Path]:
    """The files that a case is read from; of a folder, all that could be."""
    if not case.is_dir():
        yield case
        return
    settings, _ = read_toml(case / "case.toml", "", [])
    costs = (settings or {}).get("cost_tables")
    folders = [case, case / costs] if isinstance(costs, str) and "\0" not in costs else [case]
    for folder in folders:
        with suppress(OSError):
            if folder.is_file():
                yield folder
                continue
            yield from (path for path in folder.iterdir() if path.suffix.lower() in ORIGINS and path.is_file())
