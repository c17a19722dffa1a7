"""Plans a step away from a plan: one measure more, less or at another level, with what the rules then ask; or two at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from tenbin.model import Case, Plan, RelationKind, violations

__all__ = ["Moves"]

FEW = 30
"""Rows of a cost table up to which any two measures are tried together."""
MOST_REPAIRS = 40

Change = tuple[str, str]
"""A measure and its new level; "" : without it."""


@dataclass(frozen=True)
class Moves:
    """The steps of a case. requires, excludes : pairs of measures. rivals : pairs that answer to one weakness; partners : that share
    a cost.
    """

    case: Case
    requires: tuple[tuple[str, str], ...]
    excludes: tuple[tuple[str, str], ...]
    rivals: frozenset[frozenset[str]] = field(repr=False)
    partners: frozenset[frozenset[str]] = field(repr=False)

    @classmethod
    def of(cls, case: Case) -> Moves:
        """What the rules of a case tie together."""
        by_kind = {
            kind: tuple((one.measure, one.other) for one in case.costs.relations if one.kind is kind) for kind in RelationKind
        }
        overlaps: dict[tuple[str, str, str], set[str]] = {}
        for effect in case.effects:
            if effect.overlap_group:
                key = (effect.scenario, effect.acts_on.value, effect.overlap_group)
                overlaps.setdefault(key, set()).add(effect.measure)
        shared: dict[str, set[str]] = {}
        for row in case.costs.rows:
            for name in row.shared:
                shared.setdefault(name, set()).add(row.measure)
        requires, excludes = by_kind[RelationKind.REQUIRES], by_kind[RelationKind.EXCLUDES]
        return cls(case, requires, excludes, _pairs(overlaps.values()), _pairs(shared.values()))

    def single(self, plan: Plan) -> Iterator[dict[str, str]]:
        """The allowed plans in which one measure has another level, is added or left out."""
        for measure in self.case.costs.measures:
            for change in self._changes(plan, measure):
                yield from self._applied(plan, (change,))

    def double(self, plan: Plan) -> Iterator[dict[str, str]]:
        """The same in two: one in place of its rival, partners together out or in (at their lowest levels); any two where there are few."""
        few = len(self.case.costs.rows) <= FEW
        for one, other in combinations(self.case.costs.measures, 2):
            pair = frozenset((one, other))
            swap, join = pair in self.rivals, pair in self.partners
            if not (few or swap or join):
                continue
            for first in self._changes(plan, one):
                for second in self._changes(plan, other):
                    is_swap = (one in plan) != (other in plan) and bool(first[1]) != bool(second[1])
                    is_joint = (one in plan) == (other in plan) and self._is_least(first) and self._is_least(second)
                    if few or (swap and is_swap) or (join and is_joint):
                        yield from self._applied(plan, (first, second))

    def _changes(self, plan: Plan, measure: str) -> Iterator[Change]:
        for level in ("", *(row.level for row in self.case.costs.levels(measure))):
            if level != plan.get(measure, ""):
                yield measure, level

    def _is_least(self, change: Change) -> bool:
        """Whether a measure is left out, or has its lowest level."""
        measure, level = change
        return not level or level == self.case.costs.levels(measure)[0].level

    def _applied(self, plan: Plan, changes: tuple[Change, ...]) -> Iterator[dict[str, str]]:
        """The changed plan with what it then requires, and without what it excludes; nothing where the rules refuse it still."""
        wanted = dict(changes)
        found = {measure: level for measure, level in plan.items() if measure not in wanted}
        found |= {measure: level for measure, level in wanted.items() if level}
        if self.requires or self.excludes:
            self._repair(found, wanted)
        if not violations(self.case, found):
            yield found

    def _repair(self, plan: dict[str, str], wanted: Mapping[str, str]) -> None:
        for _ in range(MOST_REPAIRS):
            missing = next(((m, other) for m, other in self.requires if m in plan and other not in plan), None)
            clash = next(((a, b) for a, b in self.excludes if a in plan and b in plan), None)
            if missing is not None:
                measure, other = missing
                if other in wanted:  # left out on purpose
                    del plan[measure]
                else:
                    plan[other] = self.case.costs.levels(other)[0].level
            elif clash is not None:
                del plan[clash[0] if clash[0] not in wanted else clash[1]]
            else:
                return


def _pairs(groups: Iterable[set[str]]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for measures in groups for pair in combinations(sorted(measures), 2))
