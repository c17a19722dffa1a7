"""Cases as mappings of DataFrames, in interface.md's form: a seeded generator of small ones and a few made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from oracles.tables import Frames

MEASURES = tuple(
    f"L{layer}.{n:03d}" for layer, count in ((1, 12), (2, 21), (3, 22)) for n in range(1, count + 1)
)  # the draft's ids
COMPONENTS = ("organisation", "people", "thing", "data", "procedure", "system")
LEVELS = ("basic", "advanced", "high-advanced")


def settings(n_trials: int = 20_000, seed: int = 1, **organisation: Any) -> dict[str, Any]:
    """The nested settings of ``case``."""
    return {
        "format": 1,
        "title_en": "generated",
        "currency": "JPY",
        "catalogue": "cpsf-2018-draft",
        "organisation": {"day_rate": 30_000, "cash_reserve": 5e7, **organisation},
        "study": {"n_trials": n_trials, "seed": seed},
    }


def frame(records: list[dict[str, Any]], *columns: str) -> pd.DataFrame:
    """A table with at least the given columns; cells that a record lacks are blank."""
    names = list(dict.fromkeys([*columns, *(k for record in records for k in record)]))
    return pd.DataFrame([[record.get(name) for name in names] for record in records], columns=names)


COLUMNS = {
    "scenarios": ("id", "layer", "components", "title_en", "frequency"),
    "effects": ("scenario", "measure", "acts_on", "effect"),
    "status": ("id", "level", "status"),
    "triggers": ("scenario", "triggers", "probability"),
    "factors": ("id", "cv"),
    "losses": ("model", "loss"),
    "plans": ("plan", "measure", "level"),
    "measures": ("measure", "level", "capex", "opex"),
    "shared": ("capability", "capex", "opex"),
    "subsidies": ("subsidy", "share", "cap"),
    "relations": ("kind", "measure", "other"),
}


def case(tables: dict[str, list[dict[str, Any]]], **how: Any) -> Frames:
    """A mapping for ``tenbin.load``; empty tables are left out."""
    frames: Frames = {name: frame(records, *COLUMNS[name]) for name, records in tables.items() if records}
    return {"case": settings(**how), **frames}


def shuffled(frames: Frames, seed: int) -> Frames:
    """The same case with the rows of every table in another order."""
    rng = np.random.default_rng(seed)
    return {
        name: table if name == "case" else table.iloc[rng.permutation(len(table))].reset_index(drop=True)
        for name, table in frames.items()
    }


def without_scenario(frames: Frames, scenario: str) -> Frames:
    """The same case less one scenario, its effects and its triggers."""
    cut = dict(frames)
    cut["scenarios"] = frames["scenarios"][frames["scenarios"]["id"] != scenario].reset_index(drop=True)
    cut["effects"] = frames["effects"][frames["effects"]["scenario"] != scenario].reset_index(drop=True)
    if "triggers" in frames:
        table = frames["triggers"]
        kept = table[(table["scenario"] != scenario) & (table["triggers"] != scenario)].reset_index(drop=True)
        if len(kept):
            cut["triggers"] = kept
        else:
            del cut["triggers"]
    return cut


def with_study(frames: Frames, **study: Any) -> Frames:
    """The same case with other settings of the study."""
    return {**frames, "case": {**frames["case"], "study": {**frames["case"]["study"], **study}}}


# ---------------------------------------------------------------- generated


def _losses(rng: np.random.Generator) -> dict[str, Any]:
    """Shape of one event's loss: usual, light-tailed, fixed, capped, with a deductible."""
    size = float(np.round(np.exp(rng.uniform(np.log(5e5), np.log(1e7))), -3))
    kind = int(rng.integers(0, 9))
    if kind == 0:
        return {"loss_p05": size / 4, "loss_p95": size * 6}
    if kind == 1:
        return {"loss_p05": size / 2, "loss_p95": size * 4, "loss_cap": size * 2.5}
    if kind == 2:
        return {"loss_model": f"fixed({size:.0f})"}
    if kind == 3:
        return {"loss_model": f"lognormal(median={size:.0f}, sigma={rng.uniform(0.15, 0.5):.3f})"}
    if kind == 4:
        return {"loss_model": f"gamma(mean={size:.0f}, cv={rng.uniform(0.3, 1.5):.3f})"}
    if kind == 5:
        return {"loss_model": f"pareto(minimum={size / 2:.0f}, alpha={rng.uniform(2.5, 4):.3f})"}
    if kind == 6:
        return {
            "loss_model": f"pareto(minimum={size / 3:.0f}, alpha={rng.uniform(0.9, 1.8):.3f})",
            "loss_cap": size * 8,
        }
    if kind == 7:
        return {"loss_model": f"lognormal(median={size:.0f}, sigma=0.9)", "deductible": round(size / 2)}
    return {"loss_model": "empirical(quotes)", "deductible": 100_000, "loss_cap": 6_000_000}


def _levels(rng: np.random.Generator, n_rows: int) -> list[tuple[str, list[str]]]:
    """Measures of one to three levels, n_rows rows in all."""
    chosen = rng.permutation(len(MEASURES))
    found: list[tuple[str, list[str]]] = []
    left = n_rows
    while left:
        count = min(left, int(rng.choice([1, 1, 1, 2, 3])))
        found.append((MEASURES[chosen[len(found)]], list(LEVELS[:count])))
        left -= count
    return found


def _sensible(measures: dict[str, list[str]], status: list[dict[str, Any]], relations: list[dict[str, Any]]) -> bool:
    """Whether no relation contradicts another or a status: no measure's closure under requires breaks anything."""

    def closure(start: set[str]) -> set[str]:
        grown = set(start)
        while True:
            more = {r["other"] for r in relations if r["kind"] == "requires" and r["measure"] in grown} - grown
            if not more:
                return grown
            grown |= more

    gone = {
        m
        for m, levels in measures.items()
        if all(any(s["id"] == m and s["level"] == lv and "excluded" in s["status"] for s in status) for lv in levels)
    }
    mandatory = {s["id"] for s in status if "mandatory" in s["status"]}
    for start in [mandatory, *({m} for m in measures if m not in gone)]:
        grown = closure(start)
        if grown & gone:
            return False
        if any(r["kind"] == "excludes" and {r["measure"], r["other"]} <= grown for r in relations):
            return False
    return True


def generated(seed: int, n_rows: int | None = None, n_trials: int = 20_000) -> Frames:
    """A random case of ``n_rows`` rows of measures (7–10 unless told) that mixes everything a case can have."""
    rng = np.random.default_rng([seed, 7])
    n_rows = n_rows or int(rng.integers(7, 11))
    n_scenarios = int(rng.integers(3, 6))
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}

    tables["factors"] = [{"id": f"F{i}", "cv": round(rng.uniform(0.4, 1.3), 2)} for i in range(int(rng.integers(0, 3)))]
    names = [f"S-{i + 1:02d}" for i in range(n_scenarios)]
    for name in names:
        row = {
            "id": name,
            "layer": int(rng.integers(1, 4)),
            "components": ";".join(rng.choice(COMPONENTS, int(rng.integers(1, 4)), replace=False)),
            "title_en": f"scenario {name}",
            "frequency": round(float(np.exp(rng.uniform(np.log(0.05), np.log(1.2)))), 3),
            **_losses(rng),
        }
        if tables["factors"] and rng.random() < 0.5:
            row["factor"] = str(rng.choice([f["id"] for f in tables["factors"]]))
        tables["scenarios"].append(row)
    used = {row.get("factor") for row in tables["scenarios"]}
    tables["factors"] = [f for f in tables["factors"] if f["id"] in used]
    if any("empirical" in row.get("loss_model", "") for row in tables["scenarios"]):
        for loss in rng.lognormal(14, 1, 12):
            tables["losses"].append({"model": "quotes", "loss": float(np.round(loss))})
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            if rng.random() < 0.3:
                tables["triggers"].append({"scenario": a, "triggers": b, "probability": round(rng.uniform(0.1, 0.6), 2)})

    capabilities = [f"cap-{i}" for i in range(int(rng.integers(0, 3)))]
    funds = [f"fund-{i}" for i in range(int(rng.integers(0, 3)))]
    measures = _levels(rng, n_rows)
    for measure, levels in measures:
        scales = np.sort(rng.choice(np.arange(3, 10), len(levels), replace=False) / 10)
        scales[-1] = 1.0 if rng.random() < 0.7 else scales[-1]
        price = float(np.exp(rng.uniform(np.log(2e5), np.log(4e6))))
        for place, level in enumerate(levels):
            grow = 1.0 + 0.8 * place * rng.random()
            row = {
                "measure": measure,
                "level": level,
                "capex": round(price * grow),
                "opex": round(price * grow * rng.uniform(0, 0.4)),
                "effort_initial": int(rng.integers(0, 12)),
                "effort_yearly": int(rng.integers(0, 6)),
                "effect_scale": float(scales[place]),
            }
            if capabilities and rng.random() < 0.45:
                row["shared"] = ";".join(rng.choice(capabilities, int(rng.integers(1, len(capabilities) + 1)), replace=False))
            if funds and rng.random() < 0.5:
                row["subsidy"] = str(rng.choice(funds))
            tables["measures"].append(row)
        pairs = [(s, acts) for s in names for acts in ("frequency", "severity")]
        for i in rng.permutation(len(pairs))[: int(rng.integers(1, 5))]:
            scenario, acts = pairs[i]
            effect = {
                "scenario": scenario,
                "measure": measure,
                "acts_on": acts,
                "effect": round(rng.uniform(0.1, 0.75), 2),
            }
            if rng.random() < 0.4:
                effect["overlap_group"] = str(rng.choice(["g1", "g2"]))
            tables["effects"].append(effect)
    needed = {c for row in tables["measures"] for c in str(row.get("shared", "")).split(";")}
    for capability in capabilities:
        if capability in needed:
            row = {
                "capability": capability,
                "capex": int(rng.integers(1, 20)) * 100_000,
                "opex": int(rng.integers(0, 6)) * 50_000,
                "effort_initial": int(rng.integers(0, 8)),
                "effort_yearly": int(rng.integers(0, 4)),
            }
            if funds and rng.random() < 0.5:
                row["subsidy"] = str(rng.choice(funds))
            tables["shared"].append(row)
    named = {row.get("subsidy") for row in [*tables["measures"], *tables["shared"]]}
    for fund in funds:
        if fund in named:
            row = {
                "subsidy": fund,
                "share": round(rng.uniform(0.2, 0.75), 2),
                "cap": int(rng.integers(2, 25)) * 100_000,
            }
            if rng.random() < 0.25:
                row["valid_until"] = "2999-12-31"
            tables["subsidies"].append(row)

    by_measure = dict(measures)
    order = [m for m, _ in measures]
    while True:
        status: list[dict[str, Any]] = []
        relations: list[dict[str, Any]] = []
        for measure, levels in measures:
            draw = rng.random()
            level = str(rng.choice(levels))
            if draw < 0.2:
                status.append({"id": measure, "level": level, "status": "in_place"})
            elif draw < 0.26:
                status.append({"id": measure, "level": level, "status": "mandatory"})
            elif draw < 0.32:
                status.append({"id": measure, "level": level, "status": "in_place;mandatory"})
            elif draw < 0.4:
                status.append({"id": measure, "level": level, "status": "excluded"})
        for row in tables["shared"]:
            if rng.random() < 0.3:
                status.append({"id": row["capability"], "level": None, "status": "in_place"})
        seen: set[frozenset[str]] = set()
        for _ in range(int(rng.integers(0, 4))):
            one, other = (str(m) for m in rng.choice(order, 2, replace=False))
            if frozenset((one, other)) not in seen:
                seen.add(frozenset((one, other)))
                relations.append({"kind": str(rng.choice(["requires", "excludes"])), "measure": one, "other": other})
        if _sensible(by_measure, status, relations):
            break
    tables["status"], tables["relations"] = status, relations
    chosen = [(m, str(rng.choice(levels))) for m, levels in measures if rng.random() < 0.4] or [(order[0], "basic")]
    tables["plans"] = [{"plan": "draft", "measure": m, "level": lv} for m, lv in chosen]
    reserve = float(rng.integers(8, 60)) * 1e6
    return case(tables, n_trials=n_trials, seed=int(rng.integers(1, 10_000)), cash_reserve=reserve)


def uncertain(seed: int, n_trials: int, n_worlds: int) -> Frames:
    """A generated case with ranges for frequencies and effects, to be simulated in several worlds."""
    frames = dict(with_study(generated(seed, n_trials=n_trials), n_worlds=n_worlds))
    scenarios, effects = frames["scenarios"].copy(), frames["effects"].copy()
    scenarios["frequency_low"] = scenarios["frequency"] * 0.5
    scenarios["frequency_high"] = scenarios["frequency"] * 2.0
    effects["effect_low"] = effects["effect"] * 0.6
    effects["effect_high"] = 1 - (1 - effects["effect"]) * 0.6
    return {**frames, "scenarios": scenarios, "effects": effects}


# ---------------------------------------------------------------- made by hand


def made_measures() -> dict[str, list[dict[str, Any]]]:
    """Five measures on scenarios A–E: frequency and severity, an overlap group, two levels."""
    return {
        "measures": [
            {"measure": "L1.001", "level": "basic", "capex": 300_000, "opex": 50_000, "effect_scale": 0.5},
            {"measure": "L1.001", "level": "advanced", "capex": 900_000, "opex": 90_000, "effect_scale": 1.0},
            {"measure": "L2.006", "level": "basic", "capex": 500_000, "opex": 0},
            {"measure": "L3.003", "level": "basic", "capex": 0, "opex": 400_000},
            {"measure": "L3.014", "level": "basic", "capex": 1_200_000, "opex": 100_000},
        ],
        "effects": [
            {"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": 0.6, "overlap_group": "entry"},
            {"scenario": "A", "measure": "L2.006", "acts_on": "frequency", "effect": 0.5, "overlap_group": "entry"},
            {"scenario": "A", "measure": "L3.014", "acts_on": "severity", "effect": 0.4},
            {"scenario": "B", "measure": "L1.001", "acts_on": "severity", "effect": 0.3},
            {"scenario": "B", "measure": "L3.003", "acts_on": "frequency", "effect": 0.45},
            {"scenario": "C", "measure": "L2.006", "acts_on": "frequency", "effect": 0.35},
            {"scenario": "C", "measure": "L3.014", "acts_on": "severity", "effect": 0.5},
            {"scenario": "D", "measure": "L3.003", "acts_on": "frequency", "effect": 0.7},
            {"scenario": "D", "measure": "L3.014", "acts_on": "frequency", "effect": 0.25},
            {"scenario": "E", "measure": "L2.006", "acts_on": "severity", "effect": 0.2},
            {"scenario": "E", "measure": "L1.001", "acts_on": "frequency", "effect": 0.4},
        ],
    }


def _five(**more: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [
        {"id": "A", "layer": 1, "components": "system;data", "frequency": 0.6, "loss_p05": 6e5, "loss_p95": 1.5e7},
        {"id": "B", "layer": 1, "components": "people", "frequency": "1/4", "loss_model": "gamma(mean=3M, cv=0.8)"},
        {
            "id": "C",
            "layer": 2,
            "components": "data",
            "frequency": 0.4,
            "loss_model": "pareto(minimum=500k, alpha=3.5)",
        },
        {"id": "D", "layer": 2, "components": "thing;data", "frequency": 0.35, "loss_model": "fixed(2345678)"},
        {
            "id": "E",
            "layer": 3,
            "components": "data;procedure",
            "frequency": 0.8,
            "loss_model": "lognormal(median=2M, sigma=0.9)",
            "deductible": 1_000_000,
            "loss_cap": 8_000_000,
        },
    ]
    return [{"title_en": row["id"], **row, **more.get(str(row["id"]), {})} for row in rows]


def independent(n_trials: int = 100_000, seed: int = 11) -> Frames:
    """Five unlike scenarios, nothing between them."""
    return case({"scenarios": _five(), **made_measures()}, n_trials=n_trials, seed=seed)


def with_factors(n_trials: int = 100_000, seed: int = 12) -> Frames:
    """A, C, E share a factor of cv 1.1; B has its own of 0.6; D none."""
    shared = {"factor": "common"}
    scenarios = _five(A=shared, C=shared, E=shared, B={"factor": "own"})
    factors = [{"id": "common", "cv": 1.1}, {"id": "own", "cv": 0.6}]
    return case({"scenarios": scenarios, "factors": factors, **made_measures()}, n_trials=n_trials, seed=seed)


def with_triggers(n_trials: int = 100_000, seed: int = 13) -> Frames:
    """A sets off B and D, B sets off D, D sets off E; A and E under one factor."""
    shared = {"factor": "common"}
    tables = {
        "scenarios": _five(A=shared, E=shared),
        "factors": [{"id": "common", "cv": 0.9}],
        "triggers": [
            {"scenario": "A", "triggers": "B", "probability": 0.5},
            {"scenario": "A", "triggers": "D", "probability": 0.3},
            {"scenario": "B", "triggers": "D", "probability": 0.6},
            {"scenario": "D", "triggers": "E", "probability": 0.4},
        ],
        **made_measures(),
    }
    return case(tables, n_trials=n_trials, seed=seed)


PLANS: dict[str, dict[str, str]] = {
    "nothing": {},
    "half": {"L1.001": "basic", "L3.014": "basic"},
    "all": {"L1.001": "advanced", "L2.006": "basic", "L3.003": "basic", "L3.014": "basic"},
}
