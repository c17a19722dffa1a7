"""Filled answers and the presets → an ordinary case: every row's basis says what was scaled by what, or whose answer it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tenbin.catalogue import load_catalogue
from tenbin.evaluation import Reduction
from tenbin.inputs import read_case
from tenbin.interview.answers import Answers
from tenbin.interview.filling import Filled, fill
from tenbin.interview.presets import preset
from tenbin.interview.scaling import basis, both, price_factor, scenario_row, sized, together, two_figures
from tenbin.model import Case, current_plan
from tenbin.simulation import draw_worlds
from tenbin.words import Titled, saying, speaker

__all__ = ["MadeCase", "make_case"]

say, said = speaker("interview"), saying("interview")

DAY_RATE = 32_000
YEARS = 5
PRIOR = 2.0
"""How many incidents' worth the presets count for, against the company's own five years."""
MOST_HISTORY = 5.0
"""A past that is worse than this is not all scenarios being likelier: ``check`` says so, and which frequencies to look at."""
LAWFUL = (("L1.010", "basic"), ("L1.012", "basic"))
"""In place and mandatory everywhere: observing law is not a choice."""

Frame = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class MadeCase:
    """The case, the answers it was made of with nothing open, and what the own five years changed.

    expected : incidents of five years above a day's profit that the presets expect of such a company. history : the factor on
    every frequency that the own five years make of it.
    """

    case: Case
    filled: Filled
    expected: float
    history: float


def make_case(answers: Answers) -> MadeCase:
    """A case and its cost table of the answers; whatever nobody knew is taken from the industry's ordinary company."""
    filled = fill(answers)
    case = _read(filled, 1.0)
    expected = YEARS * _incidents_a_year(case, float(filled.answers.profit_per_day or 0))
    history = 1.0
    if filled.answers.incidents is not None:
        history = min(float(f"{(PRIOR + filled.answers.incidents) / (PRIOR + expected):.2g}"), MOST_HISTORY)
        case = _read(filled, history)
    return MadeCase(case, filled, expected, history)


def _incidents_a_year(case: Case, threshold: float) -> float:
    """Expected events a year that cost more than a day of work, with what is in place, over everything that is believed of the
    guesses; what sets off what is left out.
    """
    worlds = draw_worlds(case, case.study.n_worlds, case.study.seed)
    reduction = Reduction.of(case, worlds)
    phi, gamma = reduction.reduce(reduction.choice(current_plan(case)))
    total = 0.0
    for n, scenario in enumerate(case.scenarios):
        above = [scenario.severity.survival(threshold / keep) for keep in np.exp(-gamma[:, n])]
        total += float(np.mean(worlds.frequency[:, n] * np.exp(-phi[:, n]) * above))
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
    for name, rows in _of_use(tables).items():
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
        "study": {"n_trials": 100_000, "seed": 1, "horizon_years": 5, "discount_rate": 0.02},
        "targets": {"tvar95": "75%"},
        "levels": {"basic": ["survive=98%"], "standard": ["survive=99%"], "high": ["tvar95=50%"]},
    }


def _scenarios(filled: Filled, history: float) -> Frame:
    rows = (scenario_row(row, filled, history) for row in preset("scenarios"))
    return [row for row in rows if row is not None]


def _status(filled: Filled) -> Frame:
    held = set(filled.answers.in_place or ())
    whose = "assumed" if "in_place" in filled.assumed else "answer"
    chosen = [row for row in preset("checklist") if row["item"] in held]
    if "offsite_backup" in held:
        chosen = [row for row in chosen if row["item"] != "backup"]
    rows: Frame = []
    for row in chosen:
        states = "in_place;mandatory" if row["kept"] else "in_place"
        note = both("note", said(f"note_{whose}_kept" if row["kept"] else f"note_{whose}"))
        rows.append({"id": row["id"], "level": row["level"], "status": states, **note})
    lawful = both("note", said("note_law"))
    return rows + [{"id": m, "level": level, "status": "in_place;mandatory", **lawful} for m, level in LAWFUL]


def _of_use(tables: dict[str, Frame]) -> dict[str, Frame]:
    """Without what does nothing here: measures that no scenario of this company needs, and what only they need."""
    useful = {str(row["measure"]) for row in tables["effects"]} | {str(row["id"]) for row in tables["status"]}
    while (
        needed := {
            str(row["other"]) for row in tables["relations"] if row["kind"] == "requires" and str(row["measure"]) in useful
        }
        - useful
    ):
        useful |= needed
    measures = [row for row in tables["measures"] if row["measure"] in useful]
    bases = {base for row in measures for base in str(row["shared"]).split(";")} | useful
    shared = [row for row in tables["shared"] if row["capability"] in bases]
    relations = [row for row in tables["relations"] if {str(row["measure"]), str(row["other"])} <= useful]
    named = {str(row["subsidy"]) for row in (*measures, *shared)}
    subsidies = [row for row in tables["subsidies"] if row["subsidy"] in named]
    return {**tables, "measures": measures, "shared": shared, "relations": relations, "subsidies": subsidies}


def _price(row: Mapping[str, str], filled: Filled) -> dict[str, object]:
    factor = price_factor(filled.driver(row["scales_with"]))
    days = 0.5 + 0.5 * filled.driver("employees")
    found: dict[str, object] = {name: text for name, text in row.items() if name != "scales_with"}
    for name in ("capex", "opex"):
        found[name] = int(two_figures(float(row[name] or 0) * factor))
    for name in ("effort_initial", "effort_yearly"):
        found[name] = f"{max(0.0, round(float(row[name] or 0) * days * 2) / 2):g}"
    titled = Titled(row.get("measure") or row["capability"], row.get("title_ja", ""), row.get("title_en", ""))
    _, reasons = together(
        [
            (factor, "by_loss", sized(row["scales_with"], filled)),
            (days, "by_effort", sized("employees", filled)),
        ]
    )
    return found | basis(titled, reasons)
