"""The points of a sweep: which values each has, its key, and which of them share their years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tenbin
from tenbin.errors import InputError, Problem, TenbinError
from tenbin.inputs.words import shown
from tenbin.model import Case, default_worlds
from tenbin.studies.asking import check_request
from tenbin.studies.loading import load, with_costs
from tenbin.sweeps.axes import DRAWING, Axis, Value
from tenbin.sweeps.bases import Base, Change, digest
from tenbin.sweeps.sampling import shares
from tenbin.sweeps.spec import SAMPLED, Spec

__all__ = ["ENGINE", "Broken", "Points", "Task", "make_points"]

ENGINE = f"{tenbin.__version__}/2"
"""What a key says of who worked it out: the version, and that of what a row means."""

OF_A_CASE = {"target": "targets", "level": "level", "metric": "metric", "require": "require", "exclude": "exclude"}
"""Parts of a question whose words are a case's, and what ``optimise`` calls them."""

MOST_VARIANTS = 100_000
"""So many cases are remembered while points are laid out, by their hashes."""

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
    n_worlds: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A point that cannot even be asked: its case is none, or has no such place."""

    key: str
    error: TenbinError


@dataclass(frozen=True, slots=True)
class _Variant:
    """A case as points have it: hashes of what it holds and of what its events depend on, its own drawing, or what is wrong with it."""

    content: str
    changes: tuple[Change, ...] = ()
    years: str = ""
    drawing: tuple[int | None, ...] = (1, 100_000, None)
    has_dates: bool = False
    is_uncertain: bool = False
    error: TenbinError | None = None


@dataclass(frozen=True)
class Points:
    """Every point of a sweep. values : shape (n_points, n_axes), the number of each axis' value."""

    axes: tuple[Axis, ...]
    values: IntArray
    options: Mapping[str, Any]
    bases: Mapping[tuple[int, int], Base | TenbinError]
    prices_on: date
    _variants: dict[tuple[int, ...], _Variant] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.values)

    def labels(self, axis: int) -> list[str]:
        """What each point's value of an axis is called."""
        names = [value.label for value in self.axes[axis].values]
        return [names[n] for n in self.values[:, axis].tolist()]

    def task(self, number: int) -> Task | Broken:
        """A point by its number."""
        row = self.values[number].tolist()
        variant = self._variant(row)
        asked: dict[str, Any] = {}
        drawn: dict[str, int] = {}
        for n in self._asking:
            axis, value = self.axes[n], self.axes[n].values[row[n]].content
            (drawn if axis.name in DRAWING else asked)[axis.name] = value
        if variant.error is not None:
            return Broken(digest([ENGINE, variant.content, asked, drawn]), variant.error)
        seed, n_trials, n_worlds = (drawn.get(name, own) for name, own in zip(DRAWING, variant.drawing, strict=True))
        assert seed is not None
        assert n_trials is not None
        if n_worlds is None:  # a single question, too, has several as soon as anything has a range
            n_worlds = default_worlds(n_trials) if variant.is_uncertain else 1
        drawing = (seed, n_trials, n_worlds)
        day = self.prices_on.isoformat() if variant.has_dates else ""
        key = digest([ENGINE, variant.content, day, asked, drawing, dict(self.options)])
        years = f"{variant.years}/{drawing}"
        return Task(key, self._base_name(row), variant.changes, variant.content, years, asked, *drawing)

    @property
    def has_dates(self) -> bool:
        """Whether some result depends on the day that prices are of."""
        return any(isinstance(base, Base) and base.has_dates for base in self.bases.values())

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

    def _variant(self, row: list[int]) -> _Variant:
        """The case of a point."""
        pair = self._pair(row)
        name = (*pair, *(row[n] for n in self._placed))
        if name not in self._variants:
            if len(self._variants) >= MOST_VARIANTS:
                self._variants.clear()
            self._variants[name] = self._made(pair, row)
        return self._variants[name]

    def _made(self, pair: tuple[int, int], row: list[int]) -> _Variant:
        base = self.bases[pair]
        if not isinstance(base, Base):
            return _Variant(digest(["broken", base.message()]), error=base)
        changes: list[Change] = []
        for n in self._placed:
            place = self.axes[n].place
            assert place is not None
            changes.append((place, self.axes[n].values[row[n]].content))
        try:
            changed = base.changed(changes)
        except InputError as error:
            return _Variant(digest(["broken", base.digest, error.message()]), error=error)
        n_worlds = changed.study("n_worlds")
        drawing = (changed.study("seed", 1), changed.study("n_trials", 100_000), n_worlds)
        is_uncertain = n_worlds is None and changed.is_uncertain  # looked for only where it decides
        return _Variant(changed.digest, tuple(changes), changed.years, drawing, changed.has_dates, is_uncertain)


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
    at = values[:, [names.index("case"), names.index("costs") if "costs" in names else names.index("case")]]
    pairs = np.unique(at if "costs" in names else at * [1, 0], axis=0).tolist()  # a list has few of all that there could be
    bases = {(n, m): _base(cases[n], costs[m]) for n, m in pairs}
    points = Points(axes, values, spec.options, bases, prices_on)
    _check(points)
    return points


def _base(case: Value, prices: Value | None) -> Base | TenbinError:
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
    """Refuse what no case takes: the cases themselves, each place, each word of a question."""
    broken = [base for base in points.bases.values() if not isinstance(base, Base)]
    if len(broken) == len(points.bases):
        raise InputError([problem for error in broken if isinstance(error, InputError) for problem in error.problems])
    good = [base for base in points.bases.values() if isinstance(base, Base)]
    cases = [cache(base.case) for base in good]
    problems: list[Problem] = []
    for axis in points.axes:
        if axis.place is not None:
            change = (axis.place, axis.values[0].content)
            found = _refused(partial(base.changed, [change]) for base in good)
            problems += [replace(problem, value=shown(problem.value)) for problem in found]
        elif axis.name in OF_A_CASE:
            for value in axis.values:
                asked = {OF_A_CASE[axis.name]: value.content}
                problems += _refused(partial(_ask, case, asked) for case in cases)
    if problems:
        raise InputError(problems)


def _refused(attempts: Iterable[Callable[[], object]]) -> Sequence[Problem]:
    """What is wrong with something, as the first says, where every attempt at it is refused; nothing as soon as one is not."""
    first: Sequence[Problem] = ()
    for attempt in attempts:
        try:
            attempt()
        except InputError as error:
            first = first or error.problems
        else:
            return ()
    return first


def _ask(case: Callable[[], Case], asked: Mapping[str, Any]) -> None:
    """``InputError`` where a case does not know the words of a question: a level, a metric, a measure."""
    check_request(case(), own_targets=False, **asked)


def _laid_out(spec: Spec) -> tuple[tuple[Axis, ...], IntArray]:
    """The axes, ranges as the values that were drawn for them, and each point's values by number."""
    sizes = [len(axis.values) for axis in spec.axes]
    n = spec.n_points
    if spec.method == "grid":
        return spec.axes, np.array(list(product(*(range(size) for size in sizes))), np.int64).reshape(n, len(sizes))
    if spec.method not in SAMPLED:
        distinct = tuple(axis.distinct for axis in spec.axes)
        numbers = [{value.label: at for at, value in enumerate(axis.values)} for axis in distinct]
        columns = [
            [known[axis.values[k % len(axis.values)].label] for k in range(n)]
            for axis, known in zip(spec.axes, numbers, strict=True)
        ]
        return distinct, np.array(columns, np.int64).T.reshape(n, len(sizes))
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
