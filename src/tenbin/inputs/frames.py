"""A mapping of pandas DataFrames as a container."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from tenbin.errors import Problem
from tenbin.inputs.cells import tidy, to_text
from tenbin.inputs.containers import MOST_ROWS, Container, RawTable, forbidden_character, nest
from tenbin.inputs.words import nearest, said, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["open_frames"]


def open_frames(source: Mapping[Any, Any], wanted: Collection[str], name: str) -> Container:
    """Read a mapping of DataFrames; ``case`` holds the settings, as a nested dict or as a frame of key and value.

    Rows are numbered by position + 2, as a spreadsheet with a header would show them.
    """
    import pandas as pd

    container = Container(name)
    problems = container.problems
    for key, content in source.items():
        table = str(key)
        if table == "case" and isinstance(content, Mapping):
            container.settings = content
        elif table == "case" and isinstance(content, pd.DataFrame):
            _settings(content, container)
        elif table == "case":
            problems.append(Problem("case", 0, "", said("must_settings"), type(content).__name__, said("do_settings")))
        elif table not in wanted:
            remedy = said("two_sentences", first=nearest(table, (*wanted, "case")), then=said("do_rename_table"))
            problems.append(Problem(shown(table), 0, "", said("must_table_name"), shown(table), remedy))
        elif not isinstance(content, pd.DataFrame):
            problems.append(Problem(table, 0, "", said("must_frame"), type(content).__name__, said("do_frame")))
            container.tables[table] = RawTable(table, is_readable=False)
        else:
            container.tables[table] = _table(table, content, problems)
    return container


def _table(name: str, frame: pd.DataFrame, problems: list[Problem]) -> RawTable:
    if len(frame) > MOST_ROWS:
        problems.append(Problem(name, 0, "", said("must_rows_at_most", n=MOST_ROWS), f"{len(frame):,}", said("do_split_case")))
        return RawTable(name, is_readable=False)
    header = tuple(to_text(column) for column in frame.columns)
    rows = []
    columns = [frame.iloc[:, n].tolist() for n in range(frame.shape[1])]
    for number, record in enumerate(zip(*columns, strict=True), start=2):
        cells = tuple(to_text(cell) for cell in record)
        if not any(cell.strip() for cell in cells):
            continue
        for column, cell in zip(header, cells, strict=True):
            if character := forbidden_character(cell):
                rule, remedy = said("must_printable"), said("do_delete_character")
                problems.append(Problem(name, number, shown(column), rule, character, remedy))
                cells = tuple("" if forbidden_character(part) else part for part in cells)
        rows.append((number, cells))
    return RawTable(name, header, tuple(rows))


def _settings(frame: pd.DataFrame, container: Container) -> None:
    raw = _table("case", frame, container.problems)
    header = [tidy(column).lower() for column in raw.header]
    if sorted(header) != ["key", "value"]:
        got = shown(", ".join(raw.header))
        container.problems.append(Problem("case", 1, "", said("must_key_value"), got, said("do_key_value")))
        return
    pairs: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, cells in raw.rows:
        key, value = tidy(cells[header.index("key")]), cells[header.index("value")]
        if key in pairs:
            remedy = said("do_delete_twin", row=lines[key])
            container.problems.append(Problem("case", number, "key", said("must_once"), shown(key), remedy))
        elif key:
            pairs[key], lines[key] = value, number
        else:
            container.problems.append(
                Problem("case", number, "key", said("must_filled"), said("got_nothing"), said("do_name_setting"))
            )
    container.settings, container.lines = nest(pairs.items()), lines
