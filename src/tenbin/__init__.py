"""tenbin (天秤): the cheapest set of security measures that meets a target level of risk, with a certificate.

Names are imported when they are first used, so that ``tenbin --help`` answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tenbin.calibration import (
        CountFit,
        ExpertPool,
        FrequencyUpdate,
        LossFit,
        fit_counts,
        fit_losses,
        pool_experts,
        update_frequency,
    )
    from tenbin.errors import Infeasible, InputError, SimulationError, SolverFailed, TenbinError
    from tenbin.model import Case
    from tenbin.sensitivity import (
        Information,
        Stressed,
        Tornado,
        VarianceShares,
        WhatMatters,
        information_value,
        stress,
        tornado,
        variance_shares,
        what_matters,
    )
    from tenbin.simulation import EventTable
    from tenbin.studies import (
        BesideLikely,
        Comparison,
        CoverageMatrix,
        FormLoss,
        Frontier,
        Interval,
        Result,
        RingTrue,
        Risk,
        Robust,
        beside_likely,
        compare,
        coverage,
        evaluate,
        frontier,
        load,
        loss_by_form,
        optimise,
        optimize,
        replace,
        replicate,
        ring_true,
        robust,
        simulate,
        suggest,
        to_frames,
    )
    from tenbin.sweeps import Sweep, read_sweep, sweep, sweep_regret

_HOME = {
    "BesideLikely": "tenbin.studies",
    "Case": "tenbin.model",
    "Comparison": "tenbin.studies",
    "CountFit": "tenbin.calibration",
    "CoverageMatrix": "tenbin.studies",
    "EventTable": "tenbin.simulation",
    "ExpertPool": "tenbin.calibration",
    "FormLoss": "tenbin.studies",
    "FrequencyUpdate": "tenbin.calibration",
    "Frontier": "tenbin.studies",
    "Infeasible": "tenbin.errors",
    "Information": "tenbin.sensitivity",
    "InputError": "tenbin.errors",
    "Interval": "tenbin.studies",
    "LossFit": "tenbin.calibration",
    "Result": "tenbin.studies",
    "RingTrue": "tenbin.studies",
    "Risk": "tenbin.studies",
    "Robust": "tenbin.studies",
    "SimulationError": "tenbin.errors",
    "SolverFailed": "tenbin.errors",
    "Stressed": "tenbin.sensitivity",
    "Sweep": "tenbin.sweeps",
    "TenbinError": "tenbin.errors",
    "Tornado": "tenbin.sensitivity",
    "VarianceShares": "tenbin.sensitivity",
    "WhatMatters": "tenbin.sensitivity",
    "beside_likely": "tenbin.studies",
    "compare": "tenbin.studies",
    "coverage": "tenbin.studies",
    "evaluate": "tenbin.studies",
    "fit_counts": "tenbin.calibration",
    "fit_losses": "tenbin.calibration",
    "frontier": "tenbin.studies",
    "information_value": "tenbin.sensitivity",
    "load": "tenbin.studies",
    "loss_by_form": "tenbin.studies",
    "optimise": "tenbin.studies",
    "optimize": "tenbin.studies",
    "pool_experts": "tenbin.calibration",
    "read_sweep": "tenbin.sweeps",
    "replace": "tenbin.studies",
    "replicate": "tenbin.studies",
    "ring_true": "tenbin.studies",
    "robust": "tenbin.studies",
    "simulate": "tenbin.studies",
    "stress": "tenbin.sensitivity",
    "suggest": "tenbin.studies",
    "sweep": "tenbin.sweeps",
    "sweep_regret": "tenbin.sweeps",
    "to_frames": "tenbin.studies",
    "tornado": "tenbin.sensitivity",
    "update_frequency": "tenbin.calibration",
    "variance_shares": "tenbin.sensitivity",
    "what_matters": "tenbin.sensitivity",
}

__all__ = [
    "BesideLikely",
    "Case",
    "Comparison",
    "CountFit",
    "CoverageMatrix",
    "EventTable",
    "ExpertPool",
    "FormLoss",
    "FrequencyUpdate",
    "Frontier",
    "Infeasible",
    "Information",
    "InputError",
    "Interval",
    "LossFit",
    "Result",
    "RingTrue",
    "Risk",
    "Robust",
    "SimulationError",
    "SolverFailed",
    "Stressed",
    "Sweep",
    "TenbinError",
    "Tornado",
    "VarianceShares",
    "WhatMatters",
    "__version__",
    "beside_likely",
    "compare",
    "coverage",
    "evaluate",
    "fit_counts",
    "fit_losses",
    "frontier",
    "information_value",
    "load",
    "loss_by_form",
    "optimise",
    "optimize",
    "pool_experts",
    "read_sweep",
    "replace",
    "replicate",
    "ring_true",
    "robust",
    "simulate",
    "stress",
    "suggest",
    "sweep",
    "sweep_regret",
    "to_frames",
    "tornado",
    "update_frequency",
    "variance_shares",
    "what_matters",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'tenbin' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
