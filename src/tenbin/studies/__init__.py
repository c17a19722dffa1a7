"""One call that runs a whole question: the public functions and the objects they return."""

from tenbin.studies.charting import chart_data
from tenbin.studies.comparing import Comparison, compare
from tenbin.studies.covering import CoverageMatrix, coverage
from tenbin.studies.evaluating import Risk, RiskView, evaluate
from tenbin.studies.forms import FormLoss, loss_by_form
from tenbin.studies.fronting import Frontier, frontier
from tenbin.studies.likely import BesideLikely, beside_likely
from tenbin.studies.loading import load, replace, to_frames
from tenbin.studies.optimising import Result, optimise, optimize
from tenbin.studies.reopening import CASE_FOLDER, Reopened, keep_frontier, reopen
from tenbin.studies.replicating import Interval, replicate
from tenbin.studies.rich import METHOD as _RICH  # noqa: F401 - importing it is what is meant
from tenbin.studies.ringing import RingTrue, ring_true
from tenbin.studies.robustness import Robust, robust
from tenbin.studies.simulating import simulate
from tenbin.studies.suggesting import suggest

__all__ = [
    "CASE_FOLDER",
    "BesideLikely",
    "Comparison",
    "CoverageMatrix",
    "FormLoss",
    "Frontier",
    "Interval",
    "Reopened",
    "Result",
    "RingTrue",
    "Risk",
    "RiskView",
    "Robust",
    "beside_likely",
    "chart_data",
    "compare",
    "coverage",
    "evaluate",
    "frontier",
    "keep_frontier",
    "load",
    "loss_by_form",
    "optimise",
    "optimize",
    "reopen",
    "replace",
    "replicate",
    "ring_true",
    "robust",
    "simulate",
    "suggest",
    "to_frames",
]
