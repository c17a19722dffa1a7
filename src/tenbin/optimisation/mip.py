"""The master problem: every row and column of the integer program, on PuLP with HiGHS (CBC when HiGHS is missing).

Columns: x (a row of the cost table is chosen), z (a capability is needed), u (a subsidy's payment, in cost units), w (the
weight of a contribution in an overlap group of several measures), r (a metric, in units of its scale).
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import math
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Quantity, Reduction, Tangent
from tenbin.optimisation.request import Rules

__all__ = ["Answer", "AnswerKind", "Master", "has_highs"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EASE = 1e-9
"""Every cut's right side is eased by this much of its scale."""
TOLERANCE = 1e-7
# Sub-MIP heuristics and restarts took four fifths of the time on these small, dense masters (measured: 1.27 s → 0.42 s).
LEAN = {
    "mip_allow_restart": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_shifting": False,
    "mip_heuristic_run_zi_round": False,
    "mip_pscost_minreliable": 0,
}


def has_highs() -> bool:
    """Whether HiGHS is installed; CBC comes with PuLP."""
    return importlib.util.find_spec("highspy") is not None


class AnswerKind(StrEnum):
    """How a solve of the master ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found. ``x``, ``weight`` are None without a solution; ``bound`` is on the objective, in its unit.

    x : shape (n_rows,). weight : of every contribution, shape (n_contributions,).
    others : the x of dearer solutions met on the way.
    """

    kind: AnswerKind
    bound: float = -math.inf
    value: float = math.inf
    x: FloatArray | None = None
    weight: FloatArray | None = None
    others: tuple[FloatArray, ...] = ()


@dataclass(slots=True)
class _Column:
    """Where the columns of each kind begin."""

    z: int
    u: int
    w: int
    r: int
    n: int


@dataclass(slots=True)
class Cut:
    """A row of the master that was added later: value·r + coefficients ≥ right side, kept so that it can be moved."""

    number: int
    indices: NDArray[np.int32]
    values: FloatArray
    right: float


@dataclass
class Master:
    """One model with one growing set of cuts; limits, objective and cost ceiling change in place."""

    reduction: Reduction
    costs: CostModel
    rules: Rules
    quantities: Sequence[Quantity]
    scales: Sequence[float]
    cuts: list[Cut] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.unit = max(1.0, float(self.costs.npv_weight.max(initial=1.0)) / 1000)
        weighted = self.reduction.contested[self.reduction.slot]
        self.weighted = np.flatnonzero(weighted)
        n_items, n_rows = len(self.costs.capex), self.costs.n_rows
        n_sub, n_w = len(self.costs.subsidies), len(self.weighted)
        self.column = _Column(n_rows, n_items, n_items + n_sub, n_items + n_sub + n_w, n_items + n_sub + n_w + len(self.scales))
        # the column that carries each contribution: its w in a contested slot, else its row's x
        self.carrier = self.reduction.row.copy()
        self.carrier[self.weighted] = self.column.w + np.arange(n_w)
        self.problem = self._build()
        self.live = _Live(self.problem) if has_highs() else None
        self.n_static = self.problem.numConstraints()
        self.stop: threading.Event | None = None

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self) -> pulp.LpProblem:
        problem = pulp.LpProblem("tenbin", pulp.LpMinimize)
        width = len(str(self.column.n))
        kinds = [(0, "x"), (self.column.z, "z"), (self.column.u, "u"), (self.column.w, "w"), (self.column.r, "r")]
        self.variables = []
        for j in range(self.column.n):
            kind = [name for begin, name in kinds if j >= begin][-1]
            name = f"c{j:0{width}d}_{kind}"  # PuLP sorts by name
            if kind == "x":
                self.variables.append(problem.add_variable(name, 0, 1, pulp.LpInteger))
            elif kind in "zw":
                self.variables.append(problem.add_variable(name, 0, 1))
            elif kind == "u":
                cap = self.costs.subsidies[j - self.column.u][2]
                self.variables.append(problem.add_variable(name, 0, cap / self.unit))
            else:
                self.variables.append(problem.add_variable(name, 0, None))
        self.cost_weights = np.zeros(self.column.n)
        self.cost_weights[: len(self.costs.capex)] = self.costs.npv_weight / self.unit
        self.cost_weights[self.column.u : self.column.w] = -1.0
        problem += self._expression(enumerate(self.cost_weights))
        # every column stands in a row from the start, so that PuLP hands all of them over in this order
        problem += self._expression((j, 1.0) for j in range(self.column.n)) >= 0, "every_column"
        self._add_prices(problem)
        self._add_overlaps(problem)
        self._add_rules(problem)
        ceiling = self.rules.npv_ceiling(self.costs)
        if math.isfinite(ceiling):
            problem += self._expression(enumerate(self.cost_weights)) <= ceiling / self.unit, "npv_budget"
        return problem

    def _expression(self, terms: Any) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression([(self.variables[j], float(v)) for j, v in terms if v != 0])

    def _add_prices(self, problem: pulp.LpProblem) -> None:
        for n, (r, item) in enumerate(self.costs.needs):
            problem += self.variables[item] - self.variables[r] >= 0, f"needs_{n}"
        for k, (_, share, _, eligible) in enumerate(self.costs.subsidies):
            terms = [(self.column.u + k, 1.0), *((i, -share * self.costs.capex[i] / self.unit) for i in eligible)]
            problem += self._expression(terms) <= 0, f"subsidy_{k}"

    def _add_overlaps(self, problem: pulp.LpProblem) -> None:
        for n, c in enumerate(self.weighted):
            problem += self.variables[self.column.w + n] - self.variables[self.reduction.row[c]] <= 0, f"active_{n}"
        slots = self.reduction.slot[self.weighted]
        for slot in np.unique(slots):
            members = np.flatnonzero(slots == slot)
            problem += self._expression((self.column.w + n, 1.0) for n in members) <= 1, f"overlap_{slot}"

    def _add_rules(self, problem: pulp.LpProblem) -> None:
        for name, terms, at_most in self.rules.rows(self.costs):
            problem += self._expression(terms) <= at_most, name

    # --- changing -------------------------------------------------------------------------------------------------

    def set_ceiling(self, cost: float) -> None:
        """Look only for plans whose npv is below ``cost`` while the npv is minimised.

        A cutoff, not a row: as a row, parallel to the objective, it made the solver three to five times slower.
        """
        self.cutoff = cost / self.unit

    cutoff: float = math.inf

    def set_limits(self, limits: Sequence[float | None]) -> None:
        """Bound each metric's column from above, in the metric's own unit; None: no limit."""
        for q, limit in enumerate(limits):
            # a plan on the limit must not fall to the solver's tolerance; one just above it is ruled out by evaluation
            upper = None if limit is None else limit / self.scales[q] + 2 * TOLERANCE
            self.variables[self.column.r + q].upBound = upper
            if self.live:
                self.live.set_column(self.column.r + q, 0.0, math.inf if upper is None else upper)

    def minimise(self, quantity: int | None, cost_too: float = 0.0) -> None:
        """Minimise the npv (None), a metric, or the npv plus ``cost_too`` times the metric."""
        weights = self.cost_weights.copy()
        self.objective_unit = self.unit
        if quantity is not None and cost_too:
            weights[self.column.r + quantity] = cost_too * self.scales[quantity] / self.unit
        elif quantity is not None:
            weights = np.zeros(self.column.n)
            weights[self.column.r + quantity] = 1.0
            self.objective_unit = self.scales[quantity]
        self.weights_now = weights
        self.by_cost = quantity is None
        self.problem.setObjective(self._expression(enumerate(weights)))
        if self.live:
            self.live.set_objective(weights)

    objective_unit: float = 1.0

    def add_tangent(self, quantity: int, tangent: Tangent) -> Cut:
        """Add r ≥ the metric's tangent, through this problem's map from plans to log reductions."""
        scale = self.scales[quantity]
        coefficient = np.zeros(self.column.n)
        np.add.at(coefficient, self.carrier, self.reduction.expand(tangent.by_phi, tangent.by_gamma) / scale)
        coefficient[self.column.r + quantity] = 1.0
        right = tangent.at(np.zeros_like(tangent.phi), np.zeros_like(tangent.gamma)) / scale - EASE
        return self._add_row(coefficient, right)

    def add_superset(self, rows: Sequence[int]) -> Cut:
        """Add Σ x over rows ≥ 1: at least one of them must be chosen."""
        coefficient = np.zeros(self.column.n)
        coefficient[list(rows)] = 1.0
        return self._add_row(coefficient, 1.0)

    def _add_row(self, coefficient: FloatArray, right: float) -> Cut:
        # coefficients too small to move the risk by a billionth would only blur the solver's arithmetic
        indices = np.flatnonzero(np.abs(coefficient) > 1e-12).astype(np.int32)
        cut = Cut(self.n_static + len(self.cuts), indices, coefficient[indices], right)
        self.cuts.append(cut)
        if self.live:
            self.live.add_row(cut)
        else:
            self.problem += self._expression(zip(indices, cut.values, strict=True)) >= right, f"cut_{cut.number}"
        return cut

    def move(self, cut: Cut, right: float) -> None:
        """Change a cut's right side."""
        cut.right = right
        if self.live:
            self.live.set_row(cut.number, right, math.inf)
        else:
            self.problem.get_constraint_by_name(f"cut_{cut.number}").changeRHS(right)

    def weights(self, values: FloatArray) -> FloatArray:
        """The weight of every contribution in a solution's columns."""
        return values[self.carrier]

    # --- solving --------------------------------------------------------------------------------------------------

    def solve(self, integer: bool = True, time_limit: float = math.inf, start: BoolArray | None = None) -> Answer:
        """Solve the master or, with ``integer`` off, its relaxation.

        start : a plan to begin from.
        """
        if time_limit <= 0 or (self.stop is not None and self.stop.is_set()):
            return Answer(AnswerKind.STOPPED)
        if self.live:
            cutoff = self.cutoff if integer and self.by_cost else math.inf
            return self._read(
                *self.live.solve(integer, time_limit, start, cutoff, 1e-6 if self.by_cost else 1e-10, self.stop, self.column.z)
            )
        return self._read(*self._solve_cbc(integer, time_limit))

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

    def _read(self, kind: AnswerKind, bound: float, values: FloatArray | None) -> Answer:
        if values is None:
            return Answer(kind, bound * self.objective_unit)
        value = float(values @ self.weights_now)
        return Answer(
            kind,
            bound * self.objective_unit,
            value * self.objective_unit,
            values[: self.costs.n_rows],
            self.weights(values),
            tuple(met[: self.costs.n_rows] for met in self.live.met[:-1]) if self.live else (),
        )


@contextlib.contextmanager
def _no_banner() -> Iterator[None]:
    """Keep HiGHS from printing its banner: 1.16 writes it to the process's standard output when a model is made."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
    except (OSError, ValueError, AttributeError):
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
        if os.name == "posix":
            ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class _Live:
    """PuLP's HiGHS model kept alive between solves: rows are added to it, and the next solve starts from the last."""

    def __init__(self, problem: pulp.LpProblem) -> None:
        import highspy

        self.highspy = highspy
        solver = pulp.HiGHS(msg=False, threads=1)
        with _no_banner():
            solver.createAndConfigureSolver(problem)
        solver.buildSolverModel(problem)
        self.model = problem.solverModel
        self.model.setOptionValue("log_to_console", False)
        for option, value in {
            **LEAN,
            "mip_rel_gap": 0.0,
            "random_seed": 0,
            "primal_feasibility_tolerance": TOLERANCE,
            "mip_feasibility_tolerance": TOLERANCE,
        }.items():
            self.model.setOptionValue(option, value)
        self.n_columns = len(problem.variables())
        self.integers = np.array([i for i, v in enumerate(problem.variables()) if v.cat == pulp.LpInteger], np.int32)
        self.integer = True
        self.stop: threading.Event | None = None
        self.model.cbMipInterrupt += self._tick
        self.model.cbMipImprovingSolution += self._improve
        self.met: list[FloatArray] = []

    def _tick(self, event: Any) -> None:
        if self.stop is not None and self.stop.is_set():
            event.data_in.user_interrupt = True

    def _improve(self, event: Any) -> None:
        self.met.append(np.array(event.data_out.mip_solution))

    def set_row(self, row: int, low: float, high: float) -> None:
        self.model.changeRowBounds(row, low, high)

    def set_column(self, column: int, low: float, high: float) -> None:
        self.model.changeColBounds(column, low, high)

    def set_objective(self, weights: FloatArray) -> None:
        self.model.changeColsCost(self.n_columns, np.arange(self.n_columns, dtype=np.int32), weights)

    def add_row(self, cut: Cut) -> None:
        self.model.addRow(cut.right, self.highspy.kHighsInf, len(cut.indices), cut.indices, cut.values)

    def solve(
        self,
        integer: bool,
        time_limit: float,
        start: BoolArray | None,
        cutoff: float,
        abs_gap: float,
        stop: threading.Event | None,
        n_rows: int,
    ) -> tuple[AnswerKind, float, FloatArray | None]:
        if integer != self.integer:
            kind = self.highspy.HighsVarType.kInteger if integer else self.highspy.HighsVarType.kContinuous
            self.model.changeColsIntegrality(len(self.integers), self.integers, np.array([kind] * len(self.integers)))
            self.integer = integer
        self.stop = stop
        # HiGHS counts its run time over all runs of a model
        self.model.setOptionValue("time_limit", min(self.model.getRunTime() + time_limit, 1e9))
        self.model.setOptionValue("mip_abs_gap", abs_gap)
        self.model.setOptionValue("objective_bound", min(cutoff, self.highspy.kHighsInf))
        if start is not None and integer:
            self._start(start, n_rows)
        self.met.clear()
        self.model.run()
        if integer and self._contradicts_itself():
            # seen with HiGHS 1.16: "optimal", but with a cutoff and a start the objective is not the solution's
            self.model.clearSolver()
            self.model.setOptionValue("objective_bound", self.highspy.kHighsInf)
            self.model.run()
        status, statuses = self.model.getModelStatus(), self.highspy.HighsModelStatus
        if status in (statuses.kInfeasible, statuses.kObjectiveBound):
            return AnswerKind.INFEASIBLE, math.inf, None
        info = self.model.getInfo()
        bound = info.mip_dual_bound if integer else info.objective_function_value
        values = np.array(self.model.getSolution().col_value) if info.primal_solution_status == 2 else None
        if status == statuses.kOptimal:
            # with a cutoff HiGHS leaves the dual bound where pruning took over; the search was complete all the same
            return AnswerKind.OPTIMAL, info.objective_function_value - (abs_gap if integer else 0.0), values
        stopped = (statuses.kTimeLimit, statuses.kInterrupt, statuses.kSolutionLimit, statuses.kIterationLimit)
        return (AnswerKind.STOPPED if status in stopped else AnswerKind.FAILED), bound, values

    def _contradicts_itself(self) -> bool:
        info = self.model.getInfo()
        if info.primal_solution_status != 2:
            return False
        value = float(np.dot(self.model.getLp().col_cost_, self.model.getSolution().col_value))
        return bool(abs(value - info.objective_function_value) > 1e-6 * max(1.0, abs(value)))

    def _start(self, chosen: BoolArray, n_rows: int) -> None:
        columns = np.arange(n_rows, dtype=np.int32)
        self.model.setSolution(n_rows, columns, chosen.astype(np.float64))
