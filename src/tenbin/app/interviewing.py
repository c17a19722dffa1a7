"""The interview as it is kept while somebody answers, and the draft that is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tenbin.app import keeping
from tenbin.app.drafts import draft_of, refusing
from tenbin.app.question import Question
from tenbin.interview import Answers, answers_toml, make_case, open_unfinished, unfinished_toml
from tenbin.storage.writing import write_over
from tenbin.studies.answered import ANSWERS_FILE

__all__ = ["Interview", "Made", "make_draft"]

FILE = "interview-unfinished.toml"


@dataclass(frozen=True, slots=True)
class Made:
    """A draft of an interview: what was assumed, and what the own five years changed (see ``interview.MadeCase``)."""

    id: str
    assumed: Mapping[str, Any]
    expected: float
    history: float
    incidents: int | None


@dataclass(slots=True)
class Interview:
    """What is answered so far, by question; in a file of its own as soon as it is."""

    given: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def kept(cls) -> Interview:
        """What was answered before.

        Raises
        ------
        InputError : when what was kept cannot be read.
        """
        path = _path()
        return cls(open_unfinished(path)) if path.is_file() else cls()

    def put(self, key: str, value: Any) -> None:
        """Take an answer, None where nobody knows, and keep it.

        Raises
        ------
        StorageError : when the disk refuses; the answer is here all the same.
        """
        self.given[key] = value
        path = _path()
        with refusing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_over(path, unfinished_toml(self.given))

    def clear(self) -> None:
        """Begin anew."""
        self.given.clear()
        _path().unlink(missing_ok=True)


def _path() -> Path:
    return keeping.drafts_root() / FILE


def make_draft(interview: Interview) -> Made:
    """A draft of the answers, with the answers beside its tables; the interview then begins anew.

    Raises
    ------
    StorageError : when the disk refuses.
    """
    answers = Answers(**interview.given)
    made = make_case(answers)
    question = Question.of(made.case)
    if answers.budget is not None:
        question = replace(question, budget=f"{answers.budget:.0f}", period="first-year")
    draft = keeping.new_draft(draft_of(made.case), question.kept())
    write_over(keeping.drafts_root() / draft / ANSWERS_FILE, answers_toml(answers))
    interview.clear()
    filled = made.filled
    assumed = {key: getattr(filled.answers, key) for key in filled.assumed}
    return Made(draft, assumed, made.expected, made.history, answers.incidents)
