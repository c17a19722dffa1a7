"""The master problem: every row and column of the integer program, on PuLP with HiGHS (CBC when HiGHS is missing).

Columns: x (a row of the cost table is chosen), z (a capability is needed), u (a subsidy's payment, in cost units), a (any of
several rows is chosen: layers.py), y (a reference of a standard is supported), e (a scenario's expected loss), r (a metric, in units of its scale).
"""

from __future__ import annotations

import math
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Quantity
from tenbin.model import Metric
from tenbin.optimisation.answer import Answer, AnswerKind
from tenbin.optimisation.highs import TOLERANCE, Ending, Relaxer, Worker, has_highs, no_banner
from tenbin.optimisation.layers import Layers
from tenbin.optimisation.pool import ExpectedTangent
from tenbin.optimisation.reduced import reduce_model
from tenbin.optimisation.request import Rules
from tenbin.simulation import default_threads

__all__ = ["Cut", "Master", "Relaxation"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SIDE_BY_SIDE = 4
"""Parts of the master solved at once, whatever the number of threads: what is found never depends on that."""
EASE = 1e-9
"""Every cut's right side is eased by this much of its scale."""


Part = Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns of each kind begin; n: how many there are."""

    z: int
    u: int
    a: int
    y: int
    e: int
    r: int
    n: int


@dataclass(slots=True)
class Cut:
    """A row of the master that was added later: coefficients · columns ≥ right side, kept so that it can be moved."""

    number: int
    indices: NDArray[np.int32]
    values: FloatArray
    right: float


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What a relaxation says: a bound, x and, for each row, how much the bound rises when its x is moved by one.

    x, reduced : shape (n_rows,); None where the solver has none.
    """

    bound: float
    x: FloatArray | None = None
    reduced: FloatArray | None = None

    def forced(self, ceiling: float) -> dict[int, bool]:
        """Rows that every plan cheaper than a ceiling leaves out (False) or holds (True)."""
        if self.x is None or self.reduced is None or not math.isfinite(ceiling):
            return {}
        least = (ceiling - self.bound) + 1e-6 * abs(ceiling)
        return {int(row): bool(self.x[row] > 0.5) for row in np.flatnonzero(np.abs(self.reduced) > least)}

    def settled(self, free: int) -> dict[int, bool]:
        """All rows but those whose x costs least to move, at what the relaxation says of them."""
        if self.x is None or self.reduced is None:
            return {}
        return {int(row): bool(self.x[row] > 0.5) for row in np.argsort(np.abs(self.reduced), kind="stable")[free:]}


@dataclass
class Master:
    """One model with one growing set of cuts; limits, objective and cost ceiling change in place."""

    layers: Layers
    costs: CostModel
    rules: Rules
    quantities: Sequence[Quantity]
    scales: Sequence[float]
    unit_e: float = 1.0
    cuts: list[Cut] = field(default_factory=list)
    cutoff: float = math.inf
    objective_unit: float = 1.0

    def __post_init__(self) -> None:
        self.unit = max(1.0, float(self.costs.npv_weight.max(initial=1.0)) / 1000)
        n_items, n_rows = len(self.costs.capex), self.costs.n_rows
        counted = [len(cover.groups) for cover in self.rules.covers]
        a = n_items + len(self.costs.subsidies)
        y = a + len(self.layers.any_of)
        e = y + sum(counted)
        exact = any(quantity.metric is Metric.AAL for quantity in self.quantities)
        r = e + (self.layers.n_scenarios if exact else 0)
        self.places = _Places(n_rows, n_items, a, y, e, r, r + len(self.scales))
        # the columns of the layers' matrix, among those of the model
        self.carriers = np.concatenate((np.arange(n_rows), np.arange(a, y)))
        self.problem = self._build()
        self.workers = [Worker() for _ in range(SIDE_BY_SIDE)] if has_highs() else []
        if self.workers:
            self.relaxer = self._relaxer()
            self.model = self.relaxer.rows(n_rows)
        self.n_static = self.problem.numConstraints()
        self._any_of = [(self.places.a + n, rows) for n, rows in enumerate(self.layers.any_of)]
        self.stop: threading.Event | None = None

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self) -> pulp.LpProblem:
        problem = pulp.LpProblem("tenbin", pulp.LpMinimize)
        width = len(str(self.places.n))
        kinds = [(0, "x"), (self.places.z, "z"), (self.places.u, "u"), (self.places.a, "a"), (self.places.y, "y")]
        kinds += [(self.places.e, "e"), (self.places.r, "r")]
        self.variables = []
        for j in range(self.places.n):
            kind = [name for begin, name in kinds if j >= begin][-1]
            name = f"c{j:0{width}d}_{kind}"  # PuLP sorts by name
            if kind == "x":
                self.variables.append(problem.add_variable(name, 0, 1, pulp.LpInteger))
            elif kind == "u":
                cap = self.costs.subsidies[j - self.places.u][2]
                self.variables.append(problem.add_variable(name, 0, cap / self.unit))
            else:
                self.variables.append(problem.add_variable(name, 0, None if kind in "er" else 1))
        self.cost_weights = np.zeros(self.places.n)
        self.cost_weights[: len(self.costs.capex)] = self.costs.npv_weight / self.unit
        self.cost_weights[self.places.u : self.places.a] = -1.0
        problem += self._expression(enumerate(self.cost_weights))
        # every column stands in a row from the start, so that PuLP hands all of them over in this order
        problem += self._expression((j, 1.0) for j in range(self.places.n)) >= 0, "every_column"
        self._add_prices(problem)
        self._add_layers(problem)
        self._add_covers(problem)
        self._add_expected(problem)
        for name, terms, at_most in self.rules.rows(self.costs):
            problem += self._expression(terms) <= at_most, name
        ceiling = self.rules.npv_ceiling(self.costs)
        if math.isfinite(ceiling):
            problem += self._expression(enumerate(self.cost_weights)) <= ceiling / self.unit, "npv_budget"
        return problem

    def _expression(self, terms: Any) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression([(self.variables[j], float(v)) for j, v in terms if v != 0])

    def _add_prices(self, problem: pulp.LpProblem) -> None:
        for n, (item, rows) in enumerate(self._needed()):
            problem += self._expression([(item, 1.0), *((r, -1.0) for r in rows)]) >= 0, f"needs_{n}"
        for k, (_, share, _, eligible) in enumerate(self.costs.subsidies):
            terms = [(self.places.u + k, 1.0), *((i, -share * self.costs.capex[i] / self.unit) for i in eligible)]
            problem += self._expression(terms) <= 0, f"subsidy_{k}"

    def _needed(self) -> Iterator[tuple[int, list[int]]]:
        """The item of each capability with the rows of each measure that need it: levels exclude each other, so one row serves."""
        found: dict[tuple[int, str], list[int]] = {}
        for r, item in self.costs.needs:
            found.setdefault((int(item), self.rules.case.costs.rows[r].measure), []).append(int(r))
        yield from ((item, rows) for (item, _), rows in found.items())

    def _add_layers(self, problem: pulp.LpProblem) -> None:
        for n, rows in enumerate(self.layers.any_of):
            terms = [(self.places.a + n, 1.0), *((r, -1.0) for r in rows)]
            problem += self._expression(terms) <= 0, f"any_{n}"

    def _add_covers(self, problem: pulp.LpProblem) -> None:
        j = self.places.y
        for c, cover in enumerate(self.rules.covers):
            for k, group in enumerate(cover.groups):
                terms = [(j + k, 1.0), *((r, -1.0) for r in group)]
                problem += self._expression(terms) <= 0, f"supports_{c}_{k}"
            counted = self._expression((j + k, 1.0) for k in range(len(cover.groups)))
            problem += counted >= cover.at_least, f"covers_{c}"
            j += len(cover.groups)

    def _add_expected(self, problem: pulp.LpProblem) -> None:
        for q, (quantity, scale) in enumerate(zip(self.quantities, self.scales, strict=True)):
            if quantity.metric is Metric.AAL:
                share = -self.unit_e / scale
                terms = [(self.places.r + q, 1.0), *((self.places.e + s, share) for s in np.flatnonzero(quantity.scope))]
                problem += self._expression(terms) >= 0, f"expected_{q}"

    def _relaxer(self) -> Relaxer:
        solver = pulp.HiGHS(msg=False, threads=1)
        with no_banner():
            solver.createAndConfigureSolver(self.problem)
        solver.buildSolverModel(self.problem)
        return Relaxer(self.problem.solverModel, self.places.z)

    # --- changing -------------------------------------------------------------------------------------------------

    def set_ceiling(self, cost: float) -> None:
        """Look only for plans whose npv is below ``cost`` while the npv is minimised.

        A cutoff, not a row: as a row, parallel to the objective, it made the solver three to five times slower.
        """
        self.cutoff = cost / self.unit

    def set_limits(self, limits: Sequence[float | None]) -> None:
        """Bound each metric's column from above, in the metric's own unit; None: no limit."""
        for q, limit in enumerate(limits):
            # a plan on the limit must not fall to the solver's tolerance; one just above it is ruled out by evaluation
            upper = None if limit is None else limit / self.scales[q] + 2 * TOLERANCE
            self.variables[self.places.r + q].upBound = upper
            if self.workers:
                self.model.column_upper[self.places.r + q] = math.inf if upper is None else upper
                self.relaxer.set_column(self.places.r + q, 0.0, math.inf if upper is None else upper)

    def minimise(self, quantity: int | None, cost_too: float = 0.0) -> None:
        """Minimise the npv (None), a metric, or the npv plus ``cost_too`` times the metric."""
        weights = self.cost_weights.copy()
        self.objective_unit = self.unit
        if quantity is not None and cost_too:
            weights[self.places.r + quantity] = cost_too * self.scales[quantity] / self.unit
        elif quantity is not None:
            weights = np.zeros(self.places.n)
            weights[self.places.r + quantity] = 1.0
            self.objective_unit = self.scales[quantity]
        self.weights_now = weights
        self.by_cost = quantity is None
        self.problem.setObjective(self._expression(enumerate(weights)))
        if self.workers:
            self.relaxer.set_objective(weights)

    def add_tangent(self, quantity: int, slope: FloatArray, at_zero: float) -> Cut:
        """Add r ≥ the metric's tangent, at_zero − slope · columns of the layers."""
        coefficient = np.zeros(self.places.n)
        coefficient[self.carriers] = slope / self.scales[quantity]
        coefficient[self.places.r + quantity] = 1.0
        return self._add_row(coefficient, self.right_side(quantity, at_zero))

    def add_expected(self, tangent: ExpectedTangent) -> Cut:
        """Add e ≥ the tangent of one scenario's expected loss."""
        coefficient = np.zeros(self.places.n)
        coefficient[self.carriers] = self.layers.expand(tangent.slope) / self.unit_e
        coefficient[self.places.e + tangent.scenario] = 1.0
        return self._add_row(coefficient, tangent.at_zero / self.unit_e - EASE)

    def right_side(self, quantity: int, at_zero: float) -> float:
        """What a tangent says of the plan that chooses nothing, relative to scale and eased."""
        return at_zero / self.scales[quantity] - EASE

    def add_superset(self, rows: Sequence[int]) -> Cut:
        """Add Σ x over rows ≥ 1: at least one of them must be chosen."""
        coefficient = np.zeros(self.places.n)
        coefficient[list(rows)] = 1.0
        return self._add_row(coefficient, 1.0)

    def _add_row(self, coefficient: FloatArray, right: float) -> Cut:
        # coefficients too small to move the risk by a billionth would only blur the solver's arithmetic
        indices = np.flatnonzero(np.abs(coefficient) > 1e-12).astype(np.int32)
        cut = Cut(self.n_static + len(self.cuts), indices, coefficient[indices], right)
        self.cuts.append(cut)
        if self.workers:
            self.relaxer.add_row(indices, cut.values, right)
            self.model.add(indices, cut.values, right)
        else:
            self.problem += self._expression(zip(indices, cut.values, strict=True)) >= right, f"cut_{cut.number}"
        return cut

    def move(self, cut: Cut, right: float) -> None:
        """Change a cut's right side; −∞ takes it out."""
        cut.right = right
        if self.workers:
            self.relaxer.set_row(cut.number, right, math.inf)
            self.model.lower[cut.number] = right
        else:
            self.problem.get_constraint_by_name(f"cut_{cut.number}").changeRHS(max(right, -1e6))

    # --- solving --------------------------------------------------------------------------------------------------

    def solve(self, integer: bool = True, time_limit: float = math.inf, start: BoolArray | None = None) -> Answer:
        """Solve the master or, with ``integer`` off, its relaxation.

        start : a plan to begin from.
        """
        if time_limit <= 0 or (self.stop is not None and self.stop.is_set()):
            return Answer(AnswerKind.STOPPED)
        if not self.workers:
            return self._read(self._solve_cbc(integer, time_limit))
        if not integer:
            return self._read(self.relaxer.solve(time_limit))
        cutoff = self.cutoff if self.by_cost else math.inf
        return self._work(self.workers[0], {}, cutoff, 2**31 - 1, time_limit, start)

    def solve_parts(self, parts: Sequence[Part], max_nodes: int, time_limit: float) -> list[Answer]:
        """Solve several parts of the master, side by side, each up to so many nodes; at most ``SIDE_BY_SIDE``.

        A part is the master with some of its x held at 0 or 1.
        """
        if time_limit <= 0 or (self.stop is not None and self.stop.is_set()):
            return [Answer(AnswerKind.STOPPED) for _ in parts]

        def work(worker: Worker, part: Part) -> Answer:
            return self._work(worker, part, self.cutoff, max_nodes, time_limit)

        if len(parts) == 1:
            return [work(self.workers[0], parts[0])]
        with ThreadPoolExecutor(min(len(parts), default_threads())) as threads:
            return list(threads.map(work, self.workers, parts))

    def _work(
        self, worker: Worker, part: Part, cutoff: float, max_nodes: int, time_limit: float, start: BoolArray | None = None
    ) -> Answer:
        reduced = reduce_model(self.model, self.weights_now, part, self._any_of)
        if reduced is None:
            return Answer(AnswerKind.INFEASIBLE, math.inf)
        return self._read(worker.solve(reduced, cutoff, self._gap, max_nodes, time_limit, self.stop, start), worker)

    def relaxation(self, part: Part | None = None) -> Relaxation:
        """The relaxation of the master, or of a part of it, without the ceiling; for HiGHS only."""
        kind, bound, values = self.relaxer.solve(math.inf, part)
        n = self.costs.n_rows
        if kind is AnswerKind.INFEASIBLE or values is None:
            return Relaxation(math.inf if kind is AnswerKind.INFEASIBLE else -math.inf)
        return Relaxation(bound * self.objective_unit, values[:n], self.relaxer.reduced_costs()[:n] * self.objective_unit)

    @property
    def _gap(self) -> float:
        return 1e-6 if self.by_cost else 1e-10

    def _solve_cbc(self, integer: bool, time_limit: float) -> tuple[AnswerKind, float, FloatArray | None]:
        began = time.monotonic()
        limit = None if math.isinf(time_limit) else time_limit
        gap = 0.5 / self.objective_unit if self.by_cost else 1e-10
        with warnings.catch_warnings():
            # PuLP 4 will bring CBC as an extra, under another name; 3 carries it and warns
            warnings.simplefilter("ignore", DeprecationWarning)
            solver = pulp.PULP_CBC_CMD(mip=integer, msg=False, timeLimit=limit, gapRel=0.0, gapAbs=gap)
        self.problem.solve(solver)
        status, found = self.problem.status, self.problem.sol_status
        if status == pulp.LpStatusInfeasible:
            return AnswerKind.INFEASIBLE, math.inf, None
        if found == pulp.LpSolutionNoSolutionFound:
            late = limit is not None and time.monotonic() - began >= 0.9 * limit
            return (AnswerKind.STOPPED if late else AnswerKind.FAILED), -math.inf, None
        values = np.array([variable.varValue or 0.0 for variable in self.variables])
        value = float(pulp.value(self.problem.objective))
        if found == pulp.LpSolutionOptimal and status == pulp.LpStatusOptimal:
            return AnswerKind.OPTIMAL, value, values
        return AnswerKind.STOPPED, -math.inf, values

    def _read(self, ending: Ending, worker: Worker | None = None) -> Answer:
        kind, bound, values = ending
        if values is None:
            return Answer(kind, bound * self.objective_unit)
        n = self.costs.n_rows
        others = tuple(met[:n] for met in worker.met[:-1]) if worker else ()
        return Answer(
            kind, bound * self.objective_unit, float(values @ self.weights_now) * self.objective_unit, values[:n], others
        )
