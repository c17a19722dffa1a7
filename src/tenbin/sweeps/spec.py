"""A sweep as it is written, in TOML or as a mapping → its axes, how they are combined, the options of every point."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem, reason_of
from tenbin.inputs import is_workbook
from tenbin.inputs.words import nearest, shown
from tenbin.model import Case
from tenbin.sweeps.axes import NAMES, SOURCES, Axis, Value, read_axis
from tenbin.words import Said, saying

__all__ = ["ASKED_FROM", "METHODS", "MOST_POINTS", "Spec", "file_name", "flat_axes", "read_spec"]

said = saying("sweeps")

SECTIONS = ("name", "axes", "sample", "options")
METHODS = ("grid", "list", "latin-hypercube", "sobol")
SAMPLED = METHODS[2:]
OPTIONS = ("time_limit", "validate", "delta")
USUAL = {"validate": True}
"""As ``tenbin optimise`` does: a point is what the command for a single question says."""

ASKED_FROM = 100_000
"""So many points and more are asked about before anything is done."""

MOST_POINTS = 10_000_000
"""So many are the most that one folder takes: all their values and keys are held at once, about 100 bytes a point."""

GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Spec:
    """A sweep: axes in the order written, how they are combined, options of every point.

    method : grid, list, latin-hypercube or sobol. n, seed : of a sample. source : the file or ``sweep`` for a mapping. folder : where
    its paths start.
    """

    name: str
    axes: tuple[Axis, ...]
    method: str = "grid"
    n: int = 0
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    source: str = "sweep"
    folder: Path = Path()
    written: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_points(self) -> int:
        """How many points there are; none of them is made."""
        if self.method == "grid":
            return prod(len(axis.values) for axis in self.axes)
        return self.n


def read_spec(source: str | Path | Mapping[str, Any], folder: Path | None = None) -> Spec:
    """Read and check a sweep.

    Parameters
    ----------
    source : a TOML file or the same as a mapping; in a mapping ``case`` may hold what ``tenbin.load`` takes, or cases.
    folder : where its paths start; that of the file, else the current folder, unless given.

    Raises
    ------
    InputError : with everything that is wrong.
    """
    if isinstance(source, Mapping):
        where, written, home, stem = "sweep", source, folder or Path(), "sweep"
    else:
        path = Path(source)
        where, written, home, stem = str(source), _toml(path), folder or path.parent, path.stem
    problems: list[Problem] = []
    for key in written:
        if key not in SECTIONS:
            problems.append(Problem(where, 0, shown(key), said("must_section"), shown(key), nearest(str(key), SECTIONS)))
    axes = _axes(_section(written, "axes", where, problems), where, home, problems)
    method, n, seed = _sample(_section(written, "sample", where, problems), axes, where, problems)
    options = {**USUAL, **_options(_section(written, "options", where, problems), where, problems)}
    name = written.get("name", stem)
    if not isinstance(name, str) or not file_name(name):
        problems.append(Problem(where, 0, "name", said("must_name"), shown(name), said("do_name")))
    if not problems and method == "list" and len({len(axis.values) for axis in axes if len(axis.values) > 1}) > 1:
        got = ", ".join(f"{axis.name}: {len(axis.values)}" for axis in axes if len(axis.values) > 1)
        problems.append(Problem(where, 0, "axes", said("must_same_length"), shown(got, 200), said("do_same_length")))
    if problems:
        raise InputError(problems)
    if method == "list":
        n = max(len(axis.values) for axis in axes)
    else:
        axes = [axis.distinct for axis in axes]
    return Spec(str(name), tuple(axes), method, n, seed, options, where, home, written)


def file_name(name: str) -> str:
    """A sweep's name as a folder's: letters and digits of any script, dots, dashes."""
    return re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", name)).strip("-._")[:80]


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError([Problem(str(path), 0, "", said("must_file"), reason_of(error), said("do_file"))]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Problem(str(path), 0, "", said("must_toml"), shown(error, 200), said("do_toml"))]) from error


def _section(written: Mapping[str, Any], name: str, where: str, problems: list[Problem]) -> Mapping[str, Any]:
    found = written.get(name, {})
    if isinstance(found, Mapping):
        return found
    problems.append(Problem(where, 0, name, said("must_table", name=name), shown(found), said("do_table", name=name)))
    return {}


def _axes(given: Mapping[str, Any], where: str, home: Path, problems: list[Problem]) -> list[Axis]:
    found = []
    for key, value in flat_axes(given).items():
        try:
            found.append(_sources(key, value, where, home) if key in SOURCES else read_axis(key, value, where))
        except InputError as error:
            problems.extend(error.problems)
    if "case" not in flat_axes(given):
        problems.append(Problem(where, 0, "axes.case", said("must_case"), said("got_empty"), said("do_case")))
    return found


def flat_axes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Axes by dotted name: TOML nests ``organisation.cash_reserve = …`` when nobody quotes it; ``max_days`` is ``max-days``."""
    flat: dict[str, Any] = {}

    def walk(prefix: str, content: Mapping[Any, Any]) -> None:
        for key, value in content.items():
            name = f"{prefix}{key}"
            if isinstance(value, Mapping) and "low" not in value and "high" not in value and name not in NAMES:
                walk(f"{name}.", value)
            else:
                flat["max-days" if name == "max_days" else name] = value

    walk("", given)
    return flat


def _sources(name: str, given: Any, where: str, home: Path) -> Axis:
    """The cases or cost tables of paths and patterns, in their order; or of what is no path."""
    values: list[Value] = []
    problems: list[Problem] = []
    several = isinstance(given, Sequence) and not isinstance(given, str)
    for number, one in enumerate(given if several else [given], start=1):
        if not isinstance(one, str | Path):
            if isinstance(one, Case | Mapping):
                label = one.name if isinstance(one, Case) else ""
                values.append(Value(label or f"{name} {number}", one))
            else:
                problems.append(Problem(where, 0, f"axes.{name}", said("must_path"), shown(one), said("do_case")))
            continue
        paths = _matching(home, str(one))
        if not paths:
            problems.append(
                Problem(where, 0, f"axes.{name}", said("must_match"), shown(one, 200), said("do_match", folder=home))
            )
        values += [Value(_label(path, home), path) for path in paths]
    if not values and not problems:
        problems.append(Problem(where, 0, f"axes.{name}", said("must_values"), said("got_empty"), said("do_case")))
    if problems:
        raise InputError(problems)
    return Axis(name, tuple(_told_apart(values)))


def _told_apart(values: Sequence[Value]) -> Iterator[Value]:
    """Values that are no paths under labels of their own: two cases may be called alike; the same object is the same value."""
    seen: dict[str, object] = {}
    for value in values:
        label = value.label
        while isinstance(value.content, Case | Mapping) and seen.get(label, value.content) is not value.content:
            label = f"{label}'"
        seen[label] = value.content
        yield Value(label, value.content)


def _matching(home: Path, text: str) -> list[Path]:
    """What a path or a pattern names: folders and workbooks."""
    path = Path(text)
    try:
        if (home / path).exists() or not GLOB.search(text):
            return [home / path] if (home / path).exists() else []
        start, pattern = (Path(path.anchor), str(path.relative_to(path.anchor))) if path.is_absolute() else (home, text)
        found = (one for one in start.glob(pattern) if not one.name.startswith((".", "~$")))
        return sorted(one for one in found if one.is_dir() or is_workbook(one))
    except (OSError, ValueError, NotImplementedError):
        return []


def _label(path: Path, home: Path) -> str:
    """A path as it stands in results: from the sweep's folder where it lies below."""
    return (path.relative_to(home) if path.is_relative_to(home) else path).as_posix()


def _sample(given: Mapping[str, Any], axes: list[Axis], where: str, problems: list[Problem]) -> tuple[str, int, int]:
    for key in given:
        if key not in ("method", "n", "seed"):
            problems.append(
                Problem(
                    where, 0, f"sample.{key}", said("must_sample_key"), shown(key), nearest(str(key), ("method", "n", "seed"))
                )
            )
    method, n, seed = given.get("method", "grid"), given.get("n", 0), given.get("seed", 0)
    if method not in METHODS:
        problems.append(Problem(where, 0, "sample.method", said("must_method"), shown(method), nearest(str(method), METHODS)))
        return "grid", 0, 0
    for key, value, least in (("n", n, 1 if method in SAMPLED else 0), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            rule, remedy = said("must_whole", n=least), said("do_sample")
            problems.append(
                Problem(where, 0, f"sample.{key}", rule, shown(value) if key in given else said("got_empty"), remedy)
            )
            n, seed = 1, 0
    if method not in SAMPLED:
        problems.extend(
            Problem(where, 0, axis.name, said("must_sampled"), said("got_range"), said("do_sample"))
            for axis in axes
            if axis.range
        )
    return method, n, seed


def _options(given: Mapping[str, Any], where: str, problems: list[Problem]) -> dict[str, Any]:
    """The options of every point that are fine."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        rule = _option_rule(str(key), value)
        if key not in OPTIONS:
            problems.append(Problem(where, 0, f"options.{key}", said("must_option"), shown(key), nearest(str(key), OPTIONS)))
        elif rule is not None:
            problems.append(Problem(where, 0, f"options.{key}", rule, shown(value), said("do_option", name=key)))
        else:
            found[key] = value
    return found


def _option_rule(key: str, value: Any) -> Said | None:
    """The rule that an option's value breaks."""
    if key == "validate":
        return None if isinstance(value, bool) else said("must_true_false")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return said("must_number")
    if key == "time_limit" and not value > 0:
        return said("must_time_limit")
    return said("must_delta") if key == "delta" and not 0 <= value < 1 else None
