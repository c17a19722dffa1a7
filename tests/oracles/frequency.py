"""Laws of a year's number of own events, and what a systemic factor makes of them.

With G gamma of mean 1 and cv c, E[e^{Gw}] = (1 − c²w)^(−1/c²), so the generating function of a scenario's number N of
events that a plan thins to the share F, in w = λF(z − 1):

    poisson               e^w
    bernoulli             1 + w                       at most one own event, of which the plan keeps the share F
    negative_binomial(c)  (1 − c²w)^(−1/c²)           Poisson of mean λF·G: variance λF + c²(λF)²

Scenarios of one factor Γ are independent given Γ, and λ becomes λΓ; the mean over Γ is in closed form when all of them
are Poisson, else by Gauss–Laguerre quadrature (48 nodes: right to 1e-6 for a factor's cv below 1 and rates below 1.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from oracles.tables import Row

Array = NDArray[np.float64]
Spectrum = NDArray[np.complex128]
NODES = 48


@dataclass(frozen=True)
class Frequency:
    """Law of the number of own events of a year: its mean, its kind, its own over-dispersion."""

    rate: float
    kind: str = "poisson"
    cv: float = 0.0

    def generating(self, w: Spectrum) -> Spectrum:
        """E z^N, w = λF(z − 1)."""
        if self.kind == "bernoulli":
            return 1 + w
        return mixed(w, self.cv)

    def extra_variance(self, mean: float) -> float:
        """What the variance of the year's loss has beside that of a Poisson number, its mean given."""
        return -(mean**2) if self.kind == "bernoulli" else self.cv**2 * mean**2


def rate(row: Row) -> float:
    """Events a year of a row of scenarios'."""
    text = row["frequency"]
    if isinstance(text, str) and "/" in text:
        top, bottom = text.split("/")
        return float(top) / float(bottom)
    return float(text)


def frequency(row: Row, broken: str = "") -> Frequency:
    """The law of a row of scenarios'; ``broken``: ``frequency`` (all are Poisson), ``double_cv``."""
    text = "poisson" if broken == "frequency" else str(row.get("frequency_model", "poisson")).strip()
    found = re.fullmatch(r"(poisson|bernoulli|negative_binomial)(?:\(\s*cv\s*=\s*([\d.]+)\s*\))?", text)
    assert found, row
    cv = float(found[2] or 0) * (2 if broken == "double_cv" else 1)
    return Frequency(rate(row), found[1], cv)


def mixed(w: Spectrum, cv: float) -> Spectrum:
    """E e^{Gw}, G gamma of mean 1."""
    return np.exp(w) if cv == 0 else (1 - cv**2 * w) ** (-1 / cv**2)


def gamma_nodes(cv: float, n: int = NODES) -> tuple[Array, Array]:
    """Values of a gamma factor of mean 1, and their weights; those below 1e-20 are left out."""
    x, weight = special.roots_genlaguerre(n, cv**-2 - 1)
    weight = weight / weight.sum()
    kept = weight > 1e-20
    return cv**2 * x[kept], weight[kept]


def of_factor(members: Sequence[tuple[Frequency, Spectrum]], cv: float, n: int = NODES) -> Spectrum:
    """The transform of all that the scenarios of one factor cost; cv 0: of scenarios without a factor."""
    if cv == 0:
        total = np.ones_like(members[0][1])
        for law, w in members:
            total = total * law.generating(w)
        return total
    assert all(law.kind != "bernoulli" for law, _ in members), "a factor cannot raise what happens once at most"
    poisson = sum((w for law, w in members if law.cv == 0), start=np.zeros_like(members[0][1]))
    wider = [(law, w) for law, w in members if law.cv > 0]
    if not wider:
        return mixed(poisson, cv)
    total = np.zeros_like(poisson)
    for value, weight in zip(*gamma_nodes(cv, n), strict=True):
        piece = weight * np.exp(value * poisson)
        for law, w in wider:
            piece *= mixed(value * w, law.cv)
        total += piece
    return total
