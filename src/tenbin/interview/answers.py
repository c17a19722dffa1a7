"""Answers: from a file, a sheet or a person, checked one by one; what is left open stays open."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.interview.questions import QUESTIONS
from tenbin.interview.reading import UNKNOWN, read_answer
from tenbin.words import saying, speaker

__all__ = ["Answers", "answers_toml", "open_answers", "open_unfinished", "read_answers", "unfinished_toml"]

said = saying("interview")
of_interview = speaker("interview")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered; None where nobody knows. Amounts in yen, ``customer_share`` a share, ``in_place`` keys of the checklist."""

    industry: str | None = None
    employees: int | None = None
    computers: int | None = None
    revenue: float | None = None
    profit_per_day: float | None = None
    days_down: float | None = None
    remote_access: bool | None = None
    machines: int | None = None
    records: int | None = None
    largest_payment: float | None = None
    customer_share: float | None = None
    in_place: tuple[str, ...] | None = None
    incidents: int | None = None
    cash: float | None = None
    budget: float | None = None


def read_answers(mapping: Mapping[str, object], place: str) -> Answers:
    """All answers of a mapping from a question's key to what was written.

    Parameters
    ----------
    place : what messages call the mapping: a file, or a workbook and its sheet.

    Raises
    ------
    InputError : with everything that is wrong.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    known = [one.key for one in QUESTIONS]
    for key in mapping:
        if key not in known:
            problems.append(
                Problem(place, 0, _shown(key), said("must_question"), _shown(key), said("do_question", names=known))
            )
    for question in QUESTIONS:
        written = mapping.get(question.key)
        try:
            values[question.key] = read_answer(question, written)
        except ValueError as error:
            problems.append(Problem(place, 0, question.key, error.args[0], _shown(written), said("do_answer")))
    if problems:
        raise InputError(problems)
    return Answers(**values)


def open_answers(path: Path) -> Answers:
    """The answers of an ``answers.toml``.

    Raises
    ------
    InputError : when it cannot be read, or with everything that is wrong in it.
    """
    return read_answers(_mapping(path), path.name)


def open_unfinished(path: Path) -> dict[str, Any]:
    """What was answered before an interview was broken off: the values of the questions that were asked, by their keys.

    Raises
    ------
    InputError : as ``open_answers``.
    """
    mapping = _mapping(path)
    answers = read_answers(mapping, path.name)
    return {one.key: getattr(answers, one.key) for one in QUESTIONS if one.key in mapping}


def _mapping(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem(str(path), 0, "", said("must_answers"), reason, said("do_answers"))]) from error
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(str(path), 0, "", said("must_toml"), _shown(error), said("do_answers"))]) from error


def answers_toml(answers: Answers) -> str:
    """The answers as a file that ``open_answers`` reads back to equal ones."""
    return unfinished_toml({one.name: getattr(answers, one.name) for one in fields(Answers)})


def unfinished_toml(given: Mapping[str, Any]) -> str:
    """What has been answered so far as a file that ``open_unfinished`` reads back."""
    return "".join(f"{key} = {_written(value)}\n" for key, value in given.items())


def _written(value: Any) -> str:
    if value is None:
        return f'"{UNKNOWN}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{key}"' for key in value) + "]" if value else f'"{of_interview("nothing", "en")}"'
    if isinstance(value, str):
        return f'"{value}"'
    return f"{int(value)}" if float(value).is_integer() else repr(float(value))


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    text = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
