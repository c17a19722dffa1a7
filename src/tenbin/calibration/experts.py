"""Several experts' quantiles → one law of a loss, or one frequency with its range."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.calibration.overconfidence import read_overconfidence, widen
from tenbin.calibration.pooling import Expert, linear_pool, logarithmic_pool
from tenbin.calibration.reading import Source, read_experts
from tenbin.calibration.rows import basis_cells, frequency_cells, loss_cells, loss_text
from tenbin.calibration.wording import Given, Said, among, file_name, said
from tenbin.errors import InputError, Problem
from tenbin.inputs.tables import Parsed, Row
from tenbin.model import Gamma, Lognormal, LossModel, Mixture, Pareto, Poisson, Weibull
from tenbin.units import Money

__all__ = ["EXPERT_LAWS", "QUANTITIES", "ExpertPool", "PoolFit", "fit_quantiles", "pool_experts"]

FloatArray = NDArray[np.float64]

QUANTITIES = ("loss", "frequency")
EXPERT_LAWS = ("lognormal", "gamma", "weibull", "pareto", "mixture")
SAID_AT = (0.05, 0.5, 0.95)
FITTED_AT = tuple(round(0.05 * k, 2) for k in range(1, 20))
"""The quantiles that a law is fitted to: as many in the middle as at the ends."""

QuantileLaw = Lognormal | Gamma | Weibull | Pareto

MOST_OFF = 1.5
MOST_EXPERTS = 50
MOST_PARTS = 8
LEAST_ROUND = 1e-4


@dataclass(frozen=True, slots=True)
class PoolFit:
    """A law fitted to the pool: its distance (root mean square of the quantiles' logarithms) and by which factor it is off at
    the worst of the 5 %, 50 % and 95 % points.
    """

    name: str
    law: LossModel
    distance: float
    off: float

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        return {"law": self.name, "loss_model": loss_text(self.law), "distance": self.distance, "off_by": self.off}


@dataclass(frozen=True, eq=False)
class ExpertPool:
    """What several experts say together.

    said : as they said it. experts : after their intervals were widened by ``factor``. pool : the linear pool's 5 %, 50 % and 95 %
    points; logarithmic : those of the logarithmic one. fits : laws, nearest first; chosen : the one asked for or the nearest, None for
    a frequency. row : cells for the table ``scenarios``.
    """

    label: str
    quantity: str
    said: tuple[Expert, ...]
    experts: tuple[Expert, ...]
    factor: float
    pool: tuple[float, float, float]
    logarithmic: tuple[float, float, float]
    fits: tuple[PoolFit, ...]
    chosen: PoolFit | None
    warnings: tuple[Said, ...]
    row: Mapping[str, object] = field(repr=False)
    currency: str = "JPY"

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        names = ("p05", "p50", "p95")
        return {
            "schema": 1,
            "status": "fitted",
            "kind": "experts",
            "file": self.label,
            "for": self.quantity,
            "currency": self.currency,
            "experts": [
                {"expert": one.name, "weight": one.weight, **{name: getattr(one, name) for name in names}} for one in self.said
            ],
            "overconfidence": {
                "factor": self.factor,
                "experts": [{"expert": one.name, **{name: getattr(one, name) for name in names}} for one in self.experts],
            },
            "pool": dict(zip(names, self.pool, strict=True)),
            "logarithmic_pool": dict(zip(names, self.logarithmic, strict=True)),
            "law": self.chosen.name if self.chosen else None,
            "loss_model": loss_text(self.chosen.law) if self.chosen else None,
            "laws": [fit.to_dict() for fit in self.fits],
            "row": dict(self.row),
            "warnings": list(self.warnings),
        }


def pool_experts(
    experts: Source,
    *,
    quantity: str = "loss",
    law: str = "best",
    overconfidence: Given | None = None,
    currency: str = "JPY",
) -> ExpertPool:
    """Pool experts' quantiles with their weights, and fit a law to the pool.

    Parameters
    ----------
    experts : a CSV file or a DataFrame with ``expert, p05, p95`` and, on wish, ``p50`` (the geometric middle unless given) and
        ``weight`` (equal unless given).
    quantity : ``loss`` of one event (90 % of events cost between p05 and p95), or ``frequency`` (90 % sure that it lies between).
    law : of a loss: ``lognormal``, ``gamma``, ``weibull``, ``pareto``, ``mixture`` (each expert's own lognormal, weighted), or ``best``: the
        nearest of the first four, the mixture where none of them is near.
    overconfidence : ``1.5`` or ``70%``: each interval is widened first (see ``overconfidence``).

    Raises
    ------
    InputError : with everything that is wrong, or when no such law has the pool's quantiles.
    """
    problems: list[Problem] = []
    among("--for", quantity, QUANTITIES, problems)
    among("--law", law, ("best", *EXPERT_LAWS), problems)
    factor = read_overconfidence(overconfidence, problems)
    is_frequency = quantity == "frequency"
    parsed = read_experts(experts, is_frequency, problems)
    given = _experts(parsed, problems, currency, is_frequency)
    if law == "mixture" and len(given) > MOST_PARTS:
        got = said("got_rows", n=len(given))
        problems.append(Problem("--law", 0, "", said("must_parts", n=MOST_PARTS), got, said("do_other_law_or_fewer")))
    if problems:
        raise InputError(problems)
    wide = tuple(_widened(one, factor) for one in given)
    pool, logarithmic = (_three(pooled(wide, SAID_AT)) for pooled in (linear_pool, logarithmic_pool))
    fits: tuple[PoolFit, ...] = ()
    chosen = None
    if not is_frequency:
        fits = _fits(wide, pool)
        chosen = _chosen(fits, law)
        if chosen.off > MOST_OFF:
            raise InputError([_no_member(chosen, pool, parsed.label, currency)])
    basis = basis_cells(
        "basis_experts" if factor == 1 else "basis_experts_widened",
        n=len(given),
        file=file_name(parsed.label),
        **({} if factor == 1 else {"factor": f"{factor:.3g}"}),
    )
    cells = loss_cells(chosen.law) if chosen else frequency_cells(pool[1], pool[0], pool[2], Poisson())
    return ExpertPool(
        label=parsed.label,
        quantity=quantity,
        said=given,
        experts=wide,
        factor=factor,
        pool=pool,
        logarithmic=logarithmic,
        fits=fits,
        chosen=chosen,
        warnings=tuple(_warnings(wide, chosen, law)),
        row={**cells, **basis},
        currency=currency,
    )


def _experts(parsed: Parsed, problems: list[Problem], currency: str, is_frequency: bool) -> tuple[Expert, ...]:
    """The rows as experts with weights that add up to 1; rows with a problem are left out."""
    rows = [row for row in parsed.rows if row.is_fine("expert", "p05", "p50", "p95", "weight")]
    if len(parsed.rows) > MOST_EXPERTS:
        got = said("got_rows", n=len(parsed.rows))
        problems.append(Problem(parsed.label, 0, "", said("must_experts", n=MOST_EXPERTS), got, said("do_fewer_experts")))
    weighted = [row for row in parsed.rows if row.has("weight")]
    if weighted and len(weighted) < len(parsed.rows):
        problems += [
            row.problem("weight", said("must_weights"), said("do_weights")) for row in parsed.rows if "weight" not in row.text
        ]
    for row in parsed.rows:
        if row.is_fine("p05", "p50", "p95"):
            problems += _order(row, currency, is_frequency)
    total = math.fsum(row["weight"] or 1.0 for row in rows)
    return tuple(
        Expert(
            name=row["expert"].strip(),
            p05=row["p05"],
            p50=row["p50"] if row["p50"] is not None else math.sqrt(row["p05"]) * math.sqrt(row["p95"]),
            p95=row["p95"],
            weight=(row["weight"] or 1.0) / total,
        )
        for row in rows
    )


def _order(row: Row, currency: str, is_frequency: bool) -> list[Problem]:
    """p05 < p50 < p95."""
    names = [name for name in ("p05", "p50", "p95") if row[name] is not None]
    return [
        row.problem(
            low,
            said("must_less", name=high, value=f"{row[high]:g}" if is_frequency else Money(row[high], currency)),
            said("do_quantiles"),
        )
        for low, high in pairwise(names)
        if row[low] >= row[high]
    ]


def _widened(expert: Expert, factor: float) -> Expert:
    low, high = widen(expert.p05, expert.p50, expert.p95, factor)
    return Expert(expert.name, low, expert.p50, high, expert.weight)


def _three(values: FloatArray) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    return low, middle, high


def fit_quantiles(name: str, probabilities: Sequence[float], quantiles: Sequence[float]) -> QuantileLaw:
    """The law of a family whose quantiles are nearest to these, by least squares of their logarithms.

    Lognormal, Weibull and Pareto have logarithms of quantiles that are straight in a known function of the probability, so that a
    regression is enough; of a gamma the shape is searched for, given which the scale is known.
    """
    from scipy.optimize import minimize_scalar

    p, logs = np.asarray(probabilities, np.float64), np.log(np.asarray(quantiles, np.float64))
    if name == "gamma":

        def distance(log_cv: float) -> float:
            return float(np.var(logs - _gamma_logs(log_cv, p)))

        best = minimize_scalar(distance, bounds=(math.log(0.01), math.log(20.0)), method="bounded", options={"xatol": 1e-9})
        log_cv = float(best.x)
        return Gamma(math.exp(float((logs - _gamma_logs(log_cv, p)).mean())), math.exp(log_cv))
    scores: dict[str, Callable[[FloatArray], FloatArray]] = {
        "lognormal": special.ndtri,
        "weibull": lambda x: np.log(-np.log1p(-x)),
        "pareto": lambda x: -np.log1p(-x),
    }
    score = scores[name](p)
    slope = float(((score - score.mean()) * (logs - logs.mean())).sum() / ((score - score.mean()) ** 2).sum())
    level = math.exp(float(logs.mean() - slope * score.mean()))
    if name == "lognormal":
        return Lognormal(level, slope)
    return Weibull(level, 1 / slope) if name == "weibull" else Pareto(level, 1 / slope)


def _gamma_logs(log_cv: float, p: FloatArray) -> FloatArray:
    """Logarithms of the quantiles of the gamma with mean 1."""
    shape = math.exp(-2 * log_cv)
    return np.asarray(np.log(np.maximum(special.gammaincinv(shape, p), 1e-300)) + 2 * log_cv)


def _chosen(fits: Sequence[PoolFit], law: str) -> PoolFit:
    """The law asked for; of ``best`` the nearest single one, and the mixture where no single one is near enough and it is."""
    if law != "best":
        return next(fit for fit in fits if fit.name == law)
    single = next(fit for fit in fits if fit.name != "mixture")
    mixed = next((fit for fit in fits if fit.name == "mixture"), single)
    return mixed if single.off > MOST_OFF and mixed.off <= MOST_OFF else single


def _fits(experts: Sequence[Expert], pool: Sequence[float]) -> tuple[PoolFit, ...]:
    """The families' laws and, of several experts, the mixture, which is near by its making; nearest first."""
    quantiles = linear_pool(experts, FITTED_AT)
    laws: dict[str, LossModel] = {name: fit_quantiles(name, FITTED_AT, list(quantiles)) for name in EXPERT_LAWS[:-1]}
    if len(experts) <= MOST_PARTS:
        laws["mixture"] = _mixture(experts)
    fits = []
    for name, found in laws.items():
        gaps = [math.log(found.quantile(p) / q) for p, q in zip(FITTED_AT, quantiles, strict=True)]
        off = max(abs(math.log(found.quantile(p) / q)) for p, q in zip(SAID_AT, pool, strict=True))
        fits.append(PoolFit(name, found, math.sqrt(math.fsum(gap**2 for gap in gaps) / len(gaps)), math.exp(off)))
    return tuple(sorted(fits, key=lambda fit: fit.distance))


def _mixture(experts: Sequence[Expert]) -> LossModel:
    """Each expert's own lognormal; weights that add up to 1 to the last digit."""
    laws = [fit_quantiles("lognormal", SAID_AT, (one.p05, one.p50, one.p95)) for one in experts]
    if len(laws) == 1:
        return laws[0]
    weights = [one.weight for one in experts]
    if min(weights) > LEAST_ROUND:
        weights = [round(weight, 6) for weight in weights]
        weights[-1] = round(1 - math.fsum(weights[:-1]), 6)
    return Mixture(tuple(zip(weights, laws, strict=True)))


def _no_member(fit: PoolFit, pool: Sequence[float], label: str, currency: str) -> Problem:
    asked = [Money(value, currency) for value in pool]
    got = [Money(fit.law.quantile(p), currency) for p in SAID_AT]
    remedy = said("do_member_mixture" if fit.name == "mixture" else "do_member")
    rule = said("must_member", law=said(f"law_{fit.name}"), points=asked)
    return Problem(label, 0, "p05, p50, p95", rule, said("got_member", points=got), remedy)


def _warnings(experts: Sequence[Expert], chosen: PoolFit | None, law: str) -> list[Said]:
    found = []
    if chosen is not None and chosen.name == "mixture" and law == "best":
        found.append(said("warn_mixture"))
    apart = [(one.name, other.name) for one, other in combinations(experts, 2) if one.p95 < other.p05 or other.p95 < one.p05]
    if apart:
        found.append(said("warn_apart", one=apart[0][0], other=apart[0][1], n=len(apart) - 1))
    if chosen is not None and not math.isfinite(chosen.law.mean):
        found.append(said("warn_no_mean", law=said(f"law_{chosen.name}")))
    if chosen is not None and chosen.off > 1.2:
        found.append(said("warn_off", law=said(f"law_{chosen.name}"), x=f"{chosen.off:.2f}"))
    return found
