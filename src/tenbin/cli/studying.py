"""What ``demo`` and ``optimise`` do: read, draw, search, check, save, print."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.beside import Beside
from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import CODES, DONE, INTERRUPTED, INVALID
from tenbin.cli.language import say
from tenbin.cli.nearest import nearest_commands
from tenbin.cli.options import Options
from tenbin.cli.work import working

if TYPE_CHECKING:
    from tenbin.model import Case
    from tenbin.simulation import EventTable
    from tenbin.studies import Result
    from tenbin.studies.saving import Making, Saved

__all__ = ["draw_events", "optimise_case", "precision_of", "where_saved"]

COMPILING_SECONDS = 15
GRAVEST = ("interrupted", "failed", "infeasible", "feasible", "optimal")


def draw_events(case: Case, options: Options, metric: str = "tvar95", plan: Mapping[str, str] | None = None) -> EventTable:
    """Simulate a case's years, with a word about compilation the first time.

    metric, plan : what is to be as precise as asked, when that is; under today's plan unless given.
    """
    from tenbin.studies import simulate
    from tenbin.studies.compiling import is_first_time

    if not options.quiet and is_first_time():
        tell(say("compiling", options.lang, seconds=COMPILING_SECONDS))
    if options.precision is not None:
        return _draw_precisely(case, options, metric, plan)
    return working(
        lambda progress, stop: simulate(case, on_progress=progress, stop=stop, **options.drawing()),
        options.lang,
        options.quiet,
        "simulate",
    )


def _draw_precisely(case: Case, options: Options, metric: str, plan: Mapping[str, str] | None) -> EventTable:
    """Simulate as many years as a precision needs, and say how many that were; what was reached is kept beside the years."""
    from tenbin.reporting.sentences import percent
    from tenbin.studies.precision import precision_note, simulate_precisely
    from tenbin.studies.run_words import metric_named
    from tenbin.words import in_language

    asked = dict(plan) if plan is not None else None
    events, found = working(
        lambda progress, stop: simulate_precisely(
            case, str(options.precision), metric, asked, on_progress=progress, stop=stop, **options.drawing()
        ),
        options.lang,
        options.quiet,
        "simulate",
    )
    if not options.quiet:
        reached = percent(found.reached) if found.reached else "0%"
        tell(in_language(precision_note(found, metric_named(metric, options.lang), reached), options.lang))
    return events


def precision_of(events: EventTable) -> dict[str, Any]:
    """What a document says of the precision asked for; nothing where none was."""
    found = events.memo.get("precision")
    return {} if found is None else {"precision": found.to_dict()}


def _first_metric(case: Case, how: Mapping[str, Any]) -> str:
    """The metric that a precision is of: the first target's, else the one made lowest."""
    from tenbin.inputs import parse_target

    level = case.levels.get(str(how["level"]), ()) if how.get("level") is not None else ()
    own = case.targets if how.get("budget") is None else ()
    for text in (*(how.get("targets") or ()), *level, *own):
        target = parse_target(text, case)
        if not target.keep and target.covers is None:
            return f"{target.scope.text}:{target.metric_name}" if target.scope.text else target.metric_name
    return str(how.get("metric") or "tvar95")


def optimise_case(folder: Path, options: Options, costs: Path | None = None, more: Beside | None = None, **how: Any) -> int:
    """Optimise a case, save what was found and print it; return the exit code.

    Everything that can be wrong with the input or with the results folder is found before the long work.
    """
    from tenbin.storage import input_hashes, results_root
    from tenbin.studies import load
    from tenbin.studies.saving import Making, case_files

    more = more or Beside()
    started, began = datetime.now().astimezone(), time.perf_counter()
    case = load(folder, costs)
    more.check(case, how)
    root = results_root(options.out)
    making = Making(input_hashes(case_files(folder, costs)), started, how)
    read = time.perf_counter() - began
    events = draw_events(case, options, _first_metric(case, how))
    case = events.case  # with the number of worlds that was drawn
    drawn = time.perf_counter() - began - read
    results = _answers(case, events, options, {**how, **more.options})
    results = {name: result.with_seconds(read=read, simulate=drawn) for name, result in results.items()}
    documents = {name: {**result.to_dict(), **precision_of(events)} for name, result in results.items()}
    for name, result in results.items():
        if result.conflict is not None:
            near = documents[name]["conflict"]["nearest"]
            commands = nearest_commands(result, folder, costs, how, options)
            near[:] = [{**entry, "command": command} for entry, command in zip(near, commands, strict=True)]
    was_stopped = False
    if more.takes_long and list(results) == [""] and results[""].risk is not None and results[""].status != "interrupted":
        found, was_stopped = working(
            lambda progress, stop: (more.follow(events, results[""], how, progress, stop), stop.is_set()),
            options.lang,
            options.quiet,
        )
        documents[""].update(found)
    saved = _save_all(results, documents, root, making, options)
    code = max((CODES[result.status] for result in results.values()), default=DONE)
    if options.as_json:
        print_json(_document(case, documents), options.lang)
    else:
        _print_all(case, documents, saved, options, more.alternatives > 0)
    return (
        code or (INTERRUPTED if was_stopped else DONE) or (INVALID if any(entry is None for entry in saved.values()) else DONE)
    )


def _answers(case: Case, events: EventTable, options: Options, how: Mapping[str, Any]) -> dict[str, Result]:
    """The result asked for under "", or three by their names when nothing is asked and the case names nothing."""
    from tenbin.studies import optimise, suggest

    asked = how.get("targets") or how.get("level") is not None or how.get("budget") is not None or case.targets
    if asked:
        return {
            "": working(
                lambda progress, stop: optimise(events, validate=True, on_progress=progress, stop=stop, **how),
                options.lang,
                options.quiet,
            )
        }
    rules = {name: value for name, value in how.items() if name not in ("targets", "level", "budget", "metric")}
    return working(
        lambda progress, stop: suggest(events, validate=True, on_progress=progress, stop=stop, **rules),
        options.lang,
        options.quiet,
    )


def _save_all(
    results: Mapping[str, Result],
    documents: Mapping[str, dict[str, Any]],
    root: Path,
    making: Making,
    options: Options,
) -> dict[str, Saved | None]:
    """Save each result that has a plan; None where the disk refused (the answer is printed all the same)."""
    from tenbin.errors import StorageError
    from tenbin.studies.saving import save

    saved: dict[str, Saved | None] = {}
    for name, result in results.items():
        document = documents[name]
        if result.risk is None:
            continue
        try:
            saved[name] = working(
                lambda progress, stop, r=result, d=document: save(r, d, root, making, options.lang, progress, options.draw),  # type: ignore[misc]
                options.lang,
                options.quiet,
                "save",
            )
        except StorageError as error:
            saved[name] = None
            tell(say("and_not_saved", options.lang, error=error.message(options.lang)))
        entry = saved[name]
        document["run"] = str(entry[0].path) if entry else None
        if entry and entry[2] and not options.quiet:
            tell(entry[2])
    return saved


def _document(case: Case, documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    if list(documents) == [""]:
        return documents[""]
    statuses = [document["status"] for document in documents.values()]
    first = next(iter(documents.values()), {})
    return {
        "schema": 1,
        "version": first.get("version"),
        "case": case.name,
        "currency": case.currency,
        "status": min(statuses, key=GRAVEST.index, default="optimal"),
        "plans": dict(documents),
    }


def _print_all(
    case: Case,
    documents: Mapping[str, Mapping[str, Any]],
    saved: Mapping[str, Saved | None],
    options: Options,
    alternatives: bool,
) -> None:
    from tenbin.cli.render import optimised
    from tenbin.cli.render_reasons import beside

    lang = options.lang
    if list(documents) != [""]:
        show([say("three_plans" if documents else "nothing_to_optimise", lang)])
    for name, document in documents.items():
        if name:
            show(["", say("chapter", lang, title=say(f"plan_{name}", lang)), ""])
        show(optimised(document, case, lang))
        if document["cost"] is not None:
            show(beside(document, case, lang, alternatives))
        show(where_saved(saved.get(name), lang))


def where_saved(saved: Saved | None, lang: str) -> list[str]:
    """Where a run and its charts are, and how to see it as a page; nothing when it was not saved."""
    if saved is None:
        return []
    from tenbin.studies.saving import CHARTS

    run, charts, _ = saved
    shell = shlex.quote(str(run.path))
    if charts:
        place = say("run_folder", lang, path=run.path, n=sum(path.suffix == ".png" for path in charts), charts=CHARTS)
    else:
        place = say("run_folder_bare", lang, path=run.path, shell=shell)
    return [place, say("see_as_page", lang, shell=shell)]
