"""Metrics and costs → the cheapest plan and its certificate.

Outer approximation in log space (phi, gamma: log reductions of frequency and severity by scenario, in which plans are
linear). The cuts of the expected loss are theorems; those of VaR and TVaR are estimates, audited and polished.
"""

from tenbin.optimisation.certificate import Certificate, CertificateKind
from tenbin.optimisation.covers import Cover
from tenbin.optimisation.pool import Pool
from tenbin.optimisation.problem import MET, Problem
from tenbin.optimisation.request import Limit, Rules
from tenbin.optimisation.search import Clock, OnProgress
from tenbin.optimisation.solve import Solution, Status, cheapest_plan, least_total_plan, lowest_risk_plan

__all__ = [
    "MET",
    "Certificate",
    "CertificateKind",
    "Clock",
    "Cover",
    "Limit",
    "OnProgress",
    "Pool",
    "Problem",
    "Rules",
    "Solution",
    "Status",
    "cheapest_plan",
    "least_total_plan",
    "lowest_risk_plan",
]
