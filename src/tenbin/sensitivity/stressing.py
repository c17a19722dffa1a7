"""Stress cases: what a year costs when something goes wrong, with today's measures and with a plan's."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenbin.errors import InputError, Problem, SimulationError
from tenbin.evaluation import Quantity, Reduction, exceedance_probability, tail_value_at_risk, value_at_risk
from tenbin.inputs import parse_plan, parse_targets
from tenbin.model import Case, Metric, Target, current_plan
from tenbin.optimisation import Limit
from tenbin.sensitivity.stress_asked import Stress, StressKind, parse_stresses, supplier_scenario
from tenbin.sensitivity.stressed_years import StressedYears, cost_of_one
from tenbin.sensitivity.wording import said
from tenbin.simulation import EventTable
from tenbin.studies.asking import enough_years
from tenbin.studies.results import Met
from tenbin.studies.scopes import Question, reduce_plan
from tenbin.studies.simulating import Progress, as_events
from tenbin.studies.study import shared_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StressCase", "Stressed", "StressedPlan", "check_stress", "stress"]

METRICS = (("aal", None), ("var95", "0.95"), ("tvar95", "0.95"), ("tvar90", "0.9"))
MOST_EXPENSIVE = 3
LEAST_YEARS = 20


@dataclass(frozen=True, slots=True)
class StressedPlan:
    """What a year costs under a plan: ``aal``, ``var95``, ``tvar95``, ``tvar90`` (the worst tenth of the years), in the case's
    currency; ``beyond_reserve`` : P(annual loss > cash reserve), where the case has one. targets : as asked under normal
    conditions, with the value here.
    """

    metrics: dict[str, float]
    targets: tuple[Met, ...]

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {"risk": dict(self.metrics), "targets": [target.to_dict() for target in self.targets]}


@dataclass(frozen=True, slots=True)
class StressCase:
    """Something that goes wrong (nothing: normal conditions) with what it does to each plan, by the plan's name."""

    stresses: tuple[Stress, ...]
    plans: dict[str, StressedPlan]

    @property
    def text(self) -> str:
        """As it is asked for: ``frequency=3``, ``loss=2 + force=S-L1-01``; "" for normal conditions."""
        return " + ".join(stress.text for stress in self.stresses)


@dataclass(frozen=True)
class Stressed:
    """Plans under stress beside normal conditions.

    plans : by name, ``current`` first. normal : without stress. cases : each thing asked for alone, then all together; of the
    ready-made set each alone. is_usual : whether that is the set.
    """

    case: Case = field(repr=False)
    plans: dict[str, dict[str, str]]
    normal: StressCase
    cases: tuple[StressCase, ...]
    is_usual: bool
    n_trials: int
    n_worlds: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """The document of ``stress --json``."""
        return {
            "schema": 1,
            "kind": "stress",
            "case": self.case.name,
            "currency": self.case.currency,
            "warnings": list(self.case.warnings),
            "plans": {name: [{"measure": m, "level": at} for m, at in plan.items()] for name, plan in self.plans.items()},
            "cash_reserve": self.case.organisation.cash_reserve,
            "normal": {name: plan.to_dict() for name, plan in self.normal.plans.items()},
            "stresses": [
                {
                    "stress": one.text,
                    "parts": [_part(self.case, stress) for stress in one.stresses],
                    "plans": {name: plan.to_dict() for name, plan in one.plans.items()},
                }
                for one in self.cases
            ],
            "is_usual_set": self.is_usual,
            "n_trials": self.n_trials,
            "n_worlds": self.n_worlds,
            "seed": self.seed,
        }

    def to_frame(self) -> pd.DataFrame:
        """One row for each stress and plan: the metrics, and which targets are missed."""
        import pandas as pd

        rows = []
        for one in (self.normal, *self.cases):
            for name, plan in one.plans.items():
                missed = ";".join(target.target for target in plan.targets if not target.met)
                rows.append({"stress": one.text or "normal", "plan": name, **plan.metrics, "targets_missed": missed})
        return pd.DataFrame(rows)


def _part(case: Case, stress: Stress) -> dict[str, Any]:
    scenarios = [case.scenarios[n].id for n in stress.scenarios] if stress.scope or len(stress.scenarios) == 1 else []
    return {
        "kind": stress.kind.value,
        "scope": stress.scope,
        "scenarios": scenarios,
        "factor": stress.factor if stress.kind in (StressKind.FREQUENCY, StressKind.LOSS) else None,
        "loss_of_one": stress.amount,
        "is_revenue": stress.is_revenue,
    }


def stress(
    source: EventTable | Case,
    plans: str | Sequence[str] | Mapping[str, Mapping[str, str]] = (),
    *,
    force: str | Sequence[str] = (),
    scale: str | Sequence[str] = (),
    down: str | Sequence[str] = (),
    targets: str | Sequence[str] | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Stressed:
    """Evaluate plans where something goes wrong, beside normal conditions.

    Without ``force``, ``scale`` and ``down``: a ready-made set (three times as often, losses doubled, each of the three most
    expensive scenarios, a supplier down where a scenario is about one).

    Parameters
    ----------
    source : an event table, or a case (then its years are drawn first).
    plans : names or texts as in ``evaluate``, or a mapping of names to plans; today's comes first in any case.
    force : scenarios that happen once in every year, on top of what happens anyway: measures that lower their frequency do not
        help, those that lower their loss do; what they trigger is subject to its own measures.
    scale : ``frequency=3`` (own events three times as often; what is triggered follows), ``loss=2`` (every loss doubled), of a
        part after a colon: ``loss=3:S-L2-03``, ``frequency=2:L1``.
    down : a supplier's failure that lasts 30 days: the scenario happens once in every year at the loss given (``ID=40M``), else that
        of 30 days' revenue where the case has it, else the loss that one event in twenty exceeds.
    targets : what the plans are held against, as under normal conditions; the case's own unless given.
    on_progress : called with (stage, done, total, detail). stop : set it to end the work.

    Raises
    ------
    InputError : for anything unknown, all at once.
    """
    case = source.case if isinstance(source, EventTable) else source
    n_trials = source.n_trials if isinstance(source, EventTable) else case.study.n_trials
    problems: list[Problem] = []
    named: dict[str, dict[str, str]] = {"current": current_plan(case)}
    texts = plans if isinstance(plans, Mapping) else {text: text for text in _several(plans)}
    for name, plan in texts.items():
        try:
            named[name] = parse_plan(plan, case)
        except InputError as error:
            problems.extend(error.problems)
    asked: tuple[Stress, ...] = ()
    wanted: tuple[Target, ...] = ()
    try:
        asked, wanted = check_stress(case, force=force, scale=scale, down=down, targets=targets, n_trials=n_trials)
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    events = as_events(source, on_progress=on_progress, stop=stop)
    bench = _Bench(events, named, Question(case, wanted), stop)
    alone = [(one,) for one in asked or usual_stresses(events)]
    sets = [*alone, asked] if len(asked) > 1 else alone
    normal = bench.evaluate(())
    cases = []
    for done, stresses in enumerate(sets, start=1):
        if stop is not None and stop.is_set():
            raise SimulationError(said("stopped"))
        cases.append(bench.evaluate(stresses))
        if on_progress:
            on_progress("stress", done, len(sets), {})
    return Stressed(case, named, normal, tuple(cases), not asked, events.n_trials, events.n_worlds, events.seed)


def check_stress(
    case: Case,
    *,
    force: str | Sequence[str] = (),
    scale: str | Sequence[str] = (),
    down: str | Sequence[str] = (),
    targets: str | Sequence[str] | None = None,
    n_trials: int | None = None,
) -> tuple[tuple[Stress, ...], tuple[Target, ...]]:
    """What is asked of ``stress``, parsed before any long work.

    Raises
    ------
    InputError : with all that is wrong.
    """
    problems: list[Problem] = []
    asked: tuple[Stress, ...] = ()
    wanted: tuple[Target, ...] = ()
    years = case.study.n_trials if n_trials is None else n_trials
    try:
        asked = parse_stresses(case, _several(force), _several(scale), _several(down))
    except InputError as error:
        problems.extend(error.problems)
    try:
        wanted = parse_targets(case.targets if targets is None else _several(targets), case)
        if years >= LEAST_YEARS:
            enough_years(wanted, years)
    except InputError as error:
        problems.extend(error.problems)
    if years < LEAST_YEARS:
        rule, remedy = said("must_stress_years", n=LEAST_YEARS), said("do_stress_years")
        problems.append(Problem("--trials", 0, "", rule, str(years), remedy))
    if problems:
        raise InputError(problems)
    return asked, wanted


def _several(texts: str | Sequence[str]) -> Sequence[str]:
    """One text is a list of one."""
    return (texts,) if isinstance(texts, str) else texts


def usual_stresses(events: EventTable) -> tuple[Stress, ...]:
    """The ready-made set."""
    case = events.case
    phi, gamma = reduce_plan(Reduction.of(case, events.worlds), current_plan(case))
    each = [float(cost_of_one(events.structure, s, phi, gamma).mean()) for s in range(len(case.scenarios))]
    dearest = sorted(range(len(each)), key=lambda s: (-each[s], case.scenarios[s].id))[:MOST_EXPENSIVE]
    supplier = supplier_scenario(case)
    down = [supplier] if supplier is not None else []
    force = [case.scenarios[s].id for s in dearest if case.scenarios[s].id != supplier]
    return parse_stresses(case, force, ["frequency=3", "loss=2"], down)


class _Bench:
    """Plans held against limits that normal conditions set."""

    def __init__(
        self, events: EventTable, plans: Mapping[str, Mapping[str, str]], question: Question, stop: threading.Event | None
    ) -> None:
        self.events, self.case, self.stop = events, events.case, stop
        evaluator, reduction = shared_of(events).evaluator, Reduction.of(events.case, events.worlds)
        self.points = {name: reduce_plan(reduction, plan) for name, plan in plans.items()}
        self.limits: tuple[Limit, ...] = question.limits(evaluator, reduction)
        everything = (True,) * len(self.case.scenarios)
        self.quantities = {
            name: Quantity(Metric(name.rstrip("0123456789")), Decimal(level) if level else None, everything)
            for name, level in METRICS
        }

    def evaluate(self, stresses: tuple[Stress, ...]) -> StressCase:
        years = StressedYears(self.events, stresses, self.stop)
        return StressCase(stresses, {name: self._plan(years, *point) for name, point in self.points.items()})

    def _plan(self, years: StressedYears, phi: Any, gamma: Any) -> StressedPlan:
        everything = self.quantities["aal"].scope
        losses = {everything: years.losses(phi, gamma, everything)}

        def value(quantity: Quantity) -> float:
            if quantity.metric is Metric.AAL:
                return years.aal(phi, gamma, quantity.scope)
            if quantity.scope not in losses:
                losses[quantity.scope] = years.losses(phi, gamma, quantity.scope)
            assert quantity.confidence is not None
            measure = value_at_risk if quantity.metric is Metric.VAR else tail_value_at_risk
            return measure(losses[quantity.scope], quantity.confidence)

        metrics = {name: value(quantity) for name, quantity in self.quantities.items()}
        reserve = self.case.organisation.cash_reserve
        if reserve is not None:
            metrics["beyond_reserve"] = exceedance_probability(losses[everything], reserve)
        met = tuple(Met(one.label, one.limit, one.limit, value(one.quantity)) for one in self.limits)
        return StressedPlan(metrics, met)
