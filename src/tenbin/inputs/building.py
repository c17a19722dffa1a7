"""Checked rows → the model's objects, sorted so that row order never means anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tenbin.inputs.costchecks import expanded, levels_of
from tenbin.inputs.crosschecks import Tables, law_of, samples_of
from tenbin.inputs.crosswalks import build_crosswalk
from tenbin.inputs.settings import Settings
from tenbin.inputs.tables import Row
from tenbin.inputs.words import said
from tenbin.model import (
    AMOUNTS,
    ActsOn,
    Capability,
    Case,
    Catalogue,
    CostTable,
    Crosswalk,
    Effect,
    Factor,
    MeasureLevel,
    NamedPlan,
    Range,
    Relation,
    RelationKind,
    Scenario,
    Severity,
    Status,
    Study,
    Subsidy,
    Trigger,
    default_worlds,
)
from tenbin.words import Titled

__all__ = ["build_case"]

WORDS = ("in_place", "mandatory", "excluded")


def build_case(tables: Tables, settings: Settings, catalogue: Catalogue, name: str, costs_name: str, today: date) -> Case:
    """Make the case of tables and settings without a problem."""
    own = settings.organisation.id
    levels = levels_of(tables) or {}
    costs = CostTable(
        name=costs_name,
        rows=tuple(sorted((_level(row, own) for row in tables["measures"].rows), key=_rank)),
        capabilities=tuple(
            Capability(id=row["capability"], organisation=own, **_spent(row), **_titles(row))
            for row in _sorted(tables, "shared", "capability")
        ),
        subsidies=tuple(
            Subsidy(
                row["subsidy"], row["share"], row["cap"], row["valid_until"], organisation=own, **_said(row), **_titles(row)
            )
            for row in _sorted(tables, "subsidies", "subsidy")
        ),
        relations=tuple(
            Relation(RelationKind(row["kind"]), row["measure"], row["other"], row["note"], own, row["note_ja"])
            for row in _sorted(tables, "relations", "kind", "measure", "other")
        ),
    )
    return Case(
        name=name,
        catalogue=catalogue,
        scenarios=_scenarios(tables, own),
        effects=tuple(
            Effect(
                row["scenario"],
                row["measure"],
                ActsOn(row["acts_on"]),
                _range(row, "effect"),
                row["overlap_group"],
                row["basis"],
                own,
                row["basis_ja"],
            )
            for row in _sorted(tables, "effects", "scenario", "measure", "acts_on")
        ),
        costs=costs,
        title_ja=settings.values["title_ja"],
        title_en=settings.values["title_en"],
        currency=settings.values["currency"],
        organisation=settings.organisation,
        study=_study(tables, settings.study),
        targets=settings.targets,
        levels=settings.levels,
        status=_status(tables, levels, own),
        triggers=tuple(
            Trigger(row["scenario"], row["triggers"], row["probability"], row["basis"], own, row["basis_ja"])
            for row in _sorted(tables, "triggers", "scenario", "triggers")
        ),
        factors=tuple(
            Factor(row["id"], row["cv"], row["title_ja"], row["title_en"], own) for row in _sorted(tables, "factors", "id")
        ),
        plans=_plans(tables, levels),
        warnings=_warnings(tables, settings, today),
        own_crosswalk=build_crosswalk(tables, catalogue) or Crosswalk(),
        brand=settings.brand,
    )


RANGED = (("scenarios", ("frequency",)), ("effects", ("effect",)), ("measures", AMOUNTS), ("shared", AMOUNTS))
"""What may have a range from low to high, by its table."""


def _study(tables: Tables, study: Study) -> Study:
    """The study with its number of worlds: where the settings leave it out, several as soon as anything has a range."""
    if study.worlds_given:
        return study
    uncertain = any(row.has(f"{part}_low") for name, parts in RANGED for row in tables[name].rows for part in parts)
    return replace(study, n_worlds=default_worlds(study.n_trials) if uncertain else 1)


def _sorted(tables: Tables, name: str, *key: str) -> list[Row]:
    return sorted(tables[name].rows, key=lambda row: tuple(row[part] for part in key))


def _range(row: Row, name: str) -> Range:
    return Range(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _rank(row: MeasureLevel) -> tuple[str, float]:
    return row.measure, row.effect_scale


def _spent(row: Row) -> dict[str, Any]:
    ranges = tuple((name, _range(row, name)) for name in AMOUNTS if row.has(f"{name}_low"))
    return {name: row[name] for name in (*AMOUNTS, "subsidy")} | {"ranges": ranges} | _said(row)


def _said(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("basis", "basis_ja", "note", "note_ja")}


def _titles(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("title_ja", "title_en")}


def _level(row: Row, own: str) -> MeasureLevel:
    return MeasureLevel(
        measure=row["measure"],
        level=row["level"],
        effect_scale=row["effect_scale"],
        shared=tuple(sorted(row["shared"])),
        organisation=own,
        **_spent(row),
    )


def _scenarios(tables: Tables, own: str) -> tuple[Scenario, ...]:
    samples = samples_of(tables)
    found = []
    for row in _sorted(tables, "scenarios", "id"):
        law = law_of(row, samples)
        assert law is not None  # the tables are without a problem
        names = ("frequency_model", "factor", "protects", "description_ja", "description_en", "basis", "basis_ja")
        forms, shares = row["loss_forms"]
        found.append(
            Scenario(
                id=row["id"],
                layer=row["layer"],
                components=row["components"],
                frequency=_range(row, "frequency"),
                severity=Severity(law, row["deductible"], math.inf if row["loss_cap"] is None else row["loss_cap"]),
                organisation=own,
                loss_forms=forms,
                loss_shares=shares,
                **_titles(row),
                **{name: row[name] for name in names},
            )
        )
    return tuple(found)


def _status(tables: Tables, levels: Mapping[str, tuple[str, ...]], own: str) -> tuple[Status, ...]:
    """One status for each level, from however many rows."""
    words: dict[tuple[str, str], set[str]] = {}
    notes: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row, level in expanded(tables, levels):
        words.setdefault((row["id"], level), set()).update(row["status"])
        notes.setdefault((row["id"], level), set()).add((row["note"], row["note_ja"]))
    return tuple(
        Status(
            id=key[0],
            level=key[1],
            in_place="in_place" in words[key],
            mandatory="mandatory" in words[key],
            excluded="excluded" in words[key],
            note=_together(note for note, _ in notes[key]),
            organisation=own,
            note_ja=_together(ja or note for note, ja in notes[key]) if any(ja for _, ja in notes[key]) else "",
        )
        for key in sorted(words)
    )


def _together(notes: Iterable[str]) -> str:
    return "; ".join(sorted({note for note in notes if note}))


def _plans(tables: Tables, levels: Mapping[str, tuple[str, ...]]) -> tuple[NamedPlan, ...]:
    plans: dict[str, list[tuple[str, str, int | None]]] = {}
    for row in _sorted(tables, "plans", "plan", "measure"):
        level = row["level"] or levels[row["measure"]][0]
        plans.setdefault(row["plan"], []).append((row["measure"], level, row["year"]))
    return tuple(NamedPlan(name, tuple(choices)) for name, choices in plans.items())


def _warnings(tables: Tables, settings: Settings, today: date) -> tuple[str, ...]:
    """What is allowed but hardly meant; without row numbers, so that row order means nothing here either."""
    acting = {row["measure"] for row in tables["effects"].rows}
    needed = {row["other"] for row in tables["relations"].rows if row["kind"] == "requires"}
    idle = sorted({row["measure"] for row in tables["measures"].rows} - acting - needed)
    found = [said("warn_idle", measure=measure) for measure in idle]
    for row in _sorted(tables, "subsidies", "subsidy"):
        until = row["valid_until"]
        if until is not None and until < today:
            name = Titled(row["subsidy"], row["title_ja"], row["title_en"])
            found.append(said("warn_subsidy", subsidy=name, date=until.isoformat()))
    return tuple(found)
