"""In which order to begin: what takes most risk away for its cost first, and never before what it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tenbin.reporting.chart_data import Change, CostKind
from tenbin.reporting.report.data import BuyRow

__all__ = ["in_order"]


def in_order(rows: Sequence[BuyRow], requires: Mapping[str, Sequence[str]], annuity: float) -> list[BuyRow]:
    """The rows that are added or raised, in the order to begin with them.

    annuity : what turns a cost per year into a cost over the horizon, so that what is paid once counts with it. A capability that is
        still to be bought is split over the new measures that need it.
    """
    new = [row for row in rows if row.kind is CostKind.MEASURE and row.change in (Change.ADD, Change.RAISE)]
    bought = {row.label.id: row.once + row.yearly * annuity for row in rows if row.kind is CostKind.SHARED and row.once > 0}
    users = Counter(name for row in new for name in row.shared)

    def worth(row: BuyRow) -> float:
        cost = row.once + row.yearly * annuity + sum(bought.get(name, 0.0) / users[name] for name in row.shared)
        return -(row.takes or 0.0) / max(cost, 1.0)

    waiting = sorted(new, key=lambda row: (-worth(row), row.label.id))
    names = {row.label.id for row in waiting}
    done: set[str] = set()
    order: list[BuyRow] = []
    while waiting:
        ready = [row for row in waiting if not (set(requires.get(row.label.id, ())) & names - done)]
        wanted = waiting[0]  # what the best one waits for comes first
        behind = _needed(wanted.label.id, requires) & names
        chosen = next((row for row in ready if row is wanted or row.label.id in behind), (ready or waiting)[0])
        order.append(chosen)
        done.add(chosen.label.id)
        waiting.remove(chosen)
    return order


def _needed(name: str, requires: Mapping[str, Sequence[str]]) -> set[str]:
    """Everything that has to be there before a measure."""
    found: set[str] = set()
    open_names = list(requires.get(name, ()))
    while open_names:
        one = open_names.pop()
        if one not in found:
            found.add(one)
            open_names.extend(requires.get(one, ()))
    return found
