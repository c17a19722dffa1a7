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

Their texts are English to Python, and can be said in Japanese: ``error.message("ja")``.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tenbin.words import Said, in_language, saying, speaker

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
    "reason_of",
    "refusal",
]

SHOWN = 50
REASONS = {
    errno.EACCES: "reason_no_permission",
    errno.EPERM: "reason_not_permitted",
    errno.ENOENT: "reason_not_there",
    errno.ENOSPC: "reason_disk_full",
    errno.EROFS: "reason_read_only",
    errno.ENAMETOOLONG: "reason_long_name",
    errno.EIO: "reason_input_output",
}

said = saying("problems")
say = speaker("problems")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with the input: where, which rule, what was found, what to do.

    ``file`` is a path, a sheet or a frame's name; ``row`` is the line as an editor shows it (the header is 1; 0 when the
    problem is the file's or the table's); ``rule`` completes the sentence "must be …". ``cell``, of a workbook alone: "E4".
    """

    file: str
    row: int
    column: str
    rule: str
    value: str
    remedy: str
    cell: str = ""
    lang: str = field(default="en", compare=False, repr=False)

    def __str__(self) -> str:
        place = f"{self.file}!{self.cell}" if self.cell else f"{self.file}:{self.row}" if self.row else self.file
        place += f" {self.column}" if self.column else ""
        return say("frame", self.lang, place=place, rule=self.rule, value=self.value, remedy=self.remedy)

    def within(self, lang: str) -> Problem:
        """The same with every text in a language, and to be written as a sentence of it."""
        texts = {name: in_language(getattr(self, name), lang) for name in ("rule", "value", "remedy")}
        return replace(self, lang=lang, **texts)

    def to_dict(self) -> dict[str, str | int]:
        """As in the JSON document of an invalid input."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "rule": self.rule,
            "value": self.value,
            "remedy": self.remedy,
            **({"cell": self.cell} if self.cell else {}),
        }


class TenbinError(Exception):
    """Whatever tenbin raises on purpose."""

    def message(self, lang: str = "en") -> str:
        """What went wrong, in a language."""
        return str(in_language(self.args[0], lang)) if self.args else ""


class InputError(TenbinError):
    """What a user gave is wrong; ``problems`` has all of it, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.message())

    def message(self, lang: str = "en") -> str:
        """Each problem on a line of its own, in a language; at most 50, and how many more there are."""
        lines = [str(problem.within(lang)) for problem in self.problems[:SHOWN]]
        rest = len(self.problems) - SHOWN
        if rest > 0:
            lines.append(say("and_more", lang, n=rest))
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


def refusal(place: object, rule: str, value: str | Problem, remedy: str) -> Said:
    """The text of an exception about one thing, in the form of a problem."""
    return said("frame", place=str(place), rule=rule, value=value, remedy=remedy)


def reason_of(error: BaseException) -> str:
    """Why the system refused: a text that can be said in Japanese for the usual reasons, else the system's own words."""
    if error.args and isinstance(error.args[0], Said):
        return error.args[0]
    key = REASONS.get(getattr(error, "errno", None) or 0)
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return said(key) if key is not None and said(key) == words else words
