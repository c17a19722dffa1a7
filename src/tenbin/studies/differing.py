"""What is different between several runs: the figures entered, row by row, what was asked, what was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.inputs import write_tables
from tenbin.inputs.schema import TABLES
from tenbin.model import Case

__all__ = ["Difference", "MeasureRow", "asked_differences", "input_differences", "measure_rows"]

NOT_FIGURES = frozenset({"name", "title_ja", "title_en", "catalogue", "cost_tables", "format", "report"})
"""Settings that no number follows from."""
WORDS = frozenset(
    {
        "title_ja",
        "title_en",
        "description_ja",
        "description_en",
        "basis",
        "basis_ja",
        "note",
        "note_ja",
        "protects",
        "loss_forms",
        "source",
    }
)
"""Columns that no number follows from: told apart from those that change the answer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same in all runs.

    table : ``scenarios``, ``measures`` …, ``case`` for a setting, ``asked`` for the question, ``run`` for how it was drawn. key :
    of the row, its parts joined by spaces. column : blank where whole rows are there or not. values : by run; None where it is not there.
    """

    table: str
    key: str
    column: str
    values: tuple[str | None, ...]

    @property
    def is_wording(self) -> bool:
        """Whether no number follows from it; the shares of loss forms split the losses that a report shows."""
        if self.column == "loss_forms":
            return not any(value and "=" in value for value in self.values)
        return self.column in WORDS

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {"table": self.table, "key": self.key, "column": self.column, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure that some run chooses; levels : by run, None where it is not chosen."""

    measure: str
    title_ja: str
    title_en: str
    levels: tuple[str | None, ...]

    @property
    def is_everywhere(self) -> bool:
        return len(set(self.levels)) == 1

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {"measure": self.measure, "levels": list(self.levels)}


def input_differences(cases: Sequence[Case]) -> list[Difference]:
    """Every figure that is not the same in all cases: settings first, then table by table, row by row."""
    written = [write_tables(case) for case in cases]
    settings = [dict(_flat({k: v for k, v in tables["case"].items() if k not in NOT_FIGURES})) for tables in written]
    found = list(_of_row("case", "", settings))
    catalogues = [case.catalogue.name for case in cases]
    if len(set(catalogues)) > 1 or any(case.catalogue != cases[0].catalogue for case in cases):
        found.append(Difference("case", "", "catalogue", tuple(catalogues)))
    for name in TABLES:
        found += _of_table(name, [tables.get(name, ((), ())) for tables in written])
    return found


def _of_table(name: str, contents: Sequence[tuple[Sequence[str], Sequence[Sequence[object]]]]) -> Iterator[Difference]:
    key = TABLES[name].key
    if not key:  # a sample of losses: order and rows have no names
        samples = [sorted(" ".join(map(str, row)) for row in rows) for _, rows in contents]
        if any(sample != samples[0] for sample in samples):
            yield Difference(name, "", "", tuple(f"{len(sample):,}" for sample in samples))
        return
    by_key = [
        {_key(header, row, key): dict(zip(header, map(str, row), strict=True)) for row in rows} for header, rows in contents
    ]
    for one in sorted({one for rows in by_key for one in rows}):
        rows = [found.get(one) for found in by_key]
        if any(row is None for row in rows):
            yield Difference(name, one, "", tuple(None if row is None else _said(row, key) for row in rows))
        else:
            yield from _of_row(name, one, [row or {} for row in rows])


def _key(header: Sequence[str], row: Sequence[object], key: Sequence[str]) -> str:
    return " ".join(text for name in key if (text := str(row[list(header).index(name)])))


def _said(row: Mapping[str, str], key: Sequence[str]) -> str:
    """A whole row in few words: its numbers."""
    return ", ".join(f"{name}={text}" for name, text in row.items() if text and name not in (*key, *WORDS))


def _of_row(table: str, key: str, rows: Sequence[Mapping[str, str]]) -> Iterator[Difference]:
    for column in dict.fromkeys(column for row in rows for column in row):
        values = tuple(row.get(column) for row in rows)
        if len(set(values)) > 1:
            yield Difference(table, key, column, values)


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def asked_differences(manifests: Sequence[Mapping[str, Any]], documents: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """What was asked otherwise (targets, budget, rules) and drawn otherwise (years, seed, version)."""
    asked = [_flat_dict(manifest.get("asked")) for manifest in manifests]
    for entry, document in zip(asked, documents, strict=True):
        targets = [row.get("target") for row in _rows(document.get("targets"))]
        if targets:
            entry["targets"] = "; ".join(map(str, targets))  # the case's own where none was named
    drawn = [
        {name: str(document[name]) for name in ("n_trials", "seed", "version") if name in document} for document in documents
    ]
    return [*_of_row("asked", "", asked), *_of_row("run", "", drawn)]


def _flat_dict(content: object) -> dict[str, str]:
    return dict(_flat(content)) if isinstance(content, Mapping) else {}


def _rows(content: object) -> list[Mapping[str, Any]]:
    return [row for row in content if isinstance(row, Mapping)] if isinstance(content, list) else []


def measure_rows(plans: Sequence[Mapping[str, str] | None], cases: Sequence[Case | None]) -> list[MeasureRow]:
    """Every measure that some plan chooses, with its level in each; a run without a plan chooses none."""
    titles = {measure.id: measure for case in cases if case is not None for measure in case.catalogue.measures}
    names = sorted({measure for plan in plans if plan for measure in plan})
    return [
        MeasureRow(
            name,
            titles[name].title_ja if name in titles else "",
            titles[name].title_en if name in titles else "",
            tuple(plan.get(name) if plan else None for plan in plans),
        )
        for name in names
    ]
