"""``python -m benchmarks.fleet --companies 40 --scenarios 30 --measures 55 --seed 0 --out DIR``: plausible companies, as ordinary case folders.

Each company has an industry, a size and what it has in place; its frequencies, losses and prices follow from these as in the interview
(``tenbin.interview.scaling``; docs/interview.md says why), and scatter round that. Scenarios, effects and prices are those of the bundled
machine-parts maker and of the interview's presets.

- Fewer scenarios than the bundled 34: the first of each layer in turn. More: a scenario is told apart by where it happens ("site 2" …), and the
  variants share its frequency. Either way frequencies are such that a company expects about the loss that it does with 34: how finely its risk is told
  changes it little.
- Fewer measures than the catalogue's 55: those with the most effects. More: other makes of these, with prices and effects of their own; of two makes of one
  measure only the stronger counts (``overlap_group``).

Company ``i`` of a seed is the same whatever ``n_companies`` is, and the same firm (industry, size, what is in place) for all numbers of scenarios and measures.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError
from tenbin.inputs import write_case
from tenbin.interview import Answers
from tenbin.interview.filling import Filled, fill
from tenbin.interview.presets import preset
from tenbin.interview.questions import CHECKLIST
from tenbin.interview.scaling import price_factor, scenario_row, two_figures
from tenbin.model import Case, Catalogue, Measure
from tenbin.studies import load, to_frames
from tenbin.units import parse_number
from tenbin.words import speaker

__all__ = ["INDUSTRIES", "fleet", "main"]

say = speaker("interview")
Row = dict[str, Any]
Tables = dict[str, list[Row]]

TEMPLATE = Path(__file__).resolve().parents[1] / "scenarios" / "machine-parts-sme"
INDUSTRIES: Mapping[str, float] = {
    "factory": 0.30,
    "trade": 0.20,
    "logistics": 0.15,
    "construction": 0.15,
    "it": 0.10,
    "care": 0.10,
}
"""The share of companies of each."""
MEDIAN_EMPLOYEES, SPREAD_EMPLOYEES = 60.0, 1.2
EMPLOYEES = (5, 5_000)
SCATTER = {"revenue": 0.3, "cash": 0.4, "frequency": 0.3, "loss": 0.25, "price": 0.25, "effect": 0.15}
"""Standard deviation of the logarithm of what a company's figures are multiplied by."""
Z95 = 1.6449
"""The standard normal's 95 % point."""
MOST_EFFECT = 0.95
RARE = "0.1"
"""Of the factory's frequency, for what the interview takes for impossible in an industry: every company has as many scenarios."""
PRICES_ON = "2026-10-01"
"""Subsidies are valid on this day whenever the fleet is made."""
LAW = {"L1.010": "basic", "L1.012": "basic"}
FIRM, SCENARIO, EFFECT, PRICE = range(4)
"""What a random stream is for."""


def fleet(n_companies: int, n_scenarios: int, n_measures: int, seed: int) -> Iterator[Case]:
    """Companies one after the other, each checked as any case is; about 0.1 s each at the bundled size.

    Parameters
    ----------
    n_companies, n_scenarios, n_measures : at least 0, 1 and 1.
    seed : at least 0.

    Raises
    ------
    ValueError : for a number below its least.
    """
    least = {"n_companies": (n_companies, 0), "n_scenarios": (n_scenarios, 1), "n_measures": (n_measures, 1), "seed": (seed, 0)}
    for name, (value, lowest) in least.items():
        if value < lowest:
            raise ValueError(f"{name} must be at least {lowest}; got {value}")
    return (_company(number, n_scenarios, n_measures, seed) for number in range(n_companies))


def _company(number: int, n_scenarios: int, n_measures: int, seed: int) -> Case:
    filled = _firm(np.random.default_rng([seed, number, FIRM]))
    scenarios = _scenarios(filled, n_scenarios, (seed, number))
    makes = _makes(n_measures)
    effects = _effects(scenarios, makes, (seed, number))
    frames: Row = {"case": _settings(filled, number, _catalogue(n_measures))}
    tables: Tables = {
        "scenarios": [row for row, _, _ in scenarios],
        "effects": effects,
        "triggers": _triggers(scenarios),
        "status": _status(filled, makes),
        **_costs(filled, makes, (seed, number)),
    }
    frames.update({name: pd.DataFrame(rows, dtype=object).fillna("").astype(str) for name, rows in tables.items() if rows})
    return load(frames)


def _around(rng: np.random.Generator, what: str) -> float:
    return float(np.exp(rng.normal(0.0, SCATTER[what])))


def _firm(rng: np.random.Generator) -> Filled:
    """A company's answers to the interview: industry, size and what is in place are drawn, the rest follows from them."""
    industry = str(rng.choice(list(INDUSTRIES), p=list(INDUSTRIES.values())))
    size = float(np.clip(MEDIAN_EMPLOYEES * np.exp(rng.normal(0.0, SPREAD_EMPLOYEES)), *EMPLOYEES))
    employees = round(size) if size < 100 else int(two_figures(size))
    usual = fill(Answers(industry=industry, employees=employees)).answers
    maturity = 0.25 + 0.1 * np.log10(employees) + rng.normal(0.0, 0.12)
    held = tuple(item for item, chance in zip(CHECKLIST, rng.random(len(CHECKLIST)), strict=True) if chance < maturity)
    revenue = two_figures(float(usual.revenue or 0) * _around(rng, "revenue"))
    answers = Answers(
        industry=industry,
        employees=employees,
        revenue=revenue,
        cash=two_figures(float(usual.cash or 0) * revenue / float(usual.revenue or 1) * _around(rng, "cash")),
        days_down=two_figures(7.0 * _around(rng, "cash")),
        remote_access=bool(rng.random() < 0.8),
        customer_share=round(float(rng.beta(2.0, 4.0)), 2),
        in_place=held,
    )
    return fill(answers)


def _settings(filled: Filled, number: int, catalogue: str | Catalogue) -> Row:
    found = filled.answers
    kinds = {lang: say(f"choice_industry_{found.industry}", lang) for lang in ("ja", "en")}
    return {
        "format": 1,
        "name": f"{number:05d}-{found.industry}-{found.employees}",
        "title_ja": f"会社{number + 1}：{kinds['ja']}（{found.employees:,}名）",
        "title_en": f"Company {number + 1}: {kinds['en']} ({found.employees:,} people)",
        "currency": "JPY",
        "catalogue": catalogue,
        "organisation": {
            "employees": found.employees,
            "annual_revenue": found.revenue,
            "cash_reserve": found.cash,
            "day_rate": 32_000,
        },
        "study": {"n_trials": 100_000, "seed": 1, "horizon_years": 5, "discount_rate": 0.02, "prices_on": PRICES_ON},
        "targets": {"tvar95": "75%"},
        "levels": {"basic": ["survive=98%"], "standard": ["survive=99%"], "high": ["tvar95=50%"]},
    }


@cache
def _template() -> Mapping[str, list[Row]]:
    """The bundled company's tables, as rows of text."""
    frames = to_frames(load(TEMPLATE))
    return {name: frame.astype(str).to_dict("records") for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}


@cache
def _scaled_scenarios() -> list[Row]:
    """The 34 scenarios with what scales with what, the first of each layer in turn; where the interview has none, a guess by layer."""
    known = {row["id"]: dict(row) for row in preset("scenarios")}
    scales = {"1": "revenue_day", "2": "devices", "3": "records"}
    rows = []
    for row in _template()["scenarios"]:
        guess = {
            "scales_with": scales[row["layer"]],
            "frequency_scales_with": "devices" if row["layer"] == "2" else "employees",
            "outage": "0",
            "needs_remote": "0",
            **dict.fromkeys(INDUSTRIES, "1"),
        }
        found = known.get(row["id"], {**row, **guess})
        often = {name: found[name] if float(found[name]) else RARE for name in INDUSTRIES}
        rows.append({**found, **often, "needs_machines": "0"})
    place = {row["id"]: n for layer in "123" for n, row in enumerate(one for one in rows if one["layer"] == layer)}
    return sorted(rows, key=lambda row: (place[row["id"]], row["layer"]))


Place = tuple[Row, str, int]
"""A row of ``scenarios``, the bundled scenario that it is made of, and the number of the variant, from 1."""


def _scenarios(filled: Filled, n_scenarios: int, stream: tuple[int, int]) -> list[Place]:
    """So many scenarios, which before scatter expect the loss of all the bundled ones."""
    bundled = _scaled_scenarios()
    usual = {row["id"]: scenario_row(row, filled, 1.0) or {} for row in bundled}
    expected = {name: _expected(row) for name, row in usual.items()}
    numbers = [divmod(n, len(bundled)) for n in range(n_scenarios)]
    total, told = sum(expected.values()), sum(expected[bundled[n]["id"]] for _, n in numbers)
    return [_scenario(usual[bundled[n]["id"]], turn + 1, n, total / told, stream) for turn, n in numbers]


def _expected(row: Mapping[str, object]) -> float:
    """Expected loss of a year, caps left out."""
    often, low, high = (float(str(row[name])) for name in ("frequency", "loss_p05", "loss_p95"))
    sigma = math.log(high / low) / (2 * Z95)
    return often * math.sqrt(low * high) * math.exp(sigma**2 / 2)


def _scenario(usual: Mapping[str, object], variant: int, place: int, share: float, stream: tuple[int, int]) -> Place:
    rng = np.random.default_rng([*stream, SCENARIO, place, variant])
    often, dear = share * _around(rng, "frequency"), _around(rng, "loss")
    row = dict(usual)
    bundled = str(row["id"])
    if variant > 1:
        row["id"] = f"{bundled}.{variant}"
        row["title_ja"], row["title_en"] = f"{row['title_ja']}（拠点{variant}）", f"{row['title_en']} (site {variant})"
    for name in ("frequency", "frequency_low", "frequency_high"):
        row[name] = repr(float(f"{parse_number(str(row[name])) * often:.3g}"))
    low, high, cap = (float(str(row[name])) for name in ("loss_p05", "loss_p95", "loss_cap"))
    row["loss_p05"], row["loss_p95"] = two_figures(min(low * dear, cap / 2)), two_figures(high * dear)
    return row, bundled, variant


def _triggers(scenarios: list[Place]) -> list[Row]:
    """A variant sets off the variant of the same place, else the bundled scenario."""
    ids = {(bundled, variant): str(row["id"]) for row, bundled, variant in scenarios}
    rows = []
    for trigger in _template()["triggers"]:
        for (bundled, variant), found in ids.items():
            caused = ids.get((trigger["triggers"], variant), ids.get((trigger["triggers"], 1)))
            if bundled == trigger["scenario"] and caused is not None:
                rows.append({**trigger, "scenario": found, "triggers": caused})
    return rows


Make = tuple[str, str, int]
"""A measure, the bundled one that it is a make of, and the number of the make, from 1."""


@cache
def _makes(n_measures: int) -> tuple[Make, ...]:
    effects = [row["measure"] for row in _template()["effects"]]
    bundled = sorted(set(effects), key=lambda measure: (-effects.count(measure), measure))
    numbers = [divmod(n, len(bundled)) for n in range(n_measures)]
    return tuple((f"{bundled[n]}.{turn + 1}" if turn else bundled[n], bundled[n], turn + 1) for turn, n in numbers)


@cache
def _catalogue(n_measures: int) -> str | Catalogue:
    """The bundled catalogue's name; with other makes too, a catalogue of one's own."""
    name = "cpsf-2018-draft"
    bundled = load_catalogue(name)
    if n_measures <= len(bundled.measures):
        return name
    known = {measure.id: measure for measure in bundled.measures}
    more = [_other_make(known[of], found, make) for found, of, make in _makes(n_measures) if make > 1]
    measures = tuple(sorted((*bundled.measures, *more), key=lambda measure: measure.id))
    return Catalogue("fleet.csv", bundled.layers, bundled.components, measures)


def _other_make(measure: Measure, name: str, make: int) -> Measure:
    titles = f"{measure.title_ja}（製品{make}）", f"{measure.title_en} (make {make})"
    return Measure(name, measure.layer, measure.components, *titles)


def _effects(scenarios: list[Place], makes: tuple[Make, ...], stream: tuple[int, int]) -> list[Row]:
    """The bundled effects, scattered by scenario and make; a measure that would do nothing gets one small effect in its layer."""
    known: dict[tuple[str, str], list[Row]] = {}
    for row in _template()["effects"]:
        known.setdefault((row["scenario"], row["measure"]), []).append(row)
    copied = {of for _, of, make in makes if make > 1}
    rows: list[Row] = []
    for m, (measure, of, _) in enumerate(makes):
        rng = np.random.default_rng([*stream, EFFECT, m])
        own, before = f"of-{of}" if of in copied else "", len(rows)
        for row, bundled, _ in scenarios:
            for effect in known.get((bundled, of), ()):
                known_as = {"scenario": row["id"], "measure": measure, "overlap_group": effect["overlap_group"] or own}
                rows.append({**_scattered(effect, rng), **known_as})
        if len(rows) == before:
            near = [row for row, _, _ in scenarios if f"L{row['layer']}" == of[:2]] or [row for row, _, _ in scenarios]
            small = {"acts_on": "frequency", "effect": round(float(rng.uniform(0.05, 0.15)), 3), "overlap_group": own}
            rows.append({"scenario": near[int(rng.integers(len(near)))]["id"], "measure": measure, **small})
    return rows


def _scattered(effect: Row, rng: np.random.Generator) -> Row:
    """Its values with the logarithm of what they leave multiplied by one factor, so that their order holds."""
    factor = _around(rng, "effect")
    ends = {name: effect[name] for name in ("effect", "effect_low", "effect_high") if effect[name]}
    found = {name: min(1 - (1 - float(text)) ** factor, MOST_EFFECT) for name, text in ends.items()}
    return {**effect, **{name: float(f"{value:.3g}") for name, value in found.items()}, "basis": "", "basis_ja": ""}


def _status(filled: Filled, makes: tuple[Make, ...]) -> list[Row]:
    """What the company says is in place, as far as it is among the measures."""
    here = {measure for measure, _, _ in makes}
    held = set(filled.answers.in_place or ())
    rows = [row for row in preset("checklist") if row["item"] in held and row["id"] in here]
    if "offsite_backup" in held:
        rows = [row for row in rows if row["item"] != "backup"]
    lawful = [
        {"id": measure, "level": level, "status": "in_place;mandatory"} for measure, level in LAW.items() if measure in here
    ]
    return [{"id": row["id"], "level": row["level"], "status": "in_place"} for row in rows] + lawful


def _costs(filled: Filled, makes: tuple[Make, ...], stream: tuple[int, int]) -> Tables:
    here = {measure for measure, _, _ in makes}
    measures = []
    for m, (measure, of, make) in enumerate(makes):
        factor = _around(np.random.default_rng([*stream, PRICE, 0, m]), "price")
        rows = [row for row in preset("measures") if row["measure"] == of]
        measures += [{**_price(row, filled, factor), "measure": measure} for row in rows]
        if make > 1:  # other makes come without the first one's terms
            measures[-len(rows) :] = [{**row, "subsidy": ""} for row in measures[-len(rows) :]]
    needed = {name for row in measures for name in str(row["shared"]).split(";")}
    shared = [
        _price(row, filled, _around(np.random.default_rng([*stream, PRICE, 1, n]), "price"))
        for n, row in enumerate(preset("shared"))
        if row["capability"] in needed
    ]
    named = {row["subsidy"] for row in (*measures, *shared)}
    return {
        "measures": measures,
        "shared": shared,
        "subsidies": [dict(row) for row in preset("subsidies") if row["subsidy"] in named],
        "relations": [dict(row) for row in preset("relations") if {row["measure"], row["other"]} <= here],
    }


def _price(row: Mapping[str, str], filled: Filled, factor: float) -> Row:
    """The interview's price for a company so large, times a factor; days of internal effort grow half as the company does."""
    by = price_factor(filled.driver(row["scales_with"])) * factor
    days = 0.5 + 0.5 * filled.driver("employees")
    found: Row = {name: text for name, text in row.items() if name != "scales_with"}
    for name in ("capex", "opex"):
        found[name] = int(two_figures(float(row[name] or 0) * by))
    for name in ("effort_initial", "effort_yearly"):
        found[name] = max(0.0, round(float(row[name] or 0) * days * 2) / 2)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Write the companies; exit code 2 when a folder holds something already."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[2].strip().partition("\n")[0])
    for name, usual in (("companies", 40), ("scenarios", 30), ("measures", 55), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--out", type=Path, required=True, help="a new folder, or one without these companies")
    asked = parser.parse_args(arguments)
    try:
        for case in fleet(asked.companies, asked.scenarios, asked.measures, asked.seed):
            folder = asked.out / case.name
            write_case(case, folder, folder / "cost_tables")
            print(folder)
    except (InputError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
