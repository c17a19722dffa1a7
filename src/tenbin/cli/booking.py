"""The commands' side of workbooks: a new one, one checked and marked, actions taken back into a case."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import print_json, show
from tenbin.cli.failing import Marked
from tenbin.cli.options import Options
from tenbin.words import saying, speaker

if TYPE_CHECKING:
    from tenbin.model import Case

__all__ = ["actions_into", "case_from", "check_and_mark", "init_case", "is_path", "write_folder", "write_new_workbook"]

say = speaker("booking")
said = saying("booking")


def is_path(source: str) -> bool:
    """Whether ``--from`` names a case of one's own, and not a bundled one."""
    from tenbin.inputs import is_workbook
    from tenbin.studies.examples import example_names

    return source not in example_names() and (is_workbook(Path(source)) or Path(source).exists())


def case_from(source: str) -> Case:
    """The bundled case of a name, or the case of a path.

    Raises
    ------
    InputError : when there is none, or it has errors.
    """
    from tenbin.studies import load
    from tenbin.studies.examples import example_path

    return load(source if is_path(source) else example_path(source))


def init_case(target: Path, source: str, as_workbook: bool, options: Options) -> None:
    """Make a new case: a folder or a workbook, of a bundled case or of one's own folder or workbook."""
    if as_workbook:
        write_new_workbook(target, case_from(source), source, options)
    elif is_path(source):
        write_folder(target, case_from(source), source, options)
    else:
        from tenbin.cli.commands import make_case

        make_case(target, source, options)


def write_new_workbook(target: Path, case: Case, source: str, options: Options) -> None:
    """Write a case as a workbook: ``case.xlsx`` in a target that is no file's name."""
    from tenbin.workbooks.casebook import book_of, write_workbook

    path = write_workbook(case, book_of(target), options.lang)
    _made(path, source, options, "made_workbook")


def write_folder(target: Path, case: Case, source: str, options: Options) -> None:
    """Write a case as a folder of tables with its cost table within."""
    from tenbin.inputs import write_case

    write_case(case, target, target / "cost_tables")
    _made(target, source, options, "made_folder")


def _made(path: Path, source: str, options: Options, key: str) -> None:
    if options.as_json:
        print_json({"schema": 1, "status": "made", "from": source, "path": str(path)}, options.lang)
    elif not options.quiet:
        show([say(f"{key}_is", options.lang, path=path, shell=shlex.quote(str(path)))])


def check_and_mark(source: Path, costs: Path | None, options: Options) -> None:
    """Check a workbook; what is wrong is marked in a copy beside it.

    Raises
    ------
    InputError : when it is no workbook, or with what is wrong in it.
    """
    from tenbin.cli.commands import check_case
    from tenbin.errors import InputError, Problem
    from tenbin.inputs import is_workbook
    from tenbin.workbooks.marking import mark_problems

    path = source
    if source.is_dir() and not (source / "case.toml").is_file() and (source / "case.xlsx").is_file():
        path = source / "case.xlsx"
    if not is_workbook(path):
        remedy = said("do_mark", folder=shlex.quote(str(source)))
        raise InputError([Problem("--mark", 0, "", said("must_mark"), str(source), remedy)])
    try:
        check_case(path, costs, options)
    except InputError as error:
        made = mark_problems(path, error.problems, options.lang)
        if made is None:
            raise
        raise Marked(error.problems, made) from error


def actions_into(results: Path, source: Path, only_show: bool, options: Options) -> None:
    """Take over what is done on a sheet of actions into a case's status: what changes first, then the file."""
    from tenbin.studies.booking import take_actions, write_status

    taken, lang = take_actions(results, source), options.lang
    made = write_status(taken) if taken.changes and not only_show else None
    if options.as_json:
        head = {"schema": 1, "status": "written" if made else "unchanged", "path": str(made) if made else None}
        states = [{k: getattr(t, k) for k in ("measure", "level", "state", "owner", "due", "note")} for t in taken.typed]
        changes = [{"before": change.before, "after": change.after or None} for change in taken.changes]
        print_json({**head, "changes": changes, "actions": states}, lang)
        return
    if options.quiet:
        return
    counts = {state: sum(t.state == state for t in taken.typed) for state in ("not_started", "under_way", "done")}
    lines = [say("actions_counted", lang, **counts)]
    for change in taken.changes:
        lines += [f"- {_row(change.before)}"] if change.before else []
        lines += [f"+ {_row(change.after)}"] if change.after else []
    if made is not None:
        lines.append(say("actions_written", lang, path=made))
    else:
        lines.append(say("actions_shown" if taken.changes else "actions_same", lang, path=taken.path))
    show(lines)


def _row(row: Mapping[str, str]) -> str:
    """A row of the status on one line."""
    cells = (" ".join(row.get(name, "").split()) for name in ("id", "level", "status", "note"))
    return "  ".join(cell for cell in cells if cell)
