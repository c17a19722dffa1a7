"""From an event table and a plan to annual losses, metrics and their gradients.

phi, gamma : shape (n_worlds, n_scenarios); log reductions −ln(1 − effect) of frequency and severity under a plan. Plans are
linear in them, fractional ones allowed.
Dphi, Dgamma : minus the derivatives of a metric by phi and gamma (never negative: measures never raise a risk).
"""

from tenbin.evaluation.attribution import attribute
from tenbin.evaluation.bands import CurveBand, WorldCurves, band
from tenbin.evaluation.cost import Cost, CostByYear, CostModel, cost_by_year, cost_of
from tenbin.evaluation.cost_shares import cost_per_year_by_row
from tenbin.evaluation.elsewhere import Elsewhere
from tenbin.evaluation.evaluator import Evaluator, Quantity, Tangent
from tenbin.evaluation.expected import ExpectedLoss
from tenbin.evaluation.fresh import FreshYears
from tenbin.evaluation.metrics import (
    exceedance_probability,
    tail_size,
    tail_value_at_risk,
    value_at_risk,
)
from tenbin.evaluation.precision import (
    Estimate,
    Spread,
    error_of_mean,
    estimate,
    expected_estimate,
    world_means,
)
from tenbin.evaluation.reduction import Reduction

__all__ = [
    "Cost",
    "CostByYear",
    "CostModel",
    "CurveBand",
    "Elsewhere",
    "Estimate",
    "Evaluator",
    "ExpectedLoss",
    "FreshYears",
    "Quantity",
    "Reduction",
    "Spread",
    "Tangent",
    "WorldCurves",
    "attribute",
    "band",
    "cost_by_year",
    "cost_of",
    "cost_per_year_by_row",
    "error_of_mean",
    "estimate",
    "exceedance_probability",
    "expected_estimate",
    "tail_size",
    "tail_value_at_risk",
    "value_at_risk",
    "world_means",
]
