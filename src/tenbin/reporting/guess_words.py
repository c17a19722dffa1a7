"""A guess in words: what is guessed, between which values, and what one would choose otherwise if it were known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenbin.reporting.chart_data import Label
from tenbin.units import format_amount, format_share
from tenbin.words import speaker

__all__ = ["GuessRow", "SwitchRow", "guess_name", "guess_span", "guess_value", "guess_what", "switch_words"]

say = speaker("sensitivity")

OFTEN = 0.95
"""Events a year from which on a frequency is said as times a year."""


@dataclass(frozen=True, slots=True)
class GuessRow:
    """A figure with its range, free of language.

    kind : ``frequency``, ``effect`` or ``cost``. label : of the scenario (a frequency), the measure or the shared capability. on : of an
    effect, the scenario; acts_on : ``frequency`` or ``severity``. amount : of a cost, ``capex``, ``opex``, ``effort_initial`` or
    ``effort_yearly``.
    """

    key: str
    kind: str
    label: Label
    likely: float
    low: float
    high: float
    on: Label | None = None
    acts_on: str = ""
    level: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """From ``low`` to ``high`` (None: no end within belief) another plan is best: what it adds, and what it does without."""

    low: float | None
    high: float | None
    add: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()


def guess_what(guess: GuessRow, lang: str) -> str:
    """What is guessed, as it stands after a title: ``how often``."""
    if guess.kind == "effect":
        assert guess.on is not None
        return say(f"what_effect_{guess.acts_on}", lang, on=guess.on.id)
    return say("what_frequency" if guess.kind == "frequency" else f"what_{guess.amount}", lang, level=guess.level).rstrip()


def guess_name(guess: GuessRow, title: str, lang: str) -> str:
    """A guess within a sentence; title : its label's in the language."""
    values = {"title": title, "id": guess.label.id, "on": guess.on.id if guess.on else ""}
    if guess.kind == "cost":
        return say("name_cost", lang, what=guess_what(guess, lang), **values)
    return say("name_frequency" if guess.kind == "frequency" else f"name_effect_{guess.acts_on}", lang, **values)


def guess_value(guess: GuessRow, value: float, lang: str, currency: str = "JPY") -> str:
    """A value of a guess: ``once in 40 years``, ``45%``, ``¥1.20M``, ``12 days``."""
    if guess.kind == "frequency":
        if value < OFTEN:
            return say("once_in", lang, years=_years(value))
        return say("times_yearly", lang, times=f"{value:.2g}")
    if guess.kind == "effect":
        return format_share(value)
    if guess.amount.startswith("effort"):
        return say("days", lang, n=f"{value:.3g}")
    return format_amount(value, lang, currency)


def guess_span(guess: GuessRow, lang: str, currency: str = "JPY", falling: bool = False) -> str:
    """From the low to the high end, or the other way round where ``falling``."""
    first, second = (guess.high, guess.low) if falling else (guess.low, guess.high)
    if guess.kind == "frequency" and max(first, second) < OFTEN:
        return say("once_in_span", lang, first=_years(first), second=_years(second))
    return say("span", lang, first=guess_value(guess, first, lang, currency), second=guess_value(guess, second, lang, currency))


def switch_words(guess: GuessRow, switches: Sequence[SwitchRow], lang: str, currency: str = "JPY") -> list[str]:
    """Where one would choose otherwise, and what: ``above once in 27 years +L3.022``, one text for each stretch."""
    found = []
    for one in switches:
        low = guess_value(guess, one.low, lang, currency) if one.low is not None else ""
        high = guess_value(guess, one.high, lang, currency) if one.high is not None else ""
        kind = "often" if guess.kind == "frequency" else "value"
        if one.low is not None and one.high is not None:
            often = kind == "often" and one.high < OFTEN
            ends = {"low": _years(one.low), "high": _years(one.high)} if often else {"low": low, "high": high}
            where = say("between_often" if often else "between_value", lang, **ends)
        else:
            where = say(f"below_{kind}", lang, high=high) if one.low is None else say(f"above_{kind}", lang, low=low)
        changes = [f"+{measure}={level}" if level else f"+{measure}" for measure, level in one.add]
        changes += [f"−{measure}" for measure in one.drop]
        found.append(say("switch", lang, where=where, change=" ".join(changes)))
    return found


def _years(frequency: float) -> str:
    years = float(f"{1 / frequency:.2g}")
    return f"{years:,.0f}" if years >= 10 else f"{years:.1f}".removesuffix(".0")
