"""Answers with what nobody knew filled in from the industry's ordinary company, and a list of what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from tenbin.interview.answers import Answers
from tenbin.interview.presets import REFERENCE, preset

__all__ = ["Filled", "fill"]

WORKING_DAYS = 250
HALF_A_MONTH = 24
"""The largest payment is about half a month's revenue where nobody knows it."""
ORDINARY = ("antivirus", "firewall", "backup", "locked")
"""What small firms mostly have in place."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Answers without a gap but for ``incidents`` and ``budget``; assumed : the keys that were filled in."""

    answers: Answers
    assumed: tuple[str, ...]

    def driver(self, name: str) -> float:
        """How large the company is against the presets' (1: as large), by what scales: ``employees``, ``records`` …."""
        found = self.answers
        sizes = {
            "fixed": 1.0,
            "employees": float(found.employees or 0) / REFERENCE["employees"],
            "devices": float((found.computers or 0) + (found.machines or 0) / 2) / REFERENCE["devices"] / 1.25,
            "revenue_day": float(found.profit_per_day or 0) / REFERENCE["revenue_day"],
            "records": float(found.records or 0) / REFERENCE["records"],
        }
        return sizes[name]


def fill(answers: Answers) -> Filled:
    """Fill in what is open: each from the answers before it and the industry."""
    industry = answers.industry or "trade"
    row = next(one for one in preset("industries") if one["industry"] == industry)
    ratio = {name: float(text) for name, text in row.items() if name != "industry"}
    known = replace(answers, industry=industry)
    employees = known.employees
    if employees is None:
        employees = 30 if known.revenue is None else max(1, round(known.revenue / ratio["revenue_per_head"]))
    known = replace(known, employees=employees)
    revenue = known.revenue if known.revenue is not None else _round(employees * ratio["revenue_per_head"])
    known = replace(known, revenue=revenue)
    guesses: dict[str, Any] = {
        "computers": max(1, round(employees * ratio["computers_per_head"])),
        "profit_per_day": _round(revenue * ratio["profit_share"] / WORKING_DAYS),
        "days_down": 7.0,
        "remote_access": True,
        "machines": round(employees * ratio["machines_per_head"]),
        "records": round(employees * ratio["records_per_head"]),
        "largest_payment": _round(revenue / HALF_A_MONTH),
        "customer_share": 0.3,
        "in_place": ORDINARY,
        "cash": _round(revenue * ratio["operating_margin"] / 2),
    }
    open_keys = tuple(
        one.name for one in fields(Answers) if getattr(answers, one.name) is None and one.name not in ("incidents", "budget")
    )
    return Filled(replace(known, **{key: guesses[key] for key in open_keys if key in guesses}), open_keys)


def _round(amount: float) -> float:
    """Two figures: a guess should look like one."""
    return float(f"{amount:.2g}")
