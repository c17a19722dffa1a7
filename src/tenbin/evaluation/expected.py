"""Expected annual loss in closed form, triggers included: no sampling noise, convex in (phi, gamma)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.simulation import Structure

__all__ = ["ExpectedLoss"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ExpectedLoss:
    """Σ over scenarios of rate × mean severity × e^{−gamma}; a rate is the own and the triggered events that survive.

    rate_s = e^{−phi_s} (frequency_s + Σ_{edges a→s} probability · rate_a), in topological order.

    frequency : shape (n_worlds, n_scenarios). mean : shape (n_scenarios,). edges : (source, target, probability), sources first.
    """

    frequency: FloatArray
    mean: FloatArray
    edges: tuple[tuple[int, int, float], ...]

    @classmethod
    def of(cls, structure: Structure) -> ExpectedLoss:
        edges = []
        for segment in structure.segments[structure.n_scenarios :]:
            source = structure.segments[segment.parents[0]].scenario
            edges.append((source, segment.scenario, segment.probability))
        return cls(structure.frequency, np.array([law.mean for law in structure.severities]), tuple(edges))

    def rates(self, phi: FloatArray) -> FloatArray:
        """Surviving events a year, shape (n_worlds, n_scenarios)."""
        rate: FloatArray = self.frequency * np.exp(-phi)
        keep = np.exp(-phi)
        for source, target, probability in self.edges:
            rate[:, target] += keep[:, target] * probability * rate[:, source]
        return rate

    def by_scenario(self, phi: FloatArray, gamma: FloatArray) -> FloatArray:
        """Expected annual loss of each scenario over the worlds, shape (n_scenarios,)."""
        losses: FloatArray = (self.rates(phi) * self.mean * np.exp(-gamma)).mean(axis=0)
        return losses

    def gradient(self, phi: FloatArray, gamma: FloatArray, scope: FloatArray) -> tuple[FloatArray, FloatArray]:
        """−∂/∂phi and −∂/∂gamma of the expected loss over a scope (weights by scenario), shape (n_worlds, n_scenarios)."""
        rate, keep = self.rates(phi), np.exp(-phi)
        by_gamma = rate * self.mean * np.exp(-gamma) * scope / len(phi)
        # what one surviving event of a scenario costs, with all that it sets off
        worth = self.mean * np.exp(-gamma) * scope / len(phi)
        for source, target, probability in reversed(self.edges):
            worth[:, source] += probability * keep[:, target] * worth[:, target]
        return rate * worth, by_gamma

    def by_world(self, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool]) -> FloatArray:
        """Expected annual loss of a scope in each world, shape (n_worlds,)."""
        return np.asarray((self.rates(phi) * self.mean * np.exp(-gamma))[:, list(scope)].sum(axis=1))

    def by_scenario_many(self, flat: FloatArray) -> FloatArray:
        """Expected annual loss by scenario of several flat log reductions (phi, then gamma): (n, 2·K·S) → (n, S)."""
        n_worlds, n_scenarios = self.frequency.shape
        phi = flat[:, : n_worlds * n_scenarios].reshape(-1, n_worlds, n_scenarios)
        gamma = flat[:, n_worlds * n_scenarios :].reshape(-1, n_worlds, n_scenarios)
        keep = np.exp(-phi)
        rate = self.frequency * keep
        for source, target, probability in self.edges:
            rate[:, :, target] += keep[:, :, target] * probability * rate[:, :, source]
        return np.asarray((rate * self.mean * np.exp(-gamma)).mean(axis=1))

    def slopes(self, phi: FloatArray, gamma: FloatArray) -> FloatArray:
        """−∂/∂(phi, gamma), flat, of every scenario's expected loss: shape (S, 2·K·S)."""
        n_scenarios = self.frequency.shape[1]
        found = np.zeros((n_scenarios, 2 * phi.size))
        for s in range(n_scenarios):
            by_phi, by_gamma = self.gradient(phi, gamma, np.eye(n_scenarios)[s])
            found[s] = np.concatenate((by_phi.ravel(), by_gamma.ravel()))
        return found
