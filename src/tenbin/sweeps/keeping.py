"""The cases of a sweep, kept beside its results, so that its points can be asked more later whatever becomes of the files they came from."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tenbin.errors import InputError, StorageError, TenbinError, reason_of, refusal
from tenbin.inputs import write_case
from tenbin.studies.loading import load
from tenbin.sweeps.axes import SEVERAL, Axis, Value, read_axis
from tenbin.sweeps.bases import Base
from tenbin.sweeps.points import Points
from tenbin.sweeps.store import Store
from tenbin.words import saying

__all__ = ["CASES", "keep_cases", "points_of"]

said = saying("sweeps")

CASES = "cases"


def keep_cases(store: Store, points: Points) -> dict[str, str]:
    """Write each case that is not there yet as a folder of its own, called by its content; which pair of case and costs has which.

    Raises
    ------
    StorageError : when the disk refuses.
    """
    found: dict[str, str] = {}
    root = store.path / CASES
    try:
        root.mkdir(exist_ok=True)
        for pair, base in points.bases.items():
            if not isinstance(base, Base):
                continue
            name = base.identity[:16]
            found["{}/{}".format(*pair)] = name
            if not (root / name / "case.toml").is_file():
                making = Path(tempfile.mkdtemp(prefix=".", dir=root))
                write_case(base.case(), making)
                shutil.rmtree(root / name, ignore_errors=True)
                making.rename(root / name)
    except (OSError, InputError) as error:
        raise StorageError(refusal(root, said("must_writable"), reason_of(error), said("do_space"))) from error
    return found


def points_of(store: Store) -> Points:
    """The points of a sweep's folder, made again of what it holds: their keys are the same.

    Raises
    ------
    StorageError : when something of it is missing or damaged.
    """
    try:
        manifest = json.loads((store.path / "manifest.json").read_text(encoding="utf-8"))
        written = tomllib.loads((store.path / "sweep.toml").read_text(encoding="utf-8"))
        names, day = dict(manifest["cases"]), date.fromisoformat(manifest["prices_on"])
        axis_names = list(manifest["axes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(refusal(store.path, said("must_whole_sweep"), reason_of(error), said("do_sweep_again"))) from error
    table = store.read_points()
    axes, columns = [], []
    for name in axis_names:
        column = table[name].combine_chunks()
        labels = column.dictionary.to_pylist()
        axes.append(_axis(name, labels))
        columns.append(np.asarray(column.indices.to_numpy(), np.int64))
    bases = _bases(store, names, manifest["pairs"], axes)
    return Points(tuple(axes), np.stack(columns, axis=1), written.get("options", {}), bases, day)


def _axis(name: str, labels: list[str]) -> Axis:
    """An axis of what its values are called."""
    if name in ("case", "costs"):
        return Axis(name, tuple(Value(label, label) for label in labels))
    given = [label.split("; ") if name in SEVERAL else label for label in labels]
    read = read_axis(name, given, "sweep.toml")
    return Axis(name, tuple(Value(label, value.content) for label, value in zip(labels, read.values, strict=True)), read.place)


def _bases(
    store: Store, names: Mapping[str, str], pairs: Mapping[str, list[str]], axes: list[Axis]
) -> dict[tuple[int, int], Base | TenbinError]:
    """The base of each pair of a case's and a cost table's number, as the axes number them now."""
    by_label = {tuple(labels): names.get(pair) for pair, labels in pairs.items()}
    cases = next(axis for axis in axes if axis.name == "case").values
    costs = next((axis.values for axis in axes if axis.name == "costs"), (Value("", ""),))
    loaded: dict[str, Base | TenbinError] = {}
    found: dict[tuple[int, int], Base | TenbinError] = {}
    for n, case in enumerate(cases):
        for m, prices in enumerate(costs):
            name = by_label.get((case.label, prices.label))
            if name is not None and name not in loaded:
                loaded[name] = _loaded(store.path / CASES / name)
            found[n, m] = loaded[name] if name is not None else StorageError(said("no_case"))
    return found


def _loaded(folder: Path) -> Base | TenbinError:
    try:
        return Base.of(load(folder))
    except TenbinError as error:
        return error


def pairs_of(points: Points) -> dict[str, list[Any]]:
    """What the case and the cost table of each pair are called."""
    cases = next(axis for axis in points.axes if axis.name == "case").values
    costs = next((axis.values for axis in points.axes if axis.name == "costs"), (Value("", ""),))
    return {f"{n}/{m}": [cases[n].label, costs[m].label] for n, m in points.bases}
