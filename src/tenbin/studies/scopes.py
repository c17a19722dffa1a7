"""Targets in terms of one sample: which scenarios a scope takes in, what a share of today's risk is in money."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import InputError, Problem
from tenbin.evaluation import Evaluator, Quantity, Reduction
from tenbin.inputs import parse_plan, parse_target
from tenbin.inputs.words import nearest, shown
from tenbin.model import Basis, Case, Metric, Plan, Scope, Target, current_plan
from tenbin.optimisation import Cover, Limit
from tenbin.words import saying

__all__ = ["HEADLINE", "Question", "headline_quantities", "metric_quantity", "parts_of", "scope_flags"]

said = saying("problems")

FloatArray = NDArray[np.float64]

HEADLINE = (
    ("aal", Metric.AAL, None),
    ("var95", Metric.VAR, Decimal("0.95")),
    ("tvar95", Metric.TVAR, Decimal("0.95")),
    ("var99", Metric.VAR, Decimal("0.99")),
    ("tvar99", Metric.TVAR, Decimal("0.99")),
)

KNOWN = tuple(name for name, _, _ in HEADLINE)
METRIC = re.compile(r"aal|t?var[0-9.]+", re.IGNORECASE)


def scope_flags(case: Case, scope: Scope) -> tuple[bool, ...]:
    """Which scenarios touch the scope: whole scenarios, or none."""
    return tuple(
        (not scope.scenario or s.id == scope.scenario)
        and (scope.layer is None or s.layer == scope.layer)
        and (not scope.component or scope.component in s.components)
        for s in case.scenarios
    )


def parts_of(case: Case, scope: Scope) -> tuple[Scope, ...]:
    """The layers, components and cells that lie wholly in a scope: in ``L2`` itself and its cells, in a scenario only itself."""
    if scope.scenario:
        return (scope,)
    catalogue = case.catalogue
    parts = [
        *(Scope(layer=layer.number) for layer in catalogue.layers),
        *(Scope(component=component.id) for component in catalogue.components),
        *(Scope(layer=number, component=component) for number, component in catalogue.cells),
    ]
    return tuple(
        part
        for part in parts
        if scope.layer in (None, part.layer) and (not scope.component or scope.component == part.component)
    )


def headline_quantities(case: Case, n_trials: int) -> dict[str, Quantity]:
    """The metrics of every report over the whole case; those without a year in their tail are left out."""
    everything = (True,) * len(case.scenarios)
    return {
        name: Quantity(metric, confidence, everything)
        for name, metric, confidence in HEADLINE
        if confidence is None or (1 - confidence) * n_trials >= 1
    }


def metric_quantity(case: Case, name: str) -> Quantity:
    """The quantity of a metric's name such as ``tvar95`` or ``L2:aal``.

    Raises
    ------
    InputError : for a name that is no metric's: targets such as ``keep``, ``survive`` and ``covers/…`` have no amount of their own.
    """
    before, colon, after = name.partition(":")
    metric = (after if colon else before).strip()
    if METRIC.fullmatch(metric) is None:
        raise InputError([Problem("--metric", 0, "", said("must_plain_metric"), shown(metric), nearest(metric, KNOWN))])
    target = parse_target(f"{name}=0", case, "--metric")
    return Quantity(target.metric, target.confidence, scope_flags(case, target.scope))


@dataclass(frozen=True, slots=True)
class Question:
    """Parsed targets with what is needed to turn them into limits on any sample of the case."""

    case: Case
    targets: tuple[Target, ...]

    def limits(self, evaluator: Evaluator, reduction: Reduction) -> tuple[Limit, ...]:
        """Every limit of the targets, shares taken of this sample's own values.

        ``keep`` becomes an expected-loss limit for each layer, component and cell that lies in the target's scope, and one on
        that scope's TVaR95, each loosened by the target's slack.
        """
        found: list[Limit] = []
        for target in self.targets:
            if target.covers is not None:
                continue
            if target.keep:
                found.extend(self._keep(target, evaluator, reduction))
            else:
                quantity = Quantity(target.metric, target.confidence, scope_flags(self.case, target.scope))
                found.append(Limit(quantity, self._amount(target, quantity, evaluator, reduction), target.text))
        return tuple(found)

    def covers(self) -> tuple[Cover, ...]:
        """What the targets ask of standards, in rows of the cost table: the same in every sample."""
        found: list[Cover] = []
        for target in self.targets:
            if target.covers is None:
                continue
            asked = target.covers
            supporting = self.case.crosswalk.supporting(asked.standard)
            counted = asked.references or tuple(supporting)
            rows = self.case.costs.rows
            measures = {reference: {support.measure for support in supporting[reference]} for reference in counted}
            groups = tuple(tuple(n for n, row in enumerate(rows) if row.measure in measures[r]) for r in counted)
            whole = sum(bool(group) for group in groups) if asked.of_reachable else len(counted)
            least = len(counted) if asked.share is None else math.ceil(asked.share * whole)
            found.append(Cover(target.text, groups, least))
        return tuple(found)

    def _amount(self, target: Target, quantity: Quantity, evaluator: Evaluator, reduction: Reduction) -> float:
        if target.basis is Basis.AMOUNT:
            return target.value
        plan = current_plan(self.case) if target.basis is Basis.TODAY else {}
        return target.value * evaluator.value(quantity, *reduce_plan(reduction, plan))

    def _keep(self, target: Target, evaluator: Evaluator, reduction: Reduction) -> list[Limit]:
        plan = parse_plan(target.keep, self.case)
        phi, gamma = reduce_plan(reduction, plan)
        quantities: dict[Quantity, str] = {}
        for scope in parts_of(self.case, target.scope):
            flags = scope_flags(self.case, scope)
            if any(flags):
                quantities.setdefault(Quantity(Metric.AAL, None, flags), f"{scope.text}:aal")
        within = scope_flags(self.case, target.scope)
        if any(within):
            quantities[Quantity(Metric.TVAR, Decimal("0.95"), within)] = "tvar95"
        values = evaluator.values(list(quantities), phi, gamma)
        return [
            Limit(quantity, value * (1 + target.slack), f"{target.text} ({label})")
            for (quantity, label), value in zip(quantities.items(), values, strict=True)
        ]


def reduce_plan(reduction: Reduction, plan: Plan) -> tuple[FloatArray, FloatArray]:
    """Log reductions (phi, gamma) of a plan."""
    return reduction.reduce(reduction.choice(plan))


def headline(evaluator: Evaluator, case: Case, phi: FloatArray, gamma: FloatArray) -> dict[str, float]:
    """Every headline metric under log reductions."""
    wanted: Mapping[str, Quantity] = headline_quantities(case, evaluator.n_trials)
    values: Sequence[float] = evaluator.values(list(wanted.values()), phi, gamma)
    return dict(zip(wanted, values, strict=True))
