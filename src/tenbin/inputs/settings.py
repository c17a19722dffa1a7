"""The settings of a case (case.toml, or the frame ``case``), checked key by key."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenbin.errors import Problem
from tenbin.inputs.tables import nearest
from tenbin.model import Organisation, Study
from tenbin.units import parse_amount, parse_number, parse_share

__all__ = ["Settings", "read_settings"]


@dataclass(slots=True)
class Settings:
    """What case.toml says, beside the tables."""

    name: str = ""
    title_ja: str = ""
    title_en: str = ""
    currency: str = "JPY"
    catalogue: str = "cpsf-2018-draft"
    cost_tables: str | None = None
    organisation: Organisation = field(default_factory=Organisation)
    study: Study = field(default_factory=Study)
    targets: tuple[str, ...] = ()
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _Reader:
    def __init__(self, label: str, problems: list[Problem]) -> None:
        self.label, self.problems = label, problems

    def bad(self, key: str, rule: str, value: object, remedy: str) -> None:
        self.problems.append(Problem(self.label, 0, key, rule, repr(value), remedy))

    def check_keys(self, section: Mapping[str, Any], known: tuple[str, ...], prefix: str = "") -> None:
        for key in section:
            if key not in known:
                self.bad(prefix + str(key), "a known key", str(key), nearest(str(key), known))

    def section(self, settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = settings.get(name, {})
        if not isinstance(value, Mapping):
            self.bad(name, "a section", value, f"Write [{name}] and its keys below.")
            return {}
        return value

    def text(self, settings: Mapping[str, Any], key: str, blank: str = "") -> str:
        value = settings.get(key, blank)
        if not isinstance(value, str):
            self.bad(key, "text", value, "Put it in quotes.")
            return blank
        return value

    def number(
        self,
        section: Mapping[str, Any],
        path: str,
        blank: Any,
        rule: str,
        remedy: str,
        is_good: Callable[[float], bool],
        parse: Callable[[str], float] = parse_number,
    ) -> Any:
        value = section.get(path.rpartition(".")[2], None)
        if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
            return blank
        try:
            if isinstance(value, bool):
                raise ValueError(value)
            found = parse(value) if isinstance(value, str) else float(value)
        except (TypeError, ValueError):
            self.bad(path, rule, value, remedy)
            return blank
        if not (math.isfinite(found) and is_good(found)):
            self.bad(path, rule, value, remedy)
            return blank
        return found


TOP = (
    "format",
    "name",
    "title_ja",
    "title_en",
    "currency",
    "catalogue",
    "cost_tables",
    "organisation",
    "study",
    "targets",
    "levels",
)
ORGANISATION = ("id", "employees", "annual_revenue", "cash_reserve", "day_rate", "horizon_years", "discount_rate")
STUDY = ("n_trials", "seed", "n_worlds", "horizon_years", "discount_rate")


def read_settings(settings: Mapping[str, Any], label: str, problems: list[Problem]) -> Settings:
    """Check the settings of a case; each bad value is a problem and keeps its blank."""
    read = _Reader(label, problems)
    read.check_keys(settings, TOP)
    if settings.get("format", 1) not in (1, "1"):
        read.bad("format", "1", settings["format"], "This tenbin reads format 1.")
    currency = read.text(settings, "currency", "JPY")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        read.bad("currency", "a code of three capital letters", currency, "Write JPY, USD or EUR.")
    targets = read_targets(read.section(settings, "targets"), read)
    levels: dict[str, tuple[str, ...]] = {}
    for name, texts in read.section(settings, "levels").items():
        wanted = [texts] if isinstance(texts, str) else texts
        if not isinstance(wanted, list) or not wanted or not all(isinstance(text, str) for text in wanted):
            read.bad(f"levels.{name}", "a list of targets", texts, 'Write a list such as ["survive=98%"].')
            continue
        levels[str(name)] = tuple(wanted)
    return Settings(
        name=read.text(settings, "name"),
        title_ja=read.text(settings, "title_ja"),
        title_en=read.text(settings, "title_en"),
        currency=currency,
        catalogue=read.text(settings, "catalogue", "cpsf-2018-draft"),
        cost_tables=read.text(settings, "cost_tables") or None,
        organisation=_organisation(settings, read),
        study=_study(settings, read),
        targets=targets,
        levels=levels,
    )


def read_targets(section: Mapping[str, Any], read: _Reader) -> tuple[str, ...]:
    """Targets as texts; a list gives several of the same metric."""
    texts = []
    for key, value in section.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, bool) or not isinstance(one, str | int | float):
                read.bad(f"targets.{key}", "an amount or a share", one, 'Write a value such as "60%" or "3000万円".')
                continue
            texts.append(f"{key}={one}")
    return tuple(texts)


def _organisation(settings: Mapping[str, Any], read: _Reader) -> Organisation:
    section = read.section(settings, "organisation")
    study = read.section(settings, "study")
    read.check_keys(section, ORGANISATION, "organisation.")
    years = {**{k: study[k] for k in ("horizon_years", "discount_rate") if k in study}, **section}
    amount = ("an amount of at least 0", "Write 3000000, 3M, 300万円 or 1.2億円.", lambda v: v >= 0, parse_amount)
    employees = read.number(
        section, "organisation.employees", None, "a whole number", "Write 60.", lambda v: v >= 0 and v == int(v)
    )
    return Organisation(
        id=str(section.get("id", "")),
        employees=None if employees is None else int(employees),
        annual_revenue=read.number(section, "organisation.annual_revenue", None, *amount),
        cash_reserve=read.number(section, "organisation.cash_reserve", None, *amount),
        day_rate=read.number(section, "organisation.day_rate", 0.0, *amount),
        horizon_years=int(
            read.number(
                years,
                "study.horizon_years",
                5,
                "a whole number from 1 to 50",
                "Write 5.",
                lambda v: 1 <= v <= 50 and v == int(v),
            )
        ),
        discount_rate=read.number(
            years,
            "study.discount_rate",
            0.02,
            "a rate above -50% and at most 100%",
            "Write 0.02.",
            lambda v: -0.5 < v <= 1,
            parse_share,
        ),
    )


def _study(settings: Mapping[str, Any], read: _Reader) -> Study:
    section = read.section(settings, "study")
    read.check_keys(section, STUDY, "study.")

    def whole(key: str, blank: int, low: int, high: int) -> int:
        rule = f"a whole number from {low:,} to {high:,}"
        return int(
            read.number(section, f"study.{key}", blank, rule, f"Write {blank}.", lambda v: low <= v <= high and v == int(v))
        )

    return Study(whole("n_trials", 100_000, 1, 100_000_000), whole("seed", 1, 0, 2**63 - 1), whole("n_worlds", 1, 1, 10_000))
