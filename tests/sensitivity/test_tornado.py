"""The tornado: both ends are the metric of the case with that guess entered, and the noise is told truly."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import tenbin
from oracles import cases
from sensitivity import made
from tenbin.errors import InputError
from tenbin.model import Case, Range
from tenbin.sensitivity.conditional import BeliefWorlds
from tenbin.sensitivity.guesses import GuessKind, guesses_of, known
from tenbin.sensitivity.swinging import thinned_years, tornado


def likely(case: Case) -> Case:
    """The same without ranges."""
    scenarios = tuple(replace(one, frequency=Range(one.frequency.likely)) for one in case.scenarios)
    effects = tuple(replace(one, effect=Range(one.effect.likely)) for one in case.effects)
    rows = tuple(replace(row, ranges=()) for row in case.costs.rows)
    shared = tuple(replace(one, ranges=()) for one in case.costs.capabilities)
    costs = replace(case.costs, rows=rows, capabilities=shared)
    return replace(case, scenarios=scenarios, effects=effects, costs=costs, study=replace(case.study, n_worlds=1))


@pytest.mark.parametrize("seed", [3, 8])
def test_ends_are_the_case_with_that_value_entered(seed: int) -> None:
    case = made.uncertain(seed)
    found = tornado(case, "draft", "aal", n_trials=100)
    plain = likely(case)
    assert found.middle == pytest.approx(tenbin.evaluate(tenbin.simulate(plain, 10), "draft").aal, rel=1e-12)
    assert len(found.swings) + len(found.costs) + found.n_without == found.n_guesses
    for swing in (*found.swings, *found.costs):
        for value, ours in ((swing.guess.range.low, swing.low), (swing.guess.range.high, swing.high)):
            there = tenbin.evaluate(tenbin.simulate(known(plain, swing.guess, value), 10), "draft")
            truth = there.cost.per_year if swing.guess.kind is GuessKind.COST else there.aal
            assert ours == pytest.approx(truth, rel=1e-9), swing.guess.key
        assert not swing.is_noise
    widths = [swing.width for swing in found.swings]
    assert widths == sorted(widths, reverse=True)
    # what is left out is what changes nothing
    touched = {swing.guess.key for swing in (*found.swings, *found.costs)}
    for guess in [g for g in guesses_of(case) if g.key not in touched][:6]:
        there = tenbin.evaluate(tenbin.simulate(known(plain, guess, guess.range.high), 10), "draft")
        assert (there.aal, there.cost.per_year) == pytest.approx((found.middle, found.cost), rel=1e-12)


def test_thinned_years_have_the_law_of_years_drawn() -> None:
    """Where events set others off: thinning a scenario's own events leaves those that others cause in it."""
    frames = cases.with_triggers(n_trials=60_000)
    scenarios = frames["scenarios"].assign(
        frequency_low=[0.2, "1/12", 0.15, 0.05, 0.3], frequency_high=[1.4, 0.6, 0.9, 1.2, 1.9]
    )
    case = tenbin.load({**frames, "scenarios": scenarios})
    years = thinned_years(case, 60_000, 4)
    phi = gamma = np.zeros((1, 5))
    scope = (True,) * 5
    rate = np.array([0.3, 0.2, 0.4, 0.1, 0.8])
    loss = years.losses(rate, phi, gamma, scope)
    truth = years.aal(rate, phi, gamma, scope)
    error = float(loss.std()) / math.sqrt(len(loss))
    assert abs(loss.mean() - truth) < 4 * error
    drawn = tenbin.simulate(
        replace(
            likely(case),
            scenarios=tuple(replace(s, frequency=Range(float(k))) for s, k in zip(case.scenarios, rate, strict=True)),
        ),
        60_000,
        9,
    )
    other = tenbin.evaluate(drawn, {}).annual_loss
    pooled = np.sort(np.concatenate((loss, other)))
    apart = np.abs(np.searchsorted(np.sort(loss), pooled, "right") - np.searchsorted(np.sort(other), pooled, "right")).max()
    assert apart / 60_000 < 1.95 * math.sqrt(2 / 60_000)  # Kolmogorov–Smirnov at 0.1 %
    # the control: thinning what is triggered too, as one phi for both would
    everything = years.evaluator.losses_of(
        np.log(years.highest / rate)[None, :], np.log(years.highest / rate)[None, :], gamma, scope
    )
    assert abs(everything.mean() - truth) > 10 * error


def test_the_error_of_a_difference_is_what_seeds_differ_by() -> None:
    case = tenbin.load(cases.uncertain(21, n_trials=4_000, n_worlds=1))
    runs = [tornado(case, {}, "tvar90", seed=seed) for seed in range(30)]
    told = [swing.guess.key for swing in runs[0].swings if not swing.is_noise]
    swings = [next(s for s in run.swings if s.guess.key == told[-1]) for run in runs]
    spread = float(np.std([s.high - s.low for s in swings], ddof=1))
    said = float(np.mean([s.error for s in swings]))
    assert 0.6 < spread / said < 1.5  # chi of 29 at 99.9 %, and as much again for TVaR's bias at 400 tail years
    # the control: were both ends drawn apart
    apart = float(np.std([run.middle for run in runs], ddof=1)) * math.sqrt(2)
    assert apart > 1.5 * said


def test_noise_is_not_shown_as_an_effect() -> None:
    case = made.uncertain(3)
    rough = tornado(case, "draft", "tvar99", n_trials=400)
    noisy = [swing.is_noise for swing in rough.swings]
    assert any(noisy)
    assert noisy == sorted(noisy)  # last
    assert all(swing.width <= 2 * swing.error for swing in rough.swings if swing.is_noise)
    sure = tornado(case, "draft", "aal", n_trials=400)
    assert not any(swing.is_noise for swing in sure.swings)


def test_a_plan_and_today_are_both_told() -> None:
    case = made.uncertain(8)
    found = tenbin.what_matters(case, "draft", "tvar90", n_trials=2_000, n_worlds=64)
    assert found.today is not None
    assert found.today.middle == tornado(case, "current", "tvar90", n_trials=2_000).middle
    assert tenbin.what_matters(case, "current", "tvar90", n_trials=2_000, n_worlds=64).today is None
    frame = found.to_frame()
    assert list(frame["guess"]) == [worth.guess.key for worth in found.information.worths]
    assert frame["share_of_variance"].sum() + found.shares.together == pytest.approx(1)
    assert (found.first is None) == (frame["worth_per_year"].max() == 0)


def test_other_laws_of_frequency() -> None:
    """At most once a year, and negative binomial under a shared factor: thinned, their years have the means of the closed form."""
    frames = cases.with_factors(n_trials=40_000)
    models = ["negative_binomial(cv=1.2)", None, None, "bernoulli", None]
    scenarios = frames["scenarios"].assign(
        frequency_model=models, frequency_low=[0.2, 0.1, 0.2, 0.05, 0.3], frequency_high=[1.2, 0.5, 0.8, 1.0, 1.5]
    )
    case = tenbin.load({**frames, "scenarios": scenarios})
    once = next(guess for guess in guesses_of(case) if guess.scenario == "D")
    assert once.at(np.array([0.0, 1.6448536269514722, 3.0])) == pytest.approx([0.35, 1.0, 1.0])
    years = thinned_years(case, 40_000, 2)
    none, scope = np.zeros((1, 5)), (True,) * 5
    for rate in (np.array([0.3, 0.2, 0.3, 0.1, 0.5]), years.highest):
        loss = years.losses(rate, none, none, scope)
        assert abs(loss.mean() - years.aal(rate, none, none, scope)) < 4 * float(loss.std()) / math.sqrt(len(loss))
    only = years.losses(years.highest, none, none, [n == 3 for n in range(5)])
    assert only == pytest.approx(np.full(40_000, 2_345_678.0))  # once in every year
    # in closed form, too, a guess given is what it is from the beginning
    worlds = BeliefWorlds.of(case, 30, 1)
    chosen = worlds.reduction.choice(cases.PLANS["half"])
    parts = worlds.plan_loss(chosen)
    for t, g in enumerate(parts.numbers):
        truth = made.replaced(worlds, int(g), float(worlds.values[g, 170]), chosen)
        assert parts.means()[t, 170] == pytest.approx(truth, rel=1e-11)


@pytest.mark.parametrize("name", ["keep", "survive", "L2:keep", "covers/CIS-8.1", "tvra95", "aal=5", ""])
def test_what_has_no_amount_is_no_metric(name: str) -> None:
    case = made.uncertain(4)
    for ask in (tenbin.what_matters, tenbin.tornado):
        with pytest.raises(InputError) as caught:
            ask(case, "current", name, n_trials=100)
        (problem,) = caught.value.problems
        assert "must be a metric: aal, varNN or tvarNN, of a part as in L2:tvar95; got" in str(problem)
        assert "got 0" not in str(problem)
        assert "keep=" not in str(problem)
