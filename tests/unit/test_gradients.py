"""Every gradient against a finite difference of the same metric, on common random numbers.

phi moves events in and out one at a time, so its difference quotient carries sampling noise: the tolerance is four standard
errors of the quotient, from the influence of the years. gamma is smooth between kinks.
"""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from cases_by_hand import linked_case
from tenbin.evaluation import Evaluator, Quantity
from tenbin.model import Metric, Range
from tenbin.simulation import simulate_case

N = 200_000


@pytest.fixture(scope="module")
def evaluator():
    return Evaluator(simulate_case(linked_case(), N, 3))


def quantity(metric, scope=(True, True, True, True)):
    return Quantity(metric, None if metric is Metric.AAL else Decimal("0.95"), scope)


def point(evaluator, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.1, 0.4, (1, 4)), rng.uniform(0.1, 0.4, (1, 4))


SCOPES = [(True, True, True, True), (False, True, False, True), (False, False, True, False)]


@pytest.mark.parametrize("scope", SCOPES)
def test_the_expected_losss_gradient_is_the_central_difference(evaluator, scope):
    wanted, (phi, gamma) = quantity(Metric.AAL, scope), point(evaluator)
    tangent = evaluator.tangent(wanted, phi, gamma)
    h = 1e-5
    for s in range(4):
        step = np.zeros((1, 4))
        step[0, s] = h
        by_phi = (evaluator.value(wanted, phi - step, gamma) - evaluator.value(wanted, phi + step, gamma)) / (2 * h)
        by_gamma = (evaluator.value(wanted, phi, gamma - step) - evaluator.value(wanted, phi, gamma + step)) / (2 * h)
        assert by_phi == pytest.approx(tangent.by_phi[0, s], rel=1e-6, abs=1e-3)
        assert by_gamma == pytest.approx(tangent.by_gamma[0, s], rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("metric", [Metric.TVAR, Metric.VAR])
@pytest.mark.parametrize("scope", SCOPES[:2])
def test_tail_gradients_are_difference_quotients_within_noise(evaluator, metric, scope):
    wanted, (phi, gamma) = quantity(metric, scope), point(evaluator)
    tangent = evaluator.tangent(wanted, phi, gamma)
    for s in range(4):
        for kind, gradient in (("phi", tangent.by_phi), ("gamma", tangent.by_gamma)):
            quotient, error = difference(evaluator, wanted, phi, gamma, kind, s)
            # 3 % for the curvature over the step of 0.1
            assert abs(quotient - gradient[0, s]) <= 4 * error + 0.03 * abs(quotient) + 1e-6 * tangent.value


def test_the_comparison_rejects_a_gradient_that_forgets_the_descendants(evaluator):
    wanted, (phi, gamma) = quantity(Metric.TVAR, (False, True, False, True)), point(evaluator)
    tangent = evaluator.tangent(wanted, phi, gamma)
    quotient, error = difference(evaluator, wanted, phi, gamma, "phi", 0)
    # scenario 0 lies outside the scope and only triggers 1, which triggers 3: without them its column would be empty
    forgetful = tangent.by_gamma[0, 0]
    assert abs(quotient - forgetful) > 4 * error + 0.03 * abs(quotient)


def difference(evaluator, wanted, phi, gamma, kind, s, h=0.05):
    step = np.zeros((1, 4))
    step[0, s] = h
    up = (phi + step, gamma) if kind == "phi" else (phi, gamma + step)
    down = (phi - step, gamma) if kind == "phi" else (phi, gamma - step)
    losses = [evaluator.annual_loss(*end, wanted.scope) for end in (down, up)]
    values = [evaluator.value(wanted, *end, loss) for end, loss in zip((down, up), losses, strict=True)]
    parts = [evaluator.influence(wanted, loss) for loss in losses]
    error = float(np.std(parts[0] - parts[1])) / np.sqrt(N) / (2 * h)
    return (values[0] - values[1]) / (2 * h), error


def test_var_without_density_has_no_tangent():
    case = linked_case(fixed=True)
    evaluator = Evaluator(simulate_case(case, 20_000, 1))
    wanted = Quantity(Metric.VAR, Decimal("0.95"), (False, False, True, False))
    zero = np.zeros((1, 4))
    assert evaluator.tangent(wanted, zero, zero) is None


# ---------------------------------------------------------------- worlds


@pytest.fixture(scope="module")
def over_worlds():
    """Three worlds: each parameter's own gradient, in a year's place among all years."""
    case = linked_case()
    guessed = [replace(s, frequency=Range(f, f / 3, f * 3)) for s, f in ((s, s.frequency.likely) for s in case.scenarios)]
    return Evaluator(simulate_case(replace(case, scenarios=tuple(guessed)), N, 3, n_worlds=3))


@pytest.mark.parametrize("metric", [Metric.TVAR, Metric.VAR, Metric.AAL])
def test_a_worlds_gradient_is_the_difference_quotient_of_that_world(over_worlds, metric):
    wanted, rng = quantity(metric), np.random.default_rng(4)
    phi, gamma = rng.uniform(0.1, 0.4, (3, 4)), rng.uniform(0.1, 0.4, (3, 4))
    tangent = over_worlds.tangent(wanted, phi, gamma)
    for world in range(3):
        for kind, gradient in (("phi", tangent.by_phi), ("gamma", tangent.by_gamma)):
            step = np.zeros((3, 4))
            step[world] = rng.uniform(0.02, 0.06, 4)
            ends = [(phi + sign * step, gamma) if kind == "phi" else (phi, gamma + sign * step) for sign in (-1, 1)]
            values = [over_worlds.value(wanted, *end) for end in ends]
            error = 0.0
            if metric is not Metric.AAL:
                parts = [over_worlds.influence(wanted, over_worlds.annual_loss(*end)) for end in ends]
                error = float(np.std(parts[0] - parts[1])) / np.sqrt(N)
            fall = 2 * float((gradient * step).sum())
            assert abs(values[0] - values[1] - fall) <= 4 * error + 0.03 * abs(fall) + 1e-6 * tangent.value
            other = 2 * float((np.roll(gradient, 1, axis=0) * step).sum())
            if metric is Metric.AAL:  # the control: another world's gradient does not fit
                assert abs(values[0] - values[1] - other) > 0.03 * abs(fall)
