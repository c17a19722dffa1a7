"""The expected loss given one guess is what working it out from the beginning gives, for every guess there is."""

from __future__ import annotations

import numpy as np
import pytest

from sensitivity import made
from tenbin.sensitivity.conditional import BeliefWorlds
from tenbin.sensitivity.guesses import GuessKind, guesses_of, known

NODES = (48, 100, 120, 150, 190)
"""At −3.6, −1, 0, 1.5 and 3.5 standard deviations."""


def plans(worlds: BeliefWorlds, n: int, seed: int) -> list[np.ndarray]:
    """Plans of at most one level a measure."""
    draw = np.random.default_rng(seed)
    case = worlds.case
    found = []
    for _ in range(n):
        levels = {
            m: draw.choice([row.level for row in case.costs.levels(m)]) for m in case.costs.measures if draw.random() < 0.7
        }
        found.append(worlds.reduction.choice(levels))
    return found


@pytest.mark.parametrize("seed", [3, 8, 11, 22])
def test_every_guess_given_is_worked_out_from_the_beginning(seed: int) -> None:
    worlds = BeliefWorlds.of(made.uncertain(seed), 40, seed)
    bounded = 0
    for chosen in plans(worlds, 3, seed):
        found = worlds.plan_loss(chosen)
        means = found.means()
        bounded += len(found.bounds)
        assert found.loss == pytest.approx(worlds.loss(chosen), rel=1e-12)
        touched = {int(g): t for t, g in enumerate(found.numbers)}
        for g, guess in enumerate(worlds.guesses):
            if guess.kind is GuessKind.COST:
                continue
            for k in NODES:
                truth = made.replaced(worlds, g, float(worlds.values[g, k]), chosen)
                ours = means[touched[g], k] if g in touched else float(found.loss.mean())
                assert ours == pytest.approx(truth, rel=1e-11), (guess.key, k)
        # the control: the next node's value is told from this one's
        moving = [t for g, t in touched.items() if means[t].max() > 1.01 * means[t].min()]
        assert any(means[t, 121] != pytest.approx(means[t, 120], rel=1e-6) for t in moving)
    assert bounded or seed == 3, "no overlap group was met"


def test_a_scope_counts_its_scenarios_alone() -> None:
    case = made.uncertain(5)
    scope = [n == 0 for n in range(len(case.scenarios))]
    worlds = BeliefWorlds.of(case, 40, 1, scope)
    (chosen,) = plans(worlds, 1, 4)
    means = worlds.plan_loss(chosen).means()
    for t, g in enumerate(worlds.plan_loss(chosen).numbers):
        assert means[t, 100] == pytest.approx(made.replaced(worlds, int(g), float(worlds.values[g, 100]), chosen), rel=1e-11)


def test_weights_are_what_repeating_worlds_is() -> None:
    worlds = BeliefWorlds.of(made.uncertain(8), 12, 2)
    (chosen,) = plans(worlds, 1, 9)
    parts = worlds.plan_loss(chosen)
    draw = np.random.default_rng(0)
    picked = draw.integers(0, 12, 12)
    weight = np.bincount(picked, minlength=12) / 12
    by_hand = np.mean([parts.means(np.eye(12)[n]) for n in picked], axis=0)
    assert parts.means(weight) == pytest.approx(by_hand, rel=1e-11)


def test_ends_and_middle_are_those_entered() -> None:
    case = made.uncertain(3)
    for guess in guesses_of(case):
        ends = guess.at(np.array([-1.6448536269514722, 0.0, 1.6448536269514722]))
        assert ends == pytest.approx([guess.range.low, guess.range.likely, guess.range.high], rel=1e-9), guess.key
        fixed = known(case, guess, guess.range.high)
        assert guess.key not in {one.key for one in guesses_of(fixed)}
        assert len(guesses_of(fixed)) == len(guesses_of(case)) - 1
