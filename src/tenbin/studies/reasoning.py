"""Why this measure and not that one, what else would do, and why a request cannot be met: in the words of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenbin.model import Case
from tenbin.optimisation import Clock, Conflict, alternatives, entry_price, find_conflict, removal
from tenbin.optimisation import Problem as Master
from tenbin.optimisation.problem import Point

__all__ = [
    "Alternative",
    "Reasons",
    "WhyChosen",
    "WhyNot",
    "conflict_document",
    "each_reason",
    "explain",
    "explain_conflict",
    "n_reasons",
    "next_best",
]

CONFLICT_SECONDS = 20.0
SECONDS_EACH = 5.0


@dataclass(frozen=True)
class Alternative:
    """Another plan and how it differs from the one chosen; costs in the case's currency."""

    plan: dict[str, str]
    npv: float
    per_year: float
    extra_npv: float
    values: dict[str, float]
    add: dict[str, str]
    drop: dict[str, str]
    change: dict[str, tuple[str, str]]

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "plan": _rows(self.plan),
            "cost": {"npv": self.npv, "per_year": self.per_year, "extra_npv": self.extra_npv},
            "values": dict(self.values),
            "differs": {
                "add": _rows(self.add),
                "drop": _rows(self.drop),
                "change": [{"measure": m, "from": a, "to": b} for m, (a, b) in self.change.items()],
            },
        }


@dataclass(frozen=True)
class WhyChosen:
    """What leaves with a chosen measure.

    saves_npv : what dropping it alone saves. values : each target's metric without it. misses : by how much each target is then
    missed, as a share of its limit (0: still met). instead : the cheapest plan that does without it; None: no plan does.
    closed : whether that is known for certain on this sample, up to the certificate's delta. needed_by : chosen measures
    that require it. scenarios : what it acts on.
    """

    measure: str
    level: str
    saves_npv: float
    values: dict[str, float]
    misses: dict[str, float]
    instead: Alternative | None
    closed: bool
    needed_by: tuple[str, ...]
    scenarios: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "measure": self.measure,
            "level": self.level,
            "saves_npv": self.saves_npv,
            "values": dict(self.values),
            "misses": dict(self.misses),
            "instead": self.instead.to_dict() if self.instead else None,
            "closed": self.closed,
            "needed_by": list(self.needed_by),
            "scenarios": list(self.scenarios),
        }


@dataclass(frozen=True)
class WhyNot:
    """The price at which a measure that was not chosen would be.

    price_npv : what its row costs; enters_at_npv : from which price on it is in a cheapest plan (below 0: not even for nothing);
    None when the rules allow no plan with it.
    """

    measure: str
    level: str
    price_npv: float
    enters_at_npv: float | None
    with_it: Alternative | None
    closed: bool
    scenarios: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "measure": self.measure,
            "level": self.level,
            "price_npv": self.price_npv,
            "enters_at_npv": self.enters_at_npv,
            "with_it": self.with_it.to_dict() if self.with_it else None,
            "closed": self.closed,
            "scenarios": list(self.scenarios),
        }


@dataclass(frozen=True)
class Reasons:
    """For every measure why it is, or is not, in the plan; ``complete`` is False when the time ran out first."""

    chosen: tuple[WhyChosen, ...] = ()
    others: tuple[WhyNot, ...] = ()
    complete: bool = True

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "chosen": [why.to_dict() for why in self.chosen],
            "not_chosen": [why.to_dict() for why in self.others],
            "complete": self.complete,
        }


@dataclass(frozen=True)
class _Words:
    """What a plan is called and compared with."""

    problem: Master
    point: Point
    plan: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plan", self.problem.reduction.plan(self.point.chosen))

    def values(self, point: Point) -> dict[str, float]:
        return {limit.label: value for limit, value in zip(self.problem.limits, point.values, strict=True)}

    def alternative(self, point: Point) -> Alternative:
        plan = self.problem.reduction.plan(point.chosen)
        return Alternative(
            plan=dict(sorted(plan.items())),
            npv=point.cost,
            per_year=point.cost / self.problem.costs.annuity,
            extra_npv=point.cost - self.point.cost,
            values=self.values(point) if len(point.values) == len(self.problem.limits) else {},
            add={m: level for m, level in sorted(plan.items()) if m not in self.plan},
            drop={m: level for m, level in sorted(self.plan.items()) if m not in plan},
            change={m: (self.plan[m], lv) for m, lv in sorted(plan.items()) if m in self.plan and self.plan[m] != lv},
        )


def next_best(problem: Master, point: Point, k: int, clock: Clock) -> tuple[tuple[Alternative, ...], bool]:
    """The k next-best plans, cheapest first, and whether it is known that nothing cheaper stands between them."""
    words = _Words(problem, point)
    found, closed = alternatives(problem, point, k, clock)
    return tuple(words.alternative(other) for other in found), closed


def explain(problem: Master, point: Point, clock: Clock, seconds_each: float = SECONDS_EACH) -> Reasons:
    """Ask the question again without each chosen measure, and with each other one, until the time runs out."""
    chosen: list[WhyChosen] = []
    others: list[WhyNot] = []
    asking = each_reason(problem, point, clock, seconds_each)
    for _ in range(n_reasons(problem, point)):
        if clock.is_over:
            return Reasons(tuple(chosen), tuple(others), complete=False)
        why = next(asking)
        chosen.append(why) if isinstance(why, WhyChosen) else others.append(why)
    return Reasons(tuple(chosen), tuple(others))


def n_reasons(problem: Master, point: Point) -> int:
    """How many measures there is something to say about."""
    plan = problem.reduction.plan(point.chosen)
    return len(plan) + len(_offered(problem, plan))


def _offered(problem: Master, plan: Mapping[str, str]) -> list[str]:
    """Measures that could be chosen and are not."""
    return [
        measure
        for measure, rows in sorted(problem.by_measure.items())
        if measure not in plan and not all(row in problem.excluded for row in rows)
    ]


def each_reason(
    problem: Master, point: Point, clock: Clock, seconds_each: float = SECONDS_EACH
) -> Iterator[WhyChosen | WhyNot]:
    """What ``explain`` says, one measure at a time: each is asked about when it is its turn."""
    case, words = problem.rules.case, _Words(problem, point)
    acts = _scenarios(case)
    for measure, level in sorted(words.plan.items()):
        found = removal(problem, point, measure, _part(clock, seconds_each))
        yield WhyChosen(
            measure=measure,
            level=level,
            saves_npv=point.cost - found.without.cost,
            values=words.values(found.without),
            misses={limit.label: over for limit, over in zip(problem.limits, found.misses, strict=True)},
            instead=words.alternative(found.instead) if found.instead else None,
            closed=found.is_closed,
            needed_by=_needed_by(case, measure, words.plan),
            scenarios=acts.get(measure, ()),
        )
    for measure in _offered(problem, words.plan):
        entry = entry_price(problem, point, measure, _part(clock, seconds_each))
        yield WhyNot(
            measure=measure,
            level=problem.rows[entry.row].level,
            price_npv=entry.price,
            enters_at_npv=None if np.isnan(entry.enters_at) else entry.enters_at,
            with_it=words.alternative(entry.with_it) if entry.with_it else None,
            closed=entry.is_closed,
            scenarios=acts.get(measure, ()),
        )


def explain_conflict(problem: Master, clock: Clock) -> Conflict:
    """A smallest set of contradicting demands and the nearest requests that can be met."""
    return find_conflict(problem, _part(clock, CONFLICT_SECONDS, at_least=2.0))


def conflict_document(conflict: Conflict) -> dict[str, Any]:
    """As in the JSON documents."""
    return {
        "demands": list(conflict.demands),
        "smallest": conflict.is_smallest,
        "nearest": [
            {"demand": n.demand, "asked": n.asked, "value": n.value, "eased_by": None if np.isinf(n.share) else n.share}
            for n in conflict.nearest
        ],
    }


def _part(clock: Clock, seconds: float, at_least: float = 0.1) -> Clock:
    return Clock(max(min(clock.left, seconds), at_least), clock.stop)


def _rows(plan: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"measure": measure, "level": level} for measure, level in plan.items()]


def _scenarios(case: Case) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for effect in case.effects:
        found.setdefault(effect.measure, {})[effect.scenario] = None
    return {measure: tuple(sorted(scenarios)) for measure, scenarios in found.items()}


def _needed_by(case: Case, measure: str, plan: Mapping[str, str]) -> tuple[str, ...]:
    relations = [r for r in case.costs.relations if r.kind.value == "requires" and r.other == measure]
    return tuple(sorted({r.measure for r in relations if r.measure in plan}))
