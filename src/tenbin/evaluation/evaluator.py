"""Evaluating plans on an event table: annual losses, metrics, tangents."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import kernels
from tenbin.evaluation.expected import ExpectedLoss
from tenbin.evaluation.metrics import (
    partitioned,
    quantile_rank,
    tail_mean,
    tail_size,
    tvar_influence,
    var_density,
    var_influence,
)
from tenbin.model import Metric
from tenbin.simulation import Block, EventTable, Structure

__all__ = ["Evaluator", "Quantity", "Tangent", "block_losses"]

FloatArray = NDArray[np.float64]

WORTH_THREADS = 400_000
"""Below so many events handing work to threads costs more than it saves."""
WINDOW = 0.1
"""Half-width of the window of ranks round VaR, as a share of the years in the tail."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A metric of a part of the case. ``scope``: one flag per scenario; ``confidence`` for VaR and TVaR."""

    metric: Metric
    confidence: Decimal | None
    scope: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Tangent:
    """A metric's value at (phi, gamma) and minus its derivatives there, all of shape (n_worlds, n_scenarios)."""

    value: float
    phi: FloatArray
    gamma: FloatArray
    by_phi: FloatArray
    by_gamma: FloatArray

    def at(self, phi: FloatArray, gamma: FloatArray) -> float:
        """The tangent's value at another point."""
        fall = np.sum(self.by_phi * (phi - self.phi)) + np.sum(self.by_gamma * (gamma - self.gamma))
        return float(self.value - fall)


class _Scratch(threading.local):
    """What the kernels write on while a block is evaluated; one for each thread, as large as its largest block."""

    def __init__(self, has_triggers: bool) -> None:
        self.has_triggers = has_triggers
        self.alive = np.zeros(0, np.uint8)
        self.cluster = np.zeros(0)

    def fit(self, block: Block) -> _Scratch:
        """Make room for a block; cases without triggers need none."""
        if self.has_triggers and len(self.alive) < block.n_events:
            self.alive, self.cluster = np.zeros(block.n_events, np.uint8), np.zeros(block.n_events)
        return self


class Evaluator:
    """Evaluates any plan on one event table; the results never depend on the number of threads."""

    def __init__(self, events: EventTable) -> None:
        self.events = events
        self.structure = events.structure
        self.expected = ExpectedLoss.of(events.structure)
        self.scenario = events.structure.edges.scenario
        self._pool = ThreadPoolExecutor(events.n_threads) if events.n_threads > 1 else None
        self._scratch = _Scratch(events.structure.has_triggers)
        self._guess: dict[tuple[Quantity], float] = {}
        self.n_evaluations = 0

    @property
    def n_trials(self) -> int:
        return self.events.n_trials

    def annual_loss(
        self, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool] | None = None, alone: bool = False
    ) -> FloatArray:
        """Annual losses under log reductions, shape (n_trials,), in the case's currency.

        scope : flags by scenario; losses of the others do not count. alone : on the calling thread, beside other calls.
        """
        self.n_evaluations += 1
        factor = np.exp(-gamma)
        if scope is not None:
            factor = factor * np.asarray(scope, np.float64)
        loss = np.zeros(self.n_trials)

        def work(number: int) -> None:
            block = self.events.borrow(number)
            place = block.place
            here = loss[place.first_trial : place.first_trial + place.n_years]
            alive = self._scratch.fit(block).alive
            run_block(block, self.structure, self.scenario, phi[place.world], factor[place.world], alive, here)

        self._each_block(work, alone)
        return loss

    def value(self, quantity: Quantity, phi: FloatArray, gamma: FloatArray, loss: FloatArray | None = None) -> float:
        """The metric under log reductions; ``loss`` saves drawing up the annual losses of its scope again."""
        if quantity.metric is Metric.AAL:
            return float(self.expected.by_scenario(phi, gamma)[list(quantity.scope)].sum())
        if loss is None:
            loss = self.annual_loss(phi, gamma, quantity.scope)
        return self._tail(quantity, loss)[0]

    def values(self, quantities: Sequence[Quantity], phi: FloatArray, gamma: FloatArray, alone: bool = False) -> list[float]:
        """Several metrics under log reductions; annual losses are drawn up once for each scope."""
        losses = self.losses(quantities, phi, gamma, alone)
        return [self.value(quantity, phi, gamma, losses.get(quantity.scope)) for quantity in quantities]

    def losses(
        self, quantities: Sequence[Quantity], phi: FloatArray, gamma: FloatArray, alone: bool = False
    ) -> dict[tuple[bool, ...], FloatArray]:
        """Annual losses of each scope that VaR or TVaR is asked of."""
        scopes = dict.fromkeys(q.scope for q in quantities if q.metric is not Metric.AAL)
        return {scope: self.annual_loss(phi, gamma, scope, alone) for scope in scopes}

    def values_many(self, wanted: Sequence[tuple[Sequence[Quantity], FloatArray, FloatArray]]) -> list[list[float]]:
        """Several metrics of several (phi, gamma), side by side: threads take whole plans, which scales better than blocks."""
        if self._pool is None or len(wanted) < 2:
            return [self.values(*one) for one in wanted]
        return list(self._pool.map(lambda one: self.values(one[0], one[1], one[2], True), wanted))

    def tangent(self, quantity: Quantity, phi: FloatArray, gamma: FloatArray, loss: FloatArray | None = None) -> Tangent | None:
        """The metric with its gradient; None where VaR has no density (a window of ranks without width)."""
        if quantity.metric is Metric.AAL:
            scope = np.asarray(quantity.scope, np.float64)
            by_phi, by_gamma = self.expected.gradient(phi, gamma, scope)
            return Tangent(self.value(quantity, phi, gamma), phi, gamma, by_phi, by_gamma)
        if loss is None:
            loss = self.annual_loss(phi, gamma, quantity.scope)
        value, threshold = self._tail(quantity, loss)
        assert quantity.confidence is not None
        excess = np.maximum(loss - threshold, 0.0)
        if quantity.metric is Metric.TVAR:
            share = 1 / float(tail_size(self.n_trials, quantity.confidence))
            by_phi, by_gamma = self._sums(quantity, phi, gamma, excess, (excess > 0).astype(np.uint8), crossing=False)
            return Tangent(value, phi, gamma, by_phi * share, by_gamma * share)
        low, high, density = self._window(quantity.confidence, loss)
        if density == 0:
            return None
        window = (loss >= low) & (loss <= high)
        inside = (kernels.BEYOND * (excess > 0) + kernels.WINDOW * window).astype(np.uint8)
        by_phi, by_gamma = self._sums(quantity, phi, gamma, excess, inside, crossing=True)
        return Tangent(value, phi, gamma, by_phi / (density * self.n_trials), by_gamma / window.sum())

    def influence(self, quantity: Quantity, loss: FloatArray) -> FloatArray | None:
        """Each year's part in the metric: the spread of a difference of two over √N is its standard error.

        None for the expected loss, which has no sampling error, and where VaR has no density.
        """
        if quantity.metric is Metric.AAL or quantity.confidence is None:
            return None
        _, threshold = self._tail(quantity, loss)
        if quantity.metric is Metric.TVAR:
            return tvar_influence(loss, threshold, quantity.confidence)
        _, _, density = self._window(quantity.confidence, loss)
        return var_influence(loss, threshold, density, quantity.confidence) if density > 0 else None

    def _window(self, confidence: Decimal, loss: FloatArray) -> tuple[float, float, float]:
        """The losses at both ends of a window of ranks round VaR, and the density of annual loss in it (0: it has no width)."""
        rank = quantile_rank(self.n_trials, confidence)
        half = max(5, round(WINDOW * (self.n_trials - rank)))
        ends = max(rank - 1 - half, 0), min(rank - 1 + half, len(loss) - 1)
        order = partitioned(loss, ends)
        return float(order[ends[0]]), float(order[ends[1]]), var_density(order, rank, half)

    def _tail(self, quantity: Quantity, loss: FloatArray) -> tuple[float, float]:
        """The metric's value and VaR, selecting only among losses that can be in the tail."""
        assert quantity.confidence is not None
        n = len(loss)
        rank = quantile_rank(n, quantity.confidence)
        needed = n - rank + 1
        key = (quantity,)
        candidates = loss[loss >= self._guess.get(key, np.inf)]
        if not needed <= len(candidates):
            candidates = loss
        place = len(candidates) - needed
        ordered = partitioned(candidates, [place])
        threshold = float(ordered[place])
        # the next plan's VaR is seldom lower than a little below this one's
        self._guess[key] = 0.85 * threshold if threshold > 0 else np.inf
        if quantity.metric is Metric.VAR:
            return threshold, threshold
        # in the years' order, so that the sum is the same to the last bit however the candidates were found
        return tail_mean(candidates[candidates > threshold], threshold, tail_size(n, quantity.confidence)), threshold

    def _sums(
        self,
        quantity: Quantity,
        phi: FloatArray,
        gamma: FloatArray,
        excess: FloatArray,
        inside: NDArray[np.uint8],
        crossing: bool,
    ) -> tuple[FloatArray, FloatArray]:
        factor = np.exp(-gamma) * np.asarray(quantity.scope, np.float64)
        n_blocks, n_scenarios = len(self.events.blocks), self.structure.n_scenarios
        by_phi, by_gamma = np.zeros((n_blocks, n_scenarios)), np.zeros((n_blocks, n_scenarios))

        def work(number: int) -> None:
            block = self.events.borrow(number)
            place, scratch = block.place, self._scratch.fit(block)
            years = slice(place.first_trial, place.first_trial + place.n_years)
            if scratch.has_triggers:  # which events are alive is what drawing the losses up leaves behind
                unused = np.zeros(place.n_years)
                run_block(block, self.structure, self.scenario, phi[place.world], factor[place.world], scratch.alive, unused)
            kernels.block_gradient(
                block.severity,
                block.tau,
                block.trial,
                block.parent,
                block.start,
                self.scenario,
                n_scenarios,
                self.structure.edges.causes,
                phi[place.world],
                factor[place.world],
                scratch.alive,
                scratch.cluster,
                excess[years],
                inside[years],
                crossing,
                by_phi[number],
                by_gamma[number],
            )

        self._each_block(work)
        return self._by_world(by_phi), self._by_world(by_gamma)

    def _by_world(self, sums: FloatArray) -> FloatArray:
        """Add up blocks into worlds, in block order."""
        total = np.zeros((self.events.n_worlds, self.structure.n_scenarios))
        for number, place in enumerate(self.events.places):
            total[place.world] += sums[number]
        return total

    def _each_block(self, work: Callable[[int], None], alone: bool = False) -> None:
        numbers = range(len(self.events.blocks))
        if alone or self._pool is None or len(numbers) == 1 or self.events.n_events < WORTH_THREADS:
            for number in numbers:
                work(number)
            return
        threads = min(self.events.n_threads, len(numbers))

        def part(first: int) -> None:
            for number in numbers[first::threads]:
                work(number)

        list(self._pool.map(part, range(threads)))


def run_block(
    block: Block,
    structure: Structure,
    scenario: NDArray[np.int64],
    phi: FloatArray,
    factor: FloatArray,
    alive: NDArray[np.uint8],
    loss: FloatArray,
) -> None:
    """Add one block's surviving losses to ``loss``; ``scenario``: whose phi and factor each segment has."""
    kernels.block_loss(
        block.severity,
        block.tau,
        block.trial,
        block.parent,
        block.start,
        scenario,
        structure.n_scenarios,
        structure.edges.causes,
        phi,
        factor,
        alive,
        loss,
    )


def block_losses(block: Block, structure: Structure, points: Sequence[tuple[FloatArray, FloatArray]]) -> list[FloatArray]:
    """Annual losses of one block under several (phi, factor) of its world: for years that are not kept (validation).

    factor : exp(−gamma), 0 outside the scope, shape (n_scenarios,).
    """
    alive = np.zeros(block.n_events if structure.has_triggers else 0, np.uint8)
    found = []
    for phi, factor in points:
        loss = np.zeros(block.place.n_years)
        run_block(block, structure, structure.edges.scenario, phi, factor, alive, loss)
        found.append(loss)
    return found
