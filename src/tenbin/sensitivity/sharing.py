"""Shares of variance: how much of not knowing each guess explains, and how a year's loss splits into chance and not knowing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.inputs import parse_plan
from tenbin.model import Case
from tenbin.sensitivity.conditional import BeliefWorlds, PlanLoss
from tenbin.sensitivity.guesses import Guess, guesses_of
from tenbin.sensitivity.moments import variance_by_world
from tenbin.sensitivity.wording import nothing_uncertain
from tenbin.simulation import EventTable
from tenbin.studies.scopes import metric_quantity
from tenbin.units import Purpose, stream

__all__ = ["Share", "VarianceShares", "variance_shares"]

FloatArray = NDArray[np.float64]

N_WORLDS = 2048
N_BOOTSTRAP = 100


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the variance between worlds one guess explains by itself, with its standard error."""

    guess: Guess
    share: float
    error: float


@dataclass(frozen=True)
class VarianceShares:
    """Where the spread of a plan's expected annual loss between worlds comes from.

    mean, low, high : of the expected loss over worlds, with its 5 % and 95 % points. shares : of every guess, the largest first; guesses
    acting together explain the rest, ``together``. not_knowing : the share of a year's variance that is between worlds; chance is the
    rest; None where an event's loss has no variance.
    """

    case: Case = field(repr=False)
    plan: dict[str, str]
    mean: float
    low: float
    high: float
    shares: tuple[Share, ...]
    not_knowing: float | None
    n_worlds: int
    seed: int

    @property
    def together(self) -> float:
        """What no guess explains by itself."""
        return 1 - math.fsum(share.share for share in self.shares)

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents; guesses that explain nothing are left out."""
        return {
            "plan": [{"measure": measure, "level": level} for measure, level in self.plan.items()],
            "aal": {"mean": self.mean, "low": self.low, "high": self.high},
            "together": self.together,
            "not_knowing": self.not_knowing,
            "n_worlds": self.n_worlds,
            "guesses": [
                {"guess": one.guess.key, "share": one.share, "error": one.error} for one in self.shares if one.share > 0
            ],
        }


def variance_shares(
    source: EventTable | Case,
    plan: Mapping[str, str] | str = "current",
    metric: str = "aal",
    *,
    seed: int | None = None,
    n_worlds: int = N_WORLDS,
) -> VarianceShares:
    """Split the variance of a plan's expected annual loss between worlds over the guesses (Sobol's first-order indices).

    The share of a guess is Var(E[loss | guess]) / Var(loss). The inner mean is in closed form but for the worlds that the other
    guesses are averaged over, so that it needs neither bins nor a correction of bias; standard errors by a bootstrap of the worlds.

    Parameters
    ----------
    source : an event table or a case; the years are not looked at.
    plan : as in ``evaluate``. metric : its scope alone counts.

    Raises
    ------
    InputError : for an unknown plan or metric, or when nothing in the case has a range.

    References
    ----------
    Saltelli et al. (2008), Global Sensitivity Analysis; Plischke, Borgonovo & Smith (2013), EJOR 226.
    """
    case = source.case if isinstance(source, EventTable) else source
    start = seed if seed is not None else source.seed if isinstance(source, EventTable) else case.study.seed
    if not guesses_of(case):
        raise nothing_uncertain()
    chosen = parse_plan(plan, case)
    worlds = BeliefWorlds.of(case, n_worlds, start, metric_quantity(case, metric).scope)
    choice = worlds.reduction.choice(chosen)
    parts = worlds.plan_loss(choice)
    rest = parts.loss - parts.main_effects().sum(axis=1)
    found, between = _shares(worlds, parts, rest)
    errors = _errors(worlds, parts, rest, start)
    shares = dict(zip(map(int, parts.numbers), zip(found, errors, strict=True), strict=True))
    every = [Share(guess, *map(float, shares.get(g, (0.0, 0.0)))) for g, guess in enumerate(worlds.guesses)]
    phi, gamma = worlds.reduction.reduce(choice)
    within = float(variance_by_world(case, worlds.structure, phi, gamma, worlds.scope).mean())
    low, high = np.quantile(parts.loss, [0.05, 0.95])
    return VarianceShares(
        case=case,
        plan=dict(sorted(chosen.items())),
        mean=float(parts.loss.mean()),
        low=float(low),
        high=float(high),
        shares=tuple(sorted(every, key=lambda one: (-one.share, one.guess.key))),
        not_knowing=between / (between + within) if math.isfinite(within) and within + between > 0 else None,
        n_worlds=n_worlds,
        seed=start,
    )


def _shares(
    worlds: BeliefWorlds, parts: PlanLoss, rest: FloatArray, weight: FloatArray | None = None
) -> tuple[FloatArray, float]:
    """Var(E[loss | guess]) / Var(loss) of each term, shape (n_terms,), and Var(loss).

    Var(loss) is the sum of what the guesses explain alone and the variance of ``rest``, what their main effects leave of the loss,
    shape (n_worlds,): with these known it is far surer than the variance of a few thousand losses.
    """
    means, node = parts.means(weight), worlds.nodes.weight
    alone = (means - (means @ node)[:, None]) ** 2 @ node
    share = np.full(len(rest), 1 / len(rest)) if weight is None else weight
    total = float(alone.sum() + share @ (rest - share @ rest) ** 2)
    return (alone / total if total > 0 else alone), total


def _errors(worlds: BeliefWorlds, parts: PlanLoss, rest: FloatArray, seed: int) -> FloatArray:
    """Standard errors by a bootstrap of the worlds."""
    draw, n = stream(seed, Purpose.SENSITIVITY, "bootstrap", "shares"), worlds.n_worlds
    weights = (draw.multinomial(n, np.full(n, 1 / n)) / n for _ in range(N_BOOTSTRAP))
    return np.asarray(np.std([_shares(worlds, parts, rest, weight)[0] for weight in weights], axis=0, ddof=1))
