"""Integrals of exponentials that several laws share, exact at the values where the plain formulas divide nought by nought."""

from __future__ import annotations

import math

from scipy import special

__all__ = ["growth", "power", "ramp"]

SMALL_BEND = 1e-3
"""Below it the difference quotient of ``ramp`` would lose digits, and six terms of its series are exact to the last."""
LARGEST_EXPONENT = 709.0


def power(base: float, exponent: float) -> float:
    """``base ** exponent`` of a base ≥ 0; ``inf`` where that is too large."""
    try:
        return float(base**exponent)
    except (OverflowError, ZeroDivisionError):
        return math.inf


def growth(rate: float, span: float) -> float:
    """∫₀^span exp(rate·t) dt; a span of ``inf`` is allowed."""
    if math.isinf(span):
        return -1 / rate if rate < 0 else math.inf
    exponent = rate * span
    if abs(exponent) < 1e-16:
        return span
    return math.expm1(exponent) / rate if exponent < LARGEST_EXPONENT else math.inf


def ramp(rate: float, bend: float, span: float) -> float:
    """∫₀^span exp(rate·t)·(exp(bend·t) − 1)/bend dt, at ``bend`` 0 its limit ∫ t·exp(rate·t) dt.

    For a small bend the series Σ bend^(n−1)/n! ∫ tⁿ exp(rate·t) dt, which needs ``rate`` < 0 as small bends have it here.
    """
    if math.isinf(span):
        return 1 / (rate * (rate + bend)) if max(rate, rate + bend) < 0 else math.inf
    if abs(bend) >= SMALL_BEND:
        return (growth(rate + bend, span) - growth(rate, span)) / bend
    return math.fsum(bend ** (n - 1) * float(special.gammainc(n + 1, -rate * span)) / (-rate) ** (n + 1) for n in range(1, 7))
