"""What plans cost in worlds against the oracle's costs at those amounts."""

from __future__ import annotations

import numpy as np
import pytest

import tenbin
from oracles import cost, tables
from sensitivity import made
from tenbin.model import Case
from tenbin.sensitivity.conditional import BeliefWorlds
from tenbin.sensitivity.guesses import Guess, GuessKind, guesses_of, known
from tenbin.sensitivity.pricing import WorldCosts


def at(case: Case, worlds: BeliefWorlds, world: int, but: tuple[Guess, float] | None = None) -> Case:
    """The case with every amount as it is in a world; ``but`` : one that has another value."""
    drawn = {f"{name}/{key[0]}/{key[1]}": float(values[world]) for key, name, values in worlds.worlds.amounts}
    for guess in guesses_of(case):
        if guess.kind is GuessKind.COST:
            value = but[1] if but is not None and guess.key == but[0].key else drawn[guess.key]
            case = known(case, guess, value)
    return case


def price(case: Case, plan: dict[str, str]) -> float:
    return float(cost.plan_cost(tables.prepared(tenbin.to_frames(case)), plan)["per_year"])


@pytest.mark.parametrize("seed", [3, 6, 12])
def test_costs_by_world_and_given_one_price(seed: int) -> None:
    case = made.uncertain(seed)
    worlds = BeliefWorlds.of(case, 5, seed)
    costs = WorldCosts.of(case, worlds.worlds)
    draw = np.random.default_rng(seed)
    plan = {
        m: str(draw.choice([row.level for row in case.costs.levels(m)])) for m in case.costs.measures if draw.random() < 0.7
    }
    chosen = worlds.reduction.choice(plan)
    ours = costs.per_year(chosen)
    assert ours == pytest.approx([price(at(case, worlds, w), plan) for w in range(5)], rel=1e-9)
    assert ours[1:] != pytest.approx(ours[:-1], rel=1e-6)  # the control: another world's
    guesses = [guess for guess in worlds.guesses if guess.kind is GuessKind.COST]
    touched = 0
    for guess in guesses[:: max(len(guesses) // 8, 1)]:
        value = float(guess.at(np.array([1.2]))[0])
        given = costs.given(chosen, guess, np.array([value]))
        truth = np.mean([price(at(case, worlds, w, (guess, value)), plan) for w in range(5)])
        touched += given is not None
        assert (ours.mean() if given is None else given[0]) == pytest.approx(truth, rel=1e-9), guess.key
    assert touched
