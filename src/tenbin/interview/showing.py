"""An answer as people read it, and what to write where it is none."""

from __future__ import annotations

from typing import Any

from tenbin.interview.questions import Kind, Question
from tenbin.units import format_amount, format_share
from tenbin.words import Said, speaker

__all__ = ["again_words", "shown_answer"]

say = speaker("interview")


def again_words(question: Question, rule: Said, lang: str) -> str:
    """What to type instead."""
    if rule.key == "must_between":
        return say("again_between", lang, **rule.values)
    if rule.key == "must_yen":
        return say("again_yen", lang)
    return say(f"again_{question.kind.value}", lang, n=len(question.choices))


def shown_answer(question: Question, value: Any, lang: str) -> str:
    """An answer as people read it."""
    if question.kind is Kind.AMOUNT:
        return format_amount(value, lang)
    if question.kind is Kind.SHARE:
        return format_share(value)
    if question.kind is Kind.YES_NO:
        return say("yes" if value else "no", lang)
    if question.kind is Kind.CHOICE:
        return say(f"choice_{question.key}_{value}", lang)
    if question.kind is Kind.CHECKLIST:
        names = [say(f"choice_{question.key}_{key}", lang) for key in value]
        return "\n".join(names) or say("nothing", lang)
    if value == 1:
        return say(f"one_{question.key}", lang)
    return say("counted", lang, n=f"{value:,.15g}", unit=say(f"unit_{question.key}", lang))
