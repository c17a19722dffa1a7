"""A question on one event table: quantities with limits, rules, prices; the plans evaluated and the cuts found so far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Evaluator, Quantity, Reduction, Tangent
from tenbin.model import Metric
from tenbin.optimisation.layers import Layers
from tenbin.optimisation.mip import Cut, Master
from tenbin.optimisation.pool import Ceiling, ExpectedTangent, Pool, PooledTangent, claims
from tenbin.optimisation.request import Limit, Rules

__all__ = ["MET", "Point", "Problem"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MET = 1e-9
"""A target is met when the value is at most limit · (1 + MET)."""
WITHIN = 0.01
"""Of the pool's tangents those that come within this share of a limit at a point are taken into the master."""


@dataclass(frozen=True, slots=True)
class Point:
    """An evaluated integer plan: its log reductions, its npv and its value of each quantity."""

    chosen: BoolArray
    phi: FloatArray
    gamma: FloatArray
    cost: float
    values: tuple[float, ...]

    @property
    def key(self) -> bytes:
        return self.chosen.tobytes()

    @property
    def flat(self) -> FloatArray:
        """The log reductions, phi first, flat."""
        return np.concatenate((self.phi.ravel(), self.gamma.ravel()))


class Problem:
    """The state of one search: the master, the evaluated plans, the pool of cuts that it shares with others."""

    def __init__(
        self, evaluator: Evaluator, costs: CostModel, rules: Rules, limits: Sequence[Limit], pool: Pool | None = None
    ) -> None:
        self.evaluator = evaluator
        self.costs = costs
        self.rules = rules
        self.reduction = Reduction.of(rules.case)
        self.layers = Layers.of(self.reduction)
        self.limits = tuple(limits)
        self.quantities: tuple[Quantity, ...] = tuple(limit.quantity for limit in limits)
        none = np.zeros((evaluator.events.n_worlds, len(rules.case.scenarios)))
        self.pool = pool or Pool(evaluator)
        self.taught = self.pool.of(self.reduction)
        self.caps = np.array([limit.limit for limit in limits])
        self.rows = rules.case.costs.rows
        self.by_measure: dict[str, list[int]] = {}
        for r, row in enumerate(self.rows):
            self.by_measure.setdefault(row.measure, []).append(r)
        self.points: dict[bytes, Point] = {}
        inherent = self._values([(np.zeros(len(self.rows), np.bool_), none, none)])[0]
        self.scales = [max(limit.limit, 1e-3 * value, 1.0) for limit, value in zip(limits, inherent, strict=True)]
        unit_e = max(float(evaluator.expected.by_scenario(none, none).sum()), 1e-300)
        self.master = Master(self.layers, costs, rules, self.quantities, self.scales, unit_e)
        self.master.set_limits([None] * len(limits))
        self.master.minimise(None)
        self.loaded: list[dict[int, Cut]] = [{} for _ in limits]
        self.active: list[list[PooledTangent]] = [[] for _ in limits]
        self.exact = [q for q, quantity in enumerate(self.quantities) if quantity.metric is Metric.AAL]
        self.expected: dict[int, list[ExpectedTangent]] = {}
        self.ceilings: list[tuple[int, Ceiling, Cut]] = []
        self.overlapping: BoolArray | None = None
        self._rule_terms, self._rule_sides = _dense(rules, costs)
        self.excluded = rules.excluded_rows()
        self.top = self._top(skip=self.excluded)
        self.top_reduction = self.reduction.reduce(self.top)

    def again(
        self, limits: Sequence[Limit] | None = None, rules: Rules | None = None, costs: CostModel | None = None
    ) -> Problem:
        """Another question on the same years, from the same pool of cuts."""
        return Problem(
            self.evaluator,
            self.costs if costs is None else costs,
            self.rules if rules is None else rules,
            self.limits if limits is None else limits,
            self.pool,
        )

    # --- plans ----------------------------------------------------------------------------------------------------

    def _top(self, skip: frozenset[int]) -> BoolArray:
        """Every measure at its highest level that is not excluded, whatever the other rules say."""
        chosen = np.zeros(len(self.rows), np.bool_)
        for rows in self.by_measure.values():
            allowed = [r for r in rows if r not in skip]
            if allowed:
                chosen[allowed[-1]] = True
        return chosen

    def _values(self, plans: Sequence[tuple[BoolArray, FloatArray, FloatArray]]) -> list[tuple[float, ...]]:
        """Every quantity of plans; what the pool knows is not evaluated again."""
        known = [self.taught.values.setdefault(chosen.tobytes(), {}) for chosen, _, _ in plans]
        missing = [[q for q in dict.fromkeys(self.quantities) if q not in values] for values in known]
        todo = [n for n, quantities in enumerate(missing) if quantities]
        found = self.evaluator.values_many([(missing[n], plans[n][1], plans[n][2]) for n in todo])
        for n, values in zip(todo, found, strict=True):
            known[n].update(zip(missing[n], values, strict=True))
        return [tuple(values[q] for q in self.quantities) for values in known]

    def evaluate(self, chosen: BoolArray) -> Point:
        """Evaluate an integer plan; each only once."""
        return self.evaluate_many([chosen])[0]

    def evaluate_many(self, plans: Sequence[BoolArray]) -> list[Point]:
        """Evaluate integer plans side by side; each only once."""
        new = {chosen.tobytes(): chosen for chosen in plans if chosen.tobytes() not in self.points}
        if new:
            reduced = [(chosen, *self.reduction.reduce(chosen)) for chosen in new.values()]
            for (key, chosen), (_, phi, gamma), values in zip(new.items(), reduced, self._values(reduced), strict=True):
                self.points[key] = Point(chosen.copy(), phi, gamma, self.costs.npv(chosen), values)
        return [self.points[chosen.tobytes()] for chosen in plans]

    def recall(self) -> Point | None:
        """The cheapest allowed plan that meets the limits among all that the pool knows of."""
        known = [
            (key, values)
            for key, values in self.taught.values.items()
            if all(values.get(q, math.inf) <= cap * (1 + MET) for q, cap in zip(self.quantities, self.caps, strict=True))
        ]
        if not known:
            return None
        plans = np.array([np.frombuffer(key, np.bool_) for key, _ in known])
        plans = plans[self.are_allowed(plans)]
        return self.evaluate(plans[int(np.argmin(self.costs.npv_many(plans)))]) if len(plans) else None

    def is_met(self, point: Point) -> bool:
        return all(v <= cap * (1 + MET) for v, cap in zip(point.values, self.caps, strict=True))

    def excess(self, point: Point) -> FloatArray:
        """Each quantity over its limit, relative to the limit; positive where it is violated."""
        if not self.quantities:
            return np.array([-1.0])
        return np.asarray((np.array(point.values) - self.caps * (1 + MET)) / np.array(self.scales))

    def is_allowed(self, chosen: BoolArray) -> bool:
        """Whether a plan obeys every rule: levels, relations, status, requests, coverage, budget and days."""
        return bool(self.are_allowed(chosen[None, :])[0])

    def are_allowed(self, plans: BoolArray) -> BoolArray:
        """``is_allowed`` of several plans: (n_plans, n_rows) → (n_plans,)."""
        items = self.costs.items_many(plans)
        allowed = np.all(items @ self._rule_terms.T <= self._rule_sides + 1e-9, axis=1)
        for cover in self.rules.covers:
            supported = sum(
                (plans[:, list(group)].any(axis=1).astype(int) for group in cover.groups), np.zeros(len(plans), int)
            )
            allowed &= supported >= cover.at_least
        ceiling = self.rules.npv_ceiling(self.costs)
        if math.isfinite(ceiling):
            allowed &= self.costs.npv_many(plans) <= ceiling * (1 + 1e-12)
        return np.asarray(allowed)

    def rounded(self, x: FloatArray) -> BoolArray:
        """The plan of an integer solution's columns."""
        return np.asarray(x > 0.5)

    # --- tangents -------------------------------------------------------------------------------------------------

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
        cut = self.master.add_tangent(quantity, pooled.tangent, pooled.moved / self.scales[quantity])
        self.loaded[quantity][id(pooled)] = cut
        if not any(pooled is other for other in self.active[quantity]):
            self.active[quantity].append(pooled)

    def load_near(self, flat: FloatArray, within: float = WITHIN, at_most: int = 40) -> None:
        """Take into the master the pool's tangents that come nearest to a limit at a point (flat log reductions)."""
        for q, quantity in enumerate(self.quantities):
            pooled = self.pool.tangents.get(quantity, [])
            if len(pooled) == len(self.loaded[q]):
                continue
            claim = claims(pooled, flat[None, :])[:, 0]
            for n in np.argsort(-claim)[:at_most]:
                if claim[n] >= self.caps[q] - within * self.scales[q] and id(pooled[n]) not in self.loaded[q]:
                    self._load(q, pooled[n])

    def load_violated(self, flat: FloatArray, delta: float = 0.0, at_most: int = 5) -> int:
        """Take into the master the pool's tangents that a point (flat log reductions) violates most; return how many do.

        delta : by which the limits of VaR and TVaR are eased.
        """
        found = []
        n_exact = 0
        for q in self.exact:
            scope = list(self.quantities[q].scope)
            if self.evaluator.expected.by_scenario_many(flat[None, :])[0, scope].sum() > self.caps[q] + 1e-6 * self.scales[q]:
                n_exact += self._recall_expected(q, flat)
        for q, (quantity, cap) in enumerate(zip(self.quantities, self.eased(delta), strict=True)):
            pooled = self.pool.tangents.get(quantity, [])
            if len(pooled) > len(self.loaded[q]):
                over = (claims(pooled, flat[None, :])[:, 0] - cap) / self.scales[q]
                found += [
                    (float(o), q, t) for o, t in zip(over, pooled, strict=True) if o > 1e-6 and id(t) not in self.loaded[q]
                ]
        found.sort(key=lambda entry: -entry[0])
        for _, q, tangent in found[:at_most]:
            self._load(q, tangent)
        return len(found) + n_exact

    def load_exceeding(self, quantity: int, flat: FloatArray, value: float, at_most: int = 5) -> int:
        """Take into the master the pool's tangents that put a point's metric above the master's own value; return how many."""
        if quantity in self.exact:
            return self._recall_expected(quantity, flat)
        pooled = self.pool.tangents.get(self.quantities[quantity], [])
        if len(pooled) <= len(self.loaded[quantity]):
            return 0
        over = claims(pooled, flat[None, :])[:, 0] - value
        order = [
            int(n)
            for n in np.argsort(-over)
            if over[n] > 1e-6 * self.scales[quantity] and id(pooled[n]) not in self.loaded[quantity]
        ]
        for n in order[:at_most]:
            self._load(quantity, pooled[n])
        return len(order)

    def claimed(self, reductions: FloatArray, delta: float = 0.0) -> FloatArray:
        """The largest excess that tangents claim of flat log reductions (n, …), relative; of expected losses it is exact.

        Those that this problem has used are asked first; the whole pool only about the points that these let pass.
        delta : by which the limits of VaR and TVaR are eased.
        """
        worst = np.full(len(reductions), -math.inf)
        eased = self.eased(delta)
        if self.exact:
            losses = self.evaluator.expected.by_scenario_many(reductions)
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
                found = claims(pooled, reductions[here]).max(axis=0, initial=-math.inf)
                worst[here] = np.maximum(worst[here], (found - eased[q] - MET * self.scales[q]) / self.scales[q])
        return worst

    def claims_estimated(self, point: Point) -> float:
        """The largest excess that tangents of VaR and TVaR claim of a plan."""
        worst = -math.inf
        for q, quantity in enumerate(self.quantities):
            if q not in self.exact:
                found = claims(self.pool.tangents.get(quantity, []), point.flat[None, :]).max(initial=-math.inf)
                worst = max(worst, (found - self.caps[q] - MET * self.scales[q]) / self.scales[q])
        return worst

    def eased(self, delta: float) -> FloatArray:
        """The limits, those of VaR and TVaR eased by a share; the expected loss is exact."""
        return np.array(
            [
                cap if quantity.metric is Metric.AAL else cap + delta * scale
                for cap, quantity, scale in zip(self.caps, self.quantities, self.scales, strict=True)
            ]
        )

    def overshoot(self, points: Sequence[Point]) -> FloatArray:
        """The most that tangents claim above the true values of points, relative to scale: shape (n_quantities, n_points)."""
        found = np.zeros((len(self.quantities), len(points)))
        if points:
            flat, values = np.stack([p.flat for p in points]), np.array([p.values for p in points])
            for q, quantity in enumerate(self.quantities):
                over = claims(self.pool.tangents.get(quantity, []), flat).max(axis=0, initial=-math.inf) - values[:, q]
                found[q] = np.maximum(over, 0.0) / self.scales[q]
        return found

    def audit(self, points: Sequence[Point]) -> int:
        """Move every tangent of VaR and TVaR back by its largest violation at the points; return how many were moved."""
        if not points:
            return 0
        moved = 0
        flat, values = np.stack([p.flat for p in points]), np.array([p.values for p in points])
        for q, quantity in enumerate(self.quantities):
            if quantity.metric is Metric.AAL:
                continue
            pooled = self.pool.tangents.get(quantity, [])
            over = (claims(pooled, flat) - values[:, q]).max(axis=1, initial=0.0)
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
                self.master.move(cut, self.master.right_side(q, pooled.tangent, pooled.moved / self.scales[q]))

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

    # --- superset cuts --------------------------------------------------------------------------------------------

    def forbid(self, point: Point, quantity: int, thorough: bool = True, turn: int = 0, load: bool = True) -> None:
        """Add the superset cut of a plan that violates a limit.

        Levels are raised as far as the limit stays violated, to u; whatever meets the limit ranks above u somewhere. Valid
        without any convexity: risk is monotone, and defined for every combination of levels.

        thorough : raise as far as possible, which takes some twenty evaluations; otherwise as far as the tangent promises.
        turn : 0 raises first what takes least away, others go in random orders. load : into the master too.
        """
        lifted = self._lift(point, quantity, turn) if thorough else self._lift_a_little(point, quantity)
        value = self._value(lifted, quantity)
        ceiling = Ceiling(self.ranks(lifted), value)
        known = self.taught.ceilings.setdefault(self.quantities[quantity], [])
        if not any(np.array_equal(ceiling.ranks, other.ranks) for other in known):
            known.append(ceiling)
        if load:
            self._load_ceiling(quantity, ceiling)

    def load_forbidding(self, chosen: BoolArray) -> bool:
        """Take into the master the pool's strongest superset cut that rules a plan out; whether there is one."""
        ranks = self.ranks(chosen)
        found = [
            (int(ceiling.ranks.sum()), q, ceiling)
            for q, quantity in enumerate(self.quantities)
            for ceiling in self.taught.ceilings.get(quantity, [])
            if ceiling.value > self.caps[q] * (1 + MET) and np.all(ranks <= ceiling.ranks)
        ]
        if found:
            _, q, ceiling = max(found, key=lambda entry: entry[0])
            self._load_ceiling(q, ceiling)
        return bool(found)

    def fix_necessary(self) -> int:
        """Add the superset cuts of "everything but this measure", where that misses a limit; return how many do.

        Near the bottom of what can be reached most measures are needed, and the search has little left to decide.
        """
        found = 0
        lowered = []
        for rows in self.by_measure.values():
            here = [r for r in rows if self.top[r]]
            if here:
                plan = self.top.copy()
                plan[rows] = False
                below = [r for r in rows if r < here[0] and r not in self.excluded]
                if below:
                    plan[below[-1]] = True
                lowered.append(plan)
        for point in self.evaluate_many(lowered):
            excess = self.excess(point)
            if excess.max() > 0:
                worst = int(np.argmax(excess))
                self._load_ceiling(worst, Ceiling(self.ranks(point.chosen), point.values[worst]))
                found += 1
        return found

    def load_ceilings(self, within: float) -> None:
        """Take into the master the pool's superset cuts that hold for these limits and lie within a share above them."""
        have = {(q, ceiling.ranks.tobytes()) for q, ceiling, _ in self.ceilings}
        for q, quantity in enumerate(self.quantities):
            for ceiling in self.taught.ceilings.get(quantity, []):
                near = self.caps[q] * (1 + MET) < ceiling.value <= self.caps[q] + within * self.scales[q]
                if near and (q, ceiling.ranks.tobytes()) not in have:
                    self._load_ceiling(q, ceiling)

    def _load_ceiling(self, quantity: int, ceiling: Ceiling) -> None:
        if any(q == quantity and np.array_equal(ceiling.ranks, other.ranks) for q, other, _ in self.ceilings):
            return
        rows = [
            r
            for rank, rows in zip(ceiling.ranks, self.by_measure.values(), strict=True)
            for r in rows[int(rank) :]
            if r not in self.excluded
        ]
        self.ceilings.append((quantity, ceiling, self.master.add_superset(rows)))

    def ranks(self, chosen: BoolArray) -> IntArray:
        """Per measure the chosen level's place, from 1; 0 when the measure is not chosen. Shape (n_measures,)."""
        return np.array([max((n for n, r in enumerate(rows, 1) if chosen[r]), default=0) for rows in self.by_measure.values()])

    def is_forbidden(self, chosen: BoolArray) -> bool:
        """Whether a superset cut of the pool already rules the plan out."""
        return bool(self.are_forbidden(chosen[None, :])[0])

    def are_forbidden(self, plans: BoolArray) -> BoolArray:
        """``is_forbidden`` of several plans: (n_plans, n_rows) → (n_plans,)."""
        ranks = np.zeros((len(plans), len(self.by_measure)), np.int64)
        for m, rows in enumerate(self.by_measure.values()):
            for rank, row in enumerate(rows, 1):
                ranks[plans[:, row], m] = rank
        found = np.zeros(len(plans), np.bool_)
        for q, quantity in enumerate(self.quantities):
            for ceiling in self.taught.ceilings.get(quantity, []):
                if ceiling.value > self.caps[q] * (1 + MET):
                    found |= np.all(ranks <= ceiling.ranks, axis=1)
        return found

    def _value(self, chosen: BoolArray, quantity: int) -> float:
        known = self.taught.values.setdefault(chosen.tobytes(), {})
        wanted = self.quantities[quantity]
        if wanted not in known:
            known[wanted] = self.evaluator.value(wanted, *self.reduction.reduce(chosen))
        return known[wanted]

    def _raises(self, point: Point, tangent: Tangent | None) -> list[tuple[list[int], int]]:
        """Measures with the row they can be raised to, the one that the tangent says takes least away first."""
        drops = []
        for measure, rows in self.by_measure.items():
            here = [r for r in rows if point.chosen[r]]
            above = [r for r in rows if (not here or r > here[-1]) and r not in self.excluded]
            if above:
                drop = 0.0
                if tangent is not None:
                    drop = tangent.value - tangent.at(*self.reduction.reduce(raised(point.chosen, [(rows, above[-1])])))
                drops.append((drop, measure, rows, above[-1]))
        drops.sort(key=lambda entry: (entry[0], entry[1]))
        return [(rows, top) for _, _, rows, top in drops]

    def _lift(self, point: Point, quantity: int, turn: int) -> BoolArray:
        limit = self.caps[quantity] * (1 + MET)
        todo = self._raises(point, self.evaluator.tangent(self.quantities[quantity], point.phi, point.gamma))
        if turn:
            order = np.random.default_rng([turn, len(self.ceilings)]).permutation(len(todo))
            todo = [todo[n] for n in order]
        chosen = point.chosen.copy()
        tries = 0
        while todo and tries < 20:
            # the longest prefix that can be raised with the limit still violated
            low, high = 0, len(todo)
            while low < high:
                middle = (low + high + 1) // 2
                tries += 1
                if self._value(raised(chosen, todo[:middle]), quantity) > limit:
                    low = middle
                else:
                    high = middle - 1
            chosen = raised(chosen, todo[:low])
            todo = todo[low + 1 :]
        return chosen

    def _lift_a_little(self, point: Point, quantity: int) -> BoolArray:
        limit = self.caps[quantity] * (1 + MET)
        tangent = self.evaluator.tangent(self.quantities[quantity], point.phi, point.gamma)
        if tangent is None:
            return point.chosen
        todo = self._raises(point, tangent)
        low, high = 0, len(todo)
        while low < high:
            middle = (low + high + 1) // 2
            if tangent.at(*self.reduction.reduce(raised(point.chosen, todo[:middle]))) > limit:
                low = middle
            else:
                high = middle - 1
        for size in (low, low // 2):
            lifted = raised(point.chosen, todo[:size])
            if size and self._value(lifted, quantity) > limit:
                return lifted
        return point.chosen


def _dense(rules: Rules, costs: CostModel) -> tuple[FloatArray, FloatArray]:
    """The rules as a matrix over the items of the cost model, and their right sides."""
    rows = list(rules.rows(costs))
    terms = np.zeros((len(rows), len(costs.capex)))
    for n, (_, weights, _) in enumerate(rows):
        for item, weight in weights:
            terms[n, item] += weight
    return terms, np.array([at_most for _, _, at_most in rows])


def raised(chosen: BoolArray, raises: Iterable[tuple[list[int], int]]) -> BoolArray:
    """A plan with measures set to other rows: pairs of a measure's rows and the one to choose."""
    lifted = chosen.copy()
    for rows, top in raises:
        lifted[rows] = False
        lifted[top] = True
    return lifted
