"""A sweep's rows as a tidy table, also while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.sweeps.rows import COLUMNS
from tenbin.sweeps.store import Store, find_sweep, need

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_sweep"]

NAMES = ("case", "costs", "level", "metric", "require", "exclude")
"""Axes whose values are names, whatever they look like: the case 010 is not the number 10."""


def read_sweep(sweep: str | Path = "latest", *, out: str | Path | None = None) -> pd.DataFrame:
    """One row a point, in the order of the points: its number, its axes, then what was found.

    Parameters
    ----------
    sweep : the sweep's folder, its name below the results' folder, or ``latest``.
    out : the results' folder.

    Returns
    -------
    A frame with ``point``, a column for each axis (numbers where all its values are, but never for ``case`` and other names), and the columns of a row: ``status`` (``optimal``,
    ``feasible``, ``infeasible``, ``error``, or ``missing`` until it is done), ``per_year``, ``npv`` and other costs in the case's currency,
    ``aal`` … ``tvar99`` under the plan, ``today_…``, ``inherent_…``, ``gap``, ``plan`` (as ``--plan`` takes it), ``seconds``, ``error`` …

    Raises
    ------
    InputError : when there is no such sweep.
    StorageError : when its points cannot be read.
    """
    need("pyarrow")
    return frame_of(find_sweep(sweep, out))


def frame_of(store: Store) -> pd.DataFrame:
    """The same of a sweep's folder."""
    import pandas as pd

    points = store.read_points()
    rows, damaged = store.read_rows()
    left = pd.DataFrame({name: _axis(name, points[name].to_pylist()) for name in points.column_names})
    found = rows.to_pandas().drop(
        columns=[name for name in left.columns if name in COLUMNS and name != "key"]
    )  # the seed, asked
    frame = left.merge(found, on="key", how="left", validate="many_to_one")
    frame["status"] = frame["status"].fillna("missing")
    frame.attrs["damaged_parts"] = damaged
    frame.attrs["axes"] = [name for name in left.columns if name not in ("point", "key")]
    return frame


def axes_of(frame: pd.DataFrame) -> list[str]:
    """The axes of a sweep's table, in their order."""
    found: list[str] = frame.attrs["axes"]
    return found


def _axis(name: str, labels: list[Any]) -> list[Any]:
    """Values of an axis as numbers when they all are, but for names."""
    if name in NAMES:
        return labels
    numbers: Mapping[Any, Any] = {}
    try:
        numbers = {label: float(label) for label in set(labels)}
    except ValueError:
        return labels
    whole = all(number.is_integer() for number in numbers.values())
    return [int(numbers[label]) if whole else numbers[label] for label in labels]
