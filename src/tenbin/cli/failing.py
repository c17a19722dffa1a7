"""What goes wrong → a message, a document and an exit code, never a traceback."""

from __future__ import annotations

from typing import Any

from tenbin.cli.console import print_json, tell
from tenbin.cli.language import say
from tenbin.errors import Infeasible, InputError, Interrupted, Problem, SimulationError, SolverFailed, StorageError, TenbinError

__all__ = ["CODES", "DONE", "FAILED", "INTERRUPTED", "INVALID", "fail", "fail_usage", "interrupted"]

DONE, INVALID, NO_PLAN, FAILED, INTERRUPTED = 0, 2, 3, 4, 130
CODES = {"optimal": DONE, "feasible": DONE, "infeasible": NO_PLAN, "failed": FAILED, "interrupted": INTERRUPTED}
"""The exit code of each status of a result."""


def fail(error: TenbinError | MemoryError, as_json: bool, lang: str) -> int:
    """Say what went wrong; return the exit code."""
    if isinstance(error, Interrupted):
        return interrupted(as_json, lang)
    if isinstance(error, Infeasible):
        tell(f"{say('infeasible', lang)} {error}" if str(error) else say("infeasible", lang))
        return _document("infeasible", as_json, reachable=error.reachable)
    if isinstance(error, InputError):
        tell(str(error))
        tell(say("problems", lang, n=len(error.problems)))
        return _document("invalid", as_json, problems=[problem.to_dict() for problem in error.problems])
    if isinstance(error, SimulationError | MemoryError):
        message = str(error) or say("out_of_memory", lang)
        remedy = "Fewer --trials will do." if isinstance(error, MemoryError) else ""
        tell(f"{message} {remedy}".strip())
        problem = Problem("--trials", 0, "", "a number of years that can be drawn", message, remedy)
        return _document("invalid", as_json, problems=[problem.to_dict()])
    if isinstance(error, StorageError):
        tell(str(error))
        problem = Problem("--out", 0, "", "a folder that can be written", str(error), "Name another with --out.")
        return _document("invalid", as_json, problems=[problem.to_dict()])
    tell(str(error) or say("failed", lang))
    if isinstance(error, SolverFailed):
        tell(say("failed_hint", lang))
    return _document("failed", as_json)


def interrupted(as_json: bool, lang: str) -> int:
    """Say that the work was stopped before anything was known; return the exit code."""
    tell(say("interrupted_empty", lang))
    return _document("interrupted", as_json)


def fail_usage(error: Any, as_json: bool) -> int:
    """Show a wrong command line as typer does, and as a document; return the exit code."""
    error.show()
    if as_json and error.exit_code:
        command = getattr(getattr(error, "ctx", None), "command_path", "tenbin")
        place = getattr(getattr(error, "param", None), "opts", None) or [str(command)]
        message = error.format_message()
        problem = Problem(place[-1], 0, "", "a command line as --help shows it", message, f"See {command} --help.")
        return _document("invalid", as_json, problems=[problem.to_dict()])
    return int(error.exit_code)


def _document(status: str, as_json: bool, **more: object) -> int:
    if as_json:
        print_json({"schema": 1, "status": status, **more})
    return INVALID if status == "invalid" else CODES[status]
