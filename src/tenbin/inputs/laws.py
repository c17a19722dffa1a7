"""The text of a loss model → a law: ``lognormal(median=2M, sigma=1.2)``, ``empirical(NAME)`` …; text is never evaluated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from tenbin.inputs.cells import LARGEST, BadCell, tidy
from tenbin.inputs.words import nearest
from tenbin.model import Empirical, Fixed, Gamma, Lognormal, LossModel, Pareto, Severity
from tenbin.units import parse_amount, parse_number

__all__ = ["interval_of", "law_text", "mean_of", "parse_law"]

CALL = re.compile(r"([A-Za-z]+)\s*\(([^()]*)\)")
FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "lognormal": (("median", "sigma"), ("mean", "cv")),
    "gamma": (("mean", "cv"),),
    "pareto": (("minimum", "alpha"),),
    "fixed": ((),),
    "empirical": ((),),
}
BOUNDS = {"sigma": (0.0005, 10.0), "cv": (0.001, 100.0), "alpha": (0.05, 1000.0)}
EXAMPLES = {
    "lognormal": "Write lognormal(median=2M, sigma=1.2) or lognormal(mean=4M, cv=1.8).",
    "gamma": "Write gamma(mean=2M, cv=1).",
    "pareto": "Write pareto(minimum=1M, alpha=1.8).",
    "fixed": "Write fixed(3M).",
    "empirical": "Write empirical(NAME) and the losses of NAME in losses.csv.",
}
ANY = (
    "Write lognormal(median=2M, sigma=1.2), gamma(mean=2M, cv=1), pareto(minimum=1M, alpha=1.8), fixed(3M) or empirical(NAME)."
)


def parse_law(text: str, samples: Mapping[str, Sequence[float]] | None) -> LossModel | None:
    """Read a loss model; None for an empirical one when the samples are not known (their own problem is).

    Raises
    ------
    BadCell : with the rule that it breaks.
    """
    match = CALL.fullmatch(tidy(text))
    if match is None:
        raise BadCell("a loss model", ANY)
    name, inside = match[1].lower(), match[2].strip()
    if name not in FORMS:
        raise BadCell("a loss model", f"{nearest(name, FORMS)} {ANY}", name)
    if name == "fixed":
        return Fixed(_positive("amount", inside, name))
    if name == "empirical":
        return _sample(inside, samples)
    given: dict[str, float] = {}
    allowed = {parameter for form in FORMS[name] for parameter in form}
    for part in inside.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in allowed or key in given:
            raise BadCell(f"{name} with {_forms(name)}", EXAMPLES[name])
        given[key] = _positive(key, value, name)
    if set(given) not in [set(form) for form in FORMS[name]]:
        raise BadCell(f"{name} with {_forms(name)}", EXAMPLES[name])
    if name == "gamma":
        return Gamma(given["mean"], given["cv"])
    if name == "pareto":
        return Pareto(given["minimum"], given["alpha"])
    if "median" in given:
        return Lognormal(given["median"], given["sigma"])
    spread = math.log1p(given["cv"] ** 2)
    return Lognormal(given["mean"] * math.exp(-spread / 2), math.sqrt(spread))


def _forms(name: str) -> str:
    return " or ".join(" and ".join(form) for form in FORMS[name])


def _positive(key: str, text: str, name: str) -> float:
    low, high = BOUNDS.get(key, (0.0, LARGEST))
    try:
        value = parse_number(text) if key in BOUNDS else parse_amount(text)
    except ValueError as error:
        raise BadCell(f"{name} with a number as its {key}", EXAMPLES[name], text) from error
    if not low <= value <= high or value == 0:
        rule = f"from {low:g} to {high:g}" if key in BOUNDS else "above 0 and at most 10^18"
        raise BadCell(f"{name} with {key} {rule}", EXAMPLES[name], text)
    return value


def _sample(name: str, samples: Mapping[str, Sequence[float]] | None) -> Empirical | None:
    if samples is None:
        return None
    losses = samples.get(name, ())
    if not losses:
        raise BadCell("empirical with a model of losses.csv", nearest(name, samples), name)
    if len(losses) < 2 or max(losses) <= 0:
        rule = "empirical with a model of at least two losses, one of them above 0"
        raise BadCell(rule, f"Add losses of {name} to losses.csv.", name)
    return Empirical(name, tuple(sorted(losses)))


def mean_of(law: LossModel, deductible: float, cap: float) -> float:
    """Exact mean of one event's inherent loss; ``inf`` where there is none that a computer can hold."""
    try:
        mean = Severity(law, deductible, cap).mean
    except (OverflowError, ZeroDivisionError, ValueError):
        return math.inf
    return mean if mean <= LARGEST else math.inf


def interval_of(law: Lognormal) -> tuple[float, float] | None:
    """The round ``loss_p05`` and ``loss_p95`` that give exactly this law; None when there are none."""
    middle, spread = Lognormal.from_interval(1.0, math.e).sigma, law.sigma
    half = spread / middle / 2  # ln(p95 / median)
    for digits in range(1, 13):
        low, high = (float(f"{law.median * math.exp(sign * half):.{digits}g}") for sign in (-1, 1))
        if 0 < low < high and Lognormal.from_interval(low, high) == law:
            return low, high
    return None


def law_text(law: LossModel) -> str:
    """A law as the text that reads back to exactly it."""
    match law:
        case Lognormal():
            return f"lognormal(median={law.median!r}, sigma={law.sigma!r})"
        case Gamma():
            return f"gamma(mean={law.mean!r}, cv={law.cv!r})"
        case Pareto():
            return f"pareto(minimum={law.minimum!r}, alpha={law.alpha!r})"
        case Fixed():
            return f"fixed({law.amount!r})"
        case Empirical():
            return f"empirical({law.name})"
