"""What a plan costs and what it breaks, straight from interface.md ("Cost", status, shared, subsidies, relations).

Readings where the text leaves room: a capability's capex and initial effort are spent when *its own* status row says
in_place (a blank level); ``excludes`` holds both ways, being about two measures together; a mandatory level is met by
any level of at least its rank.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from oracles.tables import Frames, Plan, Row, current, level_rows, listed, number, rank, rows, setting
from oracles.worlds import amount


def plan_cost(frames: Frames, plan: Plan, broken: str = "") -> dict[str, float]:
    """Every figure of a plan's cost.

    ``broken``: ``discount`` (yearly cost not discounted), ``shared`` (a capability paid by every measure that needs
    it), ``cap`` (a subsidy without its cap), ``in_place`` (what is in place is paid again), ``effort`` (work is
    free), ``worlds`` (ranges count where there is one world, and do not where there are many).
    """
    day_rate = 0.0 if broken == "effort" else setting(frames, "organisation", "day_rate", 0.0)
    horizon = int(setting(frames, "study", "horizon_years", 5))
    rate = setting(frames, "study", "discount_rate", 0.02)

    spent_rank = {m: rank(frames, m, lv) for m, lv in current(frames).items()}
    spent_capability = {
        row["id"] for row in rows(frames, "status") if "level" not in row and "in_place" in listed(row, "status")
    }
    if broken == "in_place":
        spent_rank, spent_capability = {}, set()

    capex = opex = days_initial = days_yearly = 0.0
    eligible: dict[str, float] = {}
    many = (setting(frames, "study", "n_worlds", 64) > 1) != (broken == "worlds")

    def expected(row: Row, name: str) -> float:
        """The likely amount; with worlds and a range the mean of belief."""
        if many and f"{name}_low" in row:
            return amount(number(row, f"{name}_low"), number(row, name), number(row, f"{name}_high")).exponential()
        return number(row, name)

    def pay(row: Row, spent: bool) -> None:
        nonlocal capex, opex, days_initial, days_yearly
        if not spent:
            capex += expected(row, "capex")
            days_initial += expected(row, "effort_initial")
            if "subsidy" in row:
                eligible[row["subsidy"]] = eligible.get(row["subsidy"], 0.0) + expected(row, "capex")
        opex += expected(row, "opex")
        days_yearly += expected(row, "effort_yearly")

    needed: list[str] = []
    levels = level_rows(frames)
    for measure, level in plan.items():
        place = [row["level"] for row in levels[measure]].index(level)
        row = levels[measure][place]
        pay(row, spent=place <= spent_rank.get(measure, -1))
        needed += listed(row, "shared")
    capabilities = {row["capability"]: row for row in rows(frames, "shared")}
    for capability in needed if broken == "shared" else sorted(set(needed)):
        pay(capabilities[capability], spent=capability in spent_capability)

    subsidy = 0.0
    for row in rows(frames, "subsidies"):
        until = row.get("valid_until")
        if until is not None and date.fromisoformat(str(until)[:10]) < date.today():
            continue
        paid = number(row, "share") * eligible.get(row["subsidy"], 0.0)
        subsidy += paid if broken == "cap" else min(paid, number(row, "cap"))

    yearly = opex + days_yearly * day_rate
    once = capex + days_initial * day_rate - subsidy
    npv, annuity = once, 0.0
    for year in range(1, horizon + 1):
        weight = 1.0 if broken == "discount" else (1.0 + rate) ** -(year - 1)
        npv += yearly * weight
        annuity += weight
    return {
        "npv": npv,
        "per_year": npv / annuity,
        "first_year": once + yearly,
        "first_year_cash": capex + opex,
        "days_first_year": days_initial + days_yearly,
        "days_per_year": days_yearly,
        "capex": capex,
        "subsidy": subsidy,
    }


def breaks(frames: Frames, plan: Plan, broken: str = "") -> list[tuple[Any, ...]]:
    """What a plan breaks of relations and status.

    ``broken``: ``requires``, ``excludes``, ``mandatory``, ``excluded`` each forgets that rule.
    """
    found: list[tuple[Any, ...]] = []
    for row in rows(frames, "relations"):
        kind, one, other = row["kind"], row["measure"], row["other"]
        if kind == broken:
            continue
        if kind == "requires" and one in plan and other not in plan:
            found.append((kind, one, other))
        if kind == "excludes" and one in plan and other in plan:
            found.append((kind, one, other))
    priced = level_rows(frames)
    for row in rows(frames, "status"):
        if row["id"] not in priced:
            continue
        measure, level = row["id"], row["level"]
        said = listed(row, "status")
        chosen = rank(frames, measure, plan[measure]) if measure in plan else -1
        if "mandatory" in said and broken != "mandatory" and chosen < rank(frames, measure, level):
            found.append(("mandatory", measure, level))
        if "excluded" in said and broken != "excluded" and plan.get(measure) == level:
            found.append(("excluded", measure, level))
    return found


def feasible(frames: Frames, plan: Plan, broken: str = "") -> bool:
    """Whether a plan breaks nothing."""
    return not breaks(frames, plan, broken)
