"""The generalised Pareto law of excesses, and where a tail is found to begin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tenbin.calibration.gpd import fit_gpd, gpd_log_survival, gpd_parameters, shape_error
from tenbin.calibration.tails import choose_threshold

MANY = 300


@pytest.mark.parametrize("shape", [-0.1, 0.0, 0.4, 1.1])
def test_scale_and_shape_are_found_again(shape: float) -> None:
    excess = 5e6 * stats.genpareto.rvs(shape, size=(MANY, 400), random_state=np.random.default_rng(1))
    fits = fit_gpd(excess, np.ones(excess.shape, np.bool_))
    assert fits.is_found.mean() > 0.99
    scale, found = gpd_parameters(fits.theta[fits.is_found])
    error = shape_error(shape, 400)
    assert abs(found.mean() - shape) < 4 * error / math.sqrt(MANY) + 3 * error / math.sqrt(400)
    assert found.std() == pytest.approx(error, rel=4 / math.sqrt(2 * MANY))  # of a standard deviation itself
    assert np.median(scale) == pytest.approx(5e6, rel=0.03)
    own = stats.genpareto.logpdf(excess[0], found[0], scale=scale[0]).sum()
    assert fits.value[0] == pytest.approx(own, abs=1e-3)
    assert own >= stats.genpareto.logpdf(excess[0], shape, scale=5e6).sum()
    assert gpd_log_survival(fits.theta[:1], excess[:1]) == pytest.approx(
        stats.genpareto.logsf(excess[:1], found[0], scale=scale[0]), rel=1e-6
    )


def test_only_the_excesses_that_are_named_count() -> None:
    excess = stats.genpareto.rvs(0.3, size=(1, 100), random_state=np.random.default_rng(2))
    named = np.arange(150)[None] < 100
    padded = np.concatenate([excess, np.full((1, 50), 77.0)], axis=1)
    alone, among = fit_gpd(excess, np.ones((1, 100), np.bool_)), fit_gpd(padded, named)
    assert among.theta == pytest.approx(alone.theta, rel=1e-6)
    assert not np.allclose(fit_gpd(padded, np.ones((1, 150), np.bool_)).theta, alone.theta, rtol=0.01)


def sample(generator: np.random.Generator, start: float) -> np.ndarray:
    """Most losses spread evenly below ``start``, the rest with a wide and heavy tail from there on."""
    return np.sort(
        np.concatenate(
            [
                start * generator.random(180),
                start * (1 + 4 * stats.genpareto.rvs(0.8, size=25, random_state=generator)),
            ]
        )
    )


def test_a_tail_is_found_where_it_begins() -> None:
    generator = np.random.default_rng(3)
    chosen, of_one_law = [], []
    for _ in range(6):
        chosen.append(choose_threshold(sample(generator, 1e7), generator).start)
        pure = np.sort(1e6 * (1 + stats.genpareto.rvs(0.5, size=100, random_state=generator)))
        found = choose_threshold(pure, generator)
        of_one_law.append(found.chosen)
    # below 0.8 of the start a twentieth of the even body lies among the excesses, which the test sees
    assert np.count_nonzero(np.array(chosen) > 0.8e7) >= 5
    # where everything is generalised Pareto the lowest threshold passes nine times in ten: 3 of 6 or fewer once in 60
    assert np.count_nonzero(np.array(of_one_law) == 0) >= 4


def test_candidates_lie_between_losses_and_are_told() -> None:
    losses = np.sort(np.random.default_rng(4).lognormal(15, 1.2, 80))
    found = choose_threshold(losses, np.random.default_rng(5))
    starts = [one.start for one in found.candidates]
    assert starts == sorted(starts)
    assert not set(starts) & set(losses)
    for one in found.candidates:
        over = losses[losses >= one.start]
        assert one.n_above == len(over) >= 20
        assert one.mean_excess == pytest.approx((over - one.start).mean())
        assert one.hill == pytest.approx(np.log(over / one.start).mean())
    assert found.candidates[0].n_above == 40
    given = choose_threshold(losses, np.random.default_rng(5), 3e6)
    assert (given.start, given.is_given) == (3e6, True)


def test_equal_losses_are_not_split() -> None:
    losses = np.sort(np.round(np.random.default_rng(6).lognormal(0, 1, 200)) + 1)
    found = choose_threshold(losses, np.random.default_rng(7))
    assert all(((losses < one.start).sum() + one.n_above) == 200 for one in found.candidates)
    assert not {one.start for one in found.candidates} & set(losses)
