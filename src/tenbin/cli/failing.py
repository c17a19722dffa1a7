"""What goes wrong → a message, a document and an exit code, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tenbin.cli.console import print_json, tell
from tenbin.cli.language import said, say
from tenbin.cli.usage import place_of, wrong_usage
from tenbin.cli.usage import say as say_usage
from tenbin.errors import Infeasible, InputError, Interrupted, Problem, SimulationError, SolverFailed, StorageError, TenbinError
from tenbin.words import in_language, speaker

__all__ = ["CODES", "DONE", "FAILED", "INTERRUPTED", "INVALID", "Marked", "fail", "fail_usage", "interrupted"]

say_booking = speaker("booking")

DONE, INVALID, NO_PLAN, FAILED, INTERRUPTED = 0, 2, 3, 4, 130
CODES = {"optimal": DONE, "feasible": DONE, "infeasible": NO_PLAN, "failed": FAILED, "interrupted": INTERRUPTED}
"""The exit code of each status of a result."""


class Marked(InputError):
    """What is wrong with a workbook, and the copy in which it is marked."""

    def __init__(self, problems: Iterable[Problem], path: Path) -> None:
        super().__init__(problems)
        self.path = path


def fail(error: TenbinError | MemoryError, as_json: bool, lang: str) -> int:
    """Say what went wrong; return the exit code."""
    if isinstance(error, Interrupted):
        return interrupted(as_json, lang)
    if isinstance(error, Infeasible):
        tell(say("infeasible", lang))
        return _document("infeasible", as_json, reachable=error.reachable)
    if isinstance(error, InputError):
        tell(error.message(lang))
        if isinstance(error, Marked):
            tell(say_booking("marked", lang, n=len(error.problems), path=error.path))
        else:
            tell(say("problems", lang, n=len(error.problems)))
        more = {"marked": str(error.path)} if isinstance(error, Marked) else {}
        return _invalid(error.problems, as_json, lang, **more)
    if isinstance(error, SimulationError | MemoryError):
        message = error.args[0] if isinstance(error, SimulationError) and error.args else said("too_large")
        remedy = said("do_fewer_years") if isinstance(error, MemoryError) else ""
        tell(f"{in_language(message, lang)}{say('space', lang) if remedy else ''}{in_language(remedy, lang)}")
        return _invalid([Problem("--trials", 0, "", said("must_drawable"), message, remedy)], as_json, lang)
    if isinstance(error, StorageError):
        tell(error.message(lang))
        message = error.args[0] if error.args else ""
        return _invalid([Problem("--out", 0, "", said("must_writable_folder"), message, said("do_out"))], as_json, lang)
    tell(error.message(lang) or say("failed", lang))
    if isinstance(error, SolverFailed):
        tell(say("failed_hint", lang))
    return _document("failed", as_json)


def interrupted(as_json: bool, lang: str) -> int:
    """Say that the work was stopped before anything was known; return the exit code."""
    tell(say("interrupted_empty", lang))
    return _document("interrupted", as_json)


def fail_usage(error: Any, as_json: bool, lang: str) -> int:
    """Say what is wrong with a command line, and as a document; return the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError" or not error.exit_code:
        error.show()
        return int(error.exit_code)
    context = getattr(error, "ctx", None)
    command = str(getattr(context, "command_path", "tenbin"))
    message = wrong_usage(error)
    tell(say_usage("error", lang, text=message))
    if context is not None:
        tell(context.get_usage())
    tell(say_usage("try_help", lang, command=command))
    if as_json:
        remedy = said("do_see_help", command=command)
        return _invalid([Problem(place_of(error), 0, "", said("must_command_line"), message, remedy)], as_json, lang)
    return int(error.exit_code)


def _invalid(problems: Iterable[Problem], as_json: bool, lang: str, **more: object) -> int:
    return _document("invalid", as_json, problems=[problem.within(lang).to_dict() for problem in problems], **more)


def _document(status: str, as_json: bool, **more: object) -> int:
    if as_json:
        print_json({"schema": 1, "status": status, **more})
    return INVALID if status == "invalid" else CODES[status]
