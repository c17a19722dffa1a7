"""The curve drawn is the empirical one, and its band is the binomial one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reporting.fake import years
from tenbin.reporting.curve_points import at_chance, curve_points, exceedance_at, height_on_curve


def by_counting(losses: np.ndarray, loss: float) -> float:
    """The share of years above a loss, with no sorting and no searching."""
    return sum(1 for value in losses.tolist() if value > loss) / len(losses)


@pytest.mark.parametrize("n_trials", [1, 7, 500, 20_000])
def test_every_point_is_the_empirical_exceedance(n_trials: int) -> None:
    losses = years(n_trials, 1, 1.5, 5e6, 1.3)
    points = curve_points(np.sort(losses))
    for n in range(0, len(points.loss), max(1, len(points.loss) // 60)):
        assert points.chance[n] == pytest.approx(by_counting(losses, points.loss[n]), abs=1e-15)
    assert points.loss[0] == 0
    assert points.loss[-1] == losses.max()
    assert points.chance[-1] == 0


def test_a_small_sample_is_not_thinned() -> None:
    losses = years(3000, 2, 2.0, 5e6, 1.3)
    points = curve_points(np.sort(losses))
    assert set(points.loss.tolist()) == {0.0, *losses.tolist()}


def test_a_million_years_are_thinned_to_what_can_be_seen() -> None:
    ordered = np.sort(years(1_000_000, 3, 1.5, 5e6, 1.3))
    points = curve_points(ordered)
    assert len(points.loss) < 2300
    positive = ordered[ordered > 0]
    cell_loss = np.log(positive[-1] / positive[0]) / 1099
    cell_chance = np.log(len(positive)) / 1099
    rank = np.searchsorted(ordered, points.loss[1:], side="left")
    gap = np.diff(rank) > 1  # where years were left out, they all lie in one cell of either grid
    last_left_out = ordered[rank[1:] - 1]
    assert (np.log(last_left_out / points.loss[1:-1])[gap] <= cell_loss * (1 + 1e-9)).all()
    above = np.log(np.maximum(len(ordered) - rank, 1))
    assert (-np.diff(above)[gap] <= cell_chance + np.log1p(2 / np.maximum(len(ordered) - rank[:-1], 2))[gap] + 1e-9).all()


def test_the_band_is_clopper_and_pearsons() -> None:
    losses = years(400, 4, 1.5, 5e6, 1.3)
    points = curve_points(np.sort(losses))
    for n in range(0, len(points.loss), 20):
        interval = stats.binomtest(round(points.chance[n] * 400), 400).proportion_ci(0.95, "exact")
        assert points.low[n] == pytest.approx(interval.low, abs=1e-12)
        assert points.high[n] == pytest.approx(interval.high, abs=1e-12)


def test_the_band_holds_the_truth_as_often_as_it_says() -> None:
    """600 samples of 300 years of a known law: the share of misses is at most 5 % and three standard errors."""
    truth, misses = 0.05, 0
    threshold = stats.lognorm(1.2).ppf(1 - truth)
    draw = np.random.default_rng(6)
    for _ in range(600):
        points = curve_points(np.sort(draw.lognormal(0, 1.2, 300)))
        n = int(np.searchsorted(points.loss, threshold, side="right")) - 1
        misses += not points.low[n] <= truth <= points.high[n]
    assert misses / 600 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 600)
    assert misses > 0  # a band that is never wrong would be too wide to say anything


@pytest.mark.parametrize("losses", [[0.0, 0.0, 0.0], [4.0, 4.0, 4.0, 4.0], [0.0, 9.0]])
def test_zeros_and_ties(losses: list[float]) -> None:
    points = curve_points(np.array(losses))
    assert points.loss.tolist() == sorted({0.0, *losses})
    assert points.chance.tolist() == [by_counting(np.array(losses), loss) for loss in points.loss]


def test_marks_lie_on_the_curve() -> None:
    ordered = np.array([0.0, 1.0, 2.0, 2.0, 5.0])
    assert exceedance_at(ordered, 2.0) == pytest.approx(0.2)
    assert height_on_curve(ordered, 2.0, 0.5) == pytest.approx(0.5)  # upright there, from 0.2 to 0.8 − 0.0
    assert height_on_curve(ordered, 3.0, 0.5) == pytest.approx(0.2)
    assert [at_chance(ordered, chance) for chance in (1.0, 0.5, 0.2, 0.0)] == [0.0, 2.0, 2.0, 5.0]
