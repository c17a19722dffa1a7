"""The laws fitted to many samples at once: each against the model's own law, closed forms, and recovery of what was drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from tenbin.calibration.families import FAMILIES, Samples
from tenbin.calibration.fitters import Fitter, ParetoFitter, Smooth, Spliced
from tenbin.calibration.maximising import maximise

MANY = 400
SIZE = 400

LAWS: dict[str, tuple[Fitter, list[float]]] = {
    "lognormal": (Smooth(FAMILIES["lognormal"]), [15.0, math.log(1.2)]),
    "gamma": (Smooth(FAMILIES["gamma"]), [15.0, math.log(0.8)]),
    "weibull": (Smooth(FAMILIES["weibull"]), [15.0, math.log(0.7)]),
    "pareto": (ParetoFitter(), [13.0, math.log(1.7)]),
    "tail": (Spliced(FAMILIES["lognormal"], 2e7), [15.0, math.log(1.2), 16.5, -0.4]),
    "short tail": (Spliced(FAMILIES["weibull"], 5e6), [15.0, math.log(0.9), 15.5, -3.0]),
}


def drawn(fitter: Fitter, theta: list[float], shape: tuple[int, int], above: float = 0.0, seed: int = 1) -> np.ndarray:
    """Ascending logarithms of recorded losses, by the model's law and plain uniforms."""
    law = fitter.law(np.array(theta))
    recorded = law.survival(above) if above > 0 else 1.0
    shares = recorded * (1 - np.random.default_rng(seed).random(shape))
    return np.sort(fitter.log_loss(np.broadcast_to(theta, (shape[0], len(theta))), shares), axis=1)


@pytest.mark.parametrize("name", LAWS)
def test_it_is_the_model_s_law(name: str) -> None:
    fitter, theta = LAWS[name]
    law = fitter.law(np.array(theta))
    losses = np.geomspace(law.quantile(0.001), law.quantile(0.9999), 40)
    own = np.exp(fitter.log_survival(np.array([theta]), np.log(losses)[None]))[0]
    assert own == pytest.approx([law.survival(float(loss)) for loss in losses], rel=1e-9)
    shares = np.linspace(0.001, 0.999, 41)
    back = np.exp(fitter.log_loss(np.array([theta]), shares[None]))[0]
    assert back == pytest.approx([law.quantile(float(1 - share)) for share in shares], rel=1e-7)
    other = np.array([theta]) + 0.01  # negative control: another law is told from it
    assert np.abs(np.exp(fitter.log_survival(other, np.log(losses)[None]))[0] / own - 1).max() > 0.01


@pytest.mark.parametrize("name", FAMILIES)
def test_the_density_is_the_slope_of_the_survival(name: str) -> None:
    family, theta = FAMILIES[name], np.array(LAWS[name][1])
    for log in (13.0, 15.0, 16.5):
        step = 1e-5
        survival = family.survival(theta, np.array([log - step, log + step]))
        slope = (survival[0] - survival[1]) / (2 * step) / math.exp(log)
        sample = Samples(np.array([[log]]))
        own = family.densities(theta[None, None], sample, np.array([0]))[0, 0]
        assert math.exp(own) == pytest.approx(slope, rel=1e-6)


def test_an_exponential_s_rate() -> None:
    waits = np.random.default_rng(2).exponential(3.0, (5, 50))
    total = waits.sum(axis=1)
    best = maximise(
        lambda theta, rows: 50 * theta[..., 0] - np.exp(theta[..., 0]) * total[rows] - theta[..., 1] ** 2, np.zeros((5, 2))
    )
    assert best.is_found.all()
    assert np.exp(best.theta[:, 0]) == pytest.approx(50 / total, rel=1e-7)
    endless = maximise(lambda theta, rows: theta[..., 0] - theta[..., 1] ** 2, np.zeros((3, 2)))
    assert not endless.is_found.any()


def test_closed_forms() -> None:
    logs = drawn(*LAWS["gamma"], (3, 60))
    losses = np.exp(logs)
    normal = Smooth(FAMILIES["lognormal"]).fit(Samples(logs))
    assert normal.theta[:, 0] == pytest.approx(logs.mean(axis=1), rel=1e-10)
    assert np.exp(normal.theta[:, 1]) == pytest.approx(logs.std(axis=1), rel=1e-6)
    gamma = Smooth(FAMILIES["gamma"]).fit(Samples(logs))
    shape = np.exp(-2 * gamma.theta[:, 1])
    assert np.exp(gamma.theta[:, 0]) == pytest.approx(losses.mean(axis=1), rel=1e-6)
    assert np.log(shape) - special.digamma(shape) == pytest.approx(np.log(losses.mean(axis=1)) - logs.mean(axis=1), rel=1e-5)
    weibull = Smooth(FAMILIES["weibull"]).fit(Samples(logs))
    k = np.exp(weibull.theta[:, 1])[:, None]
    powers = np.exp(k * (logs - 15))
    assert (powers * logs).sum(axis=1) / powers.sum(axis=1) - 1 / k[:, 0] == pytest.approx(logs.mean(axis=1), rel=1e-6)
    pareto = ParetoFitter(1e5).fit(Samples(logs, 1e5))
    assert np.exp(pareto.theta[:, 1]) == pytest.approx(1 / (logs - math.log(1e5)).mean(axis=1), rel=1e-12)


@pytest.mark.parametrize("name", ["lognormal", "gamma", "weibull", "pareto", "tail"])
def test_what_was_drawn_is_found_again(name: str) -> None:
    fitter, theta = LAWS[name]
    fits = fitter.fit(Samples(drawn(fitter, theta, (MANY, SIZE))))
    assert fits.is_found.mean() > 0.98
    found, true = fitter.parameters(fits.theta[fits.is_found]), fitter.parameters(np.array([theta]))
    for key, values in found.items():
        if key == "minimum":  # the smallest of all is above it by 1/(n·alpha), not by a standard error
            assert (values / true[key] - 1).mean() == pytest.approx(1 / (SIZE * 1.7), rel=0.2)
            continue
        error = values.std(ddof=1) / math.sqrt(len(values))
        bias = values.std(ddof=1) * 3 / math.sqrt(SIZE)  # of the largest likelihood: of the order sd/√n
        assert abs(values.mean() - true[key][0]) < 4 * error + bias, key


@pytest.mark.parametrize("name", ["lognormal", "weibull"])
def test_losses_that_were_not_recorded_are_allowed_for(name: str) -> None:
    fitter, theta = LAWS[name]
    above = fitter.law(np.array(theta)).quantile(0.4)
    samples = drawn(fitter, theta, (200, 1500), above)
    fits = fitter.fit(Samples(samples, above))
    assert fits.is_found.mean() > 0.95
    for key, values in fitter.parameters(fits.theta[fits.is_found]).items():
        true, error = fitter.parameters(np.array([theta]))[key][0], values.std(ddof=1) / math.sqrt(len(values))
        assert abs(values.mean() - true) < 4 * error + 3 * values.std(ddof=1) / math.sqrt(1500), key
    naive = fitter.fit(Samples(samples))  # negative control: as if all had been recorded
    for key, values in fitter.parameters(naive.theta).items():
        true, error = fitter.parameters(np.array([theta]))[key][0], values.std(ddof=1) / math.sqrt(len(values))
        assert abs(values.mean() - true) > 50 * error, key


def test_a_tail_s_likelihood_is_the_whole_law_s() -> None:
    fitter, theta = LAWS["tail"]
    logs = drawn(fitter, theta, (2, 300), 1e6)
    fits = fitter.fit(Samples(logs, 1e6))
    step = 1e-6
    for row in range(2):
        law = fitter.law(fits.theta[row])
        inside = [log for log in logs[row] if abs(log - math.log(2e7)) > 2 * step]
        assert len(inside) == 300
        whole = math.fsum(
            math.log((law.survival(math.exp(log - step)) - law.survival(math.exp(log + step))) / (2 * step)) - log
            for log in inside
        )
        assert fits.log_likelihood[row] == pytest.approx(whole - 300 * math.log(law.survival(1e6)), abs=1e-3)


def test_the_criterion_knows_the_law() -> None:
    fitters = [Smooth(family) for family in FAMILIES.values()]
    for n, name in enumerate(FAMILIES):
        samples = Samples(drawn(*LAWS[name], (100, 3000)))
        values = np.stack([fitter.fit(samples).log_likelihood for fitter in fitters])
        assert (values.argmax(axis=0) == n).mean() > 0.9, name
