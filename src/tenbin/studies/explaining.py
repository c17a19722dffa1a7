"""Results that look absurd, explained with their numbers: said only where they apply."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tenbin.evaluation import ExpectedLoss, Reduction
from tenbin.inputs.laws import interval_of, law_text
from tenbin.model import Case, Lognormal, Range, Scenario
from tenbin.reporting.metric_words import metric_jargon
from tenbin.simulation import draw_worlds, structure_of
from tenbin.studies.differing import input_differences
from tenbin.studies.evaluating import Risk
from tenbin.studies.scopes import reduce_plan
from tenbin.units import Money, format_frequency, format_share
from tenbin.words import Said, Titled, saying

__all__ = ["Note", "explain_change", "explain_risk", "explain_risks"]

said = saying("explaining")

ABOVE = 0.05
"""Share by which the average over the worlds is above that of the likely values before it is explained."""

ALIKE = 1e-9
DRAWING = frozenset({"study.seed", "study.n_trials"})
"""Settings that change which events are drawn, and nothing that was entered."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why a result is as it is. kind : its key. about : ids of the scenarios in question. plan : whose result it is, by name."""

    kind: str
    text: Said
    about: tuple[str, ...] = ()
    plan: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents, in both languages."""
        texts = {f"text_{lang}": self.text.within(lang) for lang in ("ja", "en")}
        return {"kind": self.kind, "about": list(self.about), "plan": self.plan, **texts}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A number as each language writes it."""

    write: Callable[[str], str]

    def within(self, lang: str) -> str:
        return self.write(lang)

    def __format__(self, spec: str) -> str:
        return self.write("en")


def explain_risks(risks: Mapping[str, Risk]) -> list[Note]:
    """What ``explain_risk`` says of plans on the same years, by name: each kind of the first plan that it is true of."""
    found: dict[tuple[str, tuple[str, ...]], Note] = {}
    for name, risk in risks.items():
        for note in explain_risk(risk):
            is_of_case = note.kind == "infinite_variance"
            found.setdefault((note.kind, note.about if is_of_case else ()), note if is_of_case else replace(note, plan=name))
    return list(found.values())


def explain_risk(risk: Risk) -> list[Note]:
    """Why a value at risk is 0, why the average is above that of the likely values, which loss has no finite variance."""
    return [*_zero(risk), *_above_likely(risk), *_infinite(risk.case)]


def _zero(risk: Risk) -> Iterator[Note]:
    """VaR95 is 0 where more than 95 of 100 years pass without a loss (exactly as many are enough)."""
    if risk.metrics().get("var95") != 0:
        return
    quiet = float(np.mean(risk.annual_loss == 0))
    if quiet < 1:
        yield Note("var_zero", said("var_zero", share=f"{100 * quiet:.1f}%"))


def _above_likely(risk: Risk) -> Iterator[Note]:
    """Over the worlds the average exceeds what it is when every guess takes its likely value."""
    case, worlds = risk.case, risk.evaluator.events.worlds
    if worlds.n_worlds == 1:
        return
    single = draw_worlds(case, 1, risk.evaluator.events.seed)
    expected = ExpectedLoss.of(structure_of(case, single))
    likely = expected.by_scenario(*reduce_plan(Reduction.of(case, single), risk.plan))
    over = risk.evaluator.expected.by_scenario(risk.phi, risk.gamma)
    if not 0 < likely.sum() * (1 + ABOVE) < over.sum():
        return
    most = case.scenarios[int(np.argmax(over - likely))]
    amounts = {name: _amount(float(part.sum()), case) for name, part in (("likely", likely), ("over", over))}
    more = format_share(float(over.sum() / likely.sum()) - 1)
    yield Note("above_likely", said("above_likely", more=more, scenario=_title(most), **amounts), (most.id,))


def _infinite(case: Case) -> Iterator[Note]:
    """Uncapped laws whose losses have no finite variance."""
    for scenario in case.scenarios:
        if scenario.frequency.likely > 0 and math.isinf(scenario.severity.variance):
            text = said(
                "infinite_variance",
                scenario=_title(scenario),
                law=law_text(scenario.severity.model).replace(".0,", ",").replace(".0)", ")"),
            )
            yield Note("infinite_variance", text, (scenario.id,))


def explain_change(
    before: Case,
    after: Case,
    risks: tuple[Mapping[str, float], Mapping[str, float]] | None = None,
    n_worlds: tuple[int, int] = (1, 1),
) -> list[Note]:
    """Why figures that were changed had an effect that one would not expect.

    Parameters
    ----------
    risks : metrics of both with the same in place, by name.
    n_worlds : of both: ranges count in more than one only.
    """
    pairs = [(old, new) for new in after.scenarios for old in before.scenarios if old.id == new.id]
    found = [note for old, new in pairs for note in (*_interval(old, new, after), *_range(old, new, n_worlds))]
    return [*found, *(_frequency(before, after, pairs, risks) if risks else ())]


def _interval(old: Scenario, new: Scenario, case: Case) -> Iterator[Note]:
    """The low end of a lognormal moved and the mean of an event went the other way."""
    laws = old.severity.model, new.severity.model
    if not (isinstance(laws[0], Lognormal) and isinstance(laws[1], Lognormal)):
        return
    first, second = interval_of(laws[0]), interval_of(laws[1])
    if first is None or second is None or not math.isclose(first[1], second[1], rel_tol=ALIKE):
        return
    means = old.severity.mean, new.severity.mean
    rose, fell = first[0] < second[0] and means[1] < means[0], second[0] < first[0] and means[0] < means[1]
    if rose or fell:
        amounts = dict(zip(("low", "new_low", "mean", "new_mean"), (first[0], second[0], *means), strict=True))
        values = {name: _amount(amount, case) for name, amount in amounts.items()}
        kind = "low_raised_mean_fell" if rose else "low_lowered_mean_rose"
        yield Note(kind, said(kind, scenario=_title(new), high=_amount(first[1], case), **values), (new.id,))


def _range(old: Scenario, new: Scenario, n_worlds: tuple[int, int]) -> Iterator[Note]:
    """A frequency's likely value stayed, its range became wider, and its average rose."""
    means = [_mean(one.frequency, n) for one, n in zip((old, new), n_worlds, strict=True)]
    is_kept = math.isclose(old.frequency.likely, new.frequency.likely, rel_tol=ALIKE)
    if is_kept and _is_wider(old.frequency, new.frequency) and means[1] > means[0] * (1 + 1e-3):
        values = {"likely": new.frequency.likely, "mean": means[0], "new_mean": means[1]}
        shown = {name: f"{value:.3g}" for name, value in values.items()}
        yield Note("range_wider", said("range_wider", scenario=_title(new), **shown), (new.id,))


def _mean(guess: Range, n_worlds: int) -> float:
    return guess.mean if n_worlds > 1 else guess.likely


def _is_wider(old: Range, new: Range) -> bool:
    ends = [(guess.low or guess.likely, guess.high or guess.likely) for guess in (old, new)]
    return ends[1][0] < ends[0][0] or ends[1][1] > ends[0][1]


def _frequency(
    before: Case,
    after: Case,
    pairs: Sequence[tuple[Scenario, Scenario]],
    risks: tuple[Mapping[str, float], Mapping[str, float]],
) -> Iterator[Note]:
    """Something happens more often, nothing less often, and still a metric fell."""
    raised = [(old, new) for old, new in pairs if new.frequency.likely > old.frequency.likely]
    if not raised or any(new.frequency.likely < old.frequency.likely for old, new in pairs):
        return
    fallen = [name for name in risks[0] if name in risks[1] and risks[1][name] < risks[0][name] * (1 - ALIKE)]
    if not fallen:
        return
    ids = [new.id for _, new in raised]
    own = {(name, "frequency") for name in ids}
    differences = [one for one in input_differences((before, after)) if not one.is_wording and one.column not in DRAWING]
    others = [one for one in differences if (one.key, one.column) not in own]
    metric = next((name for name in ("tvar95", "aal") if name in fallen), fallen[0])
    values = {"value": _amount(risks[0][metric], before), "new_value": _amount(risks[1][metric], after)}
    (old, new), names = raised[0], tuple(ids)
    rates = {"rate": _rate(old.frequency.likely), "new_rate": _rate(new.frequency.likely)}
    how = {"scenario": _title(new), "more": len(ids) - 1, "metric": metric_jargon(metric), **rates, **values}
    key = "frequency_raised_other" if others else "frequency_raised_noise"
    text = said(key if len(ids) == 1 else f"{key}_several", **how, **({"others": len(others)} if others else {}))
    if not others and "aal" in risks[0] and risks[1].get("aal", 0.0) > risks[0]["aal"]:
        averages = {"aal": _amount(risks[0]["aal"], before), "new_aal": _amount(risks[1]["aal"], after)}
        text = said("with_average", text=text, **averages)
    yield Note(key, text, names)


def _amount(value: float, case: Case) -> Money:
    return Money(value, case.currency)


def _rate(per_year: float) -> _Shown:
    return _Shown(lambda lang: format_frequency(per_year, lang))


def _title(scenario: Scenario) -> _Shown:
    titled = Titled(scenario.id, scenario.title_ja, scenario.title_en)

    def write(lang: str) -> str:
        title = titled.within(lang)
        return (
            scenario.id if title == scenario.id else f"{scenario.id}（{title}）" if lang == "ja" else f"{scenario.id} ({title})"
        )

    return _Shown(write)
