"""The answer, the certificate and the question whether it rings true, as sentences; numbers to three figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenbin.reporting.metric_words import metric_about, metric_jargon, metric_name, metric_short
from tenbin.units import format_amount, format_frequency, format_share
from tenbin.words import speaker

if TYPE_CHECKING:
    from tenbin.model import Case

__all__ = [
    "answer",
    "at_most",
    "certificate",
    "headline_metric",
    "metric_title",
    "out_of",
    "percent",
    "ring",
    "spoken",
    "verdict",
]

Document = Mapping[str, Any]
say = speaker("commands")
MET = 1e-9
"""So much above a limit, relative to it, is rounding."""


def spoken(value: float, lang: str, currency: str = "JPY") -> str:
    """An amount within a sentence: ``¥2.9 million``, ``290万円``."""
    text = format_amount(value, lang, currency)
    if lang == "en":
        for letter, word in (("M", "million"), ("B", "billion")):
            if text.endswith(letter):
                number = text.removesuffix(letter)
                return say(word, lang, number=number.rstrip("0").rstrip(".") if "." in number else number)
        if text.endswith("k"):
            return format_amount(float(f"{value:.3g}"), lang, currency, exact=True)
    return text


def percent(share: float) -> str:
    """A small share, never in scientific notation: ``1.5%``, ``0.02%``, ``100%``."""
    value = float(f"{100 * share:.2g}")
    decimals = 0 if value == round(value) else max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{decimals}f}%"


def at_most(share: float) -> str:
    """A bound that is no less than a share, at least 0.1%: what is nought but for rounding is not said to be 0%."""
    return percent(max(share, 0.001))


def metric_title(name: str, lang: str) -> str:
    """A metric as a row's heading: ``loss of a bad year: average of the worst 5 of 100 years (TVaR95)``."""
    words = metric_short(name, lang)
    if name.startswith("tvar"):
        words = metric_about(name, lang)  # several bad years stand below each other: what tells them apart is said
    return say("metric_cell", lang, name=words, jargon=metric_jargon(name))


def _metric(name: str, lang: str) -> str:
    """A metric in words, with what it means."""
    return metric_name(name, lang) if name.startswith("tvar") else metric_short(name, lang)


def headline_metric(document: Document) -> str:
    """The metric that the answer speaks of: what is made lowest, the first target's over the whole case, else TVaR95."""
    known = document["risk"]["residual"]
    if document["objective"] == "cost_and_loss":
        return "aal"
    if document["objective"] in known:
        return str(document["objective"])
    for target in document["targets"]:
        name, _, value = target["target"].partition("=")
        if name == "survive":
            name = f"var{value.rstrip('%')}"
        if name in known:
            return str(name)
    return "tvar95" if "tvar95" in known else "aal"


def verdict(value: float, low: float, limit: float) -> str:
    """What other years say of a limit: ``met``, ``missed``, or ``unclear`` where the sampling error does not let it be told.

    low : the lower end of the value's interval.
    """
    if value <= limit * (1 + MET):
        return "met"
    return "unclear" if low <= limit * (1 + MET) else "missed"


def answer(document: Document, lang: str) -> str:
    """What the plan costs and what it does to the risk, in one sentence."""

    def amount(value: float) -> str:
        return spoken(value, lang, document["currency"])

    cost, residual, current = document["cost"], document["risk"]["residual"], document["current"]
    name = headline_metric(document)
    before, after = current["risk"][name], residual[name]
    shown = amount(before), amount(after)
    key = "answer_stays" if shown[0] == shown[1] else "answer_falls" if after < before else "answer_rises"
    text = say(
        key,
        lang,
        per_year=amount(cost["per_year"]),
        first_year=amount(cost["first_year"]),
        today=say("answer_today", lang, per_year=amount(current["cost"]["per_year"])) if current["cost"]["npv"] > 0 else "",
        metric=say("metric_in_sentence", lang, metric=_metric(name, lang)),
        before=shown[0],
        after=shown[1],
    )
    if document["objective"] != "cost_and_loss":
        return text
    total = cost["per_year"] + residual["aal"]
    today = current["cost"]["per_year"] + current["risk"]["aal"]
    return text + say("space", lang) + say("total_cost", lang, total=amount(total), today=amount(today))


def certificate(document: Document, lang: str) -> str:
    """What is known of better sets, in the certificate's own words; "" without one."""
    found = document["certificate"]
    if found is None:
        return ""
    kind, objective = str(found["kind"]), document["objective"]
    gap = found["gap"]
    values: dict[str, str] = {
        "delta": percent(found["delta"]),
        "gap": at_most(gap) if gap is not None and math.isfinite(gap) else "100%",
        "years": f"{document['n_trials']:,}",
        "targets": say("these_targets" if len(document["targets"]) > 1 else "this_target", lang),
    }
    if objective == "cost_and_loss":
        text = say("proved_total" if kind == "proved" else "gap_total", lang, **values)
    elif objective != "cost":
        text = say(f"{kind}_risk", lang, metric=metric_short(objective, lang), **values)
    elif kind == "gap" and found.get("years_needed"):
        text = say("gap_years", lang, tail=f"{found['tail_years']:,.0f}", needed=str(found["years_needed"]), **values)
    elif kind == "gap" and (gap is None or not math.isfinite(gap) or gap >= 1):
        text = say("gap_cost_unknown", lang)
    else:
        text = say(f"{kind}_cost", lang, **values)
    return text + say("space", lang) + say("if_changed", lang)


def out_of(share: float, lang: str) -> str:
    """A share of the years in whole numbers: ``7 of 10``, ``97 of 100``."""
    for base in (10, 100, 1000):
        n = round(share * base)
        if 0 < n < base:
            return say("out_of", lang, n=f"{n:,}", base=f"{base:,}")
    return say("hardly" if share < 0.5 else "nearly_all", lang)


def ring(document: Document, case: Case, lang: str) -> list[str]:
    """Does this ring true? In words, with the three scenarios that matter most."""
    rate = document["incidents_per_year"]
    amount = spoken(document["threshold"], lang, case.currency)
    values = {"amount": amount, "none": out_of(1 - document["share_of_years_above"], lang)}
    if rate <= 0:
        text = say("ring_never", lang, amount=amount)
    elif rate > 1.5:
        text = say("ring_often", lang, times=_figure(rate), **values)
    else:
        text = say("ring_seldom", lang, years=_figure(1 / rate), **values)
    lines = [
        say("ring", lang),
        text + say("space", lang) + say("ring_aal", lang, aal=spoken(document["aal"], lang, case.currency)),
    ]
    if document["top"]:
        lines.append(say("ring_top", lang))
    for entry in document["top"]:
        more = say("ring_share", lang, share=format_share(entry["share"])) + say("comma", lang)
        more += format_frequency(entry["per_year"], lang)
        title = f"{entry['scenario']} {case.scenario(entry['scenario']).title(lang)}"
        lines.append("  " + say("brackets", lang, text=title, more=more))
    return lines


def _figure(value: float) -> str:
    """A number as people say it: 0.7, 1.4, 3, 12, 120."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 3 else f"{rounded:.1f}".removesuffix(".0")
