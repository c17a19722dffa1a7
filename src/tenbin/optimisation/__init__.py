"""Metrics and costs → the cheapest plan and its certificate.

Outer approximation in log space (phi, gamma: log reductions of frequency and severity by scenario, in which plans are
linear). The cuts of the expected loss are theorems; those of VaR and TVaR are estimates, audited and polished.
"""

from tenbin.optimisation.certificate import Certificate, CertificateKind
from tenbin.optimisation.conflict import Conflict, Nearest, find_conflict
from tenbin.optimisation.covers import Cover
from tenbin.optimisation.frontier import FrontierPoint, LevelTracer, frontier_by_budget, frontier_by_level, undominated
from tenbin.optimisation.pool import Pool
from tenbin.optimisation.problem import MET, Problem
from tenbin.optimisation.reasons import Entry, Removal, alternatives, entry_price, removal
from tenbin.optimisation.request import Limit, Rules
from tenbin.optimisation.search import Clock, OnProgress
from tenbin.optimisation.solve import Solution, Status, cheapest_plan, least_total_plan, lowest_risk_plan, search_plan

__all__ = [
    "MET",
    "Certificate",
    "CertificateKind",
    "Clock",
    "Conflict",
    "Cover",
    "Entry",
    "FrontierPoint",
    "LevelTracer",
    "Limit",
    "Nearest",
    "OnProgress",
    "Pool",
    "Problem",
    "Removal",
    "Rules",
    "Solution",
    "Status",
    "alternatives",
    "cheapest_plan",
    "entry_price",
    "find_conflict",
    "frontier_by_budget",
    "frontier_by_level",
    "least_total_plan",
    "lowest_risk_plan",
    "removal",
    "search_plan",
    "undominated",
]
