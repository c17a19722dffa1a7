"""What is asked of a plan in words: a target, a budget, days, a measure that has to be in or out."""

from __future__ import annotations

from tenbin.errors import InputError
from tenbin.inputs import parse_target
from tenbin.inputs.words import shown
from tenbin.model import Basis, Case, Coverage, Scope, Target
from tenbin.reporting.metric_words import metric_name, metric_short
from tenbin.reporting.sentences import spoken
from tenbin.studies.run_words import budget_words, days_words
from tenbin.units import format_share
from tenbin.words import speaker

__all__ = ["demand_words", "target_words"]

say = speaker("demands")

TODAY = "current"


def target_words(text: str, case: Case, lang: str) -> str:
    """A target in words, such as ``tvar95=60%``: "loss of a bad year … at most 60% of today's"; as it stands where it is none."""
    try:
        target = parse_target(text, case)
    except InputError:
        return shown(text)
    if target.covers is not None:
        return _coverage(target.covers, case, lang)
    words = _limit(target, case, lang)
    scope = _scope(target.scope, case, lang)
    return say("in_scope", lang, scope=scope, words=words) if scope else words


def _limit(target: Target, case: Case, lang: str) -> str:
    if target.survive:
        assert target.confidence is not None
        reserve = spoken(target.value, lang, case.currency)
        return say("survive", lang, share=format_share(float(target.confidence)), reserve=reserve)
    if target.keep:
        name = "keep_today" if target.keep == TODAY else "keep_plan"
        slack = say("slack", lang, share=format_share(target.slack)) if target.slack else ""
        return say(name, lang, plan=shown(target.keep), slack=slack)
    name = target.metric_name
    metric = metric_name(name, lang) if name.startswith("tvar") else metric_short(name, lang)
    if target.basis is Basis.AMOUNT:
        return say("at_most", lang, metric=metric, amount=spoken(target.value, lang, case.currency))
    return say(f"at_most_{target.basis.value}", lang, metric=metric, share=format_share(target.value))


def _coverage(covers: Coverage, case: Case, lang: str) -> str:
    from tenbin.catalogue import standard_titles

    titles = standard_titles().get(covers.standard, ("", ""))
    standard = titles[0 if lang == "ja" else 1] or covers.standard
    if covers.share is None:
        return say("covers_these", lang, standard=standard, references=list(covers.references))
    key = "covers_reachable" if covers.of_reachable else "covers_share"
    return say(key, lang, standard=standard, share=format_share(float(covers.share)))


def _scope(scope: Scope, case: Case, lang: str) -> str:
    """A part of the case by its name."""
    if scope.scenario:
        return f"{scope.scenario} {case.scenario(scope.scenario).title(lang)}"
    parts = []
    if scope.layer is not None:
        layer = next(one for one in case.catalogue.layers if one.number == scope.layer)
        parts.append(layer.title_ja if lang == "ja" else layer.title_en)
    if scope.component:
        component = next(one for one in case.catalogue.components if one.id == scope.component)
        parts.append(component.title_ja if lang == "ja" else component.title_en)
    return say("part_of", lang).join(parts)


def demand_words(label: str, case: Case, lang: str) -> str:
    """A demand as a conflict names it, in words: a target, ``budget 1M/year``, ``max-days 10/year``, ``require L1.001``, ``exclude L1.001``."""
    kind, _, rest = label.partition(" ")
    if kind == "budget" and rest:
        return budget_words(rest, case.currency, lang)
    if kind == "max-days" and rest:
        return days_words(rest, lang)
    if kind in ("require", "exclude") and rest:
        measure, _, level = rest.partition("=")
        titles = {one.id: one.title_ja if lang == "ja" else one.title_en for one in case.catalogue.measures}
        return say(kind, lang, measure=" ".join(filter(None, (measure, titles.get(measure, ""), level))))
    target, bracket, detail = label.partition(" (")
    words = target_words(target, case, lang)
    return say("detail", lang, words=words, detail=_detail(detail.rstrip(")"), case, lang)) if bracket else words


def _detail(label: str, case: Case, lang: str) -> str:
    """Which of the limits that one target means: ``L1/people:aal``."""
    scope, _, metric = label.rpartition(":")
    try:
        held = parse_target(f"{label}=100%", case).scope if scope else Scope()
    except InputError:
        return shown(label)
    name = metric_short(metric, lang)
    found = _scope(held, case, lang)
    return say("in_scope", lang, scope=found, words=name) if found else name
