"""Integrals of exponentials that several laws share, exact at the values where the plain formulas divide nought by nought."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import special

__all__ = ["growth", "power", "ramp", "thin_layer"]

SMALL_BEND = 1e-3
"""Below it the difference quotient of ``ramp`` would lose digits, and six terms of its series are exact to the last."""
SHORT_SPAN = 0.1
LARGEST_EXPONENT = 709.0

NODES, WEIGHTS = (values.tolist() for values in np.polynomial.legendre.leggauss(16))


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

    A short span is integrated point by point, and for a small bend there is the series Σ bend^(n−1)/n! ∫ tⁿ exp(rate·t) dt, which
    needs ``rate`` < 0 as small bends have it here: the difference quotient would lose its digits in both.
    """
    if math.isinf(span):
        return 1 / (rate * (rate + bend)) if max(rate, rate + bend) < 0 else math.inf
    if max(abs(rate), abs(bend)) * span < SHORT_SPAN:
        places = [span / 2 * (1 + node) for node in NODES]
        return span / 2 * math.fsum(w * math.exp(rate * t) * growth(bend, t) for w, t in zip(WEIGHTS, places, strict=True))
    if abs(bend) < SMALL_BEND:
        parts = (float(special.gammainc(n + 1, -rate * span)) / (-rate) ** (n + 1) for n in range(1, 7))
        return math.fsum(bend**n * part for n, part in enumerate(parts))
    return (growth(rate + bend, span) - growth(rate, span)) / bend


def thin_layer(survival: Callable[[float], float], order: int, low: float, high: float) -> float:
    """E[X^order], X = min(max(Z − low, 0), high − low), order 1 or 2, by Gauss–Legendre: for a survival smooth over the layer."""
    half = (high - low) / 2
    places = [half * (1 + node) for node in NODES]
    of_order = places if order == 2 else [0.5] * len(places)
    return 2 * half * math.fsum(w * y * survival(low + x) for w, y, x in zip(WEIGHTS, of_order, places, strict=True))
