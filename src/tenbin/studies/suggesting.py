"""Three plans when nothing is asked: keep today for less, pays for itself, survives a bad year."""

from __future__ import annotations

from typing import Any

from tenbin.model import Case, current_plan
from tenbin.simulation import EventTable
from tenbin.studies.optimising import Result, optimise, pays_for_itself
from tenbin.studies.simulating import as_events

__all__ = ["suggest"]


def suggest(source: EventTable | Case, **options: Any) -> dict[str, Result]:
    """Optimise for three questions that every organisation has; options as in ``optimise``.

    Returns
    -------
    ``keep_today`` (nowhere worse than today, for less; left out when nothing is in place), ``pays_for_itself`` (least cost
    per year + expected annual loss), ``survives`` (P(annual loss > cash reserve) ≤ 1 %, or the lowest VaR99 within reach;
    left out when the case names no reserve).
    """
    events = as_events(source)
    case = events.case
    found: dict[str, Result] = {}
    if current_plan(case):
        found["keep_today"] = optimise(events, targets=["keep=current"], **options)
    found["pays_for_itself"] = pays_for_itself(events, **options)
    if case.organisation.cash_reserve is not None:
        result = optimise(events, targets=["survive=99%"], **options)
        if result.status == "infeasible" and result.reachable:
            nearest = max(result.reachable.values()) * (1 + 1e-9)
            result = optimise(events, targets=[f"var99={nearest!r}"], **options)
        found["survives"] = result
    return found
