"""A part made small has the optimum of the whole with the same rows held: every combination enumerated."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tenbin.optimisation.answer import AnswerKind
from tenbin.optimisation.highs import Worker
from tenbin.optimisation.reduced import Model, reduce_model

N, GROUPS, CUTS = 8, ((0, 1, 2), (2, 3), (4, 5, 6, 7), (1, 6)), 5
WIDTH = N + len(GROUPS) + 1
"""Integers, a column for each group (at most the sum of its members), and one bounded above that helps every cut."""


def a_model(seed: int) -> tuple[Model, np.ndarray, dict[int, bool]]:
    rng = np.random.default_rng(seed)
    model = Model(np.zeros((0, WIDTH)), np.zeros(0), np.zeros(0), np.zeros(WIDTH), np.ones(WIDTH), N)
    for g, members in enumerate(GROUPS):
        row = np.zeros(WIDTH)
        row[list(members)], row[N + g] = 1.0, -1.0
        model.add(np.arange(WIDTH), row, 0.0)
    for pair in ((0, 1), (5, 6)):
        row = np.zeros(WIDTH)
        row[list(pair)] = -1.0
        model.add(np.arange(WIDTH), row, -1.0)
    for _ in range(CUTS):
        row = rng.uniform(0, 1, WIDTH) * (rng.uniform(size=WIDTH) < 0.7)
        row[-1] = 1.0
        model.add(np.arange(WIDTH), row, float(rng.uniform(0.3, 0.8) * row.sum()))
    cost = np.zeros(WIDTH)
    cost[:N] = rng.uniform(0, 100, N)
    held = {int(j): bool(rng.integers(2)) for j in rng.choice(N, int(rng.integers(0, 6)), replace=False)}
    return model, cost, held


def enumerated(model: Model, cost: np.ndarray, held: dict[int, bool]) -> float:
    best = math.inf
    for bits in itertools.product((0.0, 1.0), repeat=N):
        if any(bits[j] != value for j, value in held.items()):
            continue
        columns = np.array([*bits, *(min(1.0, sum(bits[m] for m in group)) for group in GROUPS), 1.0])
        if np.all(model.matrix[: model.n] @ columns >= model.lower[: model.n] - 1e-9):
            best = min(best, float(cost @ columns))
    return best


def solved(model: Model, cost: np.ndarray, held: dict[int, bool], cutoff: float = math.inf) -> float:
    reduced = reduce_model(model, cost, held, [(N + g, members) for g, members in enumerate(GROUPS)])
    if reduced is None:
        return math.inf
    kind, _, values = Worker().solve(reduced, cutoff, 1e-9, 10_000, 60.0, None)
    if kind is AnswerKind.INFEASIBLE:
        return math.inf
    assert kind is AnswerKind.OPTIMAL
    assert values is not None
    assert all(round(values[j]) == value for j, value in held.items())
    assert np.all(model.matrix[: model.n] @ values >= model.lower[: model.n] - 1e-6)
    return float(cost @ values)


@pytest.mark.parametrize("seed", range(60))
def test_a_part_has_the_optimum_of_the_whole(seed: int) -> None:
    model, cost, held = a_model(seed)
    truth = enumerated(model, cost, held)
    found = solved(model, cost, held)
    assert found == truth if math.isinf(truth) else found == pytest.approx(truth, abs=1e-5)


def test_nothing_below_the_cutoff_is_said_to_be_nothing() -> None:
    n = 0
    for seed in range(60):
        model, cost, held = a_model(seed)
        truth = enumerated(model, cost, held)
        if 0 < truth < math.inf:
            n += 1
            assert solved(model, cost, held, truth * 0.99) >= truth - 1e-5
            assert solved(model, cost, held, truth * 1.01) == pytest.approx(truth, abs=1e-5)
    assert n > 10


def test_a_cut_that_is_left_out_would_be_noticed() -> None:
    missed = 0
    for seed in range(60):
        model, cost, held = a_model(seed)
        truth = enumerated(model, cost, held)
        model.lower[model.n - CUTS : model.n] -= 0.5
        missed += not math.isclose(solved(model, cost, held), truth, abs_tol=1e-5)
    assert missed > 20


def test_rows_that_are_let_go_and_rows_that_cannot_be_met() -> None:
    model, cost, _ = a_model(1)
    model.lower[model.n - CUTS : model.n] = -math.inf
    assert solved(model, cost, {}) == 0.0
    model.lower[model.n - 1] = 1.0 + model.matrix[model.n - 1].sum()
    assert reduce_model(model, cost, {}, ()) is None
