"""The tornado: what each guess, from its low to its high end, does to a metric, the others at their likely values."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import SimulationError
from tenbin.evaluation import Reduction
from tenbin.inputs import parse_plan
from tenbin.model import Case, Metric
from tenbin.sensitivity.guesses import Guess, GuessKind, guesses_of
from tenbin.sensitivity.pricing import WorldCosts
from tenbin.sensitivity.thinning import ThinnedYears
from tenbin.sensitivity.wording import nothing_uncertain, said
from tenbin.simulation import EventTable, Worlds
from tenbin.studies.asking import enough_years_for
from tenbin.studies.scopes import metric_quantity
from tenbin.studies.simulating import Progress

__all__ = ["Swing", "Tornado", "tornado"]

FloatArray = NDArray[np.float64]
NOISE = 2.0
"""Standard errors that a difference must exceed to be told from none."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A metric, or a cost, with one guess at its low and at its high end.

    error_low, error_high : standard errors of the difference from the middle, on the same years; error : of high − low.
    """

    guess: Guess
    low: float
    high: float
    error_low: float = 0.0
    error_high: float = 0.0
    error: float = 0.0

    @property
    def width(self) -> float:
        return abs(self.high - self.low)

    @property
    def is_noise(self) -> bool:
        """Whether the years drawn cannot tell the two ends apart."""
        return self.width <= NOISE * self.error

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        ends = {"low": self.low, "high": self.high, "error": self.error, "is_noise": self.is_noise}
        return {"guess": self.guess.key, **ends, "error_low": self.error_low, "error_high": self.error_high}


@dataclass(frozen=True)
class Tornado:
    """Swings of a metric and of the cost of a plan, the widest first and noise last; what a guess does not touch is left out.

    middle, cost : the metric and the cost per year where every guess is at its likely value. swings : of the metric.
    costs : of the cost per year. n_without : guesses that touch neither, as the plan has not the measure.
    """

    case: Case = field(repr=False)
    plan: dict[str, str]
    metric: str
    middle: float
    cost: float
    swings: tuple[Swing, ...]
    costs: tuple[Swing, ...]
    n_guesses: int
    n_trials: int
    seed: int

    @property
    def n_without(self) -> int:
        return self.n_guesses - len(self.swings) - len(self.costs)

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "plan": [{"measure": measure, "level": level} for measure, level in self.plan.items()],
            "metric": self.metric,
            "middle": self.middle,
            "cost_per_year": self.cost,
            "swings": [swing.to_dict() for swing in self.swings],
            "costs": [swing.to_dict() for swing in self.costs],
            "n_guesses": self.n_guesses,
            "n_without": self.n_without,
        }


def tornado(
    source: EventTable | Case,
    plan: Mapping[str, str] | str = "current",
    metric: str = "tvar95",
    *,
    n_trials: int | None = None,
    seed: int | None = None,
    years: ThinnedYears | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Tornado:
    """Put each guess at its low and its high end, the others at their likely values, on the same years.

    The years are drawn once, with every frequency at its high end; every other value is a thinning of the same events. A
    difference has the standard error of a difference of influences on the same years; where it is not twice as large, it is noise.

    Parameters
    ----------
    source : an event table (whose years' number and seed are taken) or a case.
    plan : as in ``evaluate``.
    metric : such as ``aal`` (in closed form), ``tvar95``, ``L2:var99``.
    years : of this case, where several plans are asked for.
    on_progress : called with (stage, done, total, detail). stop : set it to end the work.

    Raises
    ------
    InputError : for an unknown plan or metric, or when nothing in the case has a range.
    SimulationError : when the work was stopped.
    """
    case = source.case if isinstance(source, EventTable) else source
    n = n_trials or (source.n_trials if isinstance(source, EventTable) else case.study.n_trials)
    start = seed if seed is not None else source.seed if isinstance(source, EventTable) else case.study.seed
    guesses = guesses_of(case)
    if not guesses:
        raise nothing_uncertain()
    chosen = parse_plan(plan, case)
    swinger = _Swinger(case, chosen, metric, years or thinned_years(case, n, start))
    swings: list[Swing] = []
    for done, guess in enumerate(guesses, start=1):
        if stop is not None and stop.is_set():
            raise SimulationError(said("stopped"))
        swing = swinger.swing(guess)
        if swing is not None:
            swings.append(swing)
        if on_progress:
            on_progress("tornado", done, len(guesses), {})
    swings.sort(key=lambda swing: (swing.is_noise, -swing.width, swing.guess.key))
    return Tornado(
        case=case,
        plan=dict(sorted(chosen.items())),
        metric=metric,
        middle=swinger.middle,
        cost=swinger.cost,
        swings=tuple(swing for swing in swings if swing.guess.kind is not GuessKind.COST),
        costs=tuple(swing for swing in swings if swing.guess.kind is GuessKind.COST),
        n_guesses=len(guesses),
        n_trials=n,
        seed=start,
    )


def thinned_years(case: Case, n_trials: int, seed: int, memory: str | int | None = None) -> ThinnedYears:
    """The years of a case from which a tornado is made; as in ``simulate``.

    Raises
    ------
    InputError : for a number of years below 1, a negative seed, a memory that is none.
    """
    highest = [max(one.frequency.likely, one.frequency.high or 0.0) for one in case.scenarios]
    return ThinnedYears(case, np.array(highest), n_trials, seed, memory)


class _Swinger:
    """What a metric of one plan is at the ends of a guess."""

    def __init__(self, case: Case, plan: Mapping[str, str], metric: str, years: ThinnedYears) -> None:
        enough_years_for(metric, case, years.events.n_trials)
        self.case, self.years, self.quantity = case, years, metric_quantity(case, metric)
        self.frequency = np.array([scenario.frequency.likely for scenario in case.scenarios])
        self.effect = np.array([[-math.log1p(-effect.effect.likely) for effect in case.effects]])
        reduction = Reduction.of(case, Worlds(self.frequency[None, :], self.effect))
        self.chosen = reduction.choice(plan)
        self.measures = set(plan)
        self.prices = WorldCosts.of(case)
        self.cost = float(self.prices.per_year(self.chosen)[0])
        self.middle, self.influence = self.value(self.frequency, self.effect)

    def value(self, frequency: FloatArray, effect: FloatArray) -> tuple[float, FloatArray | None]:
        """The metric, and each year's part in it; None where it has no sampling error, or none is known."""
        reduction = Reduction.of(self.case, Worlds(frequency[None, :], effect))
        phi, gamma = reduction.reduce(self.chosen)
        scope = self.quantity.scope
        if self.quantity.metric is Metric.AAL:
            return self.years.aal(frequency, phi, gamma, scope), None
        loss = self.years.losses(frequency, phi, gamma, scope)
        evaluator = self.years.evaluator
        return evaluator.value(self.quantity, phi, gamma, loss), evaluator.influence(self.quantity, loss)

    def swing(self, guess: Guess) -> Swing | None:
        """The metric (of a cost: the cost per year) at both ends; None where the guess touches nothing."""
        low, high = guess.range.low, guess.range.high
        assert low is not None
        assert high is not None
        if guess.kind is GuessKind.COST:
            given = self.prices.given(self.chosen, guess, np.array([low, high]))
            return None if given is None else Swing(guess, float(given[0]), float(given[1]))
        if guess.kind is GuessKind.EFFECT and guess.measure not in self.measures:
            return None
        ends = []
        for value in (low, high):
            frequency, effect = self.frequency.copy(), self.effect.copy()
            if guess.kind is GuessKind.FREQUENCY:
                frequency[guess.place] = value
            else:
                effect[0, guess.place] = -math.log1p(-value)
            ends.append(self.value(frequency, effect))
        (first, one), (second, other) = ends
        if first == second == self.middle:
            return None
        return Swing(guess, first, second, _error(one, self.influence), _error(other, self.influence), _error(other, one))


def _error(one: FloatArray | None, other: FloatArray | None) -> float:
    """Standard error of the difference of two metrics on the same years."""
    if one is None or other is None:
        return 0.0
    return float(np.std(one - other)) / math.sqrt(len(one))
