"""A plan: which measures are chosen, at which level."""

from __future__ import annotations

from collections.abc import Mapping

from tenbin.model.case import Case
from tenbin.model.costs import RelationKind
from tenbin.words import Said, saying

__all__ = ["Plan", "current_plan", "plan_key", "violations"]

said = saying("problems")

Plan = Mapping[str, str]
"""Measure → level, for everything that is chosen; ``{}`` is nothing at all."""


def plan_key(plan: Plan) -> tuple[tuple[str, str], ...]:
    """The plan as sorted pairs, to compare and to hash."""
    return tuple(sorted(plan.items()))


def current_plan(case: Case) -> dict[str, str]:
    """The plan named ``current``: every measure's level that is in place."""
    priced = {row.measure for row in case.costs.rows}
    return {row.id: row.level for row in case.status if row.in_place and row.id in priced}


def violations(case: Case, plan: Plan) -> tuple[str, ...]:
    """What a plan breaks of the relations, of what is mandatory and of what is excluded, as sentences."""
    rank = {row.key: n for n, row in enumerate(case.costs.rows)}
    broken: list[Said] = []
    for relation in case.costs.relations:
        if relation.measure not in plan:
            continue
        if relation.kind is RelationKind.REQUIRES and relation.other not in plan:
            broken.append(said("breaks_requires", measure=relation.measure, other=relation.other))
        if relation.kind is RelationKind.EXCLUDES and relation.other in plan:
            broken.append(said("breaks_excludes", measure=relation.measure, other=relation.other))
    for row in case.status:
        key = (row.id, row.level)
        if key not in rank:
            continue
        chosen = (row.id, plan[row.id]) if row.id in plan else None
        if row.mandatory and (chosen is None or rank[chosen] < rank[key]):
            broken.append(said("breaks_mandatory", choice=f"{row.id}={row.level}"))
        if row.excluded and chosen == key:
            broken.append(said("breaks_excluded", choice=f"{row.id}={row.level}"))
    return tuple(broken)
