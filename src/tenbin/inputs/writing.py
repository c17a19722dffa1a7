"""A case → its tables and settings: reading them back gives an equal case."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem, reason_of
from tenbin.inputs.branding import SECTION
from tenbin.inputs.crosswalks import crosswalk_records
from tenbin.inputs.csv_files import guarded
from tenbin.inputs.folder import SETTINGS
from tenbin.inputs.laws import frequency_model_text, interval_of, law_text
from tenbin.inputs.schema import CASE_TABLES, TABLES
from tenbin.inputs.words import said
from tenbin.model import (
    AMOUNTS,
    Brand,
    Capability,
    Case,
    Catalogue,
    Empirical,
    GpdTail,
    Lognormal,
    Logo,
    LossModel,
    Measure,
    MeasureLevel,
    Mixture,
    Range,
    Scenario,
    Status,
)

__all__ = ["catalogue_file", "files_beside", "logo_file", "toml_text", "write_case", "write_tables"]

Content = tuple[list[str], list[list[object]]]
TITLES = ("title_ja", "title_en")
SAID = ("basis", "basis_ja", "note", "note_ja")
CATALOGUE_COLUMNS = tuple(Measure.__dataclass_fields__)


def _number(value: float | None) -> object:
    """A number so that it reads back exactly; blank for None and infinity."""
    if value is None or math.isinf(value):
        return ""
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _range(value: Range, name: str) -> dict[str, object]:
    return {name: _number(value.likely), f"{name}_low": _number(value.low), f"{name}_high": _number(value.high)}


def _scenario(scenario: Scenario) -> dict[str, object]:
    names = ("id", "layer", "factor", "protects", "description_ja", "description_en", "basis", "basis_ja")
    law = scenario.severity.model
    interval = interval_of(law) if isinstance(law, Lognormal) else None
    if interval is None:
        loss: dict[str, object] = {"loss_model": law_text(law)}
    else:
        loss = {"loss_p05": _number(interval[0]), "loss_p95": _number(interval[1])}
    return {
        **{name: getattr(scenario, name) for name in (*names, *TITLES)},
        **_range(scenario.frequency, "frequency"),
        "frequency_model": frequency_model_text(scenario.frequency_model),
        **loss,
        "components": ";".join(scenario.components),
        "loss_cap": _number(scenario.severity.cap),
        "deductible": _number(scenario.severity.deductible),
        "loss_forms": ";".join(_forms(scenario)),
    }


def _forms(scenario: Scenario) -> tuple[str, ...]:
    if not scenario.loss_shares:
        return scenario.loss_forms
    return tuple(f"{name}={share!r}" for name, share in zip(scenario.loss_forms, scenario.loss_shares, strict=True))


def _samples(case: Case) -> dict[str, Empirical]:
    """Every sample of losses that a scenario's law draws from, by name."""
    laws: list[LossModel] = [scenario.severity.model for scenario in case.scenarios]
    laws += [part for law in laws if isinstance(law, Mixture) for _, part in law.parts]
    laws += [law.body for law in laws if isinstance(law, GpdTail)]
    return {law.name: law for law in laws if isinstance(law, Empirical)}


def _status(row: Status) -> dict[str, object]:
    words = [word for word in ("in_place", "mandatory", "excluded") if getattr(row, word)]
    return {"id": row.id, "level": row.level, "status": ";".join(words), "note": row.note, "note_ja": row.note_ja}


def _spent(row: MeasureLevel | Capability) -> dict[str, object]:
    ends: dict[str, object] = {}
    for name in AMOUNTS:
        ends |= _range(row.range_of(name), name)
    return {**ends, "subsidy": row.subsidy, **_texts(row, *SAID)}


def _texts(row: object, *names: str) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _case_records(case: Case) -> dict[str, list[dict[str, object]]]:
    samples = _samples(case)
    return {
        "scenarios": [_scenario(scenario) for scenario in case.scenarios],
        "effects": [
            {
                "scenario": effect.scenario,
                "measure": effect.measure,
                "acts_on": effect.acts_on.value,
                **_range(effect.effect, "effect"),
                **_texts(effect, "overlap_group", "basis", "basis_ja"),
            }
            for effect in case.effects
        ],
        "status": [_status(row) for row in case.status],
        "triggers": [
            {**_texts(t, "scenario", "triggers", "basis", "basis_ja"), "probability": _number(t.probability)}
            for t in case.triggers
        ],
        "factors": [{"id": f.id, "cv": _number(f.cv), "title_ja": f.title_ja, "title_en": f.title_en} for f in case.factors],
        "losses": [{"model": name, "loss": _number(loss)} for name in sorted(samples) for loss in samples[name].losses],
        "plans": [
            {"plan": plan.name, "measure": measure, "level": level, "year": "" if year is None else year}
            for plan in case.plans
            for measure, level, year in plan.choices
        ],
        "crosswalk": crosswalk_records(case.own_crosswalk),
    }


def _cost_records(case: Case) -> dict[str, list[dict[str, object]]]:
    return {
        "measures": [
            {
                "measure": row.measure,
                "level": row.level,
                "effect_scale": _number(row.effect_scale),
                "shared": ";".join(row.shared),
                **_spent(row),
            }
            for row in case.costs.rows
        ],
        "shared": [{"capability": row.id, **_texts(row, *TITLES), **_spent(row)} for row in case.costs.capabilities],
        "subsidies": [
            {
                "subsidy": row.id,
                "share": _number(row.share),
                "cap": _number(row.cap),
                "valid_until": "" if row.valid_until is None else row.valid_until.isoformat(),
                **_texts(row, *TITLES, *SAID),
            }
            for row in case.costs.subsidies
        ],
        "relations": [
            {"kind": row.kind.value, **_texts(row, "measure", "other", "note", "note_ja")} for row in case.costs.relations
        ],
    }


def _settings(case: Case) -> dict[str, Any]:
    firm, study = case.organisation, case.study
    organisation = {
        "id": firm.id or None,
        "employees": firm.employees,
        "annual_revenue": _plain(firm.annual_revenue),
        "cash_reserve": _plain(firm.cash_reserve),
        "day_rate": _plain(firm.day_rate),
    }
    targets: dict[str, list[str]] = {}
    for text in case.targets:
        name, _, value = text.partition("=")
        targets.setdefault(name, []).append(value)
    own = case.catalogue.name.lower().endswith(".csv")
    return {
        "format": 1,
        "name": case.name,
        "title_ja": case.title_ja,
        "title_en": case.title_en,
        "currency": case.currency,
        "catalogue": case.catalogue if own else case.catalogue.name,
        "cost_tables": case.costs.name,
        "organisation": {key: value for key, value in organisation.items() if value is not None},
        "study": {
            "n_trials": study.n_trials,
            "seed": study.seed,
            **({"n_worlds": study.n_worlds} if study.worlds_given else {}),
            "horizon_years": firm.horizon_years,
            "discount_rate": firm.discount_rate,
            **({"prices_on": study.prices_on.isoformat()} if study.prices_on else {}),
        },
        "targets": {name: values[0] if len(values) == 1 else values for name, values in targets.items()},
        "levels": {name: list(texts) for name, texts in case.levels.items()},
        **({SECTION: _brand(case.brand)} if case.brand else {}),
    }


def _brand(brand: Brand) -> dict[str, Any]:
    return {one.name: value for one in fields(brand) if (value := getattr(brand, one.name))}


def _plain(value: float | None) -> int | float | None:
    return int(value) if value is not None and float(value).is_integer() and abs(value) < 1e15 else value


def write_tables(case: Case) -> dict[str, Any]:
    """The tables of a case, (header, rows) by name with every column, and its settings as a nested dict under ``case``.

    A lognormal loss is written as ``loss_p05`` and ``loss_p95`` when round ones give exactly it, else as ``loss_model``.
    ``catalogue`` is the framework's name, or the ``Catalogue`` itself when it came from a user's file; a logo is a ``Logo``. Optional tables
    without a row are left out.
    """
    tables: dict[str, Any] = {"case": _settings(case)}
    for name, records in {**_case_records(case), **_cost_records(case)}.items():
        if records or TABLES[name].is_there:
            header = list(TABLES[name].columns)
            tables[name] = (header, [[record.get(column, "") for column in header] for record in records])
    return tables


def write_case(case: Case, folder: str | Path, costs: str | Path | None = None) -> None:
    """Write a case as CSV files and a case.toml: UTF-8 without BOM, LF.

    Cells that a spreadsheet would take for a formula (they begin with ``= + - @``, a tab or a return, also full-width) get an
    apostrophe before them, and the reader takes exactly that apostrophe off again. Columns without a value are left out. A
    user's own catalogue is written beside the case.

    Parameters
    ----------
    folder : a new or empty folder.
    costs : a new or empty folder for the cost tables; the case's own unless given.

    Raises
    ------
    InputError : when a folder holds something already, or cannot be written.
    """
    home = Path(folder)
    cost_home = home if costs is None else Path(costs)
    files = _files(case, home, cost_home)
    try:
        for place in (home, cost_home):
            if place.exists() and any(place.iterdir()):
                got = said("got_folder_with_files")
                raise InputError([Problem(str(place), 0, "", said("must_new_folder"), got, said("do_name_another"))])
        for place in (home, cost_home):  # the one may lie in the other
            place.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    except OSError as error:
        rule, remedy = said("must_writable_folder"), said("do_name_another")
        raise InputError([Problem(str(home), 0, "", rule, reason_of(error), remedy)]) from error


def _files(case: Case, home: Path, cost_home: Path) -> dict[Path, str | bytes]:
    """Every file's content by path, case.toml last: a folder without it is no case."""
    tables = write_tables(case)
    settings = tables.pop("case")
    files: dict[Path, str | bytes] = {}
    for name, content in tables.items():
        files[(home if name in CASE_TABLES else cost_home) / f"{name}.csv"] = _csv(_without_blanks(name, content))
    if cost_home != home:
        settings["cost_tables"] = Path(os.path.relpath(cost_home, home)).as_posix()
    files.update({home / name: content for name, content in files_beside(case, settings).items()})
    files[home / SETTINGS] = toml_text(settings)
    return files


def files_beside(case: Case, settings: dict[str, Any]) -> dict[str, str | bytes]:
    """A user's own catalogue and a brand's logo as files by name; in ``settings`` their names take their place."""
    files: dict[str, str | bytes] = {}
    if isinstance(settings["catalogue"], Catalogue):
        name, text = catalogue_file(settings["catalogue"])
        settings["catalogue"], files[name] = name, text
    if case.brand and (logo := case.brand.logo):
        name, picture = logo_file(logo)
        settings[SECTION]["logo"], files[name] = name, picture
    return files


def catalogue_file(catalogue: Catalogue) -> tuple[str, str]:
    """A user's own catalogue as a file: its name and content."""
    rows: list[list[object]] = [
        [";".join(value) if isinstance(value := getattr(measure, column), tuple) else value for column in CATALOGUE_COLUMNS]
        for measure in catalogue.measures
    ]
    return catalogue.name, _csv((list(CATALOGUE_COLUMNS), rows))


def logo_file(logo: Logo) -> tuple[str, bytes]:
    """A brand's logo as a file: its name and content."""
    return f"logo.{logo.kind}", logo.content


def _without_blanks(name: str, content: Content) -> Content:
    header, rows = content
    kept = [n for n, column in enumerate(header) if TABLES[name].columns[column].is_there or any(row[n] != "" for row in rows)]
    return [header[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _csv(content: Content) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(content[0])
    for row in content[1]:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def toml_value(value: object) -> str:
    """A value as TOML writes it; what is no number, list or table as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(one) for one in value)}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(key))} = {toml_value(inner)}" for key, inner in value.items()) + "}"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def toml_text(settings: Mapping[str, Any]) -> str:
    """Settings, nested once, as the text of a case.toml."""
    lines = [f"{_key(key)} = {toml_value(value)}" for key, value in settings.items() if not isinstance(value, dict)]
    for name, section in settings.items():
        if isinstance(section, dict) and section:
            lines += ["", f"[{_key(name)}]"]
            lines += [f"{_key(key)} = {toml_value(value)}" for key, value in section.items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else toml_value(name)
