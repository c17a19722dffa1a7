"""Cases in and out: folders, mappings of DataFrames, single values changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin import inputs
from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError, Problem
from tenbin.model import Case, Range
from tenbin.words import saying
from tenbin.workbooks.opening import open_workbook

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load", "replace", "to_frames", "with_costs"]

said = saying("problems")

Source = str | Path | Mapping[str, Any]


def load(source: Source, costs: Source | None = None) -> Case:
    """Read and check a case.

    Parameters
    ----------
    source : a case's folder or workbook (.xlsx), or a mapping of table names to DataFrames (``case`` holds the settings).
    costs : another cost table in place of the one that the case names.

    Raises
    ------
    InputError : with every problem of the case, ``.problems``.
    """
    return inputs.read_case(source, load_catalogue=load_catalogue, costs=costs, open_workbook=open_workbook)


def to_frames(case: Case) -> dict[str, pd.DataFrame | dict[str, Any]]:
    """The case's tables as DataFrames and its settings as a dict: ``load`` reads them back to an equal case."""
    import pandas as pd

    frames: dict[str, Any] = {}
    for name, content in inputs.write_tables(case).items():
        if isinstance(content, Mapping):
            frames[name] = dict(content)
        else:
            header, rows = content
            frames[name] = pd.DataFrame(rows, columns=header)
    return frames


def with_costs(case: Case, costs: Source) -> Case:
    """The same case with another cost table."""
    return inputs.read_case(to_frames(case), load_catalogue=load_catalogue, costs=costs, open_workbook=open_workbook)


def replace(case: Case, table: str, key: str, **values: Any) -> Case:
    """The case with some values of one row changed, such as ``replace(case, "scenarios", "S-L1-03", frequency=0.2)``.

    Raises
    ------
    InputError : for an unknown table, row or column, or a value that breaks a rule.
    """
    frames: dict[str, Any] = dict(to_frames(case))
    if table not in frames or not hasattr(frames[table], "columns"):
        rule = said("must_one_of", names=sorted(name for name in frames if hasattr(frames[name], "columns")))
        raise InputError([Problem("replace", 0, "table", rule, repr(table), said("do_name_table"))])
    frame = frames[table].astype(object)
    rows = frame.index[frame[frame.columns[0]].astype(str) == key]
    unknown = sorted(set(values) - set(frame.columns))
    problems = [
        Problem(
            table, 0, name, said("must_column"), repr(name), said("do_columns", names=[str(column) for column in frame.columns])
        )
        for name in unknown
    ]
    if not len(rows):
        problems.append(Problem(table, 0, str(frame.columns[0]), said("must_key"), repr(key), said("do_key")))
    if problems:
        raise InputError(problems)
    for name, value in values.items():
        frame.loc[rows, name] = str(value) if isinstance(value, float) else value
    if table == "scenarios" and "frequency" in values:
        _rescale(case, frame, rows, key, values)
    frames[table] = frame
    return load(frames)


def _rescale(case: Case, frame: Any, rows: Any, key: str, values: Mapping[str, Any]) -> None:
    """Keep a frequency's range round its new likely value, unless the range is given too."""
    old: Range = case.scenario(key).frequency
    if old.low is None or old.high is None or "frequency_low" in values or "frequency_high" in values:
        return
    try:
        ratio = float(values["frequency"]) / old.likely
    except (TypeError, ValueError):
        return
    frame.loc[rows, "frequency_low"] = repr(old.low * ratio)
    frame.loc[rows, "frequency_high"] = repr(old.high * ratio)
