"""The questions: fifteen at most, in plain words, each of which may be left open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CHECKLIST", "INDUSTRIES", "QUESTIONS", "Kind", "Question", "question"]


class Kind(StrEnum):
    """What an answer is: one of a few, a whole number, days, an amount, a share, yes or no, several of a list."""

    CHOICE = "choice"
    COUNT = "count"
    DAYS = "days"
    AMOUNT = "amount"
    SHARE = "share"
    YES_NO = "yes_no"
    CHECKLIST = "checklist"


INDUSTRIES = ("factory", "trade", "logistics", "construction", "it", "care")

CHECKLIST = (
    "policy",
    "inventory",
    "training",
    "antivirus",
    "firewall",
    "mfa",
    "updates",
    "backup",
    "offsite_backup",
    "separated",
    "response",
    "locked",
)
"""What may be in place, in words that a director uses; the presets say which measures these are."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its words are ``ask_KEY`` (the question), ``help_KEY`` and, for what is counted, ``unit_KEY``.

    choices : of a choice or a checklist; their words are ``choice_KEY_CHOICE``. least, most : of a number.
    """

    key: str
    kind: Kind
    choices: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 1e15


QUESTIONS = (
    Question("industry", Kind.CHOICE, INDUSTRIES),
    Question("employees", Kind.COUNT, least=1, most=100_000),
    Question("computers", Kind.COUNT, most=1_000_000),
    Question("revenue", Kind.AMOUNT, least=1_000_000, most=1e13),
    Question("profit_per_day", Kind.AMOUNT, most=1e11),
    Question("days_down", Kind.DAYS, least=0.1, most=365),
    Question("remote_access", Kind.YES_NO),
    Question("machines", Kind.COUNT, most=1_000_000),
    Question("records", Kind.COUNT, most=1e9),
    Question("largest_payment", Kind.AMOUNT, most=1e12),
    Question("customer_share", Kind.SHARE, most=1.0),
    Question("in_place", Kind.CHECKLIST, CHECKLIST),
    Question("incidents", Kind.COUNT, most=1000),
    Question("cash", Kind.AMOUNT, most=1e13),
    Question("budget", Kind.AMOUNT, most=1e13),
)


BY_KEY = {one.key: one for one in QUESTIONS}


def question(key: str) -> Question:
    """The question of a key; ``KeyError`` when there is none."""
    return BY_KEY[key]
