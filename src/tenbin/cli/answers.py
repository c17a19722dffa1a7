"""Results → the screen, the results folder and the exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import error_console, out_console, print_json
from tenbin.cli.render import answer, compare_table, plan_table, target_table
from tenbin.cli.save import save_result
from tenbin.cli.words import say
from tenbin.units import format_amount

if TYPE_CHECKING:
    from tenbin.studies import Result

__all__ = ["report"]

CODES = {"optimal": 0, "feasible": 0, "infeasible": 3, "failed": 4, "interrupted": 130}


def report(results: Mapping[str, Result], root: Path, inputs: Sequence[Path], as_json: bool, quiet: bool, lang: str) -> int:
    """Save and print each result; return the exit code (the gravest of all).

    Results are keyed by the name of their question, "" when there is one only.
    """
    documents: dict[str, Any] = {}
    for name, result in results.items():
        document = result.to_dict()
        if result.risk is not None:
            run, charts, advice = save_result(result, root, inputs, lang)
            document["run"] = str(run.path)
        else:
            charts, advice = [], ""
        documents[name] = document
        if not as_json:
            _show(name, result, document, charts, quiet, lang)
            if advice and not quiet:
                error_console().print(advice)
    if as_json:
        print_json(documents[""] if list(documents) == [""] else {"schema": 1, "plans": documents})
    return max(CODES[result.status] for result in results.values())


def _show(name: str, result: Result, document: Mapping[str, Any], charts: Sequence[Path], quiet: bool, lang: str) -> None:
    console = out_console()
    if name:
        console.rule(say(name, lang), align="left", characters="-")
    if result.risk is None:
        console.print(say("infeasible" if result.status == "infeasible" else _stopped(result), lang))
        for target, value in result.reachable.items():
            console.print(f"  {target}: {format_amount(value, lang, result.case.currency)}")
        return
    if result.status == "interrupted":
        console.print(say("interrupted", lang))
    columns = {
        say("inherent", lang): {"risk": result.inherent.metrics()},
        say("today", lang): {"risk": result.current.metrics(), "cost": result.current.cost.to_dict()},
        say("after", lang): {"risk": result.risk.metrics(), "cost": result.cost.to_dict()},
    }
    console.print(compare_table(columns, result.case.currency, lang))
    if document["targets"] and len(document["targets"]) <= 6:
        console.print(target_table(document, lang))
    if result.tightenings:
        console.print(say("tightened", lang, n=result.tightenings))
    for warning in document["warnings"]:
        console.print(f"{say('warning', lang)}: {warning}")
    console.print(answer(document, lang))
    console.print()
    console.print(plan_table(result, lang))
    console.print(say("tax", lang))
    if charts:
        console.print(f"{say('charts', lang)}:")
        for path in charts:
            if path.suffix == ".png":
                console.print(f"  {path}")
        if not quiet:
            console.print(say("run_folder", lang, path=document["run"]))


def _stopped(result: Result) -> str:
    return "interrupted_empty" if result.status == "interrupted" else "failed"
