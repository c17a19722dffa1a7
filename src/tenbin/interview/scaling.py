"""A preset's scenario → the company's: how often and how much by its size and its answers, and why in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tenbin.interview.filling import Filled
from tenbin.units import parse_number
from tenbin.words import Said, Titled, saying

__all__ = ["basis", "both", "price_factor", "scenario_row", "sized", "together", "two_figures"]

said = saying("interview")

PRICE_FLOOR = 0.3
"""The part of a price that does not shrink or grow with the company."""
LOSS_POWER = 0.75
"""Losses grow less than the company: × 2^0.75 where it is twice as large. docs/interview.md says why, of the others too."""
FREQUENCY_POWER = 0.3
"""How often it happens grows less still."""
SMALLEST = 0.05
"""No company is smaller than this for its losses: putting things right costs something anywhere."""
CAP = 0.25
"""No event costs more than this part of a year's revenue."""
USUAL_DAYS = 7.0
USUAL_SHARE = 0.3
NO_REMOTE = 0.4
FRAUD, CUSTOMER = "S-L1-02", "S-L1-09"
"""The scenarios that the largest payment bounds, and that the largest customer's share makes dearer."""
Factors = list[tuple[float, str, dict[str, object]]]
"""By what something is multiplied, the text that says why, and what stands in it."""
ANSWERED_BY = {
    "employees": ("employees",),
    "devices": ("computers", "machines"),
    "revenue_day": ("profit_per_day",),
    "records": ("records",),
}
"""The questions that say how large a company is by what scales."""


def scenario_row(row: Mapping[str, str], filled: Filled, history: float) -> dict[str, object] | None:
    """A preset's row → a row of ``scenarios``; None where it cannot happen to this company."""
    found = filled.answers
    nothing_to_hit = (row["needs_machines"] == "1" and not found.machines) or (row["id"] == FRAUD and not found.largest_payment)
    if not float(row[str(found.industry)]) or nothing_to_hit:
        return None
    often, reasons = _often(row, filled, history)
    loss, more = _loss(row, filled)
    cap = CAP * float(found.revenue or 0)
    if row["id"] == FRAUD:
        cap = min(cap, 2 * float(found.largest_payment or 0))
        more = [*more, said("by_payment")]
    low, high, cap = (two_figures(value) for value in (float(row["loss_p05"]) * loss, float(row["loss_p95"]) * loss, cap))
    kept = {name: row[name] for name in ("id", "layer", "components", "title_ja", "title_en", "protects", "loss_forms")}
    chances = {
        name: repr(two_figures(parse_number(row[name]) * often)) for name in ("frequency", "frequency_low", "frequency_high")
    }
    losses = {"loss_p05": min(low, cap / 2), "loss_p95": high, "loss_cap": cap}
    return {**kept, **chances, **losses, **basis(row["id"], [*reasons, *more])}


def _often(row: Mapping[str, str], filled: Filled, history: float) -> tuple[float, list[Said]]:
    """By what the frequency is multiplied, and why."""
    found, scales = filled.answers, row["frequency_scales_with"]
    factors: Factors = [
        (float(row[str(found.industry)]), "by_industry", {"industry": said(f"choice_industry_{found.industry}")})
    ]
    if scales != "fixed":
        size = max(filled.driver(scales), 0.01) ** FREQUENCY_POWER
        factors.append((size, "by_size", sized(scales, filled)))
    if row["needs_remote"] == "1" and not found.remote_access:
        factors.append((NO_REMOTE, "by_remote", {}))
    factors.append((history, "by_history", {"n": found.incidents}))
    return together(factors)


def _loss(row: Mapping[str, str], filled: Filled) -> tuple[float, list[Said]]:
    """By what the amounts are multiplied, and why."""
    found, scales = filled.answers, row["scales_with"]
    factors: Factors = []
    if scales != "fixed":
        factors.append((max(filled.driver(scales), SMALLEST) ** LOSS_POWER, "by_loss", sized(scales, filled)))
    if row["outage"] == "1":
        days = float(found.days_down or USUAL_DAYS)
        factors.append(
            (math.sqrt(days / USUAL_DAYS), "by_days", {"days": f"{days:g}", "whose": _whose(("days_down",), filled)})
        )
    if row["id"] == CUSTOMER:
        share = max(float(found.customer_share or 0) / USUAL_SHARE, 0.1)
        factors.append((share, "by_customer", {"whose": _whose(("customer_share",), filled)}))
    return together(factors)


def together(factors: Factors) -> tuple[float, list[Said]]:
    """The product, and the reasons of whatever is not 1."""
    reasons = [said(key, factor=_figure(by), **values) for by, key, values in factors if _figure(by) != "1"]
    return math.prod(by for by, _, _ in factors), reasons


def sized(scales: str, filled: Filled) -> dict[str, object]:
    """What scales, and whose figure it is, in words."""
    return {"what": said(f"scale_{scales}"), "whose": _whose(ANSWERED_BY[scales], filled)}


def _whose(keys: tuple[str, ...], filled: Filled) -> Said:
    return said("whose_assumed" if all(key in filled.assumed for key in keys) else "whose_answer")


def price_factor(driver: float) -> float:
    """By what a price is multiplied for a company so large."""
    return PRICE_FLOOR + (1 - PRICE_FLOOR) * driver


def basis(name: str | Titled, reasons: list[Said]) -> dict[str, object]:
    """The columns that say of which preset a row is made, and what was done to it."""
    return both("basis", said("preset", id=name, reasons=reasons or [said("as_it_is")]))


def both(column: str, text: Said) -> dict[str, object]:
    """A text in the column that has it in English and the one that has it in Japanese."""
    return {column: str(text), f"{column}_ja": text.within("ja")}


def two_figures(value: float) -> float:
    """The presets are no more exact than that."""
    return float(f"{value:.2g}")


def _figure(value: float) -> str:
    return f"{float(f'{value:.2g}'):g}"
