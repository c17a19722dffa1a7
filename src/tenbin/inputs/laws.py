"""The text of a loss model → a law: ``lognormal(median=2M, sigma=1.2)``, ``empirical(NAME)`` …; text is never evaluated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from tenbin.inputs.cells import LARGEST, BadCell, tidy
from tenbin.inputs.words import nearest, said
from tenbin.model import Empirical, Fixed, Gamma, Lognormal, LossModel, Pareto, Severity
from tenbin.units import parse_amount, parse_number
from tenbin.words import Said

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
    "lognormal": said("do_lognormal"),
    "gamma": said("do_gamma"),
    "pareto": said("do_pareto"),
    "fixed": said("do_fixed"),
    "empirical": said("do_empirical"),
}
ANY = said("do_any_law")


def parse_law(text: str, samples: Mapping[str, Sequence[float]] | None) -> LossModel | None:
    """Read a loss model; None for an empirical one when the samples are not known (their own problem is).

    Raises
    ------
    BadCell : with the rule that it breaks.
    """
    match = CALL.fullmatch(tidy(text))
    if match is None:
        raise BadCell(said("must_law"), ANY)
    name, inside = match[1].lower(), match[2].strip()
    if name not in FORMS:
        raise BadCell(said("must_law"), said("two_sentences", first=nearest(name, FORMS), then=ANY), name)
    if name == "fixed":
        return Fixed(_positive("amount", inside, name))
    if name == "empirical":
        return _sample(inside, samples)
    given: dict[str, float] = {}
    allowed = {parameter for form in FORMS[name] for parameter in form}
    for part in inside.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in allowed or key in given:
            raise BadCell(_with_forms(name), EXAMPLES[name])
        given[key] = _positive(key, value, name)
    if set(given) not in [set(form) for form in FORMS[name]]:
        raise BadCell(_with_forms(name), EXAMPLES[name])
    if name == "gamma":
        return Gamma(given["mean"], given["cv"])
    if name == "pareto":
        return Pareto(given["minimum"], given["alpha"])
    if "median" in given:
        return Lognormal(given["median"], given["sigma"])
    spread = math.log1p(given["cv"] ** 2)
    return Lognormal(given["mean"] * math.exp(-spread / 2), math.sqrt(spread))


def _with_forms(name: str) -> Said:
    return said("must_law_with", name=name, forms=[said("both_parameters", names=form) for form in FORMS[name]])


def _positive(key: str, text: str, name: str) -> float:
    low, high = BOUNDS.get(key, (0.0, LARGEST))
    try:
        value = parse_number(text) if key in BOUNDS else parse_amount(text)
    except ValueError as error:
        raise BadCell(said("must_law_number", name=name, key=key), EXAMPLES[name], text) from error
    if not low <= value <= high or value == 0:
        bounds = {"low": f"{low:g}", "high": f"{high:g}"} if key in BOUNDS else {}
        rule = said("must_law_between" if bounds else "must_law_above", name=name, key=key, **bounds)
        raise BadCell(rule, EXAMPLES[name], text)
    return value


def _sample(name: str, samples: Mapping[str, Sequence[float]] | None) -> Empirical | None:
    if samples is None:
        return None
    losses = samples.get(name, ())
    if not losses:
        raise BadCell(said("must_sample"), nearest(name, samples), name)
    if len(losses) < 2 or max(losses) <= 0:
        raise BadCell(said("must_sample_of_two"), said("do_add_losses", name=name), name)
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
