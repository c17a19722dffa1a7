"""What is said of two plans: what each is called, how they differ in a sentence."""

from __future__ import annotations

from tenbin.app.comparing import Choice, Side
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.sentences import percent, spoken
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["choice_words", "difference", "lead", "share_words"]

say = speaker("app_pages")

NOTHING = 0.5
"""Amounts below this are nought: rounding, not money."""


def choice_words(choice: Choice, metric: str, currency: str, lang: str) -> str:
    """What a plan is called where one is chosen."""
    if choice.amounts is None:
        return say(f"choice_{choice.kind}", lang, **({"name": choice.name} if choice.name else {}))
    cost, loss = (format_amount(amount, lang, currency) for amount in choice.amounts)
    return say(f"choice_{choice.kind}", lang, cost=cost, metric=metric_short(metric.rpartition(":")[2], lang), loss=loss)


def lead(left: Side, right: Side, metric: str, currency: str, lang: str) -> str:
    """How the right plan differs from the left, in a sentence."""
    cost = right.costs["per_year"] - left.costs["per_year"]
    loss = right.metrics[metric] - left.metrics[metric]
    if dict(left.choice.plan) == dict(right.choice.plan):
        return say("lead_same_plan", lang)
    costs = "dearer" if cost >= NOTHING else "cheaper" if cost <= -NOTHING else "as_dear"
    losses = "safer" if loss <= -NOTHING else "riskier" if loss >= NOTHING else "as_safe"
    first = say(f"lead_{costs}", lang, **({} if costs == "as_dear" else {"amount": spoken(abs(cost), lang, currency)}))
    values = {} if losses == "as_safe" else {"amount": spoken(abs(loss), lang, currency)}
    joint = "and" if (costs, losses) != ("dearer", "riskier") else "but"
    words = say(f"lead_{losses}", lang, metric=metric_short(metric, lang), **values)
    return say(f"lead_{joint}", lang, cost=first, loss=words)


def difference(left: float, right: float, currency: str, lang: str) -> str:
    """By how much the right amount is more, or less, than the left."""
    change = right - left
    if abs(change) < NOTHING:
        return say("no_difference", lang)
    return f"{'+' if change > 0 else '−'}{format_amount(abs(change), lang, currency)}"


def share_words(share: float, lang: str) -> str:
    """A share of the years."""
    return percent(share) if share > 0 else say("share_never", lang)
