"""HiGHS kept alive between solves: rows are added to its model, and the next solve starts from the last."""

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

__all__ = ["Live", "has_highs", "no_banner"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

TOLERANCE = 1e-7
# Sub-MIP heuristics and restarts took four fifths of the time on these small, dense masters (measured: 1.27 s → 0.42 s).
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


class Live:
    """A HiGHS model whose integer columns come first; minimised."""

    def __init__(self, model: Any, integers: NDArray[np.int32]) -> None:
        import highspy

        self.highspy = highspy
        self.model = model
        self.integers = integers
        self.model.setOptionValue("log_to_console", False)
        for option, value in {
            **LEAN,
            "mip_rel_gap": 0.0,
            "random_seed": 0,
            "primal_feasibility_tolerance": TOLERANCE,
            "mip_feasibility_tolerance": TOLERANCE,
        }.items():
            self.model.setOptionValue(option, value)
        self.n_columns = self.model.getNumCol()
        self.is_integer = True
        self.stop: threading.Event | None = None
        self.met: list[FloatArray] = []
        self.model.cbMipInterrupt += self._tick
        self.model.cbMipImprovingSolution += self._improve

    def _tick(self, event: Any) -> None:
        if self.stop is not None and self.stop.is_set():
            event.data_in.user_interrupt = True

    def _improve(self, event: Any) -> None:
        self.met.append(np.array(event.data_out.mip_solution))

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
        """How much the objective rises with each column, at the relaxation that was solved last."""
        return np.array(self.model.getSolution().col_dual)

    def solve(
        self,
        integer: bool,
        time_limit: float,
        start: BoolArray | None,
        cutoff: float,
        abs_gap: float,
        stop: threading.Event | None,
        max_nodes: int = 2**31 - 1,
        fixed: Mapping[int, bool] | None = None,
    ) -> tuple[AnswerKind, float, FloatArray | None]:
        """Solve from where the last solve ended; how it ended, the bound and the columns' values.

        cutoff : look only for solutions whose objective is below it. fixed : integer columns held at 0 or 1 meanwhile.
        """
        for column, value in (fixed or {}).items():
            self.model.changeColBounds(column, float(value), float(value))
        try:
            return self._solve(integer, time_limit, start, cutoff, abs_gap, stop, max_nodes)
        finally:
            for column in fixed or {}:
                self.model.changeColBounds(column, 0.0, 1.0)

    def _solve(
        self,
        integer: bool,
        time_limit: float,
        start: BoolArray | None,
        cutoff: float,
        abs_gap: float,
        stop: threading.Event | None,
        max_nodes: int,
    ) -> tuple[AnswerKind, float, FloatArray | None]:
        if integer != self.is_integer:
            kind = self.highspy.HighsVarType.kInteger if integer else self.highspy.HighsVarType.kContinuous
            self.model.changeColsIntegrality(len(self.integers), self.integers, np.array([kind] * len(self.integers)))
            self.is_integer = integer
        self.stop = stop
        # HiGHS counts its run time over all runs of a model
        self.model.setOptionValue("time_limit", min(self.model.getRunTime() + time_limit, 1e9))
        self.model.setOptionValue("mip_abs_gap", abs_gap)
        self.model.setOptionValue("mip_max_nodes", max_nodes)
        self.model.setOptionValue("objective_bound", min(cutoff, self.highspy.kHighsInf))
        if start is not None and integer:
            self.model.setSolution(len(start), np.arange(len(start), dtype=np.int32), start.astype(np.float64))
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
        if status == statuses.kSolutionLimit:
            return AnswerKind.LIMIT, bound, values
        stopped = (statuses.kTimeLimit, statuses.kInterrupt, statuses.kIterationLimit)
        return (AnswerKind.STOPPED if status in stopped else AnswerKind.FAILED), bound, values

    def _contradicts_itself(self) -> bool:
        info = self.model.getInfo()
        if info.primal_solution_status != 2:
            return False
        value = float(np.dot(self.model.getLp().col_cost_, self.model.getSolution().col_value))
        return bool(abs(value - info.objective_function_value) > 1e-6 * max(1.0, abs(value)))
