"""The lists that drop-downs offer: a hidden sheet, and the columns of other sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tenbin.model import Case
from tenbin.words import speaker
from tenbin.workbooks import looks
from tenbin.workbooks.layout import Col, Kind, columns, sheet_title

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Lists", "letter_of", "quoted", "write_lists"]

say = speaker("workbook")

WORDS = {
    "acts_on": ("frequency", "severity"),
    "status": ("in_place", "mandatory", "excluded"),
    "confidence": ("high", "medium", "low", "unverified"),
    "scheme_kind": ("standard", "scheme", "customer"),
    "relation_kind": ("requires", "excludes"),
    "frequency_model": ("poisson", "bernoulli", "negative_binomial(cv=1)"),
}
ROWS_OF_OTHERS = 2000


def quoted(title: str) -> str:
    """A sheet's name within a formula."""
    return "'" + title.replace("'", "''") + "'"


def letter_of(table: str, key: str) -> str:
    """The letter of a table's column."""
    from openpyxl.utils import get_column_letter

    return get_column_letter([column.key for column in columns(table)].index(key) + 1)


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list by name, in the order of its sheet; ``lang`` names the sheets."""

    columns: Mapping[str, tuple[object, ...]]
    lang: str

    @classmethod
    def of(cls, case: Case, lang: str, more: Mapping[str, tuple[object, ...]] | None = None) -> Lists:
        """The lists of a case's framework, and others by name."""
        measures = case.catalogue.measures
        titles = [(m.title_ja or m.title_en) if lang == "ja" else (m.title_en or m.title_ja) for m in measures]
        levels = sorted({row.level for row in case.costs.rows} | {"basic", "standard", "advanced"})
        found: dict[str, tuple[object, ...]] = {
            "measures": tuple(measure.id for measure in measures),
            "measure_titles": tuple(titles),
            "layers": tuple(layer.number for layer in case.catalogue.layers),
            "components": tuple(component.id for component in case.catalogue.components),
            "levels": tuple(levels),
            **WORDS,
            **(more or {}),
        }
        return cls(found, lang)

    def place(self, name: str) -> str:
        """A list's cells, for a formula."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(list(self.columns).index(name) + 1)
        last = max(len(self.columns[name]), 1) + 1
        return f"{quoted(sheet_title('lists', self.lang))}!${letter}$2:${letter}${last}"

    def source(self, choices: str) -> str:
        """What a drop-down offers: a list, or the filled cells of another sheet's column."""
        table, dot, key = choices.partition(".")
        if not dot:
            return self.place(choices)
        sheet, letter = quoted(sheet_title(table, self.lang)), letter_of(table, key)
        return f"OFFSET({sheet}!${letter}$3,0,0,MAX(1,COUNTA({sheet}!${letter}$3:${letter}${ROWS_OF_OTHERS})),1)"

    def add_choices(self, sheet: Worksheet, name: str, cols: Sequence[Col], first: int, last: int, lang: str) -> None:
        """Give a sheet's columns their drop-downs, and numbers their bounds."""
        from openpyxl.utils import get_column_letter

        for n, column in enumerate(cols, start=1):
            rule = self._rule(name, column, lang)
            if rule is not None:
                letter = get_column_letter(n)
                rule.add(f"{letter}{first}:{letter}{last}")
                sheet.add_data_validation(rule)

    def _rule(self, name: str, column: Col, lang: str) -> DataValidation | None:
        from openpyxl.worksheet.datavalidation import DataValidation

        if column.is_derived:
            return None
        if column.choices:
            return DataValidation(
                type="list",
                formula1=self.source(column.choices),
                allow_blank=True,
                showErrorMessage=not column.many,
                errorTitle=say("choose_title", lang),
                error=say("choose", lang),
            )
        bounds = {
            Kind.SHARE: ("0", "1", "share_only"),
            Kind.RATE: ("0", "1000", "rate_only"),
            Kind.NUMBER: ("0", "1000000", "number_only"),
            Kind.WHOLE: ("0", "99", "number_only"),
        }
        if column.kind in bounds:
            low, high, key = bounds[column.kind]
            return _bounded(
                "whole" if column.kind is Kind.WHOLE else "decimal", low, high, say("number_title", lang), say(key, lang)
            )
        if column.kind is Kind.DATE:
            return _bounded("date", "36526", "73050", say("must_date", lang), say("date_only", lang))
        return None


def _bounded(kind: Literal["whole", "decimal", "date"], low: str, high: str, title: str, message: str) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type=kind,
        operator="between",
        formula1=low,
        formula2=high,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=title,
        error=message,
    )


def write_lists(sheet: Worksheet, lists: Lists) -> None:
    """The hidden sheet of lists, a column for each."""
    for n, (name, values) in enumerate(lists.columns.items(), start=1):
        looks.fill_cell(sheet.cell(1, n), name)
        for row, value in enumerate(values, start=2):
            looks.fill_cell(sheet.cell(row, n), value)
    sheet.sheet_state = "hidden"
