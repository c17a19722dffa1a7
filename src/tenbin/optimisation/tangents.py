"""The tangents of a question: taken, kept in the pool, told to the master as far as it needs them, moved back where they mislead."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Evaluator, Tangent
from tenbin.model import Metric
from tenbin.optimisation.mip import Cut
from tenbin.optimisation.plans import MET, Plans, Point
from tenbin.optimisation.pool import ExpectedTangent, Pool, PooledTangent
from tenbin.optimisation.request import Limit, Rules

__all__ = ["Tangents"]

FloatArray = NDArray[np.float64]

CHUNK = 256
"""Plans whose expected losses are computed at once: with worlds their log reductions are long."""
WITHIN = 0.01
"""Of the pool's tangents those that come within this share of a limit at a point are taken into the master."""


class Tangents(Plans):
    """Plans with what tangents say of them: cuts of the master that are exact for expected losses, estimates for VaR and TVaR."""

    def __init__(
        self, evaluator: Evaluator, costs: CostModel, rules: Rules, limits: Sequence[Limit], pool: Pool | None = None
    ) -> None:
        super().__init__(evaluator, costs, rules, limits, pool)
        self.loaded: list[dict[int, Cut]] = [{} for _ in limits]
        self.active: list[list[PooledTangent]] = [[] for _ in limits]
        self.exact = [q for q, quantity in enumerate(self.quantities) if quantity.metric is Metric.AAL]
        self.expected: dict[int, list[ExpectedTangent]] = {}

    def add_tangent(
        self, quantity: int, phi: FloatArray, gamma: FloatArray, loss: FloatArray | None = None, load: bool = True
    ) -> Tangent | None:
        """Add the tangent of a quantity at a point to the pool; None where there is none.

        loss : its annual losses, when at hand. load : into the master too.
        """
        tangent = self.evaluator.tangent(self.quantities[quantity], phi, gamma, loss)
        if quantity in self.exact:
            return tangent if self._add_expected(quantity, phi, gamma) else None
        if tangent is not None:
            pooled = self.pool.add(self.quantities[quantity], tangent)
            if load:
                self._load(quantity, pooled)
            else:
                self.active[quantity].append(pooled)
        return tangent

    def _add_expected(self, quantity: int, phi: FloatArray, gamma: FloatArray) -> int:
        """Add tangents of the expected losses of a scope's scenarios where the master has none as good; return how many."""
        flat = np.concatenate((phi.ravel(), gamma.ravel()))
        values = self.evaluator.expected.by_scenario(phi, gamma)
        wanted = [
            s for s in np.flatnonzero(self.quantities[quantity].scope) if self._known(int(s), flat) < values[s] - self._fine
        ]
        if not wanted:
            return 0
        slopes = self.evaluator.expected.slopes(phi, gamma)
        for s in wanted:
            tangent = ExpectedTangent(int(s), slopes[s], float(values[s] + slopes[s] @ flat))
            self.pool.expected.setdefault(int(s), []).append(tangent)
            self._load_expected(tangent)
        return len(wanted)

    def _load_expected(self, tangent: ExpectedTangent) -> None:
        self.expected.setdefault(tangent.scenario, []).append(tangent)
        self.master.add_expected(tangent)

    def _known(self, scenario: int, flat: FloatArray) -> float:
        return max((tangent.at(flat) for tangent in self.expected.get(scenario, [])), default=0.0)

    @property
    def _fine(self) -> float:
        """Expected losses are told to the master to within this."""
        return 1e-10 * self.master.unit_e

    def _recall_expected(self, quantity: int, flat: FloatArray) -> int:
        """Take into the master the pool's best tangents of a scope's expected losses at a point; return how many."""
        n = 0
        for s in np.flatnonzero(self.quantities[quantity].scope):
            pooled = self.pool.expected.get(int(s), [])
            if len(pooled) > len(self.expected.get(int(s), [])):
                best = max(pooled, key=lambda tangent: tangent.at(flat))
                if best.at(flat) > self._known(int(s), flat) + 1e-6 * self.master.unit_e:
                    self._load_expected(best)
                    n += 1
        return n

    def _load(self, quantity: int, pooled: PooledTangent) -> None:
        cut = self.master.add_tangent(quantity, self.taught.slope(pooled), pooled.at_zero - pooled.moved)
        self.loaded[quantity][id(pooled)] = cut
        if not any(pooled is other for other in self.active[quantity]):
            self.active[quantity].append(pooled)

    def load_near(self, columns: FloatArray, within: float = WITHIN, at_most: int = 40) -> None:
        """Take into the master the pool's tangents that come nearest to a limit at a point (columns of the layers)."""
        for q, quantity in enumerate(self.quantities):
            pooled = self.pool.tangents.get(quantity, [])
            if len(pooled) == len(self.loaded[q]):
                continue
            claim = self.taught.claims(pooled, columns[None, :])[:, 0]
            for n in np.argsort(-claim)[:at_most]:
                if claim[n] >= self.caps[q] - within * self.scales[q] and id(pooled[n]) not in self.loaded[q]:
                    self._load(q, pooled[n])

    def load_violated(self, columns: FloatArray, delta: float = 0.0, at_most: int = 5) -> int:
        """Take into the master the pool's tangents that a point (columns of the layers) violates most; return how many do.

        delta : by which the limits of VaR and TVaR are eased.
        """
        found = []
        n_exact = 0
        flat = self.layers.flat_many(columns[None, :])[0] if self.exact else columns
        for q in self.exact:
            scope = list(self.quantities[q].scope)
            if self.evaluator.expected.by_scenario_many(flat[None, :])[0, scope].sum() > self.caps[q] + 1e-6 * self.scales[q]:
                n_exact += self._recall_expected(q, flat)
        for q, (quantity, cap) in enumerate(zip(self.quantities, self.eased(delta), strict=True)):
            pooled = self.pool.tangents.get(quantity, [])
            if len(pooled) > len(self.loaded[q]):
                over = (self.taught.claims(pooled, columns[None, :])[:, 0] - cap) / self.scales[q]
                found += [
                    (float(o), q, t) for o, t in zip(over, pooled, strict=True) if o > 1e-6 and id(t) not in self.loaded[q]
                ]
        found.sort(key=lambda entry: -entry[0])
        for _, q, tangent in found[:at_most]:
            self._load(q, tangent)
        return len(found) + n_exact

    def load_exceeding(self, quantity: int, columns: FloatArray, value: float, at_most: int = 5) -> int:
        """Take into the master the pool's tangents that put a point's metric above the master's own value; return how many."""
        if quantity in self.exact:
            return self._recall_expected(quantity, self.layers.flat_many(columns[None, :])[0])
        pooled = self.pool.tangents.get(self.quantities[quantity], [])
        if len(pooled) <= len(self.loaded[quantity]):
            return 0
        over = self.taught.claims(pooled, columns[None, :])[:, 0] - value
        order = [
            int(n)
            for n in np.argsort(-over)
            if over[n] > 1e-6 * self.scales[quantity] and id(pooled[n]) not in self.loaded[quantity]
        ]
        for n in order[:at_most]:
            self._load(quantity, pooled[n])
        return len(order)

    def claimed(self, columns: FloatArray, delta: float = 0.0) -> FloatArray:
        """The largest excess that tangents claim of plans given by their columns (n, …), relative; of expected losses it is exact.

        Those that this problem has used are asked first; the whole pool only about the points that these let pass.
        delta : by which the limits of VaR and TVaR are eased.
        """
        worst = np.full(len(columns), -math.inf)
        eased = self.eased(delta)
        if self.exact:
            losses = self.expected_losses(columns)
            for q in self.exact:
                over = losses[:, list(self.quantities[q].scope)].sum(axis=1) - self.caps[q] - MET * self.scales[q]
                worst = np.maximum(worst, over / self.scales[q])
        for of_pool in (False, True):
            here = np.flatnonzero(worst <= 0)
            for q, quantity in enumerate(self.quantities):
                if q in self.exact:
                    continue
                pooled = self.pool.tangents.get(quantity, []) if of_pool else self.active[q]
                if of_pool and len(pooled) == len(self.active[q]):
                    continue
                found = self.taught.claims(pooled, columns[here]).max(axis=0, initial=-math.inf)
                worst[here] = np.maximum(worst[here], (found - eased[q] - MET * self.scales[q]) / self.scales[q])
        return worst

    def expected_losses(self, columns: FloatArray) -> FloatArray:
        """Expected annual loss by scenario of plans given by their columns: shape (n_plans, n_scenarios)."""
        parts = [
            self.evaluator.expected.by_scenario_many(self.layers.flat_many(columns[begin : begin + CHUNK]))
            for begin in range(0, len(columns), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.layers.n_scenarios))

    def linear_claims(self, delta: float) -> tuple[FloatArray, FloatArray]:
        """The tangents of VaR and TVaR that this problem has used, as linear functions of a plan's columns: excess over a limit.

        Returns their slopes (n_tangents, …) and values at zero, relative to scale; the limits eased by delta.
        """
        eased = self.eased(delta)
        slopes, at_zero = [np.zeros((0, self.layers.n_columns))], [np.zeros(0)]
        for q, active in enumerate(self.active):
            if active:
                slopes.append(np.stack([self.taught.slope(pooled) for pooled in active]) / self.scales[q])
                values = np.array([pooled.at_zero - pooled.moved for pooled in active])
                at_zero.append((values - eased[q] - MET * self.scales[q]) / self.scales[q])
        return np.concatenate(slopes), np.concatenate(at_zero)

    def claims_estimated(self, point: Point) -> float:
        """The largest excess that tangents of VaR and TVaR claim of a plan."""
        worst, columns = -math.inf, self.layers.columns_many(point.chosen[None, :])
        for q, quantity in enumerate(self.quantities):
            if q not in self.exact:
                found = self.taught.claims(self.pool.tangents.get(quantity, []), columns).max(initial=-math.inf)
                worst = max(worst, (found - self.caps[q] - MET * self.scales[q]) / self.scales[q])
        return worst

    def overshoot(self, points: Sequence[Point]) -> FloatArray:
        """The most that tangents claim above the true values of points, relative to scale: shape (n_quantities, n_points)."""
        found = np.zeros((len(self.quantities), len(points)))
        if points:
            columns = self.layers.columns_many(np.stack([p.chosen for p in points]))
            values = np.array([p.values for p in points])
            for q, quantity in enumerate(self.quantities):
                over = (
                    self.taught.claims(self.pool.tangents.get(quantity, []), columns).max(axis=0, initial=-math.inf)
                    - values[:, q]
                )
                found[q] = np.maximum(over, 0.0) / self.scales[q]
        return found

    def audit(self, points: Sequence[Point]) -> int:
        """Move every tangent of VaR and TVaR back by its largest violation at the points; return how many were moved."""
        if not points:
            return 0
        moved = 0
        columns = self.layers.columns_many(np.stack([p.chosen for p in points]))
        values = np.array([p.values for p in points])
        for q, quantity in enumerate(self.quantities):
            if quantity.metric is Metric.AAL:
                continue
            pooled = self.pool.tangents.get(quantity, [])
            over = (self.taught.claims(pooled, columns) - values[:, q]).max(axis=1, initial=0.0)
            for tangent, worst in zip(pooled, over, strict=True):
                if worst > MET * self.scales[q]:
                    tangent.moved += float(worst)
                    moved += 1
                    self._place(q, tangent)
        return moved

    def _place(self, quantity: int, pooled: PooledTangent) -> None:
        """Move a tangent's cut to where it belongs now."""
        for q, same in enumerate(self.quantities):
            cut = self.loaded[q].get(id(pooled))
            if cut is not None and same == self.quantities[quantity]:
                self.master.move(cut, self.master.right_side(q, pooled.at_zero - pooled.moved))

    def drop_tangents(self) -> None:
        """Take the estimated tangents (of VaR and TVaR) out of the master; those of the expected loss are theorems."""
        for q, quantity in enumerate(self.quantities):
            if quantity.metric is not Metric.AAL:
                for cut in self.loaded[q].values():
                    self.master.move(cut, -math.inf)

    def restore_tangents(self) -> None:
        """Put them back."""
        for q, quantity in enumerate(self.quantities):
            for pooled in self.pool.tangents.get(quantity, []):
                if id(pooled) in self.loaded[q]:
                    self._place(q, pooled)
