"""The exceptions of tenbin.

::

    TenbinError
    ├── InputError          what a user gave is wrong; has ``.problems``, all of them
    ├── SimulationError     the years cannot be drawn
    ├── StorageError        a run's folder cannot be read or written
    ├── Interrupted         the user stopped the work before anything was known
    └── OptimisationError
        ├── Infeasible      no plan meets the targets; has ``.reachable``
        └── SolverFailed    the solver stopped without a plan
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "Infeasible",
    "InputError",
    "Interrupted",
    "OptimisationError",
    "Problem",
    "SimulationError",
    "SolverFailed",
    "StorageError",
    "TenbinError",
]

SHOWN = 50


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with the input: where, which rule, what was found, what to do.

    ``file`` is a path, a sheet or a frame's name; ``row`` is the line as an editor shows it (the header is 1; 0 when the
    problem is the file's or the table's); ``rule`` completes the sentence "must be …".
    """

    file: str
    row: int
    column: str
    rule: str
    value: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}" if self.row else self.file
        place += f" {self.column}" if self.column else ""
        return f"{place}: must be {self.rule}; got {self.value}. {self.remedy}"

    def to_dict(self) -> dict[str, str | int]:
        """As in the JSON document of an invalid input."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "rule": self.rule,
            "value": self.value,
            "remedy": self.remedy,
        }


class TenbinError(Exception):
    """Whatever tenbin raises on purpose."""


class InputError(TenbinError):
    """What a user gave is wrong; ``problems`` has all of it, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self._message())

    def _message(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        rest = len(self.problems) - SHOWN
        if rest > 0:
            lines.append(f"… and {rest} more")
        return "\n".join(lines)


class SimulationError(TenbinError):
    """The years cannot be drawn."""


class StorageError(TenbinError):
    """A run's folder cannot be read or written."""


class Interrupted(TenbinError):
    """The user stopped the work before anything was known."""


class OptimisationError(TenbinError):
    """The search for a plan ended without one."""


class Infeasible(OptimisationError):
    """No plan meets the targets.

    ``reachable`` maps each target's text to the lowest value that any allowed plan was found to reach (each target alone).
    """

    def __init__(self, message: str, reachable: Mapping[str, float]) -> None:
        self.reachable = dict(reachable)
        super().__init__(message)


class SolverFailed(OptimisationError):
    """The solver stopped without a plan."""
