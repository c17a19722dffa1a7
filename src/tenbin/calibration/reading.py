"""Files and frames of losses, of experts' quantiles and of counts → values, every problem with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tenbin.calibration.wording import said, shown
from tenbin.errors import Problem
from tenbin.inputs import cells
from tenbin.inputs.cells import LARGEST, BadCell, Convert
from tenbin.inputs.containers import RawTable
from tenbin.inputs.csv_files import read_csv
from tenbin.inputs.frames import open_frames
from tenbin.inputs.schema import Column, Table
from tenbin.inputs.tables import Parsed, parse_table
from tenbin.inputs.words import LONGEST_PATH, nearest
from tenbin.units import parse_amount

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LossSample", "Source", "read_counts", "read_experts", "read_losses"]

FloatArray = NDArray[np.float64]
Source: TypeAlias = "str | Path | pd.DataFrame | pd.Series[Any] | Sequence[float] | FloatArray"

LOSS = "loss"
MOST_YEARS = 1000
TEXT = Column(cells.prose, "")


@dataclass(frozen=True, slots=True, eq=False)
class LossSample:
    """What stands in a column of losses: the file's name ("" of numbers from Python), the losses in ascending order."""

    label: str
    losses: FloatArray


def _raw(source: Any, name: str, problems: list[Problem]) -> RawTable:
    """A CSV file or a DataFrame as a table of text."""
    if isinstance(source, str | Path):
        return read_csv(Path(source), shown(source, LONGEST_PATH), problems)
    found = open_frames({name: source}, (name,), name)
    problems.extend(found.problems)
    return found.tables[name]


def read_losses(source: Source, column: str | None, problems: list[Problem]) -> LossSample:
    """A column of losses of single events: that named, else ``loss``, else the only one; other columns are left alone."""
    if isinstance(source, str | Path) or hasattr(source, "columns"):
        raw = _raw(source, "losses", problems)
    else:
        values = source.tolist() if hasattr(source, "tolist") else list(source)
        raw = RawTable("losses", (LOSS,), tuple((n, (cells.to_text(value),)) for n, value in enumerate(values, start=1)))
    label = raw.label if isinstance(source, str | Path) else ""
    place = _column(raw, column, problems) if raw.is_readable else None
    if place is None:
        return LossSample(label, np.zeros(0))
    convert = cells.number(said("must_loss"), said("do_loss"), 0, LARGEST, without_low=True, parse=parse_amount)
    name = cells.tidy(raw.header[place])
    losses = [_loss(raw.label, name, row, place, line, convert, problems) for line, row in raw.rows]
    return LossSample(label, np.sort(np.array([loss for loss in losses if loss is not None], np.float64)))


def _column(raw: RawTable, wanted: str | None, problems: list[Problem]) -> int | None:
    names = [cells.tidy(name) for name in raw.header]
    name = cells.tidy(wanted) if wanted is not None else LOSS
    if names.count(name) == 1:
        return names.index(name)
    if wanted is None and len(names) == 1:
        return 0
    if name in names:
        problems.append(Problem(raw.label, 1, shown(name), said("must_one_column"), said("got_several"), said("do_rename")))
    elif wanted is None:
        remedy = said("do_column", names=[shown(one) for one in names if one][:8])
        problems.append(Problem(raw.label, 1, LOSS, said("must_column_loss"), said("got_no_column"), remedy))
    else:
        problems.append(Problem("--column", 0, "", said("must_column"), shown(name), nearest(name, names)))
    return None


def _loss(
    label: str, name: str, row: tuple[str, ...], place: int, line: int, convert: Convert, problems: list[Problem]
) -> float | None:
    text = row[place].strip() if place < len(row) else ""
    if not text:
        problems.append(Problem(label, line, shown(name), said("must_loss"), said("got_blank"), said("do_loss_or_delete")))
        return None
    try:
        return float(convert(text))
    except BadCell as error:
        problems.append(Problem(label, line, shown(name), error.rule, shown(text), error.remedy))
        return None


def read_experts(source: Source, is_frequency: bool, problems: list[Problem]) -> Parsed:
    """Experts' 5 %, 50 % and 95 % points of a loss or of a frequency; p50 and weight may be blank."""
    if is_frequency:
        too_often = said("must_frequency_at_most")
        convert = cells.number(said("must_frequency"), said("do_frequency"), 0, 1e6, without_low=True, rule_above=too_often)
    else:
        convert = cells.number(said("must_loss"), said("do_loss"), 0, LARGEST, without_low=True, parse=parse_amount)
    weight = cells.number(said("must_weight"), said("do_weight"), 0, 1e9, without_low=True)
    table = Table(
        ("expert",),
        {
            "expert": Column(cells.prose, is_filled=True, is_there=True),
            "p05": Column(convert, is_filled=True, is_there=True),
            "p50": Column(convert),
            "p95": Column(convert, is_filled=True, is_there=True),
            "weight": Column(weight),
            "note": TEXT,
        },
        is_there=True,
        has_rows=True,
    )
    return parse_table(_raw(source, "experts", problems), table, problems)


def read_counts(source: Source, problems: list[Problem]) -> Parsed:
    """Incidents by year; ``exposure`` says how much of a year was watched (0.5 for half a year, 3 for three plants)."""
    exposure = cells.number(said("must_exposure"), said("do_exposure"), 0, 1e6, without_low=True)
    table = Table(
        ("year",),
        {
            "year": Column(cells.prose, is_filled=True, is_there=True),
            "incidents": Column(cells.whole(0, 1_000_000, said("do_incidents")), is_filled=True, is_there=True),
            "exposure": Column(exposure, 1.0),
            "note": TEXT,
        },
        is_there=True,
        has_rows=True,
    )
    parsed = parse_table(_raw(source, "counts", problems), table, problems)
    if len(parsed.rows) > MOST_YEARS:
        got = said("got_rows", n=len(parsed.rows))
        problems.append(Problem(parsed.label, 0, "", said("must_years", n=MOST_YEARS), got, said("do_years")))
    return parsed
