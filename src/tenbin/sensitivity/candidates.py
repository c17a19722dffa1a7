"""Plans that one might switch to when a guess is known: the best plan, what is one move away, the best where a guess is at an end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Case
from tenbin.optimisation import Limit, least_total_plan
from tenbin.sensitivity.conditional import BeliefWorlds, PlanLoss
from tenbin.sensitivity.guesses import Guess, GuessKind
from tenbin.sensitivity.pricing import WorldCosts
from tenbin.sensitivity.surface import Surface
from tenbin.simulation import simulate_case
from tenbin.studies.scopes import metric_quantity, reduce_plan
from tenbin.studies.study import prepare

__all__ = ["Bench", "Candidate", "best_plan"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

YEARS = 10
"""Expected losses are in closed form: years are drawn because a study has some."""
GIVEN_WORLDS = 64
"""Worlds in which plans are looked for where a guess is known."""


def best_plan(case: Case, seed: int, time_limit: float = 5.0) -> dict[str, str] | None:
    """The plan of least cost per year and expected loss together at the likely values; None where the rules allow none.

    To begin with: from it the way leads down to the best over all worlds.
    """
    study = prepare(simulate_case(case, YEARS, seed, n_worlds=1), time_limit=time_limit, own_targets=False)
    quantity = metric_quantity(study.case, "aal")
    limit = Limit(quantity, study.evaluator.value(quantity, *reduce_plan(study.reduction, {})), "aal")
    solution = least_total_plan(study.problem([limit]), study.clock)
    return None if solution.point is None else study.reduction.plan(solution.point.chosen)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan: its total (cost per year and expected loss) in each world, shape (n_worlds,); its choice by row."""

    plan: dict[str, str]
    chosen: BoolArray = field(repr=False)
    total: FloatArray = field(repr=False)

    @property
    def mean(self) -> float:
        return float(self.total.mean())


@dataclass
class Bench:
    """Plans laid beside each other in the same worlds.

    tables : by plan, its total given each guess at each node, shape (n_guesses, n_nodes), worked out once.
    """

    worlds: BeliefWorlds
    costs: WorldCosts
    surface: Surface
    plans: list[Candidate] = field(default_factory=list)
    tables: dict[bytes, FloatArray] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, worlds: BeliefWorlds) -> Bench:
        """A bench without plans."""
        costs = WorldCosts.of(worlds.case, worlds.worlds)
        return cls(worlds, costs, Surface.of(worlds, costs))

    @property
    def best(self) -> Candidate:
        """The plan of least mean total: the one to choose when nothing more is known."""
        return min(self.plans, key=lambda plan: plan.mean)

    def add(self, plan: dict[str, str]) -> None:
        """Lay a plan beside the others unless it is there."""
        chosen = self.worlds.reduction.choice(plan)
        if not any(np.array_equal(chosen, other.chosen) for other in self.plans):
            total = np.broadcast_to(self.surface.totals(chosen), self.worlds.n_worlds)
            self.plans.append(Candidate(dict(sorted(plan.items())), chosen, total))

    def settle(self) -> None:
        """Go down from the best plan as far as the steps lead, then lay beside it those that are better in some world."""
        self.surface.stand(self.best.chosen)
        self.add(self.surface.descend())
        best = self.best
        for plan in self.surface.moves.single(best.plan):
            if (self.surface.totals(self.worlds.reduction.choice(plan)) < best.total).any():
                self.add(plan)

    def totals(self, plan: Candidate) -> FloatArray:
        """A plan's total given each guess at each node, over the worlds of the others: shape (n_guesses, n_nodes)."""
        key = plan.chosen.tobytes()
        if key not in self.tables:
            self.tables[key] = self.given(plan, self.worlds.plan_loss(plan.chosen))
        return self.tables[key]

    def given(self, plan: Candidate, loss: PlanLoss, weight: FloatArray | None = None) -> FloatArray:
        """The same with the worlds weighted; ``loss`` : the plan's terms."""
        share = np.full(len(plan.total), 1 / len(plan.total)) if weight is None else weight
        mean_loss, mean_total = float(share @ loss.loss), float(share @ plan.total)
        found = np.full(self.worlds.values.shape, mean_total)
        found[loss.numbers] += loss.means(weight) - mean_loss
        for g, guess in enumerate(self.worlds.guesses):
            if guess.kind is GuessKind.COST:
                cost = self.costs.given(plan.chosen, guess, self.worlds.values[g], weight)
                if cost is not None:
                    found[g] = cost + mean_loss
        return found

    def add_best_given(
        self,
        wanted: Sequence[tuple[Guess, float]],
        on_done: Callable[[int, int], None],
        stop: threading.Event | None = None,
    ) -> None:
        """Lay beside the best plan those that it leads down to where a guess has a value, for each pair."""
        for n, (guess, value) in enumerate(wanted, start=1):
            if stop is not None and stop.is_set():
                return
            self.add(self.surface.given(self.worlds, guess, value, GIVEN_WORLDS).descend())
            on_done(n, len(wanted))

    def add_best_of_worlds(self, n_worlds: int, stop: threading.Event | None = None) -> None:
        """The same where everything is known, in some of the worlds."""
        for number in range(min(n_worlds, self.worlds.n_worlds)):
            if stop is not None and stop.is_set():
                return
            self.add(self.surface.world(number).descend())
