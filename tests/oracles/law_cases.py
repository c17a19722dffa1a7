"""Cases of every law of losses and of every law of frequency, made by hand on the five scenarios and measures of ``cases``."""

from __future__ import annotations

from typing import Any

import numpy as np

from oracles.cases import case, generated, made_measures, uncertain
from oracles.tables import Frames

LIGHT = {
    "A": "weibull(scale=2M, shape=0.7)",
    "B": "uniform(low=1M, high=5M)",
    "C": "pert(low=1M, mode=2M, high=10M)",
    "D": "tail(lognormal(median=3M, sigma=0.8), from=8M, scale=3M, shape=0.12)",
    "E": "mixture(0.7*lognormal(median=1M, sigma=0.9), 0.2*pert(low=500k, mode=4M, high=9M), 0.1*fixed(6543210))",
}
"""Tails that a grid of half a billion holds."""

HEAVY = {
    "A": "weibull(scale=1M, shape=0.4)",
    "B": "tail(uniform(low=0, high=10M), from=6M, scale=4M, shape=0)",
    "C": "tail(gamma(mean=4M, cv=0.9), from=5M, scale=6M, shape=-0.4)",
    "D": "tail(lognormal(median=5M, sigma=1), from=20M, scale=8M, shape=1.1)",
    "E": "mixture(0.8*lognormal(median=1M, sigma=1), 0.2*tail(lognormal(median=5M, sigma=1), from=20M, scale=8M, shape=0.4))",
}
"""With the deductible and the cap of ``LAYERS``."""

LAYERS = {
    "A": (300_000, 20_000_000),
    "B": (2_000_000, 12_000_000),
    "C": (1_000_000, 15_000_000),
    "D": (5_000_000, 60_000_000),
    "E": (500_000, 40_000_000),
}

LAWS = {
    **{f"{name}, light": text for name, text in LIGHT.items()},
    **{f"{name}, heavy": text for name, text in HEAVY.items()},
    "pert, mode at its low end": "pert(low=1M, mode=1M, high=4M)",
    "pert, mode at its high end": "pert(low=0, mode=3M, high=3M)",
    "weibull, light": "weibull(scale=3M, shape=2.5)",
    "tail on a pareto": "tail(pareto(minimum=1M, alpha=2.5), from=3M, scale=1M, shape=0.2)",
    "tail from an atom": "tail(empirical(quotes), from=1.2M, scale=2M, shape=0.3)",
    "tail on an empirical": "tail(empirical(quotes), from=2M, scale=1M, shape=0.25)",
    "tail that ends": "tail(pert(low=0, mode=2M, high=4M), from=3M, scale=2M, shape=-0.5)",
    "mixture of atoms": "mixture(0.5*fixed(1M), 0.25*empirical(quotes), 0.25*weibull(scale=1M, shape=1))",
}
"""Each with a finite mean but that of shape 1.1, which needs a cap."""

QUOTES = [{"model": "quotes", "loss": loss} for loss in (400_000, 1_200_000, 1_200_000, 2_500_000, 7_000_000)]
RATES = {"A": 0.5, "B": 0.3, "C": 0.4, "D": 0.25, "E": 0.6}


def five(laws: dict[str, str], **more: dict[str, Any]) -> list[dict[str, Any]]:
    """Scenarios A–E of these laws."""
    places = {"A": (1, "system;data"), "B": (1, "people"), "C": (2, "data"), "D": (2, "thing;data"), "E": (3, "procedure")}
    return [
        {
            "id": name,
            "layer": places[name][0],
            "components": places[name][1],
            "title_en": name,
            "frequency": RATES[name],
            "loss_model": law,
            **more.get(name, {}),
        }
        for name, law in laws.items()
    ]


def light(n_trials: int = 100_000, seed: int = 31) -> Frames:
    """Every new law, nothing taken off."""
    return case({"scenarios": five(LIGHT), **made_measures()}, n_trials=n_trials, seed=seed)


def layered(n_trials: int = 100_000, seed: int = 32) -> Frames:
    """Heavier ones, each with a deductible and a cap."""
    shapes = {name: {"deductible": d, "loss_cap": c} for name, (d, c) in LAYERS.items()}
    return case({"scenarios": five(HEAVY, **shapes), **made_measures()}, n_trials=n_trials, seed=seed)


COUNTS: dict[str, dict[str, Any]] = {
    "A": {"frequency": 0.8, "frequency_model": "negative_binomial(cv=1.2)"},
    "B": {"frequency": 0.6, "frequency_model": "bernoulli"},
    "C": {"frequency": 0.7, "frequency_model": "negative_binomial(cv=0.6)"},
    "D": {"frequency": 1.0, "frequency_model": "bernoulli"},
    "E": {"frequency": 0.6, "frequency_model": "poisson"},
}


def counts(n_trials: int = 100_000, seed: int = 33) -> Frames:
    """Every law of frequency, one of them certain to happen."""
    return case({"scenarios": five(LIGHT, **COUNTS), **made_measures()}, n_trials=n_trials, seed=seed)


def counts_and_factors(n_trials: int = 100_000, seed: int = 34) -> Frames:
    """A and C, negative binomial, and E, Poisson, under one factor."""
    shared = {name: {**COUNTS[name], "factor": "common"} for name in "ACE"}
    factors = [{"id": "common", "cv": 0.9}]
    tables = {"scenarios": five(LIGHT, **{**COUNTS, **shared}), "factors": factors, **made_measures()}
    return case(tables, n_trials=n_trials, seed=seed)


def counts_and_triggers(n_trials: int = 100_000, seed: int = 35) -> Frames:
    """B, at most once a year of its own, sets off D, which is certain of its own; A sets off B and E, A and E under one factor."""
    shared = {name: {**COUNTS[name], "factor": "common"} for name in "AE"}
    triggers = [
        {"scenario": "A", "triggers": "B", "probability": 0.5},
        {"scenario": "A", "triggers": "E", "probability": 0.3},
        {"scenario": "B", "triggers": "D", "probability": 0.4},
    ]
    tables = {
        "scenarios": five(LIGHT, **{**COUNTS, **shared}),
        "factors": [{"id": "common", "cv": 0.7}],
        "triggers": triggers,
        **made_measures(),
    }
    return case(tables, n_trials=n_trials, seed=seed)


def every_law() -> Frames:
    """Each law of ``LAWS`` four times: whole, with a deductible, with a cap, with both; few years, for expected losses."""
    scenarios = []
    for place, text in enumerate(LAWS.values()):
        for kind, shape in enumerate(layers_of(text)):
            name = f"{place:02d}-{kind}" if scenarios else "A"
            scenarios.append(
                {
                    "id": name,
                    "layer": 1,
                    "components": "data",
                    "title_en": name,
                    "frequency": 1.0,
                    "frequency_model": "bernoulli",
                    "loss_model": text,
                    **shape,
                }
            )
    return case({"scenarios": scenarios, "losses": QUOTES, **idle()}, n_trials=1_000)


def idle() -> dict[str, list[dict[str, Any]]]:
    """A measure on A that does nothing: a case has at least one."""
    return {
        "measures": [{"measure": "L1.001", "level": "basic", "capex": 0, "opex": 0}],
        "effects": [{"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": 0}],
    }


def layers_of(text: str) -> list[dict[str, Any]]:
    """A deductible and a cap that most laws feel; without a cap only where the mean is finite."""
    whole = [] if "shape=1.1" in text else [{}, {"deductible": 1_300_000}]
    return [*whole, {"loss_cap": 3_200_000}, {"deductible": 1_300_000, "loss_cap": 3_200_000}]


def single(seed: int, n_trials: int, *rows: dict[str, Any], **tables: list[dict[str, Any]]) -> Frames:
    """Scenarios given by what is special of them, named A, B, … in order."""
    scenarios = [
        {"id": "ABCDEFGHIJKLMNOP"[i], "layer": 1, "components": "data", "title_en": "one", **row} for i, row in enumerate(rows)
    ]
    return case({"scenarios": scenarios, **idle(), **tables}, n_trials=n_trials, seed=seed)


# ---------------------------------------------------------------- generated


def varied(seed: int) -> Frames:
    """A generated case with the new laws: most losses and numbers of events are replaced by random ones of them."""
    frames = dict(generated(seed))
    rng = np.random.default_rng([seed, 11])
    scenarios = frames["scenarios"].astype(object)
    if "frequency_model" not in scenarios:
        scenarios["frequency_model"] = None
    for column in ("loss_model", "loss_p05", "loss_p95", "deductible", "loss_cap", "factor"):
        if column not in scenarios:
            scenarios[column] = None
    for place in scenarios.index:
        size = round(float(np.exp(rng.uniform(np.log(5e5), np.log(8e6)))), -3)
        laws = [
            f"weibull(scale={size}, shape={rng.uniform(0.5, 2):.2f})",
            f"uniform(low={size / 2}, high={size * 3})",
            f"pert(low={size / 4}, mode={size}, high={size * 5})",
            f"tail(lognormal(median={size}, sigma=0.9), from={size * 2}, scale={size}, shape={rng.uniform(-0.4, 0.4):.2f})",
            f"mixture(0.6*fixed({size}), 0.4*weibull(scale={size * 2}, shape=1.2))",
        ]
        if rng.random() < 0.8:
            scenarios.loc[place, ["loss_p05", "loss_p95"]] = None
            scenarios.loc[place, "loss_model"] = str(rng.choice(laws))
            scenarios.loc[place, "loss_cap"] = size * 9
        if rng.random() < 0.7:
            once = rng.random() < 0.5
            scenarios.loc[place, "frequency_model"] = (
                "bernoulli" if once else f"negative_binomial(cv={rng.uniform(0.4, 1.5):.2f})"
            )
            if once:
                scenarios.loc[place, "factor"] = None
                scenarios.loc[place, "frequency"] = min(scenarios.loc[place, "frequency"], 0.9)
    named = set(scenarios["factor"].dropna())
    if "factors" in frames:
        frames["factors"] = frames["factors"][frames["factors"]["id"].isin(named)].reset_index(drop=True)
        if not len(frames["factors"]):
            del frames["factors"]
    if "losses" in frames and not any("empirical" in str(law) for law in scenarios["loss_model"]):
        del frames["losses"]
    return {**frames, "scenarios": scenarios}


def guessed(seed: int, n_worlds: int = 16) -> Frames:
    """A generated case with ranges of everything: frequencies, effects and costs."""
    frames = dict(uncertain(seed, n_trials=20_000, n_worlds=n_worlds))
    for name in ("measures", "shared"):
        if name in frames:
            table = frames[name].copy()
            for column in ("capex", "opex", "effort_initial", "effort_yearly"):
                some = table[column].where(table[column] > 0)
                table[f"{column}_low"], table[f"{column}_high"] = some * 0.7, some * 2.5
            frames[name] = table
    return frames
