"""Answers: from a file, a sheet or a person, checked one by one; what is left open stays open."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.interview.questions import QUESTIONS, Kind, Question
from tenbin.units import parse_amount, parse_number, parse_share
from tenbin.words import saying, speaker, table

__all__ = ["UNKNOWN", "Answers", "answers_toml", "open_answers", "read_answer", "read_answers"]

said = saying("interview")
of_interview = speaker("interview")
UNKNOWN = "unknown"
"""What is written where nobody knows; blank means the same."""
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


def read_answer(question: Question, value: object) -> Any:
    """One answer, None for "don't know".

    Raises
    ------
    ValueError : when it is no answer to this question; its first argument is the rule as a ``Said``.
    """
    if isinstance(value, list | tuple):
        value = ";".join(map(str, value))
    text = "" if value is None else str(value).strip()
    if not text or text.casefold() in _unknown_words():
        return None
    if question.kind in (Kind.CHOICE, Kind.YES_NO):
        return _chosen(question, text)
    if question.kind is Kind.CHECKLIST:
        return _checked(question, text)
    return _counted(question, text)


def _unknown_words() -> frozenset[str]:
    return frozenset((UNKNOWN, *(of_interview("unknown", lang).casefold() for lang in ("ja", "en")), "?"))


def _names(question: Question) -> dict[str, str]:
    """Every way to write a choice → its key: the key, its words in either language."""
    found: dict[str, str] = {}
    for key in question.choices:
        texts = table("interview")[f"choice_{question.key}_{key}"]
        found |= {name.casefold(): key for name in (key, texts["en"], texts["ja"])}
    return found


def _chosen(question: Question, text: str) -> Any:
    if question.kind is Kind.YES_NO:
        words = {"true": True, "false": False, "1": True, "0": False, "y": True, "n": False}
        for lang in ("ja", "en"):
            words |= {of_interview("yes", lang).casefold(): True, of_interview("no", lang).casefold(): False}
        if text.casefold() in words:
            return words[text.casefold()]
        raise ValueError(said("must_yes_no"))
    names = _names(question)
    if text.casefold() in names:
        return names[text.casefold()]
    raise ValueError(said("must_choice", names=list(question.choices)))


def _checked(question: Question, text: str) -> tuple[str, ...]:
    if text.casefold() in {of_interview("nothing", lang).casefold() for lang in ("ja", "en")}:
        return ()
    names = _names(question)
    parts = [part.strip().casefold() for part in text.replace("；", ";").split(";") if part.strip()]
    if any(part not in names for part in parts):
        raise ValueError(said("must_choices", names=list(question.choices)))
    chosen = {names[part] for part in parts}
    return tuple(key for key in question.choices if key in chosen)


def _counted(question: Question, text: str) -> Any:
    read = {Kind.AMOUNT: parse_amount, Kind.SHARE: parse_share}.get(question.kind, parse_number)
    try:
        value = read(text)
    except ValueError:
        raise ValueError(said(f"must_{question.kind.value}")) from None
    if question.kind is Kind.COUNT and not value.is_integer():
        raise ValueError(said("must_count"))
    if not question.least <= value <= question.most:
        ends = {"least": f"{question.least:,g}", "most": f"{question.most:,g}"}
        raise ValueError(said("must_between", **ends))
    return int(value) if question.kind is Kind.COUNT else value


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
    try:
        mapping = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem(str(path), 0, "", said("must_answers"), reason, said("do_answers"))]) from error
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(str(path), 0, "", said("must_toml"), _shown(error), said("do_answers"))]) from error
    return read_answers(mapping, path.name)


def answers_toml(answers: Answers) -> str:
    """The answers as a file that ``open_answers`` reads back to equal ones."""
    lines = []
    for one in fields(Answers):
        value = getattr(answers, one.name)
        if value is None:
            text = f'"{UNKNOWN}"'
        elif isinstance(value, bool):
            text = str(value).lower()
        elif isinstance(value, tuple):
            text = "[" + ", ".join(f'"{key}"' for key in value) + "]"
            text = text if value else f'"{of_interview("nothing", "en")}"'
        elif isinstance(value, str):
            text = f'"{value}"'
        else:
            text = f"{int(value)}" if float(value).is_integer() else repr(float(value))
        lines.append(f"{one.name} = {text}")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    text = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
