"""Laws of one event's loss, from their texts in ``loss_model``: tails in closed form, moments by quadrature.

    weibull     P(Z > z) = exp(−(z/scale)^shape)
    uniform     P(Z > z) = (high − z)/(high − low)
    pert        beta on [low, high] with α = 1 + 4(mode − low)/(high − low), β = 1 + 4(high − mode)/(high − low)
    tail        that of the body below ``from``, above it P_body(Z > from)·(1 + shape·(z − from)/scale)^(−1/shape)
    mixture     Σ weight · P_part(Z > z)

A loss is then min(max(Z − deductible, 0), cap). ``test_the_oracles.py`` holds all of it against scipy.stats, textbook
moments and draws of numpy's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from oracles.tables import Frames, Row, number, rows

Array = NDArray[np.float64]
Z95 = 1.6448536269514722


# ---------------------------------------------------------------- what is written


@dataclass(frozen=True)
class Term:
    """A law as it is written: its name, its numbers and the laws inside it (a tail's body, a mixture's weighted parts)."""

    kind: str
    numbers: tuple[tuple[str, float], ...] = ()
    parts: tuple[tuple[float, Term], ...] = ()
    sample: tuple[float, ...] = ()

    def __getitem__(self, name: str) -> float:
        return dict(self.numbers)[name]

    def off(self, name: str, factor: float) -> Term:
        """The same law with one number multiplied, or the weight of a mixture's first part: for negative controls."""
        if name == "weight":
            first, *others = self.parts
            rest = (1 - factor * first[0]) / (1 - first[0])
            return replace(self, parts=((factor * first[0], first[1]), *((w * rest, part) for w, part in others)))
        assert name in dict(self.numbers), (name, self)
        return replace(self, numbers=tuple((k, v * factor if k == name else v) for k, v in self.numbers))


def amount(text: str) -> float:
    """A number as the cases write it: ``2M``, ``300k``, ``1_000``."""
    text = text.strip().replace("_", "")
    scale = {"k": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)
    return float(text[:-1] if scale != 1.0 else text) * scale


def _split(text: str) -> list[str]:
    """At the commas outside all brackets."""
    found, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found


def term(text: str, frames: Frames | None = None) -> Term:
    """A text of ``loss_model`` read."""
    found = re.fullmatch(r"\s*(\w+)\((.*)\)\s*", text)
    assert found, text
    kind, inside = found.groups()
    if kind == "empirical":
        sample = [number(r, "loss") for r in rows(frames or {}, "losses") if r["model"] == inside.strip()]
        return Term(kind, sample=tuple(sorted(sample)))
    if kind == "fixed":
        return Term(kind, (("amount", amount(inside)),))
    parts: list[tuple[float, Term]] = []
    numbers: list[tuple[str, float]] = []
    for piece in _split(inside):
        if kind == "mixture":
            weight, _, law = piece.partition("*")
            parts.append((float(weight), term(law, frames)))
        elif "(" in piece:
            parts.append((1.0, term(piece, frames)))
        else:
            name, _, value = piece.partition("=")
            numbers.append((name.strip(), amount(value)))
    return Term(kind, tuple(numbers), tuple(parts))


def row_term(frames: Frames, row: Row) -> Term:
    """The law of a row of scenarios', before deductible and cap."""
    if "loss_model" in row:
        return term(row["loss_model"], frames)
    p05, p95 = number(row, "loss_p05"), number(row, "loss_p95")
    return Term("lognormal", (("median", math.sqrt(p05 * p95)), ("sigma", math.log(p95 / p05) / (2 * Z95))))


# ---------------------------------------------------------------- what it means


@dataclass(frozen=True)
class Severity:
    """Law of one event's inherent loss min(max(Z − deductible, 0), cap).

    ``above(z)`` = P(Z > z), ``from_(z)`` = P(Z ≥ z), for z ≥ 0 as an array; ``breaks`` are where the law has atoms or
    kinks, or changes fast.
    """

    above: Callable[[Array], Array]
    from_: Callable[[Array], Array]
    breaks: tuple[float, ...]
    deductible: float = 0.0
    cap: float = math.inf

    def loss_above(self, loss: Array) -> Array:
        """P(loss > ``loss``)."""
        return np.where(loss >= self.cap, 0.0, np.where(loss < 0, 1.0, self.above(np.maximum(loss, 0) + self.deductible)))

    def loss_from(self, loss: Array) -> Array:
        """P(loss ≥ ``loss``)."""
        found = self.from_(np.maximum(loss, 0) + self.deductible)
        return np.where(loss > self.cap, 0.0, np.where(loss <= 0, 1.0, found))

    def moment(self, order: int, broken: str = "") -> float:
        """E[loss^order] = ∫ order·z^(order−1) P(loss > z) dz; ``broken``: ``cap`` or ``deductible`` forgotten."""
        cap = math.inf if broken == "cap" else self.cap
        deductible = 0.0 if broken == "deductible" else self.deductible
        return _moment(replace(self, deductible=deductible, cap=cap), order)


def severity(frames: Frames, row: Row) -> Severity:
    """The law of a row of scenarios'."""
    return replace(law(row_term(frames, row)), deductible=number(row, "deductible"), cap=number(row, "loss_cap", math.inf))


@cache
def law(written: Term) -> Severity:
    """The law of what is written, without deductible and cap."""
    if written.kind == "empirical":
        sample = np.array(written.sample)
        n = len(sample)
        return Severity(
            lambda z: 1 - np.searchsorted(sample, z, side="right") / n,
            lambda z: 1 - np.searchsorted(sample, z, side="left") / n,
            tuple(sorted(set(written.sample))),
        )
    if written.kind == "fixed":
        fixed = written["amount"]
        return Severity(lambda z: 1.0 * (z < fixed), lambda z: 1.0 * (z <= fixed), (fixed,))
    if written.kind == "mixture":
        parts = [(weight, law(part)) for weight, part in written.parts]
        return Severity(
            lambda z: sum(w * part.above(z) for w, part in parts),
            lambda z: sum(w * part.from_(z) for w, part in parts),
            tuple(sorted({b for _, part in parts for b in part.breaks})),
        )
    if written.kind == "tail":
        return _tail(law(written.parts[0][1]), written["from"], written["scale"], written["shape"])
    above, breaks = _CONTINUOUS[written.kind](**dict(written.numbers))
    return Severity(above, above, breaks)


def _lognormal(median: float, sigma: float) -> tuple[Callable[[Array], Array], tuple[float, ...]]:
    def above(z: Array) -> Array:
        with np.errstate(divide="ignore"):
            return special.ndtr((math.log(median) - np.log(z)) / sigma)

    return above, tuple(median * math.exp(k * sigma) for k in range(-6, 7))


def _gamma(mean: float, cv: float) -> tuple[Callable[[Array], Array], tuple[float, ...]]:
    return lambda z: special.gammaincc(cv**-2, z / (mean * cv**2)), tuple(mean * 10.0**k for k in range(-6, 2))


def _pareto(minimum: float, alpha: float) -> tuple[Callable[[Array], Array], tuple[float, ...]]:
    return lambda z: (np.maximum(z, minimum) / minimum) ** -alpha, (minimum,)


def _weibull(scale: float, shape: float) -> tuple[Callable[[Array], Array], tuple[float, ...]]:
    return lambda z: np.exp(-((z / scale) ** shape)), tuple(scale * 10.0 ** (k / shape) for k in (-3, -2, -1, 0, 1))


def _uniform(low: float, high: float) -> tuple[Callable[[Array], Array], tuple[float, ...]]:
    return lambda z: np.clip((high - z) / (high - low), 0, 1), (low, high)


def _pert(low: float, mode: float, high: float) -> tuple[Callable[[Array], Array], tuple[float, ...]]:
    a, b = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    return lambda z: special.betainc(b, a, np.clip((high - z) / (high - low), 0, 1)), (low, mode, high)


_CONTINUOUS: dict[str, Callable[..., tuple[Callable[[Array], Array], tuple[float, ...]]]] = {
    "lognormal": _lognormal,
    "gamma": _gamma,
    "pareto": _pareto,
    "weibull": _weibull,
    "uniform": _uniform,
    "pert": _pert,
}


def _tail(body: Severity, start: float, scale: float, shape: float) -> Severity:
    heavy = float(body.above(np.array([start]))[0])

    def excess(z: Array) -> Array:
        y = np.maximum(z - start, 0) / scale
        if shape == 0:
            return np.exp(-y)
        return np.maximum(1 + shape * y, 0) ** (-1 / shape)

    end = start - scale / shape if shape < 0 else start + 100 * scale
    inner = [start + scale * 10.0**k for k in (-4, -3, -2, -1, 0, 1)]
    breaks = {*(b for b in body.breaks if b < start), start, end, *(b for b in inner if b < end)}
    return Severity(
        lambda z: np.where(z < start, body.above(z), heavy * excess(z)),
        lambda z: np.where(z <= start, body.from_(z), heavy * excess(z)),
        tuple(sorted(breaks)),
    )


# ---------------------------------------------------------------- moments


def _nodes(step: float) -> tuple[Array, Array, Array]:
    """Tanh-sinh on (0, 1): the nodes, their distances from 1, their weights."""
    t = np.arange(-3.3, 3.3 + step / 2, step)
    arm = math.pi / 2 * np.sinh(t)
    weights = step * math.pi / 4 * np.cosh(t) / np.cosh(arm) ** 2
    return special.expit(2 * arm), special.expit(-2 * arm), weights


_COARSE, _FINE = _nodes(1 / 16), _nodes(1 / 32)


@cache
def _moment(of: Severity, order: int) -> float:
    """In u = ln z the integrand is smooth between breaks, and below the first at most z^order: from e^-60 of it on.

    Tanh-sinh bears kinks and roots at the ends of its pieces; two step sizes must agree to 1e-11.
    """
    inner = [b for b in (of.deductible, *(b - of.deductible for b in of.breaks)) if 0 < b < of.cap]
    ends = [math.log(b) for b in inner] + ([math.log(of.cap)] if math.isfinite(of.cap) else [])
    edges = sorted({min(ends) - 60.0 / order, *ends})
    cuts = [edges[0]]
    for low, high in pairwise(edges):
        pieces = max(1, math.ceil((high - low) / 2.0))
        cuts += [low + (high - low) * (i + 1) / pieces for i in range(pieces)]
    total = _integral(of, order, np.array(cuts))
    if not math.isfinite(of.cap):
        u = edges[-1]
        while u < edges[-1] + 2000:  # outwards, until a piece adds nothing
            piece = _integral(of, order, u + np.arange(11.0), total)
            total += piece
            u += 10.0
            if piece <= 1e-17 * total:
                break
    return total


def _integral(of: Severity, order: int, cuts: Array, beside: float = 0.0) -> float:
    found = []
    width = np.diff(cuts)[:, None]
    for below, above, weights in (_COARSE, _FINE):
        u = np.where(below < 0.5, cuts[:-1, None] + width * below, cuts[1:, None] - width * above)
        z = np.exp(u)
        found.append(float((width * weights * order * np.exp(order * u) * of.above(z + of.deductible)).sum()))
    assert abs(found[0] - found[1]) <= 1e-11 * (found[1] + beside), (of, found)
    return found[1]
