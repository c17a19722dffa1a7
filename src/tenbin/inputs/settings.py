"""The settings of a case (``case.toml``, or ``case`` of a mapping), checked key by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenbin.errors import Problem
from tenbin.inputs.branding import SECTION, brand_of
from tenbin.inputs.cells import tidy, to_text
from tenbin.inputs.containers import Container, forbidden_character
from tenbin.inputs.schema import SETTINGS
from tenbin.inputs.tables import read_cell
from tenbin.inputs.words import nearest, said, shown
from tenbin.model import Brand, Catalogue, Logo, Organisation, Study

__all__ = ["Settings", "read_settings", "target_texts"]

SECTIONS = ("organisation", "study", "targets", "levels", SECTION)
TARGET_LISTS = ("targets", "levels")
LOGO = f"{SECTION}.logo"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings as read; a bad one has its blank's value, and its problem is known.

    ``values`` is by dotted key; ``targets`` has (key in the file, target text), ``levels`` the texts of each named level.
    """

    values: Mapping[str, Any]
    bad: frozenset[str]
    organisation: Organisation
    study: Study
    targets: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    catalogue: Catalogue | None = None
    brand: Brand | None = None

    @property
    def may_lack_reserve(self) -> bool:
        """Whether a cash_reserve was meant, but is wrong or misspelt: its problem is enough."""
        return any("reserve" in key for key in self.bad)


def read_settings(container: Container) -> Settings:
    """Check the settings of a container; problems go to the container's."""
    label, problems = container.settings_label, container.problems
    flat = _flat(container)
    catalogue = flat.get("catalogue")
    if isinstance(catalogue, Catalogue):
        del flat["catalogue"]
    logo = flat.pop(LOGO) if isinstance(flat.get(LOGO), Logo) else None
    values: dict[str, Any] = {name: column.blank for name, column in SETTINGS.items()}
    bad: set[str] = set()
    targets: list[str] = []
    levels: dict[str, tuple[str, ...]] = {}
    for key, value in flat.items():
        row = container.lines.get(key, 0)
        section, _, name = key.partition(".")
        if section in TARGET_LISTS and name:
            texts = _texts(key, value, row, label, problems)
            if section == "targets":
                targets.extend(f"{name}={text}" for text in texts)
            elif texts:
                levels[name] = texts
        elif key not in SETTINGS:
            bad.add(key)
            problems.append(_unknown(key, row, label))
        elif isinstance(value, list | tuple | dict):
            bad.add(key)
            problems.append(Problem(label, row, key, said("must_single"), shown(value), said("do_single")))
        elif text := _text(value):
            problem = _forbidden(key, text, row, label) or read_cell(values, key, text, SETTINGS[key], label, row)
            if problem is not None:
                values[key] = SETTINGS[key].blank
                bad.add(key)
                problems.append(problem)
    worlds = values["study.n_worlds"]
    if worlds is not None and worlds > values["study.n_trials"]:
        row = container.lines.get("study.n_worlds", 0)
        rule = said("must_worlds", n=values["study.n_trials"])
        problems.append(Problem(label, row, "study.n_worlds", rule, f"{worlds:,}", said("do_worlds")))
    branding = {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{SECTION}.")}
    branding |= {"logo": logo} if logo is not None else {}
    return Settings(
        values=values,
        bad=frozenset(bad),
        organisation=Organisation(
            **{key: values[f"organisation.{key}"] for key in ("id", "employees", "annual_revenue", "cash_reserve", "day_rate")},
            **{key: values[f"study.{key}"] for key in ("horizon_years", "discount_rate")},
        ),
        study=Study(
            values["study.n_trials"],
            values["study.seed"],
            worlds or 1,
            values["study.prices_on"],
            worlds_given=worlds is not None,
        ),
        targets=tuple(targets),
        levels=levels,
        catalogue=catalogue if isinstance(catalogue, Catalogue) else None,
        brand=brand_of(branding, container.folder or Path(), label, container.lines, problems),
    )


def _flat(container: Container) -> dict[str, object]:
    """Settings by dotted key; dots deeper down (TOML splits ``tvar99.5``) are joined again."""
    flat: dict[str, object] = {}

    def walk(prefix: str, content: Mapping[Any, Any]) -> None:
        for key, value in content.items():
            name = prefix + tidy(str(key))
            if isinstance(value, Mapping):
                if not value and name not in SECTIONS:
                    flat[name] = value
                walk(f"{name}.", value)
            elif not prefix and name in SECTIONS:
                remedy = said("do_section", name=name)
                row = container.lines.get(name, 0)
                container.problems.append(
                    Problem(container.settings_label, row, name, said("must_section"), shown(value), remedy)
                )
            else:
                flat[name] = value

    walk("", container.settings)
    return flat


def _unknown(key: str, row: int, label: str) -> Problem:
    section, _, name = key.partition(".")
    if name and section in SECTIONS:
        remedy = nearest(name, (known.partition(".")[2] for known in SETTINGS if known.startswith(f"{section}.")))
    elif name:
        remedy = nearest(section, SECTIONS)
    elif homes := [known.partition(".")[0] for known in SETTINGS if known.endswith(f".{key}")]:
        remedy = said("do_write_below", name=homes[0])
    else:
        remedy = nearest(key, [*(known for known in SETTINGS if "." not in known), *SECTIONS])
    return Problem(label, row, shown(key), said("must_setting"), shown(key), remedy)


def _text(value: object) -> str:
    return to_text(value).strip()


def _forbidden(key: str, text: str, row: int, label: str) -> Problem | None:
    if character := forbidden_character(text):
        return Problem(label, row, key, said("must_printable"), character, said("do_delete_character"))
    return None


def target_texts(text: str) -> list[str]:
    """The parts of a ``;``-list of targets; the references of ``covers/STANDARD=A;B`` stay together."""
    pieces: list[str] = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        if "=" not in piece and pieces and tidy(pieces[-1]).lower().startswith("covers"):
            pieces[-1] += f";{piece}"
        else:
            pieces.append(piece)
    return pieces


def _texts(key: str, value: object, row: int, label: str, problems: list[Problem]) -> tuple[str, ...]:
    """The texts of a target or of a named level: one value, a list, or text with ``;``."""
    parts = value if isinstance(value, list | tuple) else [value]
    example = said("do_level_targets" if key.startswith("levels.") else "do_targets")
    if any(isinstance(part, list | tuple | dict | bool) for part in parts):
        problems.append(Problem(label, row, key, said("must_values"), shown(value), example))
        return ()
    texts = [piece for part in parts for piece in target_texts(_text(part))]
    for text in texts:
        problem = _forbidden(key, text, row, label)
        if problem is not None:
            problems.append(problem)
            return ()
    if not texts:
        problems.append(Problem(label, row, key, said("must_filled"), said("got_nothing"), example))
    return tuple(texts)
