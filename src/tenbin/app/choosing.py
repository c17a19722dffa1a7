"""Which of the plans known already suits what a slider says: the answer of the first moment."""

from __future__ import annotations

from collections.abc import Sequence

from tenbin.reporting.report.data import PlanView

__all__ = ["cheapest_for", "safest_for"]


def cheapest_for(views: Sequence[PlanView], limit: float) -> int | None:
    """The cheapest plan whose metric is at most the limit; the safest where none is; None of none."""
    if not views:
        return None
    meeting = [n for n, view in enumerate(views) if view.value <= limit * (1 + 1e-9)]
    if not meeting:
        return min(range(len(views)), key=lambda n: views[n].value)
    return min(meeting, key=lambda n: float(views[n].document["cost"]["npv"]))


def safest_for(views: Sequence[PlanView], figure: str, budget: float) -> int | None:
    """The plan of least risk that a budget buys; the cheapest where it buys none; None of none.

    figure : which figure of a cost the budget is about, such as ``"per_year"``.
    """
    if not views:
        return None
    costs = [float(view.document["cost"][figure]) for view in views]
    bought = [n for n, cost in enumerate(costs) if cost <= budget * (1 + 1e-9)]
    if not bought:
        return min(range(len(views)), key=lambda n: costs[n])
    return min(bought, key=lambda n: (views[n].value, costs[n]))
