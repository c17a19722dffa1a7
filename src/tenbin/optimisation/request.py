"""What is asked of the optimiser, in its own terms: limits on metrics, rules on plans."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenbin.evaluation import CostModel, Quantity
from tenbin.model import Budget, Case, Days, Period, RelationKind
from tenbin.optimisation.covers import Cover

__all__ = ["Limit", "Rules"]

Row = tuple[str, list[tuple[int, float]], float]


@dataclass(frozen=True, slots=True)
class Limit:
    """A metric that must be at most ``limit`` (in its own unit); ``label`` is the target's text."""

    quantity: Quantity
    limit: float
    label: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan must obey beside the limits: levels, relations, status, requests, budget, days and coverage.

    beyond : plans (row numbers) that are to do without at least one of their rows, or without a level as high: what merely adds to
    one of them is left out too.
    """

    case: Case
    require: tuple[tuple[str, str | None], ...] = ()
    exclude: tuple[tuple[str, str | None], ...] = ()
    budget: Budget | None = None
    days: Days | None = None
    covers: tuple[Cover, ...] = ()
    beyond: tuple[tuple[int, ...], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether more measures are always allowed: no budget, no days, nothing excluded."""
        excluding = any(relation.kind is RelationKind.EXCLUDES for relation in self.case.costs.relations)
        return self.budget is None and self.days is None and not excluding

    def excluded_rows(self) -> frozenset[int]:
        """Rows of the cost table that must not be chosen."""
        rows = self.case.costs.rows
        banned = {(row.id, row.level) for row in self.case.status if row.excluded}
        found = {r for r, row in enumerate(rows) if row.key in banned}
        for measure, level in self.exclude:
            found |= {r for r, row in enumerate(rows) if row.measure == measure and level in (None, row.level)}
        return frozenset(found)

    def _demands(self) -> Iterator[tuple[str, str | None]]:
        yield from ((row.id, row.level) for row in self.case.status if row.mandatory)
        yield from self.require

    def rows(self, costs: CostModel) -> Iterable[Row]:
        """The rules as rows Σ coefficient · column ≤ right side, over the items of the cost model."""
        table = self.case.costs
        place: dict[str, list[int]] = {}
        for r, row in enumerate(table.rows):
            place.setdefault(row.measure, []).append(r)
        rank = {row.key: r for r, row in enumerate(table.rows)}
        for measure, rows in place.items():
            if len(rows) > 1:
                yield f"one_level_{measure}", [(r, 1.0) for r in rows], 1.0
        for n, relation in enumerate(table.relations):
            ours, others = place.get(relation.measure, []), place.get(relation.other, [])
            if relation.kind is RelationKind.REQUIRES:
                yield f"requires_{n}", [*((r, 1.0) for r in ours), *((r, -1.0) for r in others)], 0.0
            else:
                yield f"excludes_{n}", [(r, 1.0) for r in (*ours, *others)], 1.0
        for n, (measure, level) in enumerate(self._demands()):
            least = rank.get((measure, level), -1) if level is not None else -1
            yield f"demanded_{n}", [(r, -1.0) for r in place.get(measure, []) if r >= least], -1.0
        for r in sorted(self.excluded_rows()):
            yield f"excluded_{r}", [(r, 1.0)], 0.0
        measure_rows = [place[row.measure] for row in table.rows]
        for n, plan in enumerate(self.beyond):
            reached = [(r, 1.0) for chosen in plan for r in measure_rows[chosen] if r >= chosen]
            yield f"beyond_{n}", reached, len(plan) - 1.0
        yield from self._spending(costs)

    def npv_ceiling(self, costs: CostModel) -> float:
        """The npv that a budget on cost per year or on the whole horizon allows; infinite without one."""
        if self.budget is None or self.budget.period is Period.FIRST_YEAR:
            return math.inf
        return self.budget.amount * (costs.annuity if self.budget.period is Period.YEAR else 1.0)

    def _spending(self, costs: CostModel) -> Iterable[Row]:
        items = range(len(costs.capex))
        if self.budget is not None and self.budget.period is Period.FIRST_YEAR:
            unit = max(self.budget.amount, 1.0)
            terms = [(i, float(costs.capex[i] + costs.opex[i]) / unit) for i in items]
            yield "budget", terms, self.budget.amount / unit + 1e-12
        if self.days is not None:
            first = self.days.period is Period.FIRST_YEAR
            each = costs.yearly_days + costs.initial_days if first else costs.yearly_days
            yield "days", [(i, float(each[i])) for i in items], self.days.days
