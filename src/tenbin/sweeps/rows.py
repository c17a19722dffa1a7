"""What a solved point leaves: one row of a table with fixed columns."""

from __future__ import annotations

import json
import math
import os
import socket
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenbin.errors import TenbinError

if TYPE_CHECKING:
    from tenbin.studies import Result

__all__ = ["COLUMNS", "METRICS", "failed_row", "row_of"]

METRICS = ("aal", "var95", "tvar95", "var99", "tvar99")
COSTS = ("npv", "per_year", "first_year", "first_year_cash", "days_first_year", "days_per_year", "capex", "subsidy")

COLUMNS: Mapping[str, str] = {
    "key": "text",
    "status": "text",
    "error": "text",
    "error_ja": "text",
    "objective": "text",
    **dict.fromkeys(COSTS, "number"),
    "certificate": "text",
    "certificate_delta": "number",
    "gap": "number",
    "lower_bound": "number",
    "plan": "text",
    "n_measures": "whole",
    **dict.fromkeys(METRICS, "number"),
    **{f"today_{name}": "number" for name in METRICS},
    **{f"inherent_{name}": "number" for name in METRICS},
    "targets": "text",
    "met": "flag",
    "met_outside": "flag",
    "reachable": "text",
    "warnings": "text",
    "currency": "text",
    "n_trials": "whole",
    "n_worlds": "whole",
    "seed": "whole",
    "n_events": "whole",
    "seconds": "number",
    "seconds_case": "number",
    "seconds_simulate": "number",
    "seconds_optimise": "number",
    "seconds_validate": "number",
    "finished": "number",
    "worker": "text",
    "engine": "text",
}
"""The columns of a part, and what they hold. status : of ``optimise``, or ``error``."""


def row_of(key: str, result: Result, seconds: Mapping[str, float], n_events: int, engine: str) -> dict[str, Any]:
    """The row of a result.

    seconds : what reading the case, drawing its years, the call of ``optimise`` (its check on other years apart) and the whole took.
    """
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"key": key, "status": result.status, "objective": result.objective, "currency": result.case.currency}
    if result.risk is not None:
        cost = result.cost.to_dict()
        row |= {name: cost[name] for name in COSTS} | result.risk.metrics()
        row |= {"plan": plan_text(result.plan), "n_measures": len(result.plan)}
        row["met"] = all(target.met for target in result.targets) and all(one.met for one in result.coverage)
        row["met_outside"] = all(checked.met for checked in result.outside) if result.outside else None
    if result.certificate is not None:
        sure = result.certificate
        row |= {
            "certificate": sure.kind.value,
            "certificate_delta": sure.delta,
            "gap": sure.gap,
            "lower_bound": sure.lower_bound,
        }
    row |= {f"today_{name}": value for name, value in result.current.metrics().items()}
    row |= {f"inherent_{name}": value for name, value in result.inherent.metrics().items()}
    row |= {
        "targets": json.dumps([{k: _finite(v) for k, v in target.to_dict().items()} for target in result.targets]),
        "reachable": json.dumps({name: _finite(value) for name, value in result.reachable.items()}),
        "warnings": "\n".join(result.warnings),
        "n_trials": result.n_trials,
        "n_worlds": result.n_worlds,
        "seed": result.seed,
        "n_events": n_events,
    }
    return row | dict(seconds) | _made(engine)


def failed_row(key: str, error: BaseException, engine: str, seconds: float = 0.0) -> dict[str, Any]:
    """The row of a point that went wrong: what, in both languages; never a traceback."""
    if isinstance(error, TenbinError):
        texts = error.message("en"), error.message("ja")
    else:
        texts = (f"{type(error).__name__}: {error}",) * 2
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    return row | {"key": key, "status": "error", "error": texts[0], "error_ja": texts[1], "seconds": seconds} | _made(engine)


def plan_text(plan: Mapping[str, str]) -> str:
    """A plan as ``--plan`` takes it."""
    return ",".join(f"{measure}={level}" for measure, level in plan.items())


def _made(engine: str) -> dict[str, Any]:
    return {"finished": time.time(), "worker": f"{socket.gethostname()}:{os.getpid()}", "engine": engine}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
