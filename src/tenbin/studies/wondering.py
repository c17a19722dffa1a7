"""Why each measure is, or is not, in a plan that was found: one measure at a time, for whoever looks on while it is asked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tenbin.optimisation import Clock, Limit
from tenbin.simulation import EventTable
from tenbin.studies.reasoning import SECONDS_EACH, WhyChosen, WhyNot, each_reason, n_reasons
from tenbin.studies.results import Result
from tenbin.studies.scopes import metric_quantity
from tenbin.studies.study import prepare

__all__ = ["PlanReasons"]

OF_THE_RULES = ("require", "exclude", "max_days")


class PlanReasons:
    """The reasons for the plan of a result, as ``optimise(…, reasons=True)`` gives them, asked for one by one.

    Where nothing but a budget, or the least of cost and loss together, was asked, they are those of the plan's own level of risk: the plan is
    the cheapest that reaches it. ``level`` is then its metric and value, else None.

    events : the years that the result was found on. asked : the options of ``optimise`` that it was found with.

    Raises
    ------
    ValueError : when the result has no plan.
    InputError : when the question does not suit the events' case.
    """

    def __init__(
        self, events: EventTable, result: Result, asked: Mapping[str, Any], seconds_each: float = SECONDS_EACH
    ) -> None:
        if result.risk is None:
            raise ValueError("there is no plan to ask about")
        rules = {name: value for name, value in asked.items() if name in OF_THE_RULES}
        is_target = result.objective == "cost"
        options = {**rules, **{name: asked[name] for name in ("targets", "level") if name in asked}} if is_target else rules
        study = prepare(events, time_limit=seconds_each, own_targets=is_target, **options)
        self._lock = study.shared.lock
        self.level: tuple[str, float] | None = None
        with self._lock:
            if is_target:
                solved = {met.target: met.limit_solved for met in result.targets}
                asked_for = study.question.limits(study.evaluator, study.reduction)
                limits = [replace(limit, limit=solved.get(limit.label, limit.limit)) for limit in asked_for]
            else:
                metric = "aal" if result.objective == "cost_and_loss" else result.objective
                quantity = metric_quantity(study.case, metric)
                value = study.evaluator.value(quantity, result.risk.phi, result.risk.gamma)
                self.level = (metric, value)
                limits = [Limit(quantity, value, f"{metric}={value:.0f}")]
            self._problem = study.problem(limits)
            self._point = self._problem.evaluate(study.reduction.choice(result.plan))
        self.case, self.annuity = study.case, float(study.costs.annuity)
        self.n_reasons = n_reasons(self._problem, self._point)
        self._left = self.n_reasons
        self._clock = Clock()
        self._asking = each_reason(self._problem, self._point, self._clock, seconds_each)

    def next(self, stop: threading.Event | None = None) -> WhyChosen | WhyNot | None:
        """The next reason; None after the last, and where ``stop`` cut it short: that reason is not known then."""
        if not self._left:
            return None
        with self._lock:
            self._clock.stop = stop
            found = next(self._asking)
        if stop is not None and stop.is_set() and not found.closed:
            return None
        self._left -= 1
        return found
