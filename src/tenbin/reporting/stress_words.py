"""A stress in words."""

from __future__ import annotations

from tenbin.reporting.matters_data import StressRow
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["stress_name", "stress_words"]

say = speaker("sensitivity")


def stress_words(row: StressRow, title: str, lang: str, currency: str = "JPY") -> tuple[str, str]:
    """What goes wrong and of what, as two lines: for a scenario its name first, then what it does.

    title : of the row's label in the language.
    """
    name = say("stress_labelled", lang, id=row.label.id, title=title) if title not in ("", row.label.id) else row.label.id
    if row.kind in ("frequency", "loss"):
        what = say(f"stress_{row.kind}", lang, times=f"{row.factor:g}")
        return what, name or say("stress_everywhere", lang)
    if row.kind == "normal":
        return say("stress_normal", lang), ""
    if row.kind == "all":
        return say("stress_both", lang) if row.parts == 2 else say("stress_all", lang, n=row.parts), ""
    amount = format_amount(row.amount, lang, currency) if row.amount is not None else ""
    return name, say(f"stress_{row.kind}", lang, amount=amount)


def stress_name(row: StressRow, title: str, lang: str, currency: str = "JPY") -> str:
    """The same within a sentence."""
    first, second = stress_words(row, title, lang, currency)
    return say("stress_named", lang, title=first, detail=second) if second else first
