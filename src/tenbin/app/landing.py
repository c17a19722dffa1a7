"""An answer of the app's → a run under results, as the command writes it; the same answer is not written twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenbin import __version__
from tenbin.app.board import Answer
from tenbin.app.drawing import draw_apart
from tenbin.errors import StorageError
from tenbin.simulation import EventTable
from tenbin.storage import Run, input_hashes, list_runs, read_json, results_root

if TYPE_CHECKING:
    from tenbin.app.desk import Desk
    from tenbin.studies.frontiers import Frontier
    from tenbin.studies.saving import Draw

__all__ = ["keep_run", "known_frontier"]

FRONTIER = "frontier.json"
FOUND = ("plan", "objective", "cost", "risk", "targets")
"""What two documents of the same question have to say alike."""
MOST_LOOKED_AT = 400
"""So many of the newest runs are looked at for one of the same answer."""


def keep_run(
    desk: Desk, answer: Answer, events: EventTable, stop: threading.Event, draw: Draw | None = draw_apart
) -> Run | None:
    """Write a checked answer as a run, with the frontier that the app has traced; the run that is there already where it is the same.

    draw : draws its charts; None: it has none.

    Returns
    -------
    The run; None where there is nothing to write, or the files in the draft's folder are not those of the answer.

    Raises
    ------
    StorageError, InputError : when the disk refuses.
    """
    from tenbin.studies import keep_frontier
    from tenbin.studies.saving import Making, case_files, save

    if answer.result is None or answer.result.risk is None or answer.result.status == "interrupted":
        return None
    root, started = results_root(), datetime.now().astimezone()
    hashes = input_hashes(case_files(desk.holding.path, None))
    is_of_it = desk.live.is_of(answer, desk.case) and desk.trouble is None and not desk.problems and desk.holding.is_ours
    if not is_of_it or stop.is_set():
        return None  # the files are of another case by now, could not be written, or have a mistake
    document = answer.result.to_dict()
    making = Making(hashes, started, _asked(answer))
    run = next(_same(document, making.asked, hashes), None)
    if run is None:
        run, _, _ = save(answer.result, document, root, making, desk.lang, draw=draw)
    front = known_frontier(desk, answer)
    if front is not None and not (run.path / FRONTIER).exists():
        keep_frontier(run, front)
    return run


def known_frontier(desk: Desk, answer: Answer) -> Frontier | None:
    """The frontier beside an answer, where it is whole."""
    board = desk.board
    is_of_it = board.answer is not None and board.answer.case is answer.case and board.answer.question == answer.question
    front = board.front if is_of_it else None
    return front if front is not None and front.complete and front.points else None


def _asked(answer: Answer) -> dict[str, Any]:
    """The question as the command's options say it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answer.question.options().items()}


def _files(hashes: object) -> list[tuple[str, str]]:
    """A case's files by name: the folder that they lie in makes no difference."""
    found = hashes.items() if isinstance(hashes, Mapping) else ()
    return sorted((str(name).rpartition("/")[2], str(digest)) for name, digest in found)


def _same(document: Mapping[str, Any], asked: Mapping[str, Any], hashes: Mapping[str, str]) -> Iterator[Run]:
    """Runs of this version that were made of the same files, years and question, and that found the same."""
    wanted = {
        "version": __version__,
        "asked": {name: value for name, value in asked.items() if value not in (None, (), [])},
        "status": document["status"],
        **{name: document[name] for name in ("seed", "n_trials", "n_worlds")},
    }
    for run in list_runs(results_root())[: -MOST_LOOKED_AT - 1 : -1]:
        try:
            manifest = read_json(run, "manifest.json")
            if all(manifest.get(name) == value for name, value in wanted.items()) and _files(manifest.get("inputs")) == _files(
                hashes
            ):
                kept = read_json(run)
                if all(kept.get(name) == document[name] for name in FOUND):
                    yield run
        except StorageError:
            continue
