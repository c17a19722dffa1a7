"""Cases in which something is uncertain, and what is known of them without the product."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

import tenbin
from oracles import cases
from oracles.tables import Frames
from tenbin.model import Case
from tenbin.sensitivity.conditional import BeliefWorlds

Array = np.ndarray


def with_prices(frames: Frames, low: float = 0.5, high: float = 2.2) -> Frames:
    """The same case with ranges of every amount that is not nought."""
    found = dict(frames)
    for name in ("measures", "shared"):
        if name in frames:
            table = frames[name].copy()
            for amount in ("capex", "opex", "effort_initial", "effort_yearly"):
                there = table[amount].astype(float) > 0
                table[f"{amount}_low"] = (table[amount].astype(float) * low).where(there)
                table[f"{amount}_high"] = (table[amount].astype(float) * high).where(there)
            found[name] = table
    return found


def uncertain(seed: int, prices: bool = True) -> Case:
    """A generated case with triggers, factors, overlap groups, levels, shared capabilities, subsidies and rules."""
    frames = cases.uncertain(seed, n_trials=2_000, n_worlds=16)
    return tenbin.load(with_prices(frames) if prices else frames)


def one_choice(cost: float, effect: float = 0.5, **scenario: Any) -> Case:
    """One scenario of 10 million an event, and one measure that costs so much a year."""
    tables: dict[str, list[dict[str, Any]]] = {
        "scenarios": [
            {
                "id": "A",
                "layer": 1,
                "components": "data",
                "title_en": "A",
                "frequency": 0.2,
                "frequency_low": 0.08,
                "frequency_high": 0.6,
                "loss_model": "fixed(10M)",
                **scenario,
            }
        ],
        "effects": [{"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": effect}],
        "measures": [{"measure": "L1.001", "level": "basic", "capex": 0, "opex": cost}],
    }
    return tenbin.load(cases.case(tables, n_trials=1_000, seed=3))


def replaced(worlds: BeliefWorlds, g: int, value: float, chosen: Array) -> float:
    """The mean expected loss of a plan with one guess at a value in every world: the definition, worked out from the beginning."""
    from tenbin.evaluation import ExpectedLoss, Reduction
    from tenbin.simulation import Worlds, structure_of

    guess = worlds.guesses[g]
    frequency, effect = worlds.worlds.frequency.copy(), worlds.worlds.effect.copy()
    if guess.kind.value == "frequency":
        frequency[:, guess.place] = value
    elif guess.kind.value == "effect":
        effect[:, guess.place] = -np.log1p(-value)
    changed = Worlds(frequency, effect)
    phi, gamma = Reduction.of(worlds.case, changed).reduce(chosen)
    scope = worlds.scope.astype(bool)
    return float(ExpectedLoss.of(structure_of(worlds.case, changed)).by_world(phi, gamma, scope).mean())


def given_data(x: Array, y: Array, bins: int = 24) -> float:
    """First-order index by bins of equal size, less its bias (Plischke, Borgonovo & Smith 2013; ε² of Kelley 1935)."""
    n = len(y)
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in np.array_split(y[np.argsort(x)], bins))
    return 1 - (n - 1) / (n - bins) * within / float(((y - y.mean()) ** 2).sum())


def split_lognormal(low: float, likely: float, high: float, n: int = 4_000) -> tuple[Array, Array]:
    """Values and weights of a belief in a frequency: the middles of n equally likely parts, by scipy's normal."""
    z = stats.norm.ppf((np.arange(n) + 0.5) / n)
    z95 = stats.norm.ppf(0.95)
    spread = np.where(z < 0, np.log(likely / low) / z95, np.log(high / likely) / z95)
    return likely * np.exp(spread * z), np.full(n, 1 / n)
