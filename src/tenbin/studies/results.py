"""What an optimisation found, in the form of interface.md's document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tenbin
from tenbin.evaluation import Cost
from tenbin.model import Case, Target, current_plan
from tenbin.optimisation import MET, Certificate, Conflict
from tenbin.studies.evaluating import Risk
from tenbin.studies.reasoning import Alternative, Reasons, conflict_document
from tenbin.studies.validating import Checked

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Met", "Result", "Supported", "change_of"]


@dataclass(frozen=True, slots=True)
class Met:
    """A target's limit in this sample, the limit that was solved for, and the plan's value."""

    target: str
    limit: float
    limit_solved: float
    value: float

    @property
    def met(self) -> bool:
        return self.value <= self.limit * (1 + MET)

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "target": self.target,
            "limit": self.limit,
            "limit_solved": self.limit_solved,
            "value": self.value,
            "met": self.met,
        }


@dataclass(frozen=True, slots=True)
class Supported:
    """A coverage target: how many of the references that it counts the plan supports; at least so many were asked.

    unverified : of those supported, how many rest on entries of the crosswalk alone that nobody could check.
    """

    target: str
    at_least: int
    supported: int
    n_references: int
    unverified: int

    @property
    def met(self) -> bool:
        return self.supported >= self.at_least

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "target": self.target,
            "at_least": self.at_least,
            "supported": self.supported,
            "n_references": self.n_references,
            "unverified": self.unverified,
            "met": self.met,
        }


@dataclass(frozen=True)
class Result:
    """A plan with its cost, its risk, its certificate and its check on other years.

    status : optimal, feasible, infeasible, interrupted or failed. ``risk`` is None without a plan.
    tightenings : how often the limits were tightened because fresh years missed them. alternatives : the next-best plans. reasons :
    why each measure is, or is not, in the plan. conflict : what contradicts what when nothing meets the request. coverage :
    how the plan supports the standards asked about; coverage_adds : npv that asking for it adds to the risk targets alone (None:
    not known, or nothing else was asked). question : the targets, parsed. asked : the options that ``optimise`` was given.
    """

    case: Case = field(repr=False)
    status: str
    objective: str
    plan: dict[str, str]
    certificate: Certificate | None
    risk: Risk | None = field(repr=False)
    current: Risk = field(repr=False)
    inherent: Risk = field(repr=False)
    targets: tuple[Met, ...]
    outside: tuple[Checked, ...] = ()
    reachable: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    tightenings: int = 0
    alternatives: tuple[Alternative, ...] = ()
    reasons: Reasons | None = None
    conflict: Conflict | None = None
    coverage: tuple[Supported, ...] = ()
    coverage_adds: float | None = None
    n_trials: int = 0
    n_worlds: int = 1
    seed: int = 0
    question: tuple[Target, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def _repr_html_(self) -> str:
        from tenbin.studies.displaying import result_html  # it shows what stands here

        return result_html(self)

    @property
    def cost(self) -> Cost:
        """The plan's cost; of doing nothing without a plan."""
        return self.risk.cost if self.risk else self.inherent.cost

    @property
    def change(self) -> dict[str, list[dict[str, str]]]:
        """What changes against today: add, raise (or lower: listed under raise with its level), keep, drop."""
        return change_of(self.case, self.plan)

    def with_seconds(self, **seconds: float) -> Result:
        """The same result with times added."""
        return replace(self, seconds={**self.seconds, **seconds})

    def save(self, out: str | Path | None = None, *, lang: str | None = None, charts: bool = True) -> Path:
        """Keep this as a run, as the command does: ``tenbin report``, ``runs`` and ``chart`` take it.

        Parameters
        ----------
        out : the results folder; ``TENBIN_RESULTS``, else ``./results``, unless given.
        lang : of the charts, ``ja`` or ``en``; that of ``TENBIN_LANG``, else the system's, unless given.
        charts : whether they are drawn, which takes seconds.

        Returns
        -------
        The run's folder.

        Raises
        ------
        InputError : when there is no plan to keep.
        StorageError : when the disk refuses; then nothing is left there.
        """
        from tenbin.studies.saving import save_result

        return save_result(self, out, lang, charts)

    def to_dict(self, how_sure: bool = True) -> dict[str, Any]:
        """The document of ``optimise --json``; without ``how_sure`` it lacks the errors of its figures, which take half a second."""
        sure = side_by_side({"inherent": self.inherent, "residual": self.risk}) if how_sure else {}
        return {
            "schema": 1,
            "version": tenbin.__version__,
            "case": self.case.name,
            "currency": self.case.currency,
            "warnings": list(self.warnings),
            "status": self.status,
            "objective": self.objective,
            "certificate": self.certificate.to_dict() if self.certificate else None,
            "plan": [{"measure": measure, "level": level} for measure, level in self.plan.items()],
            "change": self.change if self.risk else {"add": [], "raise": [], "keep": [], "drop": []},
            "cost": self.cost.to_dict() if self.risk else None,
            "cost_range": self.risk.cost_between() if self.risk else None,
            "current": {
                "cost": self.current.cost.to_dict(),
                "risk": self.current.metrics(),
                **(self.current.how_sure() if how_sure else {}),
            },
            "risk": {"inherent": self.inherent.metrics(), "residual": self.risk.metrics() if self.risk else None},
            **sure,
            "targets": [target.to_dict() for target in self.targets],
            "coverage": [support.to_dict() for support in self.coverage],
            "coverage_adds_npv": self.coverage_adds,
            "out_of_sample": {checked.label: checked.to_dict() for checked in self.outside},
            "tightenings": self.tightenings,
            "reachable": dict(self.reachable),
            "alternatives": [other.to_dict() for other in self.alternatives],
            "reasons": self.reasons.to_dict() if self.reasons else None,
            "conflict": conflict_document(self.conflict) if self.conflict else None,
            "n_trials": self.n_trials,
            "n_worlds": self.n_worlds,
            "seed": self.seed,
            "seconds": dict(self.seconds),
        }

    def to_frame(self) -> pd.DataFrame:
        """The plan as a table: measure, level, title, change and yearly cost of each row (shared capabilities apart)."""
        import pandas as pd

        rows = {row.key: row for row in self.case.costs.rows}
        kind = {entry["measure"]: name for name, entries in self.change.items() for entry in entries}
        titles = {measure.id: measure.title_en or measure.title_ja for measure in self.case.catalogue.measures}
        return pd.DataFrame(
            [
                {
                    "measure": measure,
                    "level": level,
                    "title": titles.get(measure, ""),
                    "change": kind.get(measure, ""),
                    "capex": rows[measure, level].capex,
                    "opex": rows[measure, level].opex,
                }
                for measure, level in self.plan.items()
            ],
            columns=["measure", "level", "title", "change", "capex", "opex"],
        )


def side_by_side(risks: Mapping[str, Risk | None]) -> dict[str, Any]:
    """``error`` and ``between_worlds`` of several plans, by their names; what is None stays so."""
    found: dict[str, Any] = {}
    for name, risk in risks.items():
        for key, content in (risk.how_sure() if risk else {"error": None}).items():
            found.setdefault(key, {})[name] = content
    return found


def change_of(case: Case, plan: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """What a plan changes against today: add, raise, lower (only where there is any), keep, drop."""
    today = current_plan(case)
    rank = {row.key: r for r, row in enumerate(case.costs.rows)}
    change: dict[str, list[dict[str, str]]] = {"add": [], "raise": [], "lower": [], "keep": [], "drop": []}
    for measure, level in sorted(plan.items()):
        if measure not in today:
            kind = "add"
        elif today[measure] == level:
            kind = "keep"
        else:
            kind = "raise" if rank[measure, level] > rank[measure, today[measure]] else "lower"
        change[kind].append({"measure": measure, "level": level})
    change["drop"] = [{"measure": m, "level": today[m]} for m in sorted(today) if m not in plan]
    if not change["lower"]:
        del change["lower"]
    return change
