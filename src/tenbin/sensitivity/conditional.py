"""The expected loss of a plan as a function of one guess, the others uncertain: exact, in closed form.

An expected annual loss is a sum of products in which each frequency and each share that a measure leaves stands once. So in every
world it is ``loss − part + slope · min(h, most)``, where h is what the guess says (a frequency; the share left, (1 − e)^effect_scale),
``part`` is the last term at the world's own h, and ``most`` is what the other measures of its overlap group leave anyway. As guesses
are independent, its mean over the worlds of the others is the conditional expectation: no regression, no bins, and no noise between
two values of the guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import ExpectedLoss, Reduction
from tenbin.model import Case
from tenbin.sensitivity.guesses import Guess, GuessKind, Nodes, guesses_of
from tenbin.simulation import Structure, Worlds, draw_worlds, structure_of
from tenbin.units import Purpose

__all__ = ["BeliefWorlds", "Bound", "PlanLoss"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """A term that other measures of its overlap group bound.

    order : of the worlds by what the others leave; most : that, rising. reached : of each node, how many worlds' bounds it reaches.
    """

    order: IntArray
    most: FloatArray
    reached: IntArray

    def mean(self, slope: FloatArray, h: FloatArray) -> FloatArray:
        """Σ slope · min(h, most) at each node; slope : with the worlds' weights, shape (n_worlds,)."""
        ordered = slope[self.order]
        below = np.concatenate(([0.0], np.cumsum(ordered * self.most)))
        steep = np.concatenate(([0.0], np.cumsum(ordered)))
        return np.asarray(below[self.reached] + (steep[-1] - steep[self.reached]) * h)


@dataclass(frozen=True, slots=True)
class PlanLoss:
    """A plan's expected loss in each world, and its terms in each guess that it depends on.

    loss : shape (n_worlds,). numbers : of those guesses, shape (n_terms,). part, slope : shape (n_worlds, n_terms). own : h in each
    world, likewise; h : at the nodes, shape (n_terms, n_nodes). bounds : by the term's number.
    """

    loss: FloatArray
    numbers: IntArray
    part: FloatArray
    slope: FloatArray
    own: FloatArray
    h: FloatArray
    bounds: dict[int, Bound]

    def means(self, weight: FloatArray | None = None) -> FloatArray:
        """Expected loss given each guess at each node, over the worlds of the others: shape (n_terms, n_nodes).

        weight : of the worlds, summing to 1; alike unless given.
        """
        share = np.full(len(self.loss), 1 / len(self.loss)) if weight is None else weight
        rest = share @ self.loss - share @ self.part
        found = rest[:, None] + (share @ self.slope)[:, None] * self.h
        for t, bound in self.bounds.items():
            found[t] = rest[t] + bound.mean(share * self.slope[:, t], self.h[t])
        return np.asarray(found)

    def only(self, guesses: Sequence[int]) -> PlanLoss:
        """The same with the terms of some guesses alone."""
        kept = np.flatnonzero(np.isin(self.numbers, guesses))
        bounds = {new: self.bounds[t] for new, t in enumerate(kept.tolist()) if t in self.bounds}
        parts = (self.part[:, kept], self.slope[:, kept], self.own[:, kept])
        return PlanLoss(self.loss, self.numbers[kept], *parts, self.h[kept], bounds)

    def main_effects(self) -> FloatArray:
        """Each term's mean given its guess at the world's own value, shape (n_worlds, n_terms)."""
        found = np.empty(self.own.shape)
        for t, means in enumerate(self.means()):
            turn = 1 if self.h[t, 0] <= self.h[t, -1] else -1
            found[:, t] = np.interp(self.own[:, t], self.h[t, ::turn], means[::turn])
        return found


@dataclass(frozen=True)
class BeliefWorlds:
    """Worlds drawn to ask what each guess does; guesses : all of the case's.

    values : of each guess at each node, shape (n_guesses, n_nodes). number : of a guess by its place in the case: frequencies by
    scenario, effects by contribution of the reduction (-1: none). left : the share that a contribution leaves at each node.
    scope : flags by scenario; losses of the others do not count.
    """

    case: Case
    worlds: Worlds
    guesses: tuple[Guess, ...]
    nodes: Nodes = field(repr=False)
    values: FloatArray = field(repr=False)
    structure: Structure = field(repr=False)
    reduction: Reduction = field(repr=False)
    expected: ExpectedLoss = field(repr=False)
    scope: FloatArray = field(repr=False)
    of_scenario: IntArray = field(repr=False)
    of_contribution: IntArray = field(repr=False)
    left: FloatArray = field(repr=False)

    @classmethod
    def of(cls, case: Case, n_worlds: int, seed: int, scope: Sequence[bool] | None = None) -> BeliefWorlds:
        """Draw worlds on streams of their own."""
        worlds, guesses, nodes = draw_worlds(case, n_worlds, seed, Purpose.SENSITIVITY), guesses_of(case), Nodes.usual()
        structure, reduction = structure_of(case, worlds), Reduction.of(case, worlds)
        values = np.array([guess.at(nodes.normal) for guess in guesses]).reshape(len(guesses), len(nodes.normal))
        of_scenario = np.full(len(case.scenarios), -1)
        of_effect = np.full(len(case.effects), -1)
        for g, guess in enumerate(guesses):
            if guess.kind is GuessKind.FREQUENCY:
                of_scenario[guess.place] = g
            elif guess.kind is GuessKind.EFFECT:
                of_effect[guess.place] = g
        # a reduction lists contributions effect by effect, each with the rows of its measure
        pairs = [(n, row) for n, e in enumerate(case.effects) for row in case.costs.rows if row.measure == e.measure]
        of_contribution = np.array([of_effect[n] for n, _ in pairs], np.int64)
        scale = np.array([row.effect_scale for _, row in pairs])
        left = np.ones((len(pairs), len(nodes.normal)))
        there = of_contribution >= 0
        left[there] = (1 - values[of_contribution[there]]) ** scale[there, None]
        return cls(
            case=case,
            worlds=worlds,
            guesses=guesses,
            nodes=nodes,
            values=values,
            structure=structure,
            reduction=reduction,
            expected=ExpectedLoss.of(structure),
            scope=np.ones(len(case.scenarios)) if scope is None else np.asarray(scope, np.float64),
            of_scenario=of_scenario,
            of_contribution=of_contribution,
            left=left,
        )

    @property
    def n_worlds(self) -> int:
        return self.worlds.n_worlds

    def loss(self, chosen: BoolArray) -> FloatArray:
        """A plan's expected annual loss in each world, shape (n_worlds,)."""
        phi, gamma = self.reduction.reduce(chosen)
        return np.asarray((self.expected.rates(phi) * self.expected.mean * np.exp(-gamma)) @ self.scope)

    def plan_loss(self, chosen: BoolArray) -> PlanLoss:
        """A plan's expected loss with its terms."""
        phi, gamma = self.reduction.reduce(chosen)
        rates = self.expected.rates(phi)
        by_phi, by_gamma = (part * self.n_worlds for part in self.expected.gradient(phi, gamma, self.scope))
        places = np.flatnonzero(self.of_scenario >= 0)
        # what an own event more a year adds: the scenario's share of the loss, spread over all its events
        frequent = (np.exp(-phi) * by_phi / rates)[:, places]
        here = np.flatnonzero(chosen[self.reduction.row] & (self.of_contribution >= 0))
        slot = self.reduction.slot[here]
        columns = self.reduction.slot_scenario[slot] + self.reduction.slot_kind[slot] * len(self.of_scenario)
        part = np.concatenate((by_phi, by_gamma), axis=1)[:, columns]
        bounds: dict[int, Bound] = {}
        best = self.reduction.value[:, here].copy()
        for t, c in enumerate(here):
            others = self._others(int(c), chosen)
            if len(others):
                other = self.reduction.value[:, others].max(axis=1)
                np.maximum(best[:, t], other, out=best[:, t])
                order = np.argsort(-other)
                most = np.exp(-other[order])
                bounds[len(places) + t] = Bound(order, most, np.searchsorted(most, self.left[c], side="right"))
        return PlanLoss(
            loss=np.asarray((rates * self.expected.mean * np.exp(-gamma)) @ self.scope),
            numbers=np.concatenate((self.of_scenario[places], self.of_contribution[here])),
            part=np.concatenate((frequent * self.worlds.frequency[:, places], part), axis=1),
            slope=np.concatenate((frequent, part * np.exp(best)), axis=1),
            own=np.concatenate((self.worlds.frequency[:, places], np.exp(-self.reduction.value[:, here])), axis=1),
            h=np.concatenate((self.values[self.of_scenario[places]], self.left[here])),
            bounds=bounds,
        )

    def _others(self, c: int, chosen: BoolArray) -> IntArray:
        """The other chosen contributions of the same slot."""
        slot = self.reduction.slot[c]
        if not self.reduction.contested[slot]:
            return np.zeros(0, np.int64)
        in_slot = np.flatnonzero((self.reduction.slot == slot) & chosen[self.reduction.row])
        return np.asarray(in_slot[in_slot != c])
