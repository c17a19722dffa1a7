"""Laws of a single event's loss Z ≥ 0, before deductible, cap and measures: parameters, exact moments, quantiles.

Each law has, in the case's currency:

- ``survival(loss)``: P(Z > loss); ``quantile(p)``: the smallest loss with P(Z ≤ loss) ≥ p;
- ``layer_mean(low, high)``, ``layer_square(low, high)``: E[X] and E[X²] of what of a loss lies between the two,
  X = min(max(Z − low, 0), high − low); ``high`` may be ``inf``;
- ``limited_mean(limit)``, ``limited_square(limit)``: E[min(Z, limit)] and E[min(Z, limit)²];
- ``mean``, ``variance``: ``inf`` where there is none.

Layers are integrated from their own side of the law: far out, the difference of two limited moments would be all rounding.

``plain`` has the laws of one piece, ``composed`` those made of others, ``calculus`` the integrals that they share. Drawing is the
simulation's.
"""

from tenbin.model.laws.composed import GpdTail, Mixture
from tenbin.model.laws.plain import BodyLaw, Empirical, Fixed, Gamma, Lognormal, Pareto, Pert, Uniform, Weibull

__all__ = [
    "BodyLaw",
    "Empirical",
    "Fixed",
    "Gamma",
    "GpdTail",
    "Lognormal",
    "LossModel",
    "Mixture",
    "Pareto",
    "PartLaw",
    "Pert",
    "Uniform",
    "Weibull",
]

PartLaw = BodyLaw | GpdTail
"""What a mixture may consist of."""
LossModel = PartLaw | Mixture
