"""What the sheets of a case's workbook hold: their columns, how each is shown, which list it offers, what is worked out beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tenbin.inputs.schema import SETTINGS, TABLES
from tenbin.words import speaker

__all__ = [
    "DERIVED",
    "LAST_ROW",
    "OWN_SHEETS",
    "SHEETS",
    "SPARE",
    "Col",
    "Kind",
    "columns",
    "folded",
    "help_of",
    "label_of",
    "names_of_sheets",
    "note_of",
    "setting_help",
    "setting_label",
    "settings_keys",
    "sheet_title",
    "visible_label",
]

say = speaker("workbook")

DERIVED = "~"
"""A column's key that begins so is worked out in the workbook, and never read."""
LAST_ROW = 2000
"""To which drop-downs and formats reach."""
SPARE = 200
"""Rows below the data that have what is worked out."""

SHEETS = tuple(TABLES)
OWN_SHEETS = ("interview", "guide", "problems", "lists", "actions")
"""Sheets of ours that are no tables."""


class Kind(StrEnum):
    """How a column's cells are shown, and what may be typed."""

    TEXT = "text"
    PROSE = "prose"
    AMOUNT = "amount"
    SHARE = "share"
    RATE = "rate"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a sheet.

    choices : the list of its drop-down: a column of ``lists``, or ``table.column`` of another sheet. many : a ``;``-list, so
    that other text than the list's is taken. of : what a derived column is worked out from.
    """

    key: str
    kind: Kind
    width: float
    choices: str = ""
    many: bool = False
    of: tuple[str, ...] = ()

    @property
    def is_derived(self) -> bool:
        return self.key.startswith(DERIVED)


PRICES = ("capex", "capex_low", "capex_high", "opex", "opex_low", "opex_high")
AMOUNTS = ("loss_p05", "loss_p95", "loss_cap", "deductible", "loss", *PRICES, "cap")
SHARES = ("effect", "effect_low", "effect_high", "probability", "share")
RATES = ("frequency", "frequency_low", "frequency_high")
EFFORTS = tuple(f"effort_{when}{end}" for when in ("initial", "yearly") for end in ("", "_low", "_high"))
NUMBERS = ("cv", "effect_scale", *EFFORTS)
PROSE = ("title_ja", "title_en", "description_ja", "description_en", "basis", "basis_ja", "note", "note_ja", "source")
WIDTHS = {Kind.TEXT: 15, Kind.PROSE: 34, Kind.AMOUNT: 16, Kind.SHARE: 11, Kind.RATE: 13, Kind.NUMBER: 13, Kind.WHOLE: 11}
OWN_WIDTHS = {"components": 24, "status": 22, "loss_forms": 26, "loss_model": 30, "protects": 24, "shared": 22, "measure": 12}
OWN_WIDTHS |= {"frequency_model": 22}

CHOICES = {
    ("scenarios", "layer"): "layers",
    ("scenarios", "components"): "components",
    ("scenarios", "frequency_model"): "frequency_model",
    ("scenarios", "factor"): "factors.id",
    ("effects", "scenario"): "scenarios.id",
    ("effects", "measure"): "measures",
    ("effects", "acts_on"): "acts_on",
    ("status", "id"): "measures",
    ("status", "level"): "levels",
    ("status", "status"): "status",
    ("triggers", "scenario"): "scenarios.id",
    ("triggers", "triggers"): "scenarios.id",
    ("plans", "measure"): "measures",
    ("plans", "level"): "levels",
    ("crosswalk", "measure"): "measures",
    ("crosswalk", "confidence"): "confidence",
    ("crosswalk", "scheme_kind"): "scheme_kind",
    ("measures", "measure"): "measures",
    ("measures", "level"): "levels",
    ("measures", "shared"): "shared.capability",
    ("measures", "subsidy"): "subsidies.subsidy",
    ("shared", "subsidy"): "subsidies.subsidy",
    ("relations", "kind"): "relation_kind",
    ("relations", "measure"): "measures",
    ("relations", "other"): "measures",
}
OPEN = {
    ("scenarios", "components"),
    ("scenarios", "frequency_model"),
    ("status", "id"),
    ("status", "status"),
    ("measures", "shared"),
}
OPEN |= {(table, "level") for table in ("status", "plans", "measures")}
"""Where other text than the list's is right too: ``;``-lists, capabilities, levels of one's own, another cv."""

WORKED_OUT: dict[str, tuple[Col, ...]] = {
    "scenarios": (
        Col("~how_often", Kind.TEXT, 18, of=("frequency",)),
        Col("~middle_loss", Kind.AMOUNT, 16, of=("loss_p05", "loss_p95")),
    ),
    "effects": (
        Col("~scenario_title", Kind.PROSE, 34, of=("scenario",)),
        Col("~measure_title", Kind.PROSE, 34, of=("measure",)),
    ),
    "status": (Col("~measure_title", Kind.PROSE, 34, of=("id",)),),
    "triggers": (
        Col("~scenario_title", Kind.PROSE, 34, of=("scenario",)),
        Col("~triggers_title", Kind.PROSE, 34, of=("triggers",)),
    ),
    "plans": (Col("~measure_title", Kind.PROSE, 34, of=("measure",)),),
    "crosswalk": (Col("~measure_title", Kind.PROSE, 34, of=("measure",)),),
    "measures": (Col("~measure_title", Kind.PROSE, 34, of=("measure",)),),
    "relations": (
        Col("~measure_title", Kind.PROSE, 34, of=("measure",)),
        Col("~other_title", Kind.PROSE, 34, of=("other",)),
    ),
}


def _kind(column: str) -> Kind:
    groups = ((AMOUNTS, Kind.AMOUNT), (SHARES, Kind.SHARE), (RATES, Kind.RATE), (NUMBERS, Kind.NUMBER), (PROSE, Kind.PROSE))
    for names, kind in groups:
        if column in names:
            return kind
    return {"layer": Kind.WHOLE, "year": Kind.WHOLE, "valid_until": Kind.DATE}.get(column, Kind.TEXT)


@cache
def columns(table: str) -> tuple[Col, ...]:
    """A sheet's columns: what is worked out first (so that the others can be sorted together), then the table's own."""
    if table == "case":
        return (
            Col("~setting", Kind.PROSE, 40, of=("key",)),
            Col("key", Kind.TEXT, 28),
            Col("value", Kind.PROSE, 30),
            Col("~meaning", Kind.PROSE, 70, of=("key",)),
        )
    own = []
    for name in TABLES[table].columns:
        kind = _kind(name)
        width = OWN_WIDTHS.get(name, WIDTHS.get(kind, 13))
        own.append(Col(name, kind, width, CHOICES.get((table, name), ""), (table, name) in OPEN))
    return (*WORKED_OUT.get(table, ()), *own)


def is_required(table: str, column: str) -> bool:
    """Whether a cell of the column has to be filled."""
    return table in TABLES and column in TABLES[table].columns and TABLES[table].columns[column].is_filled


def label_of(table: str, column: str, lang: str) -> str:
    """A column's heading in one language, with its unit."""
    name = column.removeprefix(DERIVED)
    own = f"col_{table}_{name}"
    return say(own if own in say else f"col_{name}", lang)


def visible_label(table: str, column: str, lang: str) -> str:
    """What the second row shows: both languages, this one first; a required column's begins with an asterisk."""
    first, second = (label_of(table, column, one) for one in (lang, "en" if lang == "ja" else "ja"))
    return f"{'* ' if is_required(table, column) else ''}{first}\n{second}"


def help_of(table: str, column: str, lang: str) -> str:
    """What a column means, with an example."""
    name = column.removeprefix(DERIVED)
    own = f"note_{table}_{name}"
    return say(own if own in say else f"note_{name}", lang)


def note_of(table: str, column: str, lang: str) -> str:
    """What a column means, with an example; both languages, this one first."""
    return "\n\n".join(help_of(table, column, one) for one in (lang, "en" if lang == "ja" else "ja"))


def setting_label(key: str, lang: str) -> str:
    """What a setting is called; "" of one that is not known."""
    return next((say(f"setting_{word}", lang) for word in _setting_words(key) if f"setting_{word}" in say), "")


def setting_help(key: str, lang: str) -> str:
    """What a setting means, with an example; "" of one that is not known."""
    return next((say(f"about_{word}", lang) for word in _setting_words(key) if f"about_{word}" in say), "")


def _setting_words(key: str) -> tuple[str, str]:
    """The setting's own word, else its section's: of targets and levels."""
    return key.replace(".", "_"), key.partition(".")[0]


def sheet_title(name: str, lang: str) -> str:
    """What a sheet is called."""
    return say(f"sheet_{name}", lang)


def folded(text: object) -> str:
    """A name without what makes no difference: width, case, blanks, the asterisk of a required column."""
    plain = unicodedata.normalize("NFKC", str(text)).strip().lstrip("*").casefold()
    return "".join(plain.split())


@cache
def names_of_sheets() -> dict[str, str]:
    """Every name that a sheet may have → which it is."""
    names: dict[str, str] = {}
    for name in (*SHEETS, "case", *OWN_SHEETS):
        for text in (name, sheet_title(name, "ja"), sheet_title(name, "en")):
            names[folded(text)] = name
    return names


def _labels(table: str) -> Iterator[tuple[str, str]]:
    for column in columns(table):
        ja, en = (label_of(table, column.key, lang) for lang in ("ja", "en"))
        for text in (column.key, ja, en, f"{ja}{en}", f"{en}{ja}", f"{ja}/{en}", f"{en}/{ja}"):
            yield folded(text), column.key


@cache
def names_of_columns(table: str) -> dict[str, str]:
    """Every heading that a column of a table may have → its key; a key comes before any heading."""
    names: dict[str, str] = {}
    for text, key in (*_labels(table), *((folded(c.key), c.key) for c in columns(table))):
        names[text] = key
    return names


def settings_keys() -> tuple[str, ...]:
    """The settings in the order of the sheet ``case``."""
    return tuple(key for key in SETTINGS if key != "format")
