"""What stands beside a plan → what people read: alternatives, reasons, how steady, an interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid
from tenbin.cli.language import say
from tenbin.reporting.reason_words import differences, enters, nearness, why_chosen
from tenbin.reporting.sentences import metric_title, percent, spoken
from tenbin.units import format_amount, format_share

if TYPE_CHECKING:
    from tenbin.model import Case

__all__ = ["beside"]

Document = Mapping[str, Any]

MOST_CHANGES = 8
MOST_SCENARIOS = 2
NOTHING = 0.5
"""Amounts below this are nought: rounding, not money."""


def beside(document: Document, case: Case, lang: str, asked: bool) -> Iterator[Block]:
    """Whatever a document has beside its plan; asked : whether alternatives were asked for."""
    years = annuity(case)
    if asked or document["alternatives"]:
        yield from _alternatives(document, years, lang)
    if document["reasons"]:
        yield from _chosen(document, case, years, lang)
        yield from _others(document, case, years, lang)
        if not document["reasons"]["complete"]:
            yield say("reasons_incomplete", lang)
    if document.get("likely"):
        yield from _likely(document, years, lang)
    if document.get("robust"):
        yield from _robust(document["robust"], years, lang)
    if document.get("interval"):
        yield from _interval(document["interval"], years, lang)


def annuity(case: Case) -> float:
    """What turns an npv into a cost per year."""
    rate = case.organisation.discount_rate
    return float(sum((1 + rate) ** -year for year in range(case.organisation.horizon_years)))


def _alternatives(document: Document, years: float, lang: str) -> Iterator[Block]:
    if not document["alternatives"]:
        yield say("alternatives_none", lang)
        return
    rows = []
    for n, other in enumerate(document["alternatives"], start=1):
        extra = other["cost"]["extra_npv"] / years
        amount = format_amount(extra, lang, document["currency"]) if extra >= NOTHING else say("same_cost", lang)
        rows.append((str(n), amount, differences(other["differs"], lang, MOST_CHANGES)))
    heads = (("number", "right"), ("extra_cost", "right"), ("what_differs", "left"))
    yield Grid(tuple((say(name, lang), side) for name, side in heads), tuple(rows), say("alternatives", lang))


def _chosen(document: Document, case: Case, years: float, lang: str) -> Iterator[Block]:
    yield ""
    yield say("why_chosen", lang)
    mandatory = {row.id for row in case.status if row.mandatory}
    for why in document["reasons"]["chosen"]:
        heading = f"  {why['measure']} {_measure(case, why['measure'], lang)} ({why['level']})"
        yield heading
        yield "    " + _join(why_chosen(why, document["currency"], years, why["measure"] in mandatory, lang), lang)


def _others(document: Document, case: Case, years: float, lang: str) -> Iterator[Block]:
    others = document["reasons"]["not_chosen"]
    if not others:
        return
    ranked = sorted(others, key=lambda why: (-nearness(why), why["measure"]))
    rows = []
    for why in ranked:
        acts = [case.scenario(name).title(lang) for name in why["scenarios"][:MOST_SCENARIOS]]
        if len(why["scenarios"]) > MOST_SCENARIOS:
            acts.append(say("differs_more", lang, n=len(why["scenarios"]) - MOST_SCENARIOS))
        title = _measure(case, why["measure"], lang)
        rows.append(
            (
                f"{why['measure']}={why['level']}",
                title,
                enters(why, document["currency"], years, lang),
                say("semicolon", lang).join(acts),
            )
        )
    heads = ("measure", "title", "enters", "acts_on")
    yield ""
    yield Grid(tuple((say(name, lang), "left") for name in heads), tuple(rows), say("why_not", lang))


def _likely(document: Document, years: float, lang: str) -> Iterator[Block]:
    """The plan for the likely values: what it costs and leaves over the worlds."""
    theirs, currency = document["likely"], document["currency"]
    yield ""
    yield say("likely_plan", lang)
    if not theirs["cost"]:
        yield say("likely_none", lang)
        return
    if theirs["same_plan"]:
        yield say("likely_same", lang)
        return
    if not theirs["targets"]:  # a budget: both spend it, what differs is what they leave
        metric = document["objective"]
        mine, other = document["risk"]["residual"].get(metric), theirs["risk"].get(metric)
        if mine is not None and other is not None:
            amounts = {name: spoken(value, lang, currency) for name, value in (("here", mine), ("there", other))}
            yield say("likely_leaves", lang, metric=metric_title(metric, lang), **amounts)
        yield from _likely_differs(theirs, lang)
        return
    saved = (document["cost"]["npv"] - theirs["cost"]["npv"]) / years
    values = {"cost": spoken(theirs["cost"]["npv"] / years, lang, currency), "amount": spoken(abs(saved), lang, currency)}
    yield say("likely_cheaper" if saved > NOTHING else "likely_dearer" if saved < -NOTHING else "likely_equal", lang, **values)
    for target in theirs["targets"]:
        value, limit = (spoken(target[name], lang, currency) for name in ("value", "limit"))
        if target["met"]:
            yield say("likely_meets", lang, target=target["target"], value=value, limit=limit)
        else:
            over = percent(target["value"] / target["limit"] - 1) if target["limit"] > 0 else ""
            yield say("likely_misses", lang, target=target["target"], value=value, limit=limit, over=over)
    yield from _likely_differs(theirs, lang)


def _likely_differs(theirs: Document, lang: str) -> Iterator[Block]:
    for key, entries in (("likely_only_here", theirs["only_here"]), ("likely_not_here", theirs["not_here"])):
        if entries:
            texts = [f"{entry['measure']}={entry['level']}" for entry in entries]
            yield say(key, lang, measures=say("comma", lang).join(texts))


def _robust(steady: Document, years: float, lang: str) -> Iterator[Block]:
    yield ""
    yield say("robust", lang)
    if steady["n_done"] < steady["n_runs"]:
        yield say("robust_cut", lang, done=steady["n_done"], asked=steady["n_runs"])
    values = {"n": steady["n_done"], "spread": percent(steady["cost_spread"])}
    if not steady["npv"]:
        yield say("robust_none", lang, **values)
        return
    low, high = (spoken(steady["npv"][point] / years, lang, steady["currency"]) for point in ("p05", "p95"))
    yield say("robust_costs", lang, plans=steady["n_plans"], low=low, high=high, **values)
    names: dict[str, list[str]] = {"core": [], "contested": []}
    for one in steady["measures"]:
        text = one["measure"]
        if one["class"] == "contested":
            text += f" {format_share(one['share'])}"
            names["contested"].append(say("robust_in_plan", lang, measure=text) if one["in_plan"] else text)
        elif one["class"] == "core":
            names["core"].append(text if one["in_plan"] else say("robust_not_in_plan", lang, measure=text))
    for kind, found in names.items():
        comma = say("comma", lang)
        yield say(f"robust_{kind}", lang, measures=comma.join(found)) if found else say(f"robust_no_{kind}", lang)


def _interval(between: Document, years: float, lang: str) -> Iterator[Block]:
    def amount(npv: float | None) -> str:
        return spoken(npv / years, lang, between["currency"]) if npv is not None else ""

    lower, upper = amount(between["lower"]), amount(between["upper"])
    key = {(True, True): "both", (True, False): "lower", (False, True): "upper", (False, False): "neither"}[
        bool(lower), bool(upper)
    ]
    if lower and lower == upper:
        key = "same"
    yield ""
    if between["n_done"] < between["n_asked"] and between["n_done"] != 1:
        yield say("interval_cut", lang, done=between["n_done"], asked=between["n_asked"])
    values = {"confidence": percent(between["confidence"]), "lower": lower, "upper": upper, "n": between["n_done"]}
    yield say(f"interval_{key}", lang, **values)
    yield from (say("interval_note", lang, text=note) for note in between["notes"])


def _measure(case: Case, measure: str, lang: str) -> str:
    entry = next((entry for entry in case.catalogue.measures if entry.id == measure), None)
    if entry is None:
        return ""
    first, second = (entry.title_ja, entry.title_en) if lang == "ja" else (entry.title_en, entry.title_ja)
    return first or second


def _join(sentences: Iterator[str], lang: str) -> str:
    return say("space", lang).join(sentences)
