"""What is handed out: the report of the plan on the screen in every form, its charts, the case itself, a kept run's report."""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.app.drawing import DRAWING
from tenbin.errors import InputError, Problem
from tenbin.storage import Run, list_runs, results_root
from tenbin.words import Said, saying

if TYPE_CHECKING:
    from tenbin.app.desk import Desk
    from tenbin.reporting.report import ReportData
    from tenbin.studies import Result

__all__ = ["Handed", "case_book", "charts", "free_folder", "report", "report_of", "runs_of", "save_folder"]

said = saying("problems")

LONGEST = 60
MOST_RUNS = 30


@dataclass(frozen=True, slots=True)
class Handed:
    """A file to be downloaded."""

    name: str
    content: bytes = field(repr=False)


def _file_name(title: str, rest: str) -> str:
    """A name that every system takes: letters and digits of any script, dots, dashes."""
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", title))[:LONGEST].strip("-._")
    return f"tenbin-{plain or 'case'}-{rest}"


def shown_data(desk: Desk) -> ReportData | None:
    """What the report shows, opened with the plan on the screen; None without one."""
    board, number = desk.board, desk.shown
    if board.data is None or number is None or board.answer is None:
        return None
    view = board.data.views[number]
    is_kept = number == board.number and desk.run is not None
    run = desk.run.id if is_kept and desk.run is not None else ""
    made = datetime.now().astimezone().date().isoformat()
    return replace(board.data, own=number, document=view.document, run=run, made=made)


def report(desk: Desk, form: str, lang: str) -> Handed:
    """The report of the plan on the screen; form : of ``studies.delivering.FORMATS``.

    Raises
    ------
    InputError : when there is no plan, or the form's means are missing (python-pptx, a browser).
    """
    data = shown_data(desk)
    answer = desk.board.answer
    if data is None or answer is None:
        raise _no_plan()
    return _delivered(data, form, lang, answer.case.brand, answer.case.title(lang))


def _delivered(data: ReportData, form: str, lang: str, brand: object, title: str) -> Handed:
    from tenbin.studies.delivering import deliver

    with tempfile.TemporaryDirectory(prefix="tenbin-") as folder:
        path = Path(folder) / f"report.{lang}.{form}"
        with DRAWING:
            deliver(data, path, form, lang, brand)  # type: ignore[arg-type]
        return Handed(_file_name(title, f"report.{lang}.{form}"), path.read_bytes())


def _no_plan() -> InputError:
    rule, remedy = Said("commands", "report_rule"), Said("commands", "report_remedy")
    return InputError([Problem("report", 0, "", rule, said("got_none"), remedy)])


def charts(desk: Desk, lang: str) -> Handed:
    """Every chart of the plan on the screen, and of the frontier as far as it is known, as PNG and SVG.

    Raises
    ------
    InputError : when there is no plan.
    """
    from tenbin.reporting import write_charts
    from tenbin.studies.captioning import frontier_chart_data, plan_chart_data

    board, data, result = desk.board, shown_data(desk), shown_result(desk)
    if data is None or result is None:
        raise _no_plan()
    with tempfile.TemporaryDirectory(prefix="tenbin-") as folder, DRAWING:
        write_charts(plan_chart_data(result, data.document), Path(folder), lang)
        if board.front is not None and len(board.front.points) > 1:
            write_charts(frontier_chart_data(board.front, board.front.to_dict(), result), Path(folder), lang)
        return Handed(_file_name(result.case.title(lang), f"charts.{lang}.zip"), _zipped(Path(folder)))


def shown_result(desk: Desk) -> Result | None:
    """The answer as a result; of another plan that is looked at, the same question's with that plan."""
    from tenbin.evaluation import Reduction
    from tenbin.studies import evaluate
    from tenbin.studies.scopes import Question as Targets

    board, number = desk.board, desk.shown
    answer = board.answer
    if answer is None or answer.result is None or board.data is None or number is None:
        return None
    result, view = answer.result, board.data.views[number]
    if number == board.number:
        return result
    evaluator = result.inherent.evaluator
    risk = evaluate(evaluator.events, view.plan, evaluator=evaluator)
    limits = Targets(result.case, result.question).limits(evaluator, Reduction.of(result.case, evaluator.events.worlds))
    values = evaluator.values([limit.quantity for limit in limits], risk.phi, risk.gamma) if limits else ()
    by_label = {limit.label: float(value) for limit, value in zip(limits, values, strict=True)}
    targets = tuple(replace(met, value=by_label.get(met.target, met.value)) for met in result.targets)
    return replace(result, plan=dict(view.plan), risk=risk, outside=(), targets=targets, certificate=None)


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder).as_posix())
    return packed.getvalue()


def case_book(desk: Desk, lang: str) -> Handed:
    """The case as a workbook; a catalogue of one's own and a logo lie beside it, then all are in one archive.

    Raises
    ------
    InputError : with what is wrong in the case, or what a workbook cannot hold.
    """
    from tenbin.interview import open_answers
    from tenbin.studies.answered import ANSWERS_FILE
    from tenbin.workbooks.casebook import write_workbook

    if desk.case is None or desk.problems:
        raise InputError([one.problem for one in desk.problems])
    kept = desk.holding.path / ANSWERS_FILE
    answers = open_answers(kept) if kept.is_file() else None
    with tempfile.TemporaryDirectory(prefix="tenbin-") as folder:
        path = write_workbook(desk.case, Path(folder) / "case.xlsx", lang, answers)
        title = desk.case.title(lang)
        if len(list(Path(folder).iterdir())) > 1:
            return Handed(_file_name(title, f"case.{lang}.zip"), _zipped(Path(folder)))
        return Handed(_file_name(title, f"case.{lang}.xlsx"), path.read_bytes())


def free_folder(name: str) -> str:
    """A folder for a case that is not there yet, as it is proposed."""
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", name))[:LONGEST].strip("-._") or "case"
    for number in range(1, 1000):
        folder = Path("cases") / (plain if number == 1 else f"{plain}-{number}")
        if not folder.exists():
            break
    return f"./{folder.as_posix()}"


def save_folder(desk: Desk, typed: str) -> tuple[Path, int]:
    """Write the case as an ordinary folder, new or empty; where it is, and how many problems it has (0: ``tenbin check`` finds none).

    Raises
    ------
    InputError, StorageError : when something is there already, or the disk refuses.
    """
    from tenbin.app.drafts import refusing, write_changed, write_draft
    from tenbin.inputs import write_case
    from tenbin.studies.answered import ANSWERS_FILE

    try:
        folder = Path(typed.strip()).expanduser().absolute() if typed.strip() and "\0" not in typed else None
        is_taken = folder is None or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    except (OSError, RuntimeError, ValueError):  # a name that no file can have, a home that nobody has
        folder, is_taken = None, True
    if folder is None or is_taken:
        got = said("got_folder_with_files") if folder is not None else typed.strip() or said("got_nothing")
        raise InputError([Problem(str(folder or typed), 0, "", said("must_new_folder"), got, said("do_name_another"))])
    if desk.case is not None and not desk.problems:
        write_case(desk.case, folder)
    else:
        write_draft(desk.draft, folder)
    answers = desk.holding.path / ANSWERS_FILE
    if answers.is_file():  # of the interview: what a report says of them
        with refusing(folder):
            write_changed(folder / ANSWERS_FILE, answers.read_bytes())
    return folder, len(desk.problems)


def runs_of(name: str) -> list[tuple[Run, dict[str, Any]]]:
    """The runs of a case's name with what a list says of them, the newest first.

    Raises
    ------
    StorageError : when the results folder cannot be read.
    """
    from tenbin.studies.run_entries import run_entry, small_document

    found: list[tuple[Run, dict[str, Any]]] = []
    for run in reversed(list_runs(results_root(write=False))):
        if small_document(run.path / "manifest.json").get("case") == name:
            found.append((run, run_entry(run.id, run.path)))
        if len(found) == MOST_RUNS:
            break
    return found


def report_of(run: Run, form: str, lang: str) -> Handed:
    """The report of a kept run, with the frontier that is kept beside it.

    Raises
    ------
    InputError, StorageError : when it has no plan, or its numbers are not its case's.
    """
    from tenbin.studies import reopen
    from tenbin.studies.telling import report_data

    found = reopen(run)
    try:
        data = report_data(found)
    except ValueError:
        raise _no_plan() from None
    return _delivered(data, form, lang, found.case.brand, f"{run.id}")
