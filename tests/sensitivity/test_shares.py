"""Shares of variance against formulas, against an estimator that knows nothing of the model, and their errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases
from oracles.worlds import amount, effect
from sensitivity import made
from tenbin.sensitivity.conditional import BeliefWorlds
from tenbin.sensitivity.moments import variance_by_world
from tenbin.sensitivity.sharing import variance_shares


def two(effects: bool, **second: Any) -> Any:
    """Two scenarios of a million and three million an event or, with ``effects``, one and a measure of uncertain effect."""
    one = {"id": "A", "layer": 1, "components": "data", "title_en": "A", "loss_model": "fixed(1M)"}
    rows = [{**one, "frequency": 0.5, "frequency_low": 0.2, "frequency_high": 0.9}]
    if not effects:
        rows.append(
            {**one, "id": "B", "loss_model": "fixed(3M)", "frequency": 0.1, "frequency_low": 0.05, "frequency_high": 0.4}
        )
    found = {"scenario": "A", "measure": "L1.001", "acts_on": "severity", "effect": 0.5, "effect_low": 0.2, "effect_high": 0.8}
    tables = {
        "scenarios": rows,
        "effects": [found if effects else {**found, "effect_low": None, "effect_high": None}],
        "measures": [{"measure": "L1.001", "level": "basic", "capex": 1, "opex": 0}],
    }
    return tenbin.load(cases.case(tables, n_trials=1_000))


def test_a_sum_of_two_frequencies() -> None:
    """E[L] = 1M·λ + 3M·μ: the shares are those of the variances."""
    found = variance_shares(two(effects=False), {})
    parts = np.array([1e6 * amount(0.2, 0.5, 0.9).spread(), 3e6 * amount(0.05, 0.1, 0.4).spread()]) ** 2
    shares = {one.guess.key: one for one in found.shares}
    for key, part in zip(("frequency/A", "frequency/B"), parts, strict=True):
        assert shares[key].share == pytest.approx(part / parts.sum(), rel=2e-5)  # the nodes lie a twentieth apart
    assert found.together == pytest.approx(0, abs=1e-9)


def test_a_product_of_a_frequency_and_an_effect() -> None:
    """E[L] = 1M·λ·u with cv² a and b: a/(a + b + ab), b/(a + b + ab), together ab/(a + b + ab)."""
    found = variance_shares(two(effects=True), {"L1.001": "basic"})
    rate, left = amount(0.2, 0.5, 0.9), effect(0.2, 0.5, 0.8)
    a, b = (rate.spread() / rate.exponential()) ** 2, (left.spread(-1) / left.exponential(-1)) ** 2
    whole = a + b + a * b
    shares = {one.guess.key: one for one in found.shares}
    for key, part in (("frequency/A", a), ("effect/A/L1.001/severity", b)):
        assert abs(shares[key].share - part / whole) < 4 * shares[key].error
    assert found.together == pytest.approx(a * b / whole, abs=4 * max(one.error for one in found.shares))
    # the control: it is not a sum
    assert abs(shares["frequency/A"].share - a / (a + b)) > 4 * shares["frequency/A"].error
    # of a plan without the measure the frequency is all there is
    bare = variance_shares(two(effects=True), {})
    assert {one.guess.key: one.share for one in bare.shares} == pytest.approx(
        {"frequency/A": 1.0, "effect/A/L1.001/severity": 0.0}
    )


@pytest.mark.parametrize("seed", [5, 21])
def test_an_estimator_from_the_draws_alone_agrees(seed: int) -> None:
    case, n = made.uncertain(seed, prices=False), 8_192
    worlds = BeliefWorlds.of(case, n, 77)
    chosen = worlds.reduction.choice({m: case.costs.levels(m)[-1].level for m in case.costs.measures})
    y = worlds.loss(chosen)
    plan = {m: case.costs.levels(m)[-1].level for m in case.costs.measures}
    found = {one.guess.key: one.share for one in variance_shares(case, plan).shares}
    draw, bins = np.random.default_rng(0), 24
    noise = 4 * np.sqrt(2 * bins) / n  # of an index of nought: the F statistic's variance
    for guess in worlds.guesses:
        drawn = worlds.worlds.frequency if guess.kind.value == "frequency" else worlds.worlds.effect
        x = drawn[:, guess.place]
        one = made.given_data(x, y, bins)
        # an index S errs by 2·√(S/n) more, and 24 bins lose a little of a smooth curve
        share = found[guess.key]
        assert abs(one - share) < noise + 4 * 2 * np.sqrt(share / n) + 0.03 * share, guess.key
        assert abs(made.given_data(draw.permutation(x), y, bins)) < noise  # the control: an order that means nothing
    assert max(found.values()) > 10 * noise


def test_errors_are_what_other_worlds_differ_by() -> None:
    """Worlds are stratified, so that seeds differ by no more than the bootstrap says, and not by far less."""
    case = two(effects=True)
    found = [variance_shares(case, {"L1.001": "basic"}, seed=seed, n_worlds=256).shares for seed in range(24)]
    shares = [{one.guess.key: one for one in shares} for shares in found]
    for key in shares[0]:
        spread = np.std([one[key].share for one in shares], ddof=1)
        said = np.mean([one[key].error for one in shares])
        assert 0.1 * said < spread < 1.6 * said  # chi of 23: 0.64 to 1.45 at 99.9 %


def test_a_year_is_chance_and_not_knowing() -> None:
    """Between worlds and within them, from their closed forms, adds up to what years in many worlds vary by."""
    case = made.uncertain(5, prices=False)
    light = cases.uncertain(5, n_trials=60_000, n_worlds=2_000)
    events = tenbin.simulate(tenbin.load(light))
    loss = tenbin.evaluate(events, {}).annual_loss
    found = variance_shares(case, {}, n_worlds=4_096)
    worlds = BeliefWorlds.of(case, 4_096, found.seed)
    none = np.zeros((4_096, len(case.scenarios)))
    within = float(variance_by_world(case, worlds.structure, none, none, worlds.scope).mean())
    assert found.not_knowing is not None
    total = within / (1 - found.not_knowing)
    error = float(np.std((loss - loss.mean()) ** 2)) / np.sqrt(len(loss))
    assert abs(loss.var() - total) < 4 * error
    assert 0 < found.not_knowing < 1
