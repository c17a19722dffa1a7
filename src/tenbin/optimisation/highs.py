"""HiGHS: a relaxation kept alive between solves, and workers that solve parts of the master."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import math
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.answer import AnswerKind
from tenbin.optimisation.reduced import Model, Reduced

__all__ = ["TOLERANCE", "Relaxer", "Worker", "has_highs", "no_banner"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

TOLERANCE = 1e-7
OTHER_TOLERANCES = (TOLERANCE / 4, TOLERANCE * 2, TOLERANCE / 40)
"""What integer programs are solved to when HiGHS calls its own answer an error."""
# HiGHS's presolve may never end (reduced.py). Sub-MIP heuristics and restarts took four fifths of the time on these small, dense masters (measured: 1.27 s → 0.42 s).
LEAN = {
    "mip_allow_cut_separation_at_nodes": False,
    "mip_allow_restart": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_shifting": False,
    "mip_heuristic_run_zi_round": False,
    "mip_pscost_minreliable": 0,
    "presolve": "off",
}


def has_highs() -> bool:
    """Whether HiGHS is installed; CBC comes with PuLP."""
    return importlib.util.find_spec("highspy") is not None


@contextlib.contextmanager
def no_banner() -> Iterator[None]:
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


class Relaxer:
    """The linear relaxation of a model, minimised: rows are added to it, and each solve starts from where the last ended."""

    def __init__(self, model: Any, n_integers: int) -> None:
        import highspy

        self.highspy = highspy
        self.model = model
        self.n_columns = self.model.getNumCol()
        self.model.setOptionValue("log_to_console", False)
        self.model.setOptionValue("primal_feasibility_tolerance", TOLERANCE)
        kinds = np.array([highspy.HighsVarType.kContinuous] * n_integers)
        self.model.changeColsIntegrality(n_integers, np.arange(n_integers, dtype=np.int32), kinds)

    def rows(self, n_integers: int) -> Model:
        """The model's rows and columns, for workers."""
        lp = self.model.getLp()
        n_rows, sparse = lp.num_row_, lp.a_matrix_
        matrix = np.zeros((n_rows, self.n_columns))
        starts, rows = np.array(sparse.start_), np.array(sparse.index_)
        if sparse.format_ == self.highspy.MatrixFormat.kColwise:
            matrix[rows, np.repeat(np.arange(self.n_columns), np.diff(starts))] = sparse.value_
        else:
            matrix[np.repeat(np.arange(n_rows), np.diff(starts)), rows] = sparse.value_
        low, high = np.array(lp.row_lower_, np.float64), np.array(lp.row_upper_, np.float64)
        least, most = np.array(lp.col_lower_, np.float64), np.array(lp.col_upper_, np.float64)
        return Model(matrix, low, high, least, most, n_integers, n_rows)

    def set_row(self, row: int, low: float, high: float) -> None:
        """Bound a row."""
        self.model.changeRowBounds(row, low, high)

    def set_column(self, column: int, low: float, high: float) -> None:
        """Bound a column."""
        self.model.changeColBounds(column, low, high)

    def set_objective(self, weights: FloatArray) -> None:
        """Set the weight of every column."""
        self.model.changeColsCost(self.n_columns, np.arange(self.n_columns, dtype=np.int32), weights)

    def add_row(self, indices: NDArray[np.int32], values: FloatArray, right: float) -> None:
        """Add Σ values · columns ≥ right."""
        self.model.addRow(right, self.highspy.kHighsInf, len(indices), indices, values)

    def reduced_costs(self) -> FloatArray:
        """How much the objective rises with each column, at what was solved last."""
        return np.array(self.model.getSolution().col_dual)

    def solve(self, time_limit: float, fixed: Mapping[int, bool] | None = None) -> Ending:
        """Solve from where the last solve ended.

        fixed : columns held at 0 or 1 meanwhile.
        """
        for column, value in (fixed or {}).items():
            self.model.changeColBounds(column, float(value), float(value))
        try:
            _set_time_limit(self.model, time_limit)
            self.model.run()
            return _ending(self.highspy, self.model, False, 0.0)
        finally:
            for column in fixed or {}:
                self.model.changeColBounds(column, 0.0, 1.0)


class Worker:
    """Solves integer programs one after another."""

    def __init__(self) -> None:
        import highspy

        self.highspy = highspy
        with no_banner():
            self.model = highspy.Highs()
        self.model.setOptionValue("log_to_console", False)
        for option, value in {
            **LEAN,
            "mip_rel_gap": 0.0,
            "random_seed": 0,
            "threads": 1,
            # what it finds within the second is checked against the first: a hair beyond and it calls its answer an error
            "primal_feasibility_tolerance": 10 * TOLERANCE,
            "mip_feasibility_tolerance": TOLERANCE,
        }.items():
            self.model.setOptionValue(option, value)
        self.stop: threading.Event | None = None
        self.met: list[FloatArray] = []
        self.model.cbMipInterrupt += self._tick
        self.model.cbMipImprovingSolution += self._improve

    def _tick(self, event: Any) -> None:
        if self.stop is not None and self.stop.is_set():
            event.data_in.user_interrupt = True

    def _improve(self, event: Any) -> None:
        self.met.append(np.array(event.data_out.mip_solution))

    def solve(
        self,
        reduced: Reduced,
        cutoff: float,
        abs_gap: float,
        max_nodes: int,
        time_limit: float,
        stop: threading.Event | None,
        start: BoolArray | None = None,
    ) -> Ending:
        """Solve what is left of a model: how it ended, the bound, and the values of all columns of the whole model.

        cutoff : look only for solutions whose objective is below it. start : integers to begin from.
        """
        self.met.clear()
        if not len(reduced.columns):
            kind = AnswerKind.OPTIMAL if reduced.offset < cutoff else AnswerKind.INFEASIBLE
            return kind, reduced.offset, reduced.expand(np.zeros(0))
        model, infinity = self.model, self.highspy.kHighsInf
        model.passModel(self._program(reduced))
        self.stop = stop
        _set_time_limit(model, time_limit)
        model.setOptionValue("mip_abs_gap", abs_gap)
        model.setOptionValue("mip_max_nodes", max_nodes)
        model.setOptionValue("objective_bound", min(cutoff, infinity))
        if start is not None:
            own = reduced.columns[: reduced.n_integers]
            model.setSolution(len(own), np.arange(len(own), dtype=np.int32), start[own].astype(np.float64))
        model.run()
        if self._contradicts_itself():
            # seen with HiGHS 1.16: "optimal", but with a cutoff and a start the objective is not the solution's
            model.clearSolver()
            model.setOptionValue("objective_bound", infinity)
            model.run()
        self._run_again_after_an_error()
        kind, bound, values = _ending(self.highspy, model, reduced.n_integers > 0, abs_gap)
        self.met = [reduced.expand(met) for met in self.met]
        return kind, bound, None if values is None else reduced.expand(values)

    def _program(self, reduced: Reduced) -> Any:
        lp = self.highspy.HighsLp()
        lp.num_col_, lp.num_row_, lp.offset_ = len(reduced.columns), len(reduced.lower), reduced.offset
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = reduced.cost, reduced.column_lower, reduced.column_upper
        lp.row_lower_, lp.row_upper_ = reduced.lower, reduced.upper
        rows, columns = np.nonzero(reduced.matrix)
        lp.a_matrix_.format_ = self.highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.searchsorted(rows, np.arange(len(reduced.lower) + 1)).astype(np.int32)
        lp.a_matrix_.index_ = columns.astype(np.int32)
        lp.a_matrix_.value_ = reduced.matrix[rows, columns]
        kinds = self.highspy.HighsVarType
        rest = len(reduced.columns) - reduced.n_integers
        lp.integrality_ = [kinds.kInteger] * reduced.n_integers + [kinds.kContinuous] * rest
        return lp

    def _run_again_after_an_error(self) -> None:
        # seen with HiGHS 1.16: an answer beyond its tolerance by one bit is called an error; with another tolerance it is another answer
        model, error = self.model, self.highspy.HighsModelStatus.kSolveError
        for tolerance in OTHER_TOLERANCES:
            if model.getModelStatus() != error:
                break
            model.clearSolver()
            model.setOptionValue("mip_feasibility_tolerance", tolerance)
            model.run()
        model.setOptionValue("mip_feasibility_tolerance", TOLERANCE)

    def _contradicts_itself(self) -> bool:
        info = self.model.getInfo()
        if info.primal_solution_status != 2:
            return False
        lp = self.model.getLp()
        value = float(np.dot(lp.col_cost_, self.model.getSolution().col_value)) + lp.offset_
        return bool(abs(value - info.objective_function_value) > 1e-6 * max(1.0, abs(value)))


Ending = tuple[AnswerKind, float, FloatArray | None]
"""How a solve ended, the bound, and the columns' values."""


def _set_time_limit(model: Any, seconds: float) -> None:
    # HiGHS counts its run time over all runs of a model
    model.setOptionValue("time_limit", min(model.getRunTime() + seconds, 1e9))


def _ending(highspy: Any, model: Any, integer: bool, abs_gap: float) -> Ending:
    status, statuses = model.getModelStatus(), highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kObjectiveBound):
        return AnswerKind.INFEASIBLE, math.inf, None
    info = model.getInfo()
    bound = info.mip_dual_bound if integer else info.objective_function_value
    values = np.array(model.getSolution().col_value) if info.primal_solution_status == 2 else None
    if status == statuses.kOptimal:
        # with a cutoff HiGHS leaves the dual bound where pruning took over; the search was complete all the same
        return AnswerKind.OPTIMAL, info.objective_function_value - (abs_gap if integer else 0.0), values
    if status == statuses.kSolutionLimit:
        return AnswerKind.LIMIT, bound, values
    stopped = (statuses.kTimeLimit, statuses.kInterrupt, statuses.kIterationLimit)
    return (AnswerKind.STOPPED if status in stopped else AnswerKind.FAILED), bound, values
