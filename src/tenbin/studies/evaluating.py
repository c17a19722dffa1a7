"""The risk and the cost that a plan leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import (
    Cost,
    CurveBand,
    Elsewhere,
    Estimate,
    Evaluator,
    Quantity,
    Reduction,
    WorldCurves,
    band,
    cost_of,
    estimate,
    exceedance_probability,
    expected_estimate,
    tail_value_at_risk,
    value_at_risk,
)
from tenbin.inputs import parse_plan, parse_target
from tenbin.model import Case, Metric, Scope, violations
from tenbin.simulation import EventTable
from tenbin.studies.cost_ranges import cost_range
from tenbin.studies.scopes import headline, headline_quantities, reduce_plan, scope_flags
from tenbin.studies.simulating import as_events

__all__ = ["Risk", "RiskView", "evaluate"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RiskView:
    """Risk of a part of the case under a plan; amounts in the case's currency."""

    evaluator: Evaluator = field(repr=False)
    case: Case = field(repr=False)
    plan: Mapping[str, str]
    phi: FloatArray = field(repr=False)
    gamma: FloatArray = field(repr=False)
    flags: tuple[bool, ...] = field(repr=False)

    @cached_property
    def annual_loss(self) -> FloatArray:
        """Shape (n_trials,)."""
        return self.evaluator.annual_loss(self.phi, self.gamma, self.flags)

    @cached_property
    def aal(self) -> float:
        """Expected annual loss, in closed form."""
        return self.evaluator.value(Quantity(Metric.AAL, None, self.flags), self.phi, self.gamma)

    def var(self, confidence: float) -> float:
        """Value at risk; ``confidence`` in (0, 1)."""
        return value_at_risk(self.annual_loss, _confidence(confidence))

    def tvar(self, confidence: float) -> float:
        """Tail value at risk; ``ValueError`` when no year lies in the tail."""
        quantity = Quantity(Metric.TVAR, _confidence(confidence), self.flags)
        return self.evaluator.value(quantity, self.phi, self.gamma, self.annual_loss)

    def exceedance(self, loss: float) -> float:
        """The share of years with more than ``loss``."""
        return exceedance_probability(self.annual_loss, loss)

    def estimate(self, metric: str, level: float = 0.95) -> Estimate:
        """A metric with its standard error, of the years and of the worlds, and an interval.

        Parameters
        ----------
        metric : ``aal``, ``var95``, ``tvar99.5`` …, or ``mean`` for the sample's mean of annual losses.
        level : the share of samples whose interval holds the truth (that of infinitely many years and worlds), in (0, 1).

        Raises
        ------
        InputError : for a metric that is none.
        ValueError : for another level, or a metric with a scope (ask ``risk.scope``); when no year lies in the metric's tail.
        """
        kind, confidence = self._asked(metric, level)
        if kind is Metric.AAL and metric != "mean":
            return expected_estimate(self.evaluator.expected, self.phi, self.gamma, self.flags, level, self.elsewhere)
        return estimate(kind, confidence, self.annual_loss, self.evaluator.events.n_worlds, level, self.elsewhere)

    def _repr_html_(self) -> str:
        from tenbin.studies.displaying import risk_html  # it shows what stands here

        return risk_html(self)

    def _asked(self, metric: str, level: float) -> tuple[Metric, Decimal | None]:
        if not 0 < level < 1:
            raise ValueError(f"level must be between 0 and 1; got {level}")
        if metric == "mean":
            return Metric.AAL, None
        target = parse_target(f"{metric}=0", self.case, "metric")
        if target.scope.text:
            raise ValueError(f"the {metric} of a part is asked of risk.scope({target.scope.text!r})")
        return target.metric, target.confidence

    def standard_error(self, metric: str) -> float:
        """What a metric errs by, as a standard deviation; metrics as in ``estimate``."""
        return self.estimate(metric).error.total

    def interval(self, metric: str, level: float = 0.95) -> tuple[float, float]:
        """(low, high) that hold the truth in a share ``level`` of all samples; metrics as in ``estimate``."""
        found = self.estimate(metric, level)
        return found.low, found.high

    def between_worlds(self, metric: str, level: float = 0.90) -> tuple[float, float, float]:
        """(low, median, high) of a metric over the worlds: a share ``level`` of those we hold possible lies between low and high.

        Net of sampling noise: by the law of annual loss in each world, not by its few years. With one world all three are the metric.
        Metrics, level and errors as in ``estimate``.
        """
        kind, confidence = self._asked(metric, level)
        if confidence is None:
            return band(self.evaluator.expected.by_world(self.phi, self.gamma, self.flags), level)
        of_curves, of_years = {
            Metric.VAR: (WorldCurves.value_at_risk, value_at_risk),
            Metric.TVAR: (WorldCurves.tail_value_at_risk, tail_value_at_risk),
        }[kind]
        if self._curves is None:
            value = of_years(self.annual_loss, confidence)
            return value, value, value
        return band(of_curves(self._curves, confidence), level)

    def curve_band(self, level: float = 0.90) -> CurveBand | None:
        """Between which chances of a worse year the worlds lie at each loss; None with one world, or without any loss."""
        return None if self._curves is None else self._curves.curve_band(level)

    @cached_property
    def _curves(self) -> WorldCurves | None:
        worst = float(self.annual_loss.max())
        if self.evaluator.events.n_worlds == 1 or not worst > 0:
            return None
        return WorldCurves.of(self.case, self.evaluator.expected, self.phi, self.gamma, self.flags, worst)

    @cached_property
    def elsewhere(self) -> Elsewhere | None:
        """The plan in worlds that might have been drawn instead; None with a single one."""
        events = self.evaluator.events
        if events.n_worlds == 1:
            return None
        chosen = Reduction.of(self.case, events.worlds).choice(self.plan)
        top = Elsewhere.reach(self.annual_loss)
        return Elsewhere.of(events, self.case, chosen, self.flags, top, events.memo)


@dataclass(frozen=True)
class Risk(RiskView):
    """Risk of the whole case under a plan, with what the plan costs and which rules it breaks."""

    cost: Cost
    violations: tuple[str, ...]

    def scope(self, text: str) -> RiskView:
        """The risk of a part: ``L2``, ``data``, ``L2/data`` or a scenario's id (whole scenarios that touch it)."""
        scope: Scope = parse_target(f"{text}:aal=0", self.case).scope
        flags = scope_flags(self.case, scope)
        return RiskView(self.evaluator, self.case, self.plan, self.phi, self.gamma, flags)

    def metrics(self) -> dict[str, float]:
        """aal, var95, tvar95, var99, tvar99 (as far as years lie in their tails)."""
        return headline(self.evaluator, self.case, self.phi, self.gamma)

    def how_sure(self) -> dict[str, dict[str, dict[str, float]]]:
        """``error`` of every headline metric (interval: 95 %), and what it is ``between_worlds`` (90 % of them) when there are several."""
        names = tuple(headline_quantities(self.case, self.evaluator.n_trials))
        found: dict[str, dict[str, dict[str, float]]] = {"error": {}}
        for name in names:
            sure = self.estimate(name)
            found["error"][name] = {
                "standard_error": sure.error.total,
                "of_years": sure.error.years,
                "of_worlds": sure.error.worlds,
                "low": sure.low,
                "high": sure.high,
            }
        if self.evaluator.events.n_worlds > 1:
            bands = {name: self.between_worlds(name) for name in names}
            found["between_worlds"] = {
                name: dict(zip(("low", "median", "high"), ends, strict=True)) for name, ends in bands.items()
            }
        return found

    def cost_between(self) -> dict[str, dict[str, float]] | None:
        """Likely value, 5 % and 95 % points of the cost over the worlds; None when no amount has a range."""
        found = cost_range(self.case, self.evaluator.structure.worlds, self.plan)
        return None if found is None else {name: figure.to_dict() for name, figure in found.items()}

    def to_dict(self) -> dict[str, object]:
        """As in the JSON documents."""
        return {
            "plan": [{"measure": measure, "level": level} for measure, level in self.plan.items()],
            "cost": self.cost.to_dict(),
            "cost_range": self.cost_between(),
            "risk": self.metrics(),
            **self.how_sure(),
            "violations": list(self.violations),
        }


def _confidence(confidence: float) -> Decimal:
    exact = Decimal(str(confidence))
    if not 0 < exact < 1:
        raise ValueError(f"confidence must be between 0 and 1; got {confidence}")
    return exact


def evaluate(source: EventTable | Case, plan: Mapping[str, str] | str, *, evaluator: Evaluator | None = None) -> Risk:
    """Evaluate a plan: the risk it leaves, its cost, the rules it breaks.

    Parameters
    ----------
    source : an event table, or a case (then its years are drawn first).
    plan : measure → level for everything that is chosen, or a plan's name, or ``"L1.006=basic,L3.016"``.
    evaluator : of the same event table, when several plans are evaluated.

    Raises
    ------
    InputError : for an unknown plan, measure or level.
    """
    events = as_events(source)
    case = events.case
    chosen = parse_plan(plan, case)
    phi, gamma = reduce_plan(Reduction.of(case, events.worlds), chosen)
    return Risk(
        evaluator=evaluator or Evaluator(events),
        phi=phi,
        gamma=gamma,
        flags=(True,) * len(case.scenarios),
        case=case,
        plan=dict(sorted(chosen.items())),
        cost=cost_of(case, chosen),
        violations=violations(case, chosen),
    )
