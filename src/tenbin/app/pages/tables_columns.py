"""What the tables page says of a table: its columns, what may be chosen, titles beside ids, problems at their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tenbin.inputs.schema import SETTINGS, TABLES
from tenbin.words import speaker
from tenbin.workbooks.layout import WORKED_OUT, Kind, columns, help_of, label_of, setting_help, setting_label, sheet_title
from tenbin.workbooks.lists import WORDS

if TYPE_CHECKING:
    from tenbin.app.drafts import Draft, DraftProblem
    from tenbin.model import Case, Catalogue

__all__ = [
    "NAMES",
    "About",
    "Titles",
    "asked_columns",
    "cells_at",
    "columns_of",
    "header_of",
    "marks_of",
    "place_of",
    "rule_words",
    "sentence",
    "setting_about",
    "strays_of",
    "table_title",
]

say = speaker("app_tables")

NAMES = ("case", *TABLES)
"""The tables in the order of their list; ``case`` is the settings."""
LEVELS = ("basic", "standard", "advanced")


@dataclass(frozen=True, slots=True)
class About:
    """A column, or a setting, as it is shown.

    choices : what may be chosen, value → words; None: anything may be typed. is_open : other text than the choices is right too.
    title_of : the column shows, beside it, what the id in it is called.
    """

    key: str
    label: str
    help: str = ""
    kind: Kind = Kind.TEXT
    is_required: bool = False
    choices: Mapping[str, str] | None = None
    is_open: bool = False
    has_title: bool = False
    is_stray: bool = False


@dataclass(frozen=True, slots=True)
class Titles:
    """What measures and scenarios are called."""

    measures: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft, case: Case | None, lang: str) -> Titles:
        """Of a draft: the measures of its framework (the bundled one where its own is not known), its scenarios as typed."""
        from tenbin.catalogue import BUNDLED, load_catalogue

        framework: Catalogue = case.catalogue if case is not None else draft.catalogue or load_catalogue(BUNDLED)

        def title(one: object) -> str:
            first, second = (getattr(one, f"title_{each}", "") for each in (lang, "en" if lang == "ja" else "ja"))
            return str(first or second)

        scenarios = {}
        table = draft.tables.get("scenarios")
        for n in range(len(table.rows)) if table is not None else ():
            cells = cells_at(draft, "scenarios", n)
            scenarios[cells.get("id", "")] = cells.get(f"title_{lang}") or cells.get("title_ja") or cells.get("title_en", "")
        return cls(
            {one.id: title(one) for one in framework.measures},
            scenarios,
            {str(one.number): title(one) for one in framework.layers},
            {one.id: title(one) for one in framework.components},
        )

    def title(self, table: str, column: str, text: str) -> str:
        """What the id in a cell is called; "" where that is not known."""
        if (table, column) in (("effects", "scenario"), ("triggers", "scenario"), ("triggers", "triggers")):
            return self.scenarios.get(text.strip(), "")
        return self.measures.get(text.strip(), "")


def table_title(table: str, lang: str) -> str:
    """What a table is called."""
    return say("settings", lang) if table == "case" else sheet_title(table, lang)


def cells_at(draft: Draft, table: str, row: int) -> dict[str, str]:
    """A row's cells by column; of a column that is there twice the first."""
    held = draft.tables.get(table)
    if held is None or not 0 <= row < len(held.rows):
        return {}
    cells: dict[str, str] = {}
    for name, text in zip(held.header, held.rows[row], strict=False):
        cells.setdefault(_plain(name), text)
    return cells


def header_of(draft: Draft, table: str) -> tuple[str, ...]:
    """A table's columns by name, as they are read."""
    held = draft.tables.get(table)
    return tuple(_plain(name) for name in held.header) if held is not None else ()


def _plain(name: str) -> str:
    from tenbin.inputs.cells import tidy

    return tidy(name)


def strays_of(draft: Draft, table: str) -> list[int]:
    """The places of the columns that a table should not have: unknown ones, and ones that are there twice."""
    names = header_of(draft, table)
    return [n for n, name in enumerate(names) if name not in TABLES[table].columns or name in names[:n]]


def columns_of(draft: Draft, table: str, lang: str, titles: Titles, all_of_them: bool = False) -> list[About]:
    """The columns to show: those that are filled somewhere or have to be, or every one; then those that nobody knows."""
    held = draft.tables.get(table)
    header = header_of(draft, table)
    filled = {
        name for n, name in enumerate(header) if held is not None and any(n < len(row) and row[n].strip() for row in held.rows)
    }
    titled = {one.of[0] for one in WORKED_OUT.get(table, ()) if one.key.endswith("_title")}
    found = []
    for one in columns(table):
        how = TABLES[table].columns.get(one.key)
        if how is None or not (all_of_them or how.is_filled or how.is_there or one.key in filled):
            continue
        choices = _choices(draft, one.choices, titles, lang)
        if choices is not None and not how.is_filled and not one.many:
            choices = {"": say("empty", lang), **choices}
        about = About(one.key, label_of(table, one.key, lang), _help(table, one.key, lang), one.kind, how.is_filled)
        found.append(replace(about, choices=choices, is_open=one.many, has_title=one.key in titled))
    strays = [header[n] for n in strays_of(draft, table)]
    return found + [About(name, name, is_stray=True) for name in dict.fromkeys(strays) if name not in TABLES[table].columns]


def _help(table: str, column: str, lang: str) -> str:
    own = f"help_{table}_{column}"
    return say(own, lang) if own in say else help_of(table, column, lang)


def _choices(draft: Draft, name: str, titles: Titles, lang: str) -> dict[str, str] | None:
    """What a list of the workbook offers here: ids with what they are called."""
    known: Mapping[str, str]
    if name in ("measures", "layers", "components"):
        known = {"measures": titles.measures, "layers": titles.layers, "components": titles.components}[name]
        return {one: f"{one} {title}".strip() for one, title in known.items()}
    if name == "levels":
        return dict.fromkeys((*LEVELS, *_filled(draft, "measures", "level")), "") | {one: one for one in LEVELS}
    if name in WORDS:
        return {str(one): f"{one} ({say(f'word_{one}', lang)})" if f"word_{one}" in say else str(one) for one in WORDS[name]}
    table, dot, column = name.partition(".")
    if not dot:
        return None
    rows = draft.tables[table].rows if table in draft.tables else ()
    found = {}
    for n in range(len(rows)):
        cells = cells_at(draft, table, n)
        title = cells.get(f"title_{lang}") or cells.get("title_ja") or cells.get("title_en", "")
        if text := cells.get(column, "").strip():
            found[text] = f"{text} {title}".strip()
    return found


def _filled(draft: Draft, table: str, column: str) -> list[str]:
    rows = draft.tables[table].rows if table in draft.tables else ()
    texts = (cells_at(draft, table, n).get(column, "").strip() for n in range(len(rows)))
    return list(dict.fromkeys(filter(None, texts)))


def asked_columns(abouts: Sequence[About], table: str) -> list[About]:
    """What a new row is asked: its key, else what has to be filled."""
    wanted = TABLES[table].key or tuple(name for name, how in TABLES[table].columns.items() if how.is_filled)
    return [about for about in abouts if about.key in wanted]


def setting_about(key: str, lang: str) -> About:
    """A setting as it is shown."""
    word = f"help_{key.replace('.', '_')}"
    about = say(word, lang) if word in say else setting_help(key, lang)
    kind = Kind.PROSE if key == "report.disclaimer" else Kind.TEXT
    return About(key, setting_label(key, lang) or key, about, kind, is_stray=key not in SETTINGS)


# problems


def place_of(one: DraftProblem, lang: str) -> str:
    """Where a problem is, in words."""
    column = one.column.partition(", ")[0]
    if one.table == "case":
        section, _, name = column.partition(".")
        label = f"{setting_label(column, lang)} {name}".strip() if section in ("targets", "levels") else ""
        return say("at_setting", lang, table=table_title("case", lang), setting=label or setting_label(column, lang) or column)
    table = table_title(one.table, lang) if one.table in NAMES else one.table
    label = label_of(one.table, column, lang) if one.table in TABLES and column in TABLES[one.table].columns else column
    if one.row is None:
        return say("at_column", lang, table=table, column=label) if label else table
    if not label:
        return say("at_row", lang, table=table, row=one.row + 1)
    return say("at_cell", lang, table=table, row=one.row + 1, column=label)


def sentence(one: DraftProblem, lang: str, place: str = "") -> str:
    """The problem as a sentence: where, which rule, what was found, what to do."""
    return str(replace(one.problem.within(lang), file=place or place_of(one, lang), row=0, column="", cell=""))


def rule_words(problem: DraftProblem, lang: str) -> str:
    """What is wrong, where it stands: without the place."""
    found = problem.problem.within(lang)
    return say("wrong", lang, rule=found.rule, value=found.value, remedy=found.remedy)


def marks_of(problems: Sequence[DraftProblem], table: str, lang: str) -> dict[int, dict[str, str]]:
    """What is wrong, by row and column; "" is the row itself."""
    found: dict[int, dict[str, str]] = {}
    for one in problems:
        if one.table == table and one.row is not None:
            cells = found.setdefault(one.row, {})
            for column in one.column.split(", "):
                cells[column] = "\n".join(filter(None, (cells.get(column, ""), rule_words(one, lang))))
    return found
