"""The answers of an interview that lie beside a case, and what the case expects of the years that they speak of."""

from __future__ import annotations

from pathlib import Path

from tenbin.errors import InputError
from tenbin.inputs import is_workbook
from tenbin.interview import Answers, fill, open_answers
from tenbin.model import Case
from tenbin.simulation import EventTable
from tenbin.studies.ringing import OwnYears, own_years
from tenbin.units import format_amount
from tenbin.words import speaker
from tenbin.workbooks.interview_sheet import read_interview

__all__ = ["ANSWERS_FILE", "answers_of", "own_past", "own_words", "read_answers_file"]

say = speaker("interview")

ANSWERS_FILE = "answers.toml"
"""What the answers are called in a case's folder."""


def read_answers_file(path: Path) -> Answers:
    """The answers of a file or of a workbook's sheet.

    Raises
    ------
    InputError : for answers that are none, all at once.
    """
    return read_interview(path) if is_workbook(path) else open_answers(path)


def answers_of(source: Path) -> Answers | None:
    """The answers that lie beside a case's tables; None where there are none, or none that can be read."""
    try:
        answers = read_answers_file(source / ANSWERS_FILE if source.is_dir() else source)
    except InputError:
        return None
    return None if answers == Answers() else answers


def own_past(source: EventTable | Case, answers: Answers) -> OwnYears:
    """What a case that an interview made expects of five years, against what was answered."""
    return own_years(source, float(fill(answers).answers.profit_per_day or 0), answers.incidents)


def own_words(found: OwnYears, lang: str) -> str:
    """The same as a sentence."""
    key = "own_unknown" if found.fits is None else f"own_{found.fits}"
    numbers = {"n": found.incidents, "expected": f"{found.expected:.2g}", "amount": format_amount(found.threshold, lang)}
    return say(key, lang, **numbers)
