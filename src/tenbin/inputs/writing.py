"""A case → its tables and settings: reading them back gives an equal case."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from tenbin.inputs.laws import law_text
from tenbin.inputs.schema import CASE_TABLES, COST_TABLES, TABLES
from tenbin.model import Case, Empirical, MeasureLevel, Range, Scenario, Status

__all__ = ["settings_of", "write_case", "write_tables"]

Table = tuple[list[str], list[list[object]]]


def _number(value: float | None) -> str:
    if value is None or (isinstance(value, float) and math.isinf(value)):
        return ""
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _range(value: Range, name: str) -> dict[str, str]:
    return {name: _number(value.likely), f"{name}_low": _number(value.low), f"{name}_high": _number(value.high)}


def _scenario(scenario: Scenario) -> dict[str, str]:
    names = ("id", "title_ja", "title_en", "factor", "protects", "description_ja", "description_en", "basis")
    return {
        **{name: getattr(scenario, name) for name in names},
        "layer": str(scenario.layer),
        "components": ";".join(scenario.components),
        **_range(scenario.frequency, "frequency"),
        "loss_model": law_text(scenario.severity.model),
        "loss_cap": _number(scenario.severity.cap),
        "deductible": _number(scenario.severity.deductible),
        "loss_forms": ";".join(scenario.loss_forms),
    }


def _status(row: Status) -> dict[str, str]:
    words = [word for word in ("in_place", "mandatory", "excluded") if getattr(row, word)]
    return {"id": row.id, "level": row.level, "status": ";".join(words), "note": row.note}


def _money(row: Any) -> dict[str, str]:
    numbers = ("capex", "opex", "effort_initial", "effort_yearly")
    return {**{n: _number(getattr(row, n)) for n in numbers}, "subsidy": row.subsidy, "basis": row.basis, "note": row.note}


def _measure(row: MeasureLevel) -> dict[str, str]:
    scale = {"effect_scale": _number(row.effect_scale), "shared": ";".join(row.shared)}
    return {"measure": row.measure, "level": row.level, **_money(row), **scale}


def _records(case: Case) -> dict[str, list[dict[str, str]]]:
    samples = {s.severity.model for s in case.scenarios if isinstance(s.severity.model, Empirical)}
    costs = case.costs
    return {
        "scenarios": [_scenario(scenario) for scenario in case.scenarios],
        "effects": [
            {
                "scenario": e.scenario,
                "measure": e.measure,
                "acts_on": e.acts_on.value,
                **_range(e.effect, "effect"),
                "overlap_group": e.overlap_group,
                "basis": e.basis,
            }
            for e in case.effects
        ],
        "status": [_status(row) for row in case.status],
        "triggers": [
            {"scenario": t.scenario, "triggers": t.triggers, "probability": _number(t.probability), "basis": t.basis}
            for t in case.triggers
        ],
        "factors": [{"id": f.id, "cv": _number(f.cv), "title_ja": f.title_ja, "title_en": f.title_en} for f in case.factors],
        "losses": [
            {"model": law.name, "loss": _number(loss)}
            for law in sorted(samples, key=lambda law: law.name)
            for loss in law.losses
        ],
        "plans": [
            {"plan": plan.name, "measure": m, "level": level, "year": "" if year is None else str(year)}
            for plan in case.plans
            for m, level, year in plan.choices
        ],
        "measures": [_measure(row) for row in costs.rows],
        "shared": [{"capability": row.id, **_money(row)} for row in costs.capabilities],
        "subsidies": [
            {
                "subsidy": s.id,
                "share": _number(s.share),
                "cap": _number(s.cap),
                "valid_until": "" if s.valid_until is None else s.valid_until.isoformat(),
                "basis": s.basis,
                "note": s.note,
            }
            for s in costs.subsidies
        ],
        "relations": [{"kind": r.kind.value, "measure": r.measure, "other": r.other, "note": r.note} for r in costs.relations],
    }


def settings_of(case: Case) -> dict[str, Any]:
    """The settings of a case, as case.toml holds them."""
    firm, study = case.organisation, case.study
    organisation = {
        "id": firm.id or None,
        "employees": firm.employees,
        "annual_revenue": firm.annual_revenue,
        "cash_reserve": firm.cash_reserve,
        "day_rate": firm.day_rate,
    }
    targets: dict[str, list[str]] = {}
    for text in case.targets:
        name, _, value = text.partition("=")
        targets.setdefault(name, []).append(value)
    return {
        "format": 1,
        "name": case.name,
        "title_ja": case.title_ja,
        "title_en": case.title_en,
        "currency": case.currency,
        "catalogue": case.catalogue.name,
        "organisation": {key: value for key, value in organisation.items() if value is not None},
        "study": {
            "n_trials": study.n_trials,
            "seed": study.seed,
            "n_worlds": study.n_worlds,
            "horizon_years": firm.horizon_years,
            "discount_rate": firm.discount_rate,
        },
        "targets": targets,
        "levels": {name: list(texts) for name, texts in case.levels.items()},
    }


def write_tables(case: Case) -> dict[str, Any]:
    """Each table as (header, rows), empty ones left out, and ``case`` as the settings."""
    tables: dict[str, Any] = {"case": settings_of(case)}
    for name, records in _records(case).items():
        if records:
            header = [column for column in TABLES[name].columns if any(record.get(column, "") != "" for record in records)]
            header = [c for c in TABLES[name].columns if c in header or TABLES[name].columns[c].header_required]
            tables[name] = (header, [[record.get(column, "") for column in header] for record in records])
    return tables


def _csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table[0])
    writer.writerows(table[1])
    return text.getvalue()


def _quoted(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(one) for one in value) + "]"
    return repr(value)


def _toml(settings: dict[str, Any]) -> str:
    top = [f"{key} = {_quoted(value)}" for key, value in settings.items() if not isinstance(value, dict)]
    for name, section in settings.items():
        if isinstance(section, dict) and section:
            top += ["", f"[{name}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in section.items())]
    return "\n".join(top) + "\n"


def write_case(case: Case, folder: Path) -> None:
    """Write a case with its cost table into a folder: ``folder`` itself and ``folder/cost_tables``. UTF-8, LF.

    Cells stand as they are: tenbin's own reader never takes text for a formula, and what is meant for a spreadsheet goes
    through the workbook or the results' tables, where such text is guarded.
    """
    tables = write_tables(case)
    costs = folder / "cost_tables"
    costs.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        if name in CASE_TABLES or name in COST_TABLES:
            home = folder if name in CASE_TABLES else costs
            (home / f"{name}.csv").write_text(_csv(content), encoding="utf-8", newline="\n")
    settings = {**tables["case"], "cost_tables": "cost_tables"}
    (folder / "case.toml").write_text(_toml(settings), encoding="utf-8", newline="\n")
