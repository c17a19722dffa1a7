"""The text of a loss model → a law: ``lognormal(median=2M, sigma=1.2)``, ``fixed(3M)``, ``empirical(NAME)``. Never evaluated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from tenbin.inputs.cells import BadCell, tidy
from tenbin.model import Empirical, Fixed, Gamma, Lognormal, LossModel, Pareto
from tenbin.units import parse_amount, parse_number

__all__ = ["law_text", "parse_law"]

CALL = re.compile(r"^([a-z]+)\s*\(([^()]*)\)$", re.IGNORECASE)
PARAMETERS = {"lognormal": ("median", "sigma"), "gamma": ("mean", "cv"), "pareto": ("minimum", "alpha")}
REMEDY = (
    "Write lognormal(median=2M, sigma=1.2), gamma(mean=2M, cv=1), pareto(minimum=1M, alpha=1.8), fixed(3M) or empirical(NAME)."
)


def parse_law(text: str, samples: Mapping[str, Sequence[float]]) -> LossModel:
    """Read a loss model; ``BadCell`` with the rule that it breaks."""
    match = CALL.match(tidy(text))
    if match is None:
        raise BadCell("a loss model", REMEDY)
    name, inside = match[1].lower(), match[2].strip()
    if name == "fixed":
        return Fixed(_positive(inside, "fixed"))
    if name == "empirical":
        losses = samples.get(inside)
        if losses is None:
            raise BadCell("a sample of losses.csv", f"Give the losses of model {inside} in losses.csv.")
        if len(losses) < 2 or max(losses) <= 0:
            raise BadCell(
                "a sample of at least two losses, one of them above 0", f"Add losses of model {inside} to losses.csv."
            )
        return Empirical(inside, tuple(sorted(losses)))
    if name not in PARAMETERS:
        raise BadCell("a known loss model", REMEDY)
    given = {}
    for part in filter(None, (p.strip() for p in inside.split(","))):
        key, equals, value = part.partition("=")
        if not equals or key.strip() not in PARAMETERS[name] or key.strip() in given:
            raise BadCell(f"{name}({', '.join(f'{p}=…' for p in PARAMETERS[name])})", REMEDY)
        given[key.strip()] = _positive(value, key.strip())
    if set(given) != set(PARAMETERS[name]):
        raise BadCell(f"{name}({', '.join(f'{p}=…' for p in PARAMETERS[name])})", REMEDY)
    if name == "lognormal":
        return Lognormal(given["median"], given["sigma"])
    if name == "gamma":
        return Gamma(given["mean"], given["cv"])
    return Pareto(given["minimum"], given["alpha"])


def _positive(text: str, name: str) -> float:
    try:
        value = parse_number(text) if name in ("sigma", "cv", "alpha") else parse_amount(text)
    except ValueError as error:
        raise BadCell(f"a loss model whose {name} is a number", REMEDY) from error
    if not (value > 0 and math.isfinite(value)):
        raise BadCell(f"a loss model whose {name} is above 0", REMEDY)
    return value


def law_text(law: LossModel) -> str:
    """A law as the text that reads back to it."""
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
