"""A sweep's table as a file, and which of its metrics there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.inputs.words import nearest, shown
from tenbin.storage.writing import csv_text, write_over
from tenbin.sweeps.rows import METRICS
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_metric", "write_frame"]

said = saying("sweeps")


def check_metric(metric: str) -> None:
    """Refuse a metric that a sweep's rows do not have: ``InputError``."""
    if metric not in METRICS:
        raise InputError(
            [Problem("--metric", 0, "", said("must_metric", names=METRICS), shown(metric), nearest(metric, METRICS))]
        )


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV (guarded against formulas, for a spreadsheet) or Parquet, by the ending.

    Raises
    ------
    InputError : for another ending.
    StorageError : when the disk refuses.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise InputError([Problem("--to", 0, "", said("must_ending"), shown(path.name), said("do_ending"))])
    try:
        if ending == ".csv":
            write_over(
                path, csv_text(list(frame.columns), frame.astype(object).where(frame.notna(), "").itertuples(index=False))
            )
        else:
            frame.to_parquet(path)
    except OSError as error:
        raise StorageError(refusal(path, said("must_writable"), reason_of(error), said("do_space"))) from error
