"""Laws of a single event's loss Z ≥ 0, before deductible, cap and measures: parameters, exact moments, quantiles.

Each law has, in the case's currency:

- ``survival(loss)``: P(Z > loss); ``quantile(p)``: the smallest loss with P(Z ≤ loss) ≥ p;
- ``limited_mean(limit)``, ``limited_square(limit)``: E[min(Z, limit)] and E[min(Z, limit)²], at ``inf`` those of Z itself;
- ``mean``, ``variance``: ``inf`` where there is none.

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
