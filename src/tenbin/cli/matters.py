"""What ``sensitivity`` and ``stress`` share: the plan of a saved run, and a folder of their own below the results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import tell
from tenbin.cli.language import say
from tenbin.cli.options import Options
from tenbin.words import in_language, saying

if TYPE_CHECKING:
    from tenbin.model import Case
    from tenbin.reporting.matters_data import MattersData
    from tenbin.storage import Run
    from tenbin.studies.saving import Making

__all__ = ["keep", "plan_of_run"]

said = saying("sensitivity")

Picture = tuple["MattersData", str]
"""A chart's data and its name."""


def plan_of_run(text: str, case: Case, options: Options) -> tuple[str, dict[str, str]]:
    """A saved run's id and plan.

    Raises
    ------
    InputError : when there is no such run, it has no single plan, or the case has not its measures.
    StorageError : when the run cannot be read.
    """
    from tenbin.errors import InputError, Problem
    from tenbin.inputs import parse_plan
    from tenbin.storage import find_run, read_json, results_root

    run = find_run(text, results_root(options.out, write=False))
    rows = read_json(run).get("plan")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {"measure", "level"} <= row.keys() for row in rows):
        raise InputError([Problem("--run", 0, "", said("must_run_plan"), run.id, said("do_run_plan"))])
    plan = {str(row["measure"]): str(row["level"]) for row in rows}
    return run.id, parse_plan(plan, case, "--run")


def keep(
    kind: str,
    document: Mapping[str, Any],
    table: tuple[Sequence[str], Iterable[Sequence[object]]],
    pictures: Sequence[Picture],
    making: Making,
    options: Options,
) -> tuple[Run | None, list[Path]]:
    """Write the document, a table and the charts into a new folder; the run (None where the disk refused) and its charts.

    Folders of a kind stand in one of their own below the results, so that ``latest`` stays the latest plan.
    """
    from tenbin.errors import StorageError
    from tenbin.storage import new_run, results_root
    from tenbin.storage.writing import finite
    from tenbin.studies.saving import manifest_of, written_charts

    root = results_root(options.out) / kind
    facts = {"kind": kind, **{name: document[name] for name in ("case", "seed", "n_trials")}}
    advice = ""
    try:
        with new_run(str(document["case"]), root) as folder:
            folder.write_json("result.json", finite(in_language(dict(document), "en")))
            folder.write_table(kind, *table)
            paths: list[Path] = []
            for data, name in pictures:
                files, more = written_charts(data, folder, options.lang, [name])
                paths += files
                advice = more or advice
            run = folder.commit(manifest_of(facts, making), making.started)
    except StorageError as error:
        tell(say("and_not_saved", options.lang, error=error.message(options.lang)))
        return None, []
    if advice and not options.quiet:
        tell(advice)
    return run, [run.path / "charts" / path.name for path in paths]
