"""Metrics and costs → the cheapest plan and its certificate.

Outer approximation in log space (phi, gamma: log reductions of frequency and severity by scenario, in which plans are
linear). The cuts of the expected loss are theorems; those of VaR and TVaR are estimates, audited and polished.
"""

from tenbin.optimisation.certify import Certificate, CertificateKind
from tenbin.optimisation.problem import MET, Problem
from tenbin.optimisation.request import Limit, Rules
from tenbin.optimisation.search import Clock, OnProgress
from tenbin.optimisation.solve import Solution, Status, cheapest_plan, least_total_plan, lowest_risk_plan

__all__ = [
    "MET",
    "Certificate",
    "CertificateKind",
    "Clock",
    "Limit",
    "OnProgress",
    "Problem",
    "Rules",
    "Solution",
    "Status",
    "cheapest_plan",
    "least_total_plan",
    "lowest_risk_plan",
]
