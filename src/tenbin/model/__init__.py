"""The domain: frozen dataclasses, no input or output, no arrays of events.

Everything that belongs to one organisation has an ``organisation`` beside its local id ("" when alone), so that several
organisations' cases can be composed into one.
"""

from tenbin.model.brand import Brand, Logo, LogoKind
from tenbin.model.case import Case, NamedPlan, Organisation, Status, Study, default_worlds
from tenbin.model.catalogue import Catalogue, Component, Layer, Measure, Protected
from tenbin.model.costs import AMOUNTS, Capability, CostTable, MeasureLevel, Relation, RelationKind, Subsidy
from tenbin.model.crosswalk import Confidence, Crosswalk, SchemeKind, Support
from tenbin.model.frequency import Bernoulli, FrequencyModel, NegativeBinomial, Poisson
from tenbin.model.laws import (
    BodyLaw,
    Empirical,
    Fixed,
    Gamma,
    GpdTail,
    Lognormal,
    LossModel,
    Mixture,
    Pareto,
    PartLaw,
    Pert,
    Uniform,
    Weibull,
)
from tenbin.model.plan import Plan, current_plan, plan_key, violations
from tenbin.model.risk import ActsOn, Effect, Factor, Range, Scenario, Trigger
from tenbin.model.severity import Severity
from tenbin.model.target import Basis, Budget, Coverage, Days, Metric, Period, Scope, Target

__all__ = [
    "AMOUNTS",
    "ActsOn",
    "Basis",
    "Bernoulli",
    "BodyLaw",
    "Brand",
    "Budget",
    "Capability",
    "Case",
    "Catalogue",
    "Component",
    "Confidence",
    "CostTable",
    "Coverage",
    "Crosswalk",
    "Days",
    "Effect",
    "Empirical",
    "Factor",
    "Fixed",
    "FrequencyModel",
    "Gamma",
    "GpdTail",
    "Layer",
    "Lognormal",
    "Logo",
    "LogoKind",
    "LossModel",
    "Measure",
    "MeasureLevel",
    "Metric",
    "Mixture",
    "NamedPlan",
    "NegativeBinomial",
    "Organisation",
    "Pareto",
    "PartLaw",
    "Period",
    "Pert",
    "Plan",
    "Poisson",
    "Protected",
    "Range",
    "Relation",
    "RelationKind",
    "Scenario",
    "SchemeKind",
    "Scope",
    "Severity",
    "Status",
    "Study",
    "Subsidy",
    "Support",
    "Target",
    "Trigger",
    "Uniform",
    "Weibull",
    "current_plan",
    "default_worlds",
    "plan_key",
    "violations",
]
