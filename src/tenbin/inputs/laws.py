"""The texts of laws → laws: ``lognormal(median=2M, sigma=1.2)``, ``tail(…)``, ``negative_binomial(cv=1.2)`` …; never evaluated.

A call is a name and pieces in parentheses, split at the commas that stand in no inner parentheses; calls stand at most three
deep (a mixture of tails on bodies).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence

from tenbin.inputs.cells import LARGEST, BadCell, adding_up, tidy
from tenbin.inputs.words import nearest, said, shown
from tenbin.model import (
    Bernoulli,
    BodyLaw,
    Empirical,
    Fixed,
    FrequencyModel,
    Gamma,
    GpdTail,
    Lognormal,
    LossModel,
    Mixture,
    NegativeBinomial,
    Pareto,
    PartLaw,
    Pert,
    Poisson,
    Severity,
    Uniform,
    Weibull,
)
from tenbin.units import parse_amount, parse_number, parse_share
from tenbin.words import Said

__all__ = ["frequency_model_text", "interval_of", "law_text", "mean_of", "parse_frequency_model", "parse_law"]

CALL = re.compile(r"([A-Za-z_]+)\s*\((.*)\)", re.DOTALL)
LONGEST_LAW = 4000
DEEPEST = 3
MOST_PARTS = 8
FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "lognormal": (("median", "sigma"), ("mean", "cv")),
    "gamma": (("mean", "cv"),),
    "pareto": (("minimum", "alpha"),),
    "weibull": (("scale", "shape"),),
    "uniform": (("low", "high"),),
    "pert": (("low", "mode", "high"),),
    "fixed": ((),),
    "empirical": ((),),
    "tail": (("from", "scale", "shape"),),
    "mixture": ((),),
}
COUNT_FORMS: dict[str, tuple[tuple[str, ...], ...]] = {"negative_binomial": (("cv",),)}
BODIES = tuple(name for name in FORMS if name not in ("tail", "mixture"))
NUMBERS = {
    ("lognormal", "sigma"): (0.0005, 10.0),
    ("lognormal", "cv"): (0.001, 100.0),
    ("gamma", "cv"): (0.001, 100.0),
    ("pareto", "alpha"): (0.05, 1000.0),
    ("weibull", "shape"): (0.1, 100.0),
    ("tail", "shape"): (-0.5, 10.0),
    ("negative_binomial", "cv"): (0.001, 100.0),
}
"""Parameters that are plain numbers, with their bounds; the others are amounts."""
FROM_NOUGHT = {("uniform", "low"), ("pert", "low"), ("pert", "mode")}
EXAMPLES = {
    "lognormal": said("do_lognormal"),
    "gamma": said("do_gamma"),
    "pareto": said("do_pareto"),
    "weibull": said("do_weibull"),
    "uniform": said("do_uniform"),
    "pert": said("do_pert"),
    "fixed": said("do_fixed"),
    "empirical": said("do_empirical"),
    "tail": said("do_tail"),
    "mixture": said("do_mixture"),
    "negative_binomial": said("do_negative_binomial"),
}
ANY = said("do_any_law")
COUNTS = ("poisson", "bernoulli", "negative_binomial")
ANY_COUNT = said("do_frequency_model")

Samples = Mapping[str, Sequence[float]] | None


def parse_law(text: str, samples: Samples) -> LossModel | None:
    """Read a loss model; None for one with an empirical part when the samples are not known (their own problem is).

    Raises
    ------
    BadCell : with the rule that it breaks.
    """
    if len(text) > LONGEST_LAW:
        raise BadCell(said("must_law_length", n=LONGEST_LAW), ANY)
    name, inside = _call(tidy(text))
    if name == "mixture":
        return _mixture(inside, samples)
    return _part(name, inside, samples)


def _call(text: str) -> tuple[str, str]:
    """A call's name, one of ``FORMS``, and what stands between its parentheses."""
    match = CALL.fullmatch(text.strip())
    if _pieces(text) is None:
        raise BadCell(said("must_brackets", n=DEEPEST), ANY, text)
    if match is None:
        raise BadCell(said("must_law"), ANY, text)
    name = match[1].lower()
    if name not in FORMS:
        raise BadCell(said("must_law"), said("two_sentences", first=nearest(name, FORMS), then=ANY), name)
    return name, match[2].strip()


def _pieces(inside: str) -> list[str] | None:
    """The pieces between the commas outside inner parentheses; None when these do not match, or stand too deep."""
    pieces, depth = [""], 0
    for character in inside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if not 0 <= depth <= DEEPEST:
            return None
        if character == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return None if depth else [piece.strip() for piece in pieces]


def _mixture(inside: str, samples: Samples) -> Mixture | None:
    pieces = _pieces(inside) or []
    if len(pieces) > MOST_PARTS:
        raise BadCell(said("must_parts", n=MOST_PARTS), EXAMPLES["mixture"], f"{len(pieces)}")
    parts: list[tuple[float, PartLaw | None]] = []
    for piece in pieces:
        before, star, text = piece.partition("*")
        if not star:
            raise BadCell(said("must_weighted"), EXAMPLES["mixture"], piece)
        weight = _weight(before.strip())
        name, within = _call(text)
        if name == "mixture":
            raise BadCell(said("must_no_mixture"), said("do_flat_mixture"), text.strip())
        parts.append((weight, _part(name, within, samples)))
    weights = adding_up([weight for weight, _ in parts])
    if weights is None:
        total = math.fsum(weight for weight, _ in parts)
        raise BadCell(said("must_weights"), said("do_weights"), f"{total:.9g}")
    known = tuple((weight, law) for weight, (_, law) in zip(weights, parts, strict=True) if law is not None)
    return Mixture(known) if len(known) == len(parts) else None


def _weight(text: str) -> float:
    try:
        weight = parse_share(text)
    except ValueError as error:
        raise BadCell(said("must_weighted"), EXAMPLES["mixture"], text) from error
    if not 0 < weight <= 1:
        raise BadCell(said("must_weight"), EXAMPLES["mixture"], text)
    return weight


def _part(name: str, inside: str, samples: Samples) -> PartLaw | None:
    if name == "tail":
        return _tail(inside, samples)
    return _body(name, inside, samples)


def _tail(inside: str, samples: Samples) -> GpdTail | None:
    first, *rest = _pieces(inside) or [""]
    if "(" not in first:
        raise BadCell(said("must_tail"), EXAMPLES["tail"], first)
    name, within = _call(first)
    if name not in BODIES:
        raise BadCell(said("must_body"), EXAMPLES["tail"], first)
    given = _numbers("tail", rest, said("must_tail"))
    body = _body(name, within, samples)
    if body is None:
        return None
    start = given["from"]
    above = body.survival(start)
    if not 0 < above < 1:
        raise BadCell(said("must_body_above" if above == 0 else "must_body_below"), said("do_from"), f"from={_plain(start)}")
    return GpdTail(body, start, given["scale"], given["shape"])


def _body(name: str, inside: str, samples: Samples) -> BodyLaw | None:
    if name == "fixed":
        return Fixed(_number("fixed", "amount", inside))
    if name == "empirical":
        return _sample(inside, samples)
    given = _numbers(name, inside.split(","), _with_forms(name))
    match name:
        case "gamma":
            return Gamma(given["mean"], given["cv"])
        case "pareto":
            return Pareto(given["minimum"], given["alpha"])
        case "weibull":
            return Weibull(given["scale"], given["shape"])
        case "uniform" | "pert":
            return _bounded(name, given)
    if "median" in given:
        return Lognormal(given["median"], given["sigma"])
    spread = math.log1p(given["cv"] ** 2)
    return Lognormal(given["mean"] * math.exp(-spread / 2), math.sqrt(spread))


def _bounded(name: str, given: Mapping[str, float]) -> Uniform | Pert:
    low, high = given["low"], given["high"]
    if not low < high:
        raise BadCell(said("must_low_below_high", name=name), EXAMPLES[name], f"low={_plain(low)}, high={_plain(high)}")
    if name == "uniform":
        return Uniform(low, high)
    if not low <= given["mode"] <= high:
        raise BadCell(said("must_mode"), EXAMPLES[name], f"mode={_plain(given['mode'])}")
    return Pert(low, given["mode"], high)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,}"


def _numbers(name: str, pieces: Collection[str], rule: Said) -> dict[str, float]:
    """The named numbers of a call; ``rule`` says which they are to be."""
    given: dict[str, float] = {}
    forms = [set(form) for form in _forms(name)]
    for piece in pieces:
        key, equals, value = (part.strip() for part in piece.partition("="))
        key = key.lower()
        if not equals:
            raise BadCell(rule, EXAMPLES[name])
        if not any(key in form for form in forms):
            raise BadCell(rule, EXAMPLES[name], said("got_other_parameter", name=shown(key), law=name) if key else None)
        if key in given:
            raise BadCell(rule, EXAMPLES[name], said("got_named_twice", name=key))
        given[key] = _number(name, key, value)
    if set(given) not in forms:
        raise BadCell(rule, EXAMPLES[name], _missing(name, given))
    return given


def _forms(name: str) -> tuple[tuple[str, ...], ...]:
    return COUNT_FORMS[name] if name in COUNT_FORMS else FORMS[name]


def _missing(name: str, given: Collection[str]) -> Said | None:
    """The parameters that a call lacks; None where it cannot be told which of two forms was meant."""
    lacking = [[key for key in form if key not in given] for form in _forms(name) if set(given) < set(form)]
    return said("got_no_parameter", names=lacking[0]) if len(lacking) == 1 else None


def _with_forms(name: str) -> Said:
    return said("must_law_with", name=name, forms=[said("both_parameters", names=form) for form in FORMS[name]])


def _number(name: str, key: str, text: str) -> float:
    low, high = NUMBERS.get((name, key), (0.0, LARGEST))
    is_number, from_nought = (name, key) in NUMBERS, (name, key) in FROM_NOUGHT
    try:
        value = parse_number(text) if is_number else parse_amount(text)
    except ValueError as error:
        raise BadCell(said("must_law_number", name=name, key=key), EXAMPLES[name], text) from error
    if not low <= value <= high or (value == 0 and low == 0 and not from_nought):
        if is_number:
            rule = said("must_law_between", name=name, key=key, low=f"{low:g}", high=f"{high:g}")
        else:
            rule = said("must_law_from" if from_nought else "must_law_above", name=name, key=key)
        raise BadCell(rule, EXAMPLES[name], text)
    return value


def _sample(name: str, samples: Samples) -> Empirical | None:
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
        case Weibull():
            return f"weibull(scale={law.scale!r}, shape={law.shape!r})"
        case Uniform():
            return f"uniform(low={law.low!r}, high={law.high!r})"
        case Pert():
            return f"pert(low={law.low!r}, mode={law.mode!r}, high={law.high!r})"
        case Fixed():
            return f"fixed({law.amount!r})"
        case Empirical():
            return f"empirical({law.name})"
        case GpdTail():
            return f"tail({law_text(law.body)}, from={law.start!r}, scale={law.scale!r}, shape={law.shape!r})"
        case Mixture():
            return f"mixture({', '.join(f'{weight!r}*{law_text(part)}' for weight, part in law.parts)})"


def parse_frequency_model(text: str) -> FrequencyModel:
    """Read ``poisson``, ``bernoulli`` or ``negative_binomial(cv=1.2)``.

    Raises
    ------
    BadCell : with the rule that it breaks.
    """
    plain = tidy(text)
    name, bracket, inside = plain.partition("(")
    name = name.strip().lower()
    if name not in COUNTS:
        remedy = said("two_sentences", first=nearest(name, COUNTS), then=ANY_COUNT)
        raise BadCell(said("must_frequency_model"), remedy, name)
    if name == "negative_binomial":
        if not (bracket and inside.endswith(")")):
            raise BadCell(said("must_negative_binomial"), EXAMPLES[name])
        given = _numbers(name, inside.removesuffix(")").split(","), said("must_negative_binomial"))
        return NegativeBinomial(given["cv"])
    if bracket and inside.strip() != ")":
        raise BadCell(said("must_bare_model", name=name), said("do_bare_model", name=name))
    return Poisson() if name == "poisson" else Bernoulli()


def frequency_model_text(model: FrequencyModel) -> str:
    """A law of numbers as the text that reads back to exactly it; blank for Poisson, as most are."""
    match model:
        case Poisson():
            return ""
        case Bernoulli():
            return "bernoulli"
        case NegativeBinomial():
            return f"negative_binomial(cv={model.cv!r})"
