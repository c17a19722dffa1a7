"""Filled answers and the presets → an ordinary case: every row's basis says what was scaled by what, or whose answer it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tenbin.catalogue import load_catalogue
from tenbin.evaluation import Reduction
from tenbin.inputs import read_case
from tenbin.interview.answers import Answers
from tenbin.interview.filling import Filled, fill
from tenbin.interview.presets import preset
from tenbin.model import Case, current_plan
from tenbin.units import parse_number
from tenbin.words import Said, saying, speaker

__all__ = ["MadeCase", "make_case"]

say, said = speaker("interview"), saying("interview")

FLOOR = 0.3
"""The part of a price or of a loss that does not shrink or grow with the company."""
USUAL_DAYS = 7.0
USUAL_SHARE = 0.3
DAY_RATE = 32_000
YEARS = 5
PRIOR = 2.0
"""How many incidents' worth the presets count for, against the company's own five years."""
LAWFUL = (("L1.010", "basic"), ("L1.012", "basic"))
"""In place and mandatory everywhere: observing law is not a choice."""

Frame = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class MadeCase:
    """The case, the answers it was made of with nothing open, what was assumed, and by what the own five years changed it."""

    case: Case
    filled: Filled
    history: float


def make_case(answers: Answers) -> MadeCase:
    """A case and its cost table of the answers; whatever nobody knew is taken from the industry's ordinary company."""
    filled = fill(answers)
    case = _read(filled, 1.0)
    history = 1.0
    if filled.answers.incidents is not None:
        expected = YEARS * _incidents_a_year(case, float(filled.answers.profit_per_day or 0))
        history = float(f"{(PRIOR + filled.answers.incidents) / (PRIOR + expected):.2g}")
        case = _read(filled, history)
    return MadeCase(case, filled, history)


def _incidents_a_year(case: Case, threshold: float) -> float:
    """Expected events a year that cost more than a day of work, with what is in place; what sets off what is left out."""
    reduction = Reduction.of(case)
    phi, gamma = (parts.mean(axis=0) for parts in reduction.reduce(reduction.choice(current_plan(case))))
    total = 0.0
    for n, scenario in enumerate(case.scenarios):
        keep = math.exp(-float(gamma[n]))
        total += scenario.frequency.likely * math.exp(-float(phi[n])) * scenario.severity.survival(threshold / keep)
    return total


def _read(filled: Filled, history: float) -> Case:
    frames: dict[str, Any] = {"case": _settings(filled)}
    tables: dict[str, Frame] = {
        "scenarios": _scenarios(filled, history),
        "status": _status(filled),
        "measures": [_price(row, filled) for row in preset("measures")],
        "shared": [_price(row, filled) for row in preset("shared")],
        "subsidies": [dict(row) for row in preset("subsidies")],
        "relations": [dict(row) for row in preset("relations")],
    }
    here = {str(row["id"]) for row in tables["scenarios"]}
    tables["effects"] = [{**row} for row in preset("effects") if row["scenario"] in here]
    tables["triggers"] = [{**row} for row in preset("triggers") if row["scenario"] in here and row["triggers"] in here]
    for name, rows in tables.items():
        frames[name] = pd.DataFrame(rows).fillna("").astype(str)
    return read_case(frames, load_catalogue=load_catalogue)


def _settings(filled: Filled) -> dict[str, Any]:
    found = filled.answers
    titles = {
        f"title_{one}": say("case_title", one, industry=say(f"choice_industry_{found.industry}", one), n=f"{found.employees:,}")
        for one in ("ja", "en")
    }
    return {
        "format": 1,
        "name": f"{found.industry}-{found.employees}",
        **titles,
        "currency": "JPY",
        "organisation": {
            "employees": found.employees,
            "annual_revenue": found.revenue,
            "cash_reserve": found.cash,
            "day_rate": DAY_RATE,
        },
        "study": {"n_trials": 100_000, "seed": 1, "n_worlds": 1, "horizon_years": 5, "discount_rate": 0.02},
        "targets": {"tvar95": "75%"},
        "levels": {"basic": ["survive=98%"], "standard": ["survive=99%"], "high": ["tvar95=50%"]},
    }


def _scaled(driver: float) -> float:
    return FLOOR + (1 - FLOOR) * driver


def _scenarios(filled: Filled, history: float) -> Frame:
    found = filled.answers
    rows: Frame = []
    for row in preset("scenarios"):
        often = float(row[str(found.industry)])
        if not often or (row["needs_machines"] == "1" and not found.machines):
            continue
        reasons = [said("by_industry", factor=_figure(often), industry=said(f"choice_industry_{found.industry}"))]
        if row["frequency_scales_with"] != "fixed":
            size = max(filled.driver(row["frequency_scales_with"]), 0.01) ** 0.25
            often *= size
            reasons.append(said("by_size", factor=_figure(size), what=said(f"scale_{row['frequency_scales_with']}")))
        if row["needs_remote"] == "1" and not found.remote_access:
            often *= 0.4
            reasons.append(said("by_remote", factor="0.4"))
        if history != 1.0:
            reasons.append(said("by_history", factor=_figure(history), n=found.incidents))
        loss = _scaled(filled.driver(row["scales_with"]))
        reasons.append(said("by_loss", factor=_figure(loss), what=said(f"scale_{row['scales_with']}")))
        if row["outage"] == "1":
            days = math.sqrt(float(found.days_down or USUAL_DAYS) / USUAL_DAYS)
            loss *= days
            reasons.append(said("by_days", factor=_figure(days), days=f"{found.days_down:g}"))
        if row["id"] == "S-L1-09":
            share = float(found.customer_share or 0) / USUAL_SHARE
            loss *= max(share, 0.1)
            reasons.append(said("by_customer", factor=_figure(max(share, 0.1))))
        low, high = (_two(float(row[name]) * loss) for name in ("loss_p05", "loss_p95"))
        cap = _two(2 * float(found.largest_payment or 0)) if row["id"] == "S-L1-02" else _two(float(found.revenue or 0) / 4)
        if row["id"] == "S-L1-02":
            reasons.append(said("by_payment"))
        kept = {name: row[name] for name in ("id", "layer", "components", "title_ja", "title_en", "protects", "loss_forms")}
        chances = {
            name: repr(_two(parse_number(row[name]) * often * history))
            for name in ("frequency", "frequency_low", "frequency_high")
        }
        basis = _both("basis", said("preset", id=row["id"], reasons=reasons))
        rows.append({**kept, **chances, "loss_p05": low, "loss_p95": high, "loss_cap": cap if cap > low else "", **basis})
    return rows


def _status(filled: Filled) -> Frame:
    held = set(filled.answers.in_place or ())
    note = _both("note", said("note_assumed" if "in_place" in filled.assumed else "note_answer"))
    chosen = [row for row in preset("checklist") if row["item"] in held]
    if "offsite_backup" in held:
        chosen = [row for row in chosen if row["item"] != "backup"]
    rows: Frame = [{"id": row["id"], "level": row["level"], "status": "in_place", **note} for row in chosen]
    lawful = _both("note", said("note_law"))
    return rows + [{"id": m, "level": level, "status": "in_place;mandatory", **lawful} for m, level in LAWFUL]


def _price(row: Mapping[str, str], filled: Filled) -> dict[str, object]:
    factor = _scaled(filled.driver(row["scales_with"]))
    days = 0.5 + 0.5 * filled.driver("employees")
    found: dict[str, object] = {name: text for name, text in row.items() if name != "scales_with"}
    for name in ("capex", "opex"):
        found[name] = int(_two(float(row[name] or 0) * factor))
    for name in ("effort_initial", "effort_yearly"):
        found[name] = f"{max(0.0, round(float(row[name] or 0) * days * 2) / 2):g}"
    name = row.get("measure") or row.get("capability") or ""
    reason = said("by_loss", factor=_figure(factor), what=said(f"scale_{row['scales_with']}"))
    return found | _both("basis", said("preset", id=name, reasons=[reason]))


def _both(column: str, text: Said) -> dict[str, object]:
    """A text in the column that has it in English and the one that has it in Japanese."""
    return {column: str(text), f"{column}_ja": text.within("ja")}


def _two(value: float) -> float:
    """Two figures: the presets are no more exact than that."""
    return float(f"{value:.2g}")


def _figure(value: float) -> str:
    return f"{float(f'{value:.2g}'):g}"
