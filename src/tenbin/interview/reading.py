"""One answer as people write it → a value, None where nobody knows; whatever is no answer says what one looks like."""

from __future__ import annotations

import unicodedata
from typing import Any

from tenbin.interview.questions import Kind, Question
from tenbin.units import Money, parse_amount, parse_number, parse_share
from tenbin.words import saying, speaker, table

__all__ = ["UNKNOWN", "read_answer"]

said = saying("interview")
say = speaker("interview")
LANGUAGES = ("ja", "en")
UNKNOWN = "unknown"
"""What is written where nobody knows; blank means the same."""
SMALLEST = 10_000
"""Fewer yen than this are a slip: 170 where 1,700,000 are meant."""


def read_answer(question: Question, value: object) -> Any:
    """One answer, None for "don't know".

    Raises
    ------
    ValueError : when it is no answer to this question; its first argument is the rule as a ``Said``.
    """
    if isinstance(value, list | tuple):
        value = ";".join(map(str, value))
    text = "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()
    word = text.casefold()
    if (
        not word
        or word == UNKNOWN
        or word in _words("unknown")
        or word in {say("unknown", lang).casefold() for lang in LANGUAGES}
    ):
        return None
    if question.kind is Kind.YES_NO:
        return _yes_or_no(word)
    if question.kind is Kind.CHOICE:
        return _chosen(question, word)
    if question.kind is Kind.CHECKLIST:
        return _checked(question, word)
    return _counted(question, word)


def _words(name: str) -> tuple[str, ...]:
    """Ways to write something, in both languages; the longest first."""
    found = {
        unicodedata.normalize("NFKC", word).casefold() for lang in LANGUAGES for word in say(f"words_{name}", lang).split(";")
    }
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def _names(question: Question) -> dict[str, str]:
    """Every way to write a choice → its key: the key, its words in either language."""
    found: dict[str, str] = {}
    for key in question.choices:
        texts = table("interview")[f"choice_{question.key}_{key}"]
        found |= {unicodedata.normalize("NFKC", name).casefold(): key for name in (key, texts["en"], texts["ja"])}
    return found


def _yes_or_no(word: str) -> bool:
    if word in _words("yes"):
        return True
    if word in _words("no"):
        return False
    raise ValueError(said("must_yes_no"))


def _chosen(question: Question, word: str) -> str:
    """The choice of this name, or the only one that has it within, or is within it."""
    names = _names(question)
    near = {key for name, key in names.items() if len(word) > 1 and (word in name or (len(name) > 2 and name in word))}
    if word in names:
        return names[word]
    if len(near) == 1:
        return near.pop()
    raise ValueError(said("must_choice", names=list(question.choices)))


def _checked(question: Question, word: str) -> tuple[str, ...]:
    if word in _words("nothing") or word in {say("nothing", lang).casefold() for lang in LANGUAGES}:
        return ()
    names = _names(question)
    ways = ([part.strip() for part in word.split(";")], word.translate(str.maketrans("、,;", "   ")).split())
    for parts in ways:
        chosen = [part for part in parts if part]
        if chosen and all(part in names for part in chosen):
            return tuple(key for key in question.choices if key in {names[part] for part in chosen})
    raise ValueError(said("must_choices", names=list(question.choices)))


def _counted(question: Question, word: str) -> Any:
    text = "0" if word in _words("nothing") else _bare(question.kind, word)
    try:
        value = _number(question.kind, text)
    except ValueError:
        raise ValueError(said(f"must_{question.kind.value}")) from None
    if question.kind is Kind.COUNT and not value.is_integer():
        raise ValueError(said("must_count"))
    if question.kind is Kind.AMOUNT and 0 < value < SMALLEST:
        raise ValueError(said("must_yen"))
    if not question.least <= value <= question.most:
        raise ValueError(said("must_between", least=_limit(question, question.least), most=_limit(question, question.most)))
    return int(value) if question.kind is Kind.COUNT else value


def _bare(kind: Kind, word: str) -> str:
    """Without "about" before it and "or so" and "people" after it."""
    for before in _words("about"):
        word = word.removeprefix(before)
    word = word.strip()
    for name in ("or_so", "counter") if kind is not Kind.SHARE else ("or_so",):
        ending = next((end for end in _words(name) if word.endswith(end)), "")
        word = word.removesuffix(ending).strip()
    return word


def _number(kind: Kind, text: str) -> float:
    if kind is Kind.SHARE:
        value = parse_share(text)
        return value / 100 if 1 < value <= 100 and not text.endswith("%") else value
    if kind is Kind.AMOUNT:
        return parse_amount(text)
    try:
        return parse_number(text)
    except ValueError:
        return parse_amount(text)


def _limit(question: Question, value: float) -> object:
    """A limit as people write it."""
    if question.kind is Kind.AMOUNT:
        return Money(value)
    return f"{value:.0%}" if question.kind is Kind.SHARE else f"{value:,.15g}"
