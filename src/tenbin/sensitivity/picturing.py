"""What matters and what stress does, as the charts' data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenbin.model import Case
from tenbin.reporting.chart_data import Label
from tenbin.reporting.guess_words import GuessRow, SwitchRow
from tenbin.reporting.matters_data import StressData, StressMark, StressRow, SwingRow, TornadoData, WorthData, WorthRow
from tenbin.sensitivity.guesses import Guess, GuessKind
from tenbin.sensitivity.informing import Information, Worth
from tenbin.sensitivity.stress_asked import StressKind
from tenbin.sensitivity.stressing import StressCase, Stressed
from tenbin.sensitivity.swinging import Swing, Tornado
from tenbin.studies.scopes import metric_quantity

__all__ = ["guess_row", "stress_data", "switches_of", "tornado_data", "worth_data"]

TOP = 15


def guess_row(case: Case, guess: Guess) -> GuessRow:
    """A guess with its titles."""
    on = None
    if guess.kind is GuessKind.COST:
        label = _priced(case, guess.measure)
    elif guess.kind is GuessKind.EFFECT:
        label, on = _priced(case, guess.measure), _scenario(case, guess.scenario)
    else:
        label = _scenario(case, guess.scenario)
    assert guess.range.low is not None
    assert guess.range.high is not None
    return GuessRow(
        key=guess.key,
        kind=guess.kind.value,
        label=label,
        likely=guess.range.likely,
        low=guess.range.low,
        high=guess.range.high,
        on=on,
        acts_on=guess.acts_on.value if guess.acts_on else "",
        level=guess.level,
        amount=guess.amount,
    )


def _scenario(case: Case, name: str) -> Label:
    scenario = case.scenario(name)
    return Label(scenario.id, scenario.title_ja, scenario.title_en)


def _priced(case: Case, name: str) -> Label:
    """A measure or a shared capability."""
    for measure in case.catalogue.measures:
        if measure.id == name:
            return Label(name, measure.title_ja, measure.title_en)
    for capability in case.costs.capabilities:
        if capability.id == name:
            return Label(name, capability.title_ja, capability.title_en)
    return Label(name)


def _title(case: Case) -> Label:
    return Label(case.name, case.title_ja, case.title_en)


def _plan_label(name: str) -> Label:
    """Today's measures have no name of their own: a blank id."""
    return Label("" if name == "current" else name)


def tornado_data(found: Tornado, plan_name: str = "current", top: int = TOP, costs: bool = False) -> TornadoData:
    """A tornado's widest swings: of the metric or, with ``costs``, of the cost per year."""
    scope, _, metric = found.metric.rpartition(":")
    swings = found.costs if costs else found.swings
    return TornadoData(
        title=_title(found.case),
        plan=_plan_label(plan_name),
        metric=metric,
        scope=scope,
        middle=found.cost if costs else found.middle,
        rows=tuple(_swing_row(found.case, swing) for swing in swings[:top]),
        n_others=max(len(swings) - top, 0),
        others=max((swing.width for swing in swings[top:]), default=0.0),
        n_without=found.n_without,
        n_trials=found.n_trials,
        is_cost=costs,
        currency=found.case.currency,
    )


def _swing_row(case: Case, swing: Swing) -> SwingRow:
    return SwingRow(guess_row(case, swing.guess), swing.low, swing.high, swing.error_low, swing.error_high, swing.is_noise)


def switches_of(worth: Worth, best: Mapping[str, str]) -> tuple[SwitchRow, ...]:
    """Where another plan than the best is better, and what it has otherwise."""
    return tuple(
        SwitchRow(
            reach.low,
            reach.high,
            tuple((m, level) for m, level in reach.plan.items() if best.get(m) != level),
            tuple(m for m in best if m not in reach.plan),
        )
        for reach in worth.reaches
        if not reach.is_best
    )


def worth_data(found: Information, top: int = 10) -> WorthData:
    """The guesses most worth finding out."""
    worths = [worth for worth in found.worths if worth.per_year > 0]
    return WorthData(
        title=_title(found.case),
        rows=tuple(
            WorthRow(guess_row(found.case, one.guess), one.per_year, one.error, switches_of(one, found.plan))
            for one in worths[:top]
        ),
        everything=found.everything,
        n_others=max(len(worths) - top, 0),
        n_nothing=len(found.worths) - len(worths),
        horizon=found.case.organisation.horizon_years,
        annuity=found.annuity,
        currency=found.case.currency,
    )


def stress_data(found: Stressed, metric: str = "tvar95") -> StressData:
    """Plans under stress by one of their metrics."""
    limit = _limit(found, metric)
    return StressData(
        title=_title(found.case),
        metric=metric,
        plans=tuple(_plan_label(name) for name in found.plans),
        rows=tuple(_stress_row(found, one, metric) for one in (found.normal, *found.cases)),
        limit=limit,
        n_trials=found.n_trials,
        currency=found.case.currency,
    )


def _stress_row(found: Stressed, one: StressCase, metric: str) -> StressRow:
    marks = tuple(StressMark(plan.metrics[metric]) for plan in one.plans.values())
    if not one.stresses:
        return StressRow("normal", Label(""), marks)
    if len(one.stresses) > 1:
        return StressRow("all", Label(""), marks, parts=len(one.stresses))
    (stress,) = one.stresses
    label = Label(stress.scope)
    if len(stress.scenarios) == 1 and (stress.scope or stress.kind in (StressKind.FORCE, StressKind.DOWN)):
        label = _scenario(found.case, found.case.scenarios[stress.scenarios[0]].id)
    return StressRow(stress.kind.value, label, marks, stress.factor, stress.amount)


def _limit(found: Stressed, metric: str) -> float | None:
    """The limit of a target on the metric of the whole case."""
    whole: Sequence[bool] = metric_quantity(found.case, metric).scope
    for target in found.normal.plans["current"].targets:
        name = target.target.partition("=")[0]
        if name == metric and all(whole):
            return target.limit
    return None
