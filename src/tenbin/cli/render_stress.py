"""Plans under stress, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import Block, Grid
from tenbin.cli.render_lines import warnings
from tenbin.cli.render_sensitivity import plan_title, titled
from tenbin.reporting.sentences import percent
from tenbin.reporting.stress_words import stress_name, stress_words
from tenbin.units import format_amount
from tenbin.words import speaker

if TYPE_CHECKING:
    from tenbin.reporting.matters_data import StressRow
    from tenbin.sensitivity import Stressed
    from tenbin.sensitivity.stressing import StressedPlan

__all__ = ["stressed"]

say = speaker("sensitivity")
METRICS = ("aal", "var95", "tvar95", "tvar90")


def stressed(found: Stressed, folder: Path | None, lang: str) -> Iterator[Block]:
    """A sentence on the worst case and on the targets, then a table for each plan."""
    from tenbin.sensitivity.picturing import stress_data

    case, rows = found.case, stress_data(found).rows
    yield say(
        "stress_sample",
        lang,
        title=case.title(lang),
        years=f"{found.n_trials:,}",
        worlds=found.n_worlds,
        seed=found.seed,
    )
    yield ""
    yield _answer(found, rows, lang)
    yield ""
    for name in found.plans:
        yield _grid(found, rows, name, lang)
    yield from _notes(found, lang)
    yield from warnings(case.warnings, lang)
    yield say("footer", lang)
    if folder is not None:
        yield say("kept", lang, path=folder)


def _answer(found: Stressed, rows: tuple[StressRow, ...], lang: str) -> str:
    """Which stress is worst for the last plan, and in how many its targets still hold."""
    name = list(found.plans)[-1]
    case = found.case
    worst = max(range(len(found.cases)), key=lambda n: found.cases[n].plans[name].metrics["tvar95"])
    row = rows[1 + worst]

    def amount(value: float) -> str:
        return format_amount(value, lang, case.currency)

    text = say(
        "stress_answer",
        lang,
        plan=plan_title(name, lang),
        stress=stress_name(row, titled(row.label, lang), lang, case.currency),
        before=amount(found.normal.plans[name].metrics["tvar95"]),
        after=amount(found.cases[worst].plans[name].metrics["tvar95"]),
    )
    if not found.normal.plans[name].targets:
        return text
    held = sum(_holds(one.plans[name]) for one in found.cases)
    if _holds(found.normal.plans[name]):
        key = "targets_held" if held else "targets_held_none"
    else:
        key = "targets_missed_anyway" if held else "targets_missed_none"
    return "\n".join((text, say(key, lang, n=held, total=len(found.cases))))


def _holds(plan: StressedPlan) -> bool:
    return all(target.met for target in plan.targets)


def _grid(found: Stressed, rows: tuple[StressRow, ...], name: str, lang: str) -> Grid:
    case = found.case
    with_reserve, with_targets = case.organisation.cash_reserve is not None, bool(found.normal.plans[name].targets)
    heads = [("stress", "left"), *((f"head_{metric}", "right") for metric in METRICS)]
    heads += [("head_reserve", "right")] if with_reserve else []
    heads += [("head_targets", "left")] if with_targets else []
    cells = []
    for row, one in zip(rows, (found.normal, *found.cases), strict=True):
        plan = one.plans[name]
        first, second = stress_words(row, titled(row.label, lang), lang, case.currency)
        line = [say("stress_cell", lang, first=first, second=second) if second else first]
        line += [format_amount(plan.metrics[metric], lang, case.currency) for metric in METRICS]
        line += [percent(plan.metrics["beyond_reserve"])] if with_reserve else []
        line += [_verdict(plan, lang)] if with_targets else []
        cells.append(tuple(line))
    title = say("stress_of", lang, plan=plan_title(name, lang))
    return Grid(tuple((say(key, lang), side) for key, side in heads), tuple(cells), title=title)


def _verdict(plan: StressedPlan, lang: str) -> str:
    missed: Mapping[str, None] = dict.fromkeys(target.target.partition(" (")[0] for target in plan.targets if not target.met)
    return say("missed", lang, targets=list(missed)) if missed else say("holds", lang)


def _notes(found: Stressed, lang: str) -> Iterator[str]:
    kinds = {stress.kind.value for one in found.cases for stress in one.stresses}
    reserve = found.case.organisation.cash_reserve
    if reserve is not None:
        yield say("reserve_is", lang, amount=format_amount(reserve, lang, found.case.currency))
    if "force" in kinds:
        yield say("force_means", lang)
    downs = dict.fromkeys(stress for one in found.cases for stress in one.stresses if stress.kind.value == "down")
    for down in downs:
        yield say(f"down_{down.basis.value}", lang, name=found.case.scenarios[down.scenarios[0]].id)
    if found.is_usual:
        yield say("usual_set" if downs else "usual_set_without", lang)
