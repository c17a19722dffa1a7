"""Checked rows → the model's objects, sorted so that row order never means anything."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from tenbin.errors import Problem
from tenbin.inputs.cells import BadCell
from tenbin.inputs.laws import parse_law
from tenbin.inputs.settings import Settings
from tenbin.inputs.tables import Parsed, Row
from tenbin.model import (
    ActsOn,
    Capability,
    Case,
    Catalogue,
    CostTable,
    Effect,
    Factor,
    Lognormal,
    LossModel,
    MeasureLevel,
    NamedPlan,
    Range,
    Relation,
    RelationKind,
    Scenario,
    Severity,
    Status,
    Subsidy,
    Trigger,
)

__all__ = ["build"]

Tables = dict[str, Parsed]


def build(
    tables: Tables, settings: Settings, catalogue: Catalogue, name: str, costs_name: str, today: date, problems: list[Problem]
) -> Case:
    """Make the case of checked rows; rows that turn out wrong add to ``problems``."""
    costs = _costs(tables, costs_name)
    effects = tuple(
        Effect(
            row["scenario"],
            row["measure"],
            ActsOn(row["acts_on"]),
            _range(row, "effect"),
            row["overlap_group"],
            row["basis"],
        )
        for row in _sorted(tables, "effects", "scenario", "measure", "acts_on")
    )
    warnings = _warnings(tables, costs, effects, today)
    if settings.study.n_worlds > 1:
        warnings += ("case.toml: study.n_worlds is read, but the likely values are used: worlds are not drawn yet",)
    return Case(
        name=name,
        catalogue=catalogue,
        scenarios=_scenarios(tables, problems),
        effects=effects,
        costs=costs,
        title_ja=settings.title_ja,
        title_en=settings.title_en,
        currency=settings.currency,
        organisation=settings.organisation,
        study=settings.study,
        targets=settings.targets,
        levels=settings.levels,
        status=_status(tables, costs),
        triggers=tuple(
            Trigger(row["scenario"], row["triggers"], row["probability"], row["basis"])
            for row in _sorted(tables, "triggers", "scenario", "triggers")
        ),
        factors=tuple(
            Factor(row["id"], row["cv"], row["title_ja"], row["title_en"]) for row in _sorted(tables, "factors", "id")
        ),
        plans=_plans(tables, costs),
        warnings=warnings,
    )


def _sorted(tables: Tables, name: str, *key: str) -> list[Row]:
    return sorted(tables[name].rows, key=lambda row: tuple(row[part] for part in key))


def _range(row: Row, name: str) -> Range:
    return Range(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _scenarios(tables: Tables, problems: list[Problem]) -> tuple[Scenario, ...]:
    samples: dict[str, list[float]] = {}
    for row in tables["losses"].rows:
        samples.setdefault(row["model"], []).append(row["loss"])
    found = []
    for row in _sorted(tables, "scenarios", "id"):
        law = _law(row, samples, problems)
        if law is None:
            continue
        severity = Severity(law, row["deductible"], math.inf if row["loss_cap"] is None else row["loss_cap"])
        if math.isinf(severity.mean):
            remedy = "Give loss_cap, or an alpha above 1."
            problems.append(row.problem("loss_model", "a law with a finite mean (Pareto: alpha above 1, or a cap)", remedy))
            continue
        if severity.mean <= 0:
            problems.append(row.problem("deductible", "below the largest loss", "Nothing is left of the loss of an event."))
            continue
        found.append(
            Scenario(
                id=row["id"],
                layer=row["layer"],
                components=tuple(dict.fromkeys(row["components"])),
                frequency=_range(row, "frequency"),
                severity=severity,
                title_ja=row["title_ja"],
                title_en=row["title_en"],
                factor=row["factor"],
                protects=row["protects"],
                loss_forms=row["loss_forms"],
                description_ja=row["description_ja"],
                description_en=row["description_en"],
                basis=row["basis"],
            )
        )
    return tuple(found)


def _law(row: Row, samples: dict[str, list[float]], problems: list[Problem]) -> LossModel | None:
    if not row["loss_model"]:
        p05, p95 = row["loss_p05"], row["loss_p95"]
        return Lognormal.from_interval(p05, p95) if p05 and p95 and p05 < p95 else None
    try:
        return parse_law(row["loss_model"], samples)
    except BadCell as error:
        problems.append(row.problem("loss_model", error.rule, error.remedy))
        return None


def _costs(tables: Tables, name: str) -> CostTable:
    def money(row: Row) -> dict[str, Any]:
        names = ("capex", "opex", "effort_initial", "effort_yearly", "subsidy", "basis", "note")
        return {column: row[column] for column in names}

    rows = [
        MeasureLevel(
            measure=row["measure"],
            level=row["level"],
            effect_scale=row["effect_scale"],
            shared=tuple(sorted(set(row["shared"]))),
            **money(row),
        )
        for row in tables["measures"].rows
    ]
    return CostTable(
        name=name,
        rows=tuple(sorted(rows, key=lambda row: (row.measure, row.effect_scale, row.level))),
        capabilities=tuple(Capability(id=row["capability"], **money(row)) for row in _sorted(tables, "shared", "capability")),
        subsidies=tuple(
            Subsidy(row["subsidy"], row["share"], row["cap"], row["valid_until"], row["basis"], row["note"])
            for row in _sorted(tables, "subsidies", "subsidy")
        ),
        relations=tuple(
            Relation(RelationKind(row["kind"]), row["measure"], row["other"], row["note"])
            for row in _sorted(tables, "relations", "kind", "measure", "other")
        ),
    )


def _status(tables: Tables, costs: CostTable) -> tuple[Status, ...]:
    """Status rows; a blank level of a measure becomes its only level or, for excluded, each of its levels."""
    found = []
    for row in _sorted(tables, "status", "id", "level"):
        flags = {word: word in row["status"] for word in ("in_place", "mandatory", "excluded")}
        levels = [entry.level for entry in costs.levels(row["id"])]
        for level in levels if levels and not row["level"] else [row["level"]]:
            found.append(Status(row["id"], level, flags["in_place"], flags["mandatory"], flags["excluded"], row["note"]))
    return tuple(found)


def _plans(tables: Tables, costs: CostTable) -> tuple[NamedPlan, ...]:
    plans: dict[str, list[tuple[str, str, int | None]]] = {}
    for row in _sorted(tables, "plans", "plan", "measure"):
        levels = costs.levels(row["measure"])
        level = row["level"] or (levels[0].level if levels else "")
        plans.setdefault(row["plan"], []).append((row["measure"], level, None if row["year"] is None else int(row["year"])))
    return tuple(NamedPlan(name, tuple(choices)) for name, choices in plans.items())


def _warnings(tables: Tables, costs: CostTable, effects: tuple[Effect, ...], today: date) -> tuple[str, ...]:
    label = tables["measures"].label
    acting = {effect.measure for effect in effects}
    required = {relation.other for relation in costs.relations if relation.kind is RelationKind.REQUIRES}
    found = [
        f"{label}: {measure} has a cost but no effect on any scenario"
        for measure in costs.measures
        if measure not in acting and measure not in required
    ]
    found += [
        f"{tables['subsidies'].label}: subsidy {subsidy.id} was valid until {subsidy.valid_until} and pays nothing"
        for subsidy in costs.subsidies
        if subsidy.valid_until is not None and subsidy.valid_until < today
    ]
    return tuple(found)
