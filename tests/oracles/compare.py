"""Where a sample of years and an exact law disagree, by more than four standard errors.

Four standard errors: a correct program fails one comparison in 16,000. The seeds are fixed, so a comparison passes
always or never. The standard errors are derived, none is estimated by trial:

* mean: σ/√N, σ² from the exact law;
* VaR_α = X_(r), r = ⌈αN⌉: F(X_(r)) is Beta(r, N − r + 1) for continuous F (mean α, variance α(1−α)/N), so it is
  tested in ranks, which needs no density; with atoms P(L < X_(r)) is at most, and P(L ≤ X_(r)) at least, such a
  variable;
* TVaR: influence function, see ``Compound.tail_standard_error``;
* years without a loss: binomial;
* variance: √((μ₄ − σ⁴)/N).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracles.risk import Compound

ERRORS = 4.0


def outside(value: float, bounds: tuple[float, float], error: float) -> float:
    """Distance from a bracket in standard errors; 0 inside. Rounding of sums (1e-9) is forgiven."""
    low, high = bounds
    slack = 1e-9 * abs(high)
    distance = max(low - slack - value, value - high - slack, 0.0)
    return distance / error if error > 0 else (math.inf if distance else 0.0)


def disagreements(
    law: Compound, loss: NDArray[np.float64], var: Callable[[float], float], tvar: Callable[[float], float]
) -> dict[str, float]:
    """Statistic → standard errors away, of those beyond four. Empty: the sample is of this law."""
    n = len(loss)
    found: dict[str, float] = {}
    second = law.central_moment(2)
    found["mean"] = outside(float(loss.mean()), law.mean(), math.sqrt(second / n))
    none = law.below(0.0)
    found["years without a loss"] = outside(float((loss <= 0).mean()), none, math.sqrt(max(none[1] * (1 - none[0]), 1 / n) / n))
    spread = math.sqrt(max(law.central_moment(4) - second**2, 0) / n)
    grain = 3 * law.step * math.sqrt(second) + law.step**2  # moving each loss by up to a few steps
    found["variance"] = outside(float(loss.var()), (second - grain, second + grain), spread)
    for confidence in (0.95, 0.99):
        value = var(confidence)
        error = math.sqrt(confidence * (1 - confidence) / n)
        strictly, at_most = law.below(value, strict=True), law.below(value)
        found[f"var{confidence}"] = max(
            max(strictly[0] - confidence - 1 / n, 0.0) / error, max(confidence - 1 / n - at_most[1], 0.0) / error
        )
        found[f"tvar{confidence}"] = outside(
            tvar(confidence), law.tail_value_at_risk(confidence), law.tail_standard_error(confidence, n)
        )
    return {name: round(z, 2) for name, z in found.items() if z > ERRORS}


def value_at_risk(loss: NDArray[np.float64], confidence: str) -> float:
    """The ⌈αN⌉-th smallest; α as decimal text, so that no binary rounding enters the rank."""
    return tails(loss, (confidence,))[0][0]


def tail_value_at_risk(loss: NDArray[np.float64], confidence: str) -> float:
    """(sum of the ⌊k⌋ largest + (k − ⌊k⌋)·VaR_α)/k with k = (1 − α)N."""
    return tails(loss, (confidence,))[0][1]


def tails(loss: NDArray[np.float64], confidences: tuple[str, ...]) -> list[tuple[float, float]]:
    """(``value_at_risk``, ``tail_value_at_risk``) of each confidence, from one sort of the largest losses.

    Years without a loss are set aside first: finding a rank among many equal ones is slow.
    """
    n = len(loss)
    first = min(math.ceil(Fraction(c) * n) - 1 for c in confidences)
    some = loss[loss > 0]
    top = np.zeros(max(n - first - len(some), 0))
    kept = n - first - len(top)
    top = np.concatenate([top, np.sort(np.partition(some, len(some) - kept)[len(some) - kept :]) if kept else some])
    found = []
    for confidence in confidences:
        k = (1 - Fraction(confidence)) * n
        whole = math.floor(k)
        var = float(top[math.ceil(Fraction(confidence) * n) - 1 - first])
        total = math.fsum(top[len(top) - whole :].tolist()) + float(k - whole) * var
        found.append((var, total / float(k)))
    return found


def covariances(found: Any) -> dict[tuple[str, str], tuple[float, float]]:
    """Pair of scenarios → (sample covariance, its standard error √(Var((X−EX)(Y−EY))/N))."""
    loss = {s: found.scope(s).annual_loss for s in "ABCDE"}
    result = {}
    for a, b in combinations("ABCDE", 2):
        product = (loss[a] - loss[a].mean()) * (loss[b] - loss[b].mean())
        result[a, b] = float(product.mean()), float(product.std() / math.sqrt(len(product)))
    return result
