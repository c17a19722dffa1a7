"""What the shell offers when a value is being typed: names from the case, the framework, the runs.

The files are read as they stand, without their rules: an answer has to be there at once, and whatever is wrong with a file is said
by the command. So nothing heavy is imported here, and nothing goes wrong aloud.
"""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import tenbin
from tenbin.cli.language import LANG

__all__ = ["completion_of"]

Offer = tuple[str, str]
"""A value and what it is, in words."""

METRICS = ("aal", "var95", "tvar95", "var99", "tvar99")
TARGETS = ("tvar95=60%", "aal=60%", "survive=99%", "keep=current")
BUDGETS = ("/first-year", "/year", "/total")


def completion_of(key: str) -> Callable[..., list[Offer]] | None:
    """What offers the values of an option or an argument, by the key of its help text; None: the shell's own ways."""
    offers = OFFERS.get(key)
    if offers is None:
        return None

    def complete(ctx: Any, incomplete: str) -> list[Offer]:
        try:
            return sorted({offer for offer in offers(_folder(ctx), incomplete) if offer[0].startswith(incomplete)})
        except Exception:
            return []

    return complete


def _folder(ctx: Any) -> Path:
    """The case that the command line names so far, else the current folder.

    An option that has no value yet leaves its case among the arguments that were not taken.
    """
    named = [Path(str(word)) for word in (ctx.params.get("case") or ".", *ctx.args)]
    return next((path for path in named if (path / "case.toml").is_file()), named[0])


def _rows(text: str) -> Iterator[dict[str, str]]:
    return (row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


def _bundled(name: str) -> Iterator[dict[str, str]]:
    return _rows((files("tenbin") / "catalogue" / "data" / f"{name}.csv").read_text(encoding="utf-8-sig"))


def _table(path: Path) -> Iterator[dict[str, str]]:
    return _rows(path.read_text(encoding="utf-8-sig")) if path.is_file() else iter(())


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "case.toml"
    return tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}


def _title(row: dict[str, str]) -> str:
    first, second = ("title_ja", "title_en") if LANG == "ja" else ("title_en", "title_ja")
    return row.get(first) or row.get(second) or ""


def _plain(names: Iterable[str]) -> Iterator[Offer]:
    return ((name, "") for name in names)


def _cases(_: Path, __: str) -> Iterator[Offer]:
    home = Path(tenbin.__file__).parent
    places = (home / "examples" / "scenarios", home.parents[1] / "scenarios")
    return _plain(path.parent.name for place in places for path in place.glob("*/case.toml"))


def _measures(_: Path, __: str) -> Iterator[Offer]:
    return ((row["id"], _title(row)) for row in _bundled("cpsf-2018-draft"))


def _choices(folder: Path, incomplete: str) -> Iterator[Offer]:
    """Measures that have a cost, behind ``=`` their levels; the framework's where there is no cost table."""
    place = folder / str(_settings(folder).get("cost_tables", ""))
    rows = [*_table(folder / "measures.csv")] or [*_table(place / "measures.csv")]
    titles = dict(_measures(folder, incomplete))
    if "=" in incomplete:
        yield from _plain(f"{row['measure']}={row['level']}" for row in rows)
    else:
        yield from ((row["measure"], titles.get(row["measure"], "")) for row in rows)
        yield from () if rows else titles.items()


def _plans(folder: Path, _: str) -> Iterator[Offer]:
    yield ("current", "")
    yield from _plain(row["plan"] for row in _table(folder / "plans.csv"))


def _levels(folder: Path, _: str) -> Iterator[Offer]:
    return _plain(_settings(folder).get("levels", {}))


def _standards(folder: Path, _: str) -> Iterator[Offer]:
    yield from _plain(row["standard"] for row in _bundled("references"))
    yield from _plain(row["standard"] for row in _table(folder / "crosswalk.csv"))


def _runs(_: Path, __: str) -> Iterator[Offer]:
    root = Path(os.environ.get("TENBIN_RESULTS") or "results")
    yield ("latest", "")
    yield from _plain(path.parent.name for path in root.glob("*/manifest.json"))


def _terms(_: Path, __: str) -> Iterator[Offer]:
    text = (files("tenbin.cli") / "terms.csv").read_text(encoding="utf-8")
    return ((row["term"], row[f"{LANG}_title"]) for row in _rows(text))


def _scenarios(folder: Path, _: str) -> Iterator[Offer]:
    return ((row["id"], _title(row)) for row in _table(folder / "scenarios.csv"))


def _scales(folder: Path, incomplete: str) -> Iterator[Offer]:
    """Which factor; behind a colon, of which scenario or layer."""
    head, colon, _ = incomplete.partition(":")
    parts = [("L1", ""), ("L2", ""), ("L3", ""), *_scenarios(folder, "")]
    return ((f"{head}:{part}", title) for part, title in parts) if colon else _plain(("frequency=3", "loss=2"))


def _targets(folder: Path, _: str) -> Iterator[Offer]:
    yield from _plain((*TARGETS, *(f"keep={name}" for name, _ in _plans(folder, ""))))


def _budgets(_: Path, incomplete: str) -> Iterator[Offer]:
    """A budget's period, behind its amount."""
    amount = incomplete.partition("/")[0]
    return _plain(f"{amount}{period}" for period in BUDGETS if amount)


OFFERS: dict[str, Callable[[Path, str], Iterable[Offer]]] = {
    "from": _cases,
    "require": _choices,
    "exclude": _choices,
    "arg_measure": _measures,
    "plan": _plans,
    "coverage_plan": _plans,
    "sensitivity_plan": _plans,
    "stress_plan": _plans,
    "plan_of_run": _runs,
    "sensitivity_metric": lambda folder, _: _plain(METRICS),
    "force": _scenarios,
    "down": _scenarios,
    "scale": _scales,
    "stress_target": _targets,
    "level": _levels,
    "standard": _standards,
    "metric": lambda folder, _: _plain(METRICS),
    "frontier_metric": lambda folder, _: _plain(METRICS),
    "target": _targets,
    "frontier_target": _targets,
    "budget": _budgets,
    "layer": lambda folder, _: ((row["layer"], _title(row)) for row in _bundled("layers")),
    "component": lambda folder, _: ((row["component"], _title(row)) for row in _bundled("components")),
    "arg_run": _runs,
    "arg_runs": _runs,
    "arg_term": _terms,
    "report_format": lambda folder, _: _plain(("html", "xlsx", "pptx", "pdf")),
    "chart_format": lambda folder, _: _plain(("svg", "png", "pdf")),
}
