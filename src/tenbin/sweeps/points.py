"""The points of a sweep: which values each has, its key, and which of them share their years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tenbin
from tenbin.errors import InputError, TenbinError
from tenbin.inputs.words import shown
from tenbin.studies.loading import load, with_costs
from tenbin.sweeps.axes import Axis, Value
from tenbin.sweeps.bases import Base, Change, digest
from tenbin.sweeps.sampling import shares
from tenbin.sweeps.spec import SAMPLED, Spec

__all__ = ["ENGINE", "Broken", "Points", "Task", "make_points"]

ENGINE = f"{tenbin.__version__}/1"
"""What a key says of who worked it out: the version, and that of what a row means."""

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Task:
    """One point to solve, without its case: the key of the base, what is changed in it, what is asked, how it is drawn.

    content : hash of the changed case. years : of all that its events depend on.
    """

    key: str
    base: str
    changes: tuple[Change, ...]
    content: str
    years: str
    asked: Mapping[str, Any]
    seed: int
    n_trials: int
    n_worlds: int | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A point that cannot even be asked: its case is none, or has no such place."""

    key: str
    error: TenbinError


@dataclass(frozen=True)
class Points:
    """Every point of a sweep. values : shape (n_points, n_axes), the number of each axis' value."""

    axes: tuple[Axis, ...]
    values: IntArray
    options: Mapping[str, Any]
    bases: Mapping[tuple[int, int], Base | TenbinError]
    prices_on: date
    _variants: dict[tuple[int, ...], Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.values)

    def labels(self, axis: int) -> list[str]:
        """What each point's value of an axis is called."""
        names = [value.label for value in self.axes[axis].values]
        return [names[n] for n in self.values[:, axis].tolist()]

    def task(self, number: int) -> Task | Broken:
        """A point by its number."""
        row = self.values[number].tolist()
        content, changes, years, base, error = self._variant(row)
        asked: dict[str, Any] = {}
        drawn: dict[str, int] = {}
        for n in self._asking:
            axis, value = self.axes[n], self.axes[n].values[row[n]].content
            (drawn if axis.name in ("seed", "trials", "worlds") else asked)[axis.name] = value
        if error is not None:
            return Broken(digest([ENGINE, content, asked, drawn]), error)
        assert base is not None
        seed, n_trials = (drawn.get(name, base.study(own)) for name, own in (("seed", "seed"), ("trials", "n_trials")))
        n_worlds = drawn.get("worlds", base.study("n_worlds"))
        drawing = (1 if seed is None else seed, 100_000 if n_trials is None else n_trials, n_worlds)
        day = self.prices_on.isoformat() if base.has_dates else ""
        key = digest([ENGINE, content, day, asked, drawing, dict(self.options)])
        return Task(key, self._base_name(row), changes, content, f"{years}/{drawing}", asked, *drawing)

    def of_base(self, name: str) -> Base:
        """The base that tasks name."""
        place = tuple(int(part) for part in name.split("/"))
        found = self.bases[place[0], place[1]]
        assert isinstance(found, Base)
        return found

    @cached_property
    def _asking(self) -> list[int]:
        return [n for n, axis in enumerate(self.axes) if axis.place is None and axis.name not in ("case", "costs")]

    @cached_property
    def _placed(self) -> list[int]:
        return [n for n, axis in enumerate(self.axes) if axis.place is not None]

    @cached_property
    def _sources(self) -> tuple[int, int]:
        names = [axis.name for axis in self.axes]
        return names.index("case"), names.index("costs") if "costs" in names else -1

    def _pair(self, row: list[int]) -> tuple[int, int]:
        case, costs = self._sources
        return row[case], row[costs] if costs >= 0 else 0

    def _base_name(self, row: list[int]) -> str:
        return "{}/{}".format(*self._pair(row))

    def _variant(self, row: list[int]) -> tuple[str, tuple[Change, ...], str, Base | None, TenbinError | None]:
        """Content, changes, years of the case of a point; what is wrong with it, if anything."""
        pair = self._pair(row)
        name = (*pair, *(row[n] for n in self._placed))
        if name not in self._variants:
            if len(self._variants) > 10_000:
                self._variants.clear()
            self._variants[name] = self._made(pair, row)
        found: tuple[str, tuple[Change, ...], str, Base | None, TenbinError | None] = self._variants[name]
        return found

    def _made(self, pair: tuple[int, int], row: list[int]) -> tuple[str, tuple[Change, ...], str, Base | None, Any]:
        base = self.bases[pair]
        changes: list[Change] = []
        for n in self._placed:
            place = self.axes[n].place
            assert place is not None
            changes.append((place, self.axes[n].values[row[n]].content))
        if not isinstance(base, Base):
            return digest(["broken", base.message()]), (), "", None, base
        try:
            changed = base.changed(changes)
        except InputError as error:
            return digest(["broken", base.digest, error.message()]), (), "", None, error
        # what only settings say of the drawing stands in the tasks: years are those of the tables
        return changed.digest, tuple(changes), changed.years, changed, None


def make_points(spec: Spec, prices_on: date) -> Points:
    """Read the cases of a sweep and lay out its points.

    Raises
    ------
    InputError : when not a single case can be read, or a place is in none of them.
    """
    axes, values = _laid_out(spec)
    names = [axis.name for axis in axes]
    cases = axes[names.index("case")].values
    costs: tuple[Value | None, ...] = axes[names.index("costs")].values if "costs" in names else (None,)
    bases: dict[tuple[int, int], Base | TenbinError] = {}
    for n, case in enumerate(cases):
        for m, prices in enumerate(costs):
            bases[n, m] = _base(case, prices)
    points = Points(axes, values, spec.options, bases, prices_on)
    _check(points)
    return points


def _base(case: Value, prices: Value | None) -> Base | TenbinError:
    from tenbin.model import Case

    costs = prices.content if prices is not None else None
    try:
        if isinstance(case.content, Case):
            found = case.content if costs is None else with_costs(case.content, costs)
        else:
            found = load(case.content, costs)
        return Base.of(found)
    except TenbinError as error:
        return error


def _check(points: Points) -> None:
    """Refuse what no case takes: the cases themselves, and each place."""
    broken = [base for base in points.bases.values() if not isinstance(base, Base)]
    if len(broken) == len(points.bases):
        raise InputError([problem for error in broken if isinstance(error, InputError) for problem in error.problems])
    good = [base for base in points.bases.values() if isinstance(base, Base)]
    problems = []
    for axis in points.axes:
        if axis.place is None:
            continue
        for value in axis.values[:1]:
            errors = []
            for base in good:
                try:
                    base.changed([(axis.place, value.content)])
                except InputError as error:
                    errors.append(error)
            if len(errors) == len(good):
                problems += [replace(problem, value=shown(problem.value)) for problem in errors[0].problems]
    if problems:
        raise InputError(problems)


def _laid_out(spec: Spec) -> tuple[tuple[Axis, ...], IntArray]:
    """The axes, ranges as the values that were drawn for them, and each point's values by number."""
    sizes = [len(axis.values) for axis in spec.axes]
    n = spec.n_points
    if spec.method == "grid":
        return spec.axes, np.array(list(product(*(range(size) for size in sizes))), np.int64).reshape(n, len(sizes))
    if spec.method not in SAMPLED:
        return spec.axes, np.stack([np.arange(n) % size for size in sizes], axis=1)
    drawn = [k for k, axis in enumerate(spec.axes) if axis.range is not None or len(axis.values) > 1]
    at = shares(spec.method, n, len(drawn), spec.seed)
    axes, values = list(spec.axes), np.zeros((n, len(sizes)), np.int64)
    for column, k in enumerate(drawn):
        axis = spec.axes[k]
        if axis.range is not None:
            axes[k] = Axis(axis.name, tuple(axis.range.at(float(share)) for share in at[:, column]), axis.place)
            values[:, k] = np.arange(n)
        else:
            values[:, k] = np.minimum((at[:, column] * len(axis.values)).astype(np.int64), len(axis.values) - 1)
    return tuple(axes), values


def chunks(numbers: list[int], size: int) -> Iterator[list[int]]:
    """Pieces of a list."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
