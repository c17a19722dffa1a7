"""Why a measure is in a plan, and from which price on another would be: in sentences, of the document that has the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenbin.reporting.sentences import percent, spoken
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["differences", "enters", "nearness", "why_chosen"]

say = speaker("commands")

Document = Mapping[str, Any]

MOST_CHANGES = 5
"""So many changes of a step are named; the rest is counted (the saved table has all)."""
MOST_OF_ANOTHER = 8
NOTHING = 0.5
"""Amounts below this are nought: rounding, not money."""


def differences(change: Document, lang: str, most: int = MOST_CHANGES) -> str:
    """What one plan has more, less or otherwise than another, in one line."""
    parts = [f"+{entry['measure']}={entry['level']}" for entry in change["add"]]
    parts += [f"−{entry['measure']}" for entry in change["drop"]]
    parts += [f"{entry['measure']} {entry['from']}→{entry['to']}" for entry in change["change"]]
    if len(parts) > most:
        parts = [*parts[: most - 1], say("differs_more", lang, n=len(parts) - most + 1)]
    return say("comma_of_ids", lang).join(parts) or say("change_none", lang)


def why_chosen(why: Document, currency: str, years: float, is_mandatory: bool, lang: str) -> Iterator[str]:
    """Why a measure is chosen; years : what turns an npv into a cost per year.

    is_mandatory : whether the case has it that way.
    """

    def amount(npv: float) -> str:
        return spoken(npv / years, lang, currency)

    target, share = max(why["misses"].items(), key=lambda pair: pair[1], default=("", 0.0))
    key = "misses" if share > 0 else "holds"
    if why["saves_npv"] / years >= NOTHING:
        key = f"saves_{key}"
    values = {"amount": amount(why["saves_npv"])} if key.startswith("saves") else {}
    yield say(f"why_{key}", lang, **values, **({"target": target, "share": percent(share)} if share > 0 else {}))
    if is_mandatory:
        yield say("why_mandatory", lang)
    if why["needed_by"]:
        yield say("why_needed", lang, measures=say("comma", lang).join(why["needed_by"]))
    instead = why["instead"]
    if instead:
        extra = instead["cost"]["extra_npv"]
        key = "why_instead" if extra / years >= NOTHING else "why_instead_same"
        yield say(key, lang, amount=amount(extra), changes=differences(instead["differs"], lang, MOST_OF_ANOTHER))
        if not why["closed"]:
            yield say("why_cut", lang)
    elif not is_mandatory:
        yield say("why_no_other" if why["closed"] else "why_none_known", lang)


def nearness(why: Document) -> float:
    """The share of its price at which a measure enters: the nearest to being chosen first."""
    if why["enters_at_npv"] is None:
        return float("-inf")
    return float(why["enters_at_npv"] / why["price_npv"]) if why["price_npv"] > 0 else 1.0


def enters(why: Document, currency: str, years: float, lang: str) -> str:
    """From which price on a measure would be chosen."""

    def amount(npv: float) -> str:
        return format_amount(npv / years, lang, currency)

    at, price = why["enters_at_npv"], why["price_npv"]
    if at is None:
        return say("enters_not_allowed" if why["closed"] else "enters_unknown", lang)
    if at / years <= -NOTHING:
        return say("enters_never", lang)
    if at >= price - NOTHING * years:
        return say("enters_tie", lang)
    if at / years < NOTHING:
        return say("enters_free", lang)
    return say("enters_at", lang, amount=amount(at), price=amount(price))
