"""What a run was asked and what is known of its answer, in few words: for lists and tables of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.inputs.words import shown
from tenbin.reporting.metric_words import metric_jargon, metric_short
from tenbin.reporting.sentences import at_most
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["budget_words", "days_words", "metric_named", "outcome_words", "question_words"]

say = speaker("runs")


def metric_named(name: str, lang: str) -> str:
    """A metric in words with its short name: ``loss of a bad year (TVaR95)``; as it stands where it is none."""
    scope, _, plain = name.rpartition(":")
    try:
        text = say("metric_named", lang, name=metric_short(plain, lang), jargon=metric_jargon(plain))
    except ValueError:
        return shown(name)
    return say("metric_of", lang, metric=text, scope=shown(scope)) if scope else text


def question_words(
    targets: Sequence[str], objective: str, metric: str, asked: Mapping[str, Any], currency: str, lang: str
) -> str:
    """Targets as typed, means in words, and what was made lowest where that is not the cost.

    objective : ``cost``, ``cost_and_loss``, the metric made lowest, or ``frontier``. asked : the options of the question.
    """
    parts = [shown(target) for target in targets]
    if asked.get("budget"):
        parts.append(budget_words(str(asked["budget"]), currency, lang))
    if asked.get("max_days"):
        parts.append(days_words(str(asked["max_days"]), lang))
    if objective == "frontier":
        parts.insert(0, say("asked_frontier", lang, metric=metric_named(metric, lang)))
    elif objective == "cost_and_loss":
        parts.append(say("asked_total", lang))
    elif objective != "cost":
        parts.append(say("asked_least", lang, metric=metric_named(objective, lang)))
    return say("comma", lang).join(parts)


def budget_words(text: str, currency: str, lang: str) -> str:
    """A budget in words; ``8M/first-year``."""
    from tenbin.errors import InputError
    from tenbin.inputs import parse_budget

    try:
        budget = parse_budget(text)
    except InputError:
        return shown(text)
    return say(f"asked_budget_{_key(budget.period)}", lang, amount=format_amount(budget.amount, lang, currency))


def days_words(text: str, lang: str) -> str:
    """A limit of own people's days in words; ``30/year``."""
    from tenbin.errors import InputError
    from tenbin.inputs import parse_days

    try:
        days = parse_days(text)
    except InputError:
        return shown(text)
    return say(f"asked_days_{_key(days.period)}", lang, days=f"{days.days:,.10g}")


def _key(period: str) -> str:
    return str(period).replace("-", "_")


def outcome_words(status: str, certificate: Mapping[str, Any] | None, lang: str) -> str:
    """What was found, with what is known of better plans: proved, audited, or how much better one may be."""
    if certificate is not None and status in ("optimal", "feasible"):
        kind, gap = str(certificate.get("kind")), certificate.get("gap")
        if kind in ("proved", "audited"):
            return say(f"found_{kind}", lang)
        if isinstance(gap, int | float) and gap < 1:
            return say("found_gap", lang, gap=at_most(gap))
        return say("found_gap_unknown", lang)
    key = f"status_{status}"
    return say(key, lang) if key in say else shown(status)
