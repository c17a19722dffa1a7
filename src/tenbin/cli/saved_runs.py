"""What ``runs`` does: the list of what was saved, one run told, two runs told apart."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenbin.cli.console import Block, Grid, one_line, print_json, show
from tenbin.cli.options import Options
from tenbin.reporting.metric_words import metric_jargon, metric_name
from tenbin.studies.run_entries import run_entry, small_document
from tenbin.studies.run_words import metric_named, outcome_words, question_words
from tenbin.units import format_amount
from tenbin.words import in_language, speaker

__all__ = ["diff_runs", "list_runs_of", "show_run"]

say = speaker("runs")
LONGEST = 300
MOST_TARGETS = 3
ABSENT = "—"
HASH = 8
"""So many digits of a hash are shown: enough to tell files apart (``--json`` has them all)."""


def list_runs_of(options: Options) -> None:
    """The runs of the results folder, newest last."""
    from tenbin.storage import list_runs, results_root

    root = results_root(options.out, write=False)
    entries = [run_entry(run.id, run.path) for run in list_runs(root)]
    lang = options.lang
    if options.as_json:
        print_json({"schema": 1, "runs": entries}, lang)
    elif not entries:
        show([say("no_runs", lang, path=root)])
    else:
        heads = (
            ("run", "left"),
            ("made", "left"),
            ("asked", "left"),
            ("outcome", "left"),
            ("cost_per_year", "right"),
            ("metric", "left"),
            ("loss", "right"),
        )
        rows = tuple(_row(entry, lang) for entry in entries)
        show(
            [
                Grid(tuple((say(name, lang), side) for name, side in heads), rows),
                *_metrics(entries, lang),
                say("list_note", lang),
            ]
        )


def _metrics(entries: list[dict[str, Any]], lang: str) -> Iterator[str]:
    """What the metrics of a list mean."""
    names = dict.fromkeys(str(entry["metric"]).rpartition(":")[2] for entry in entries if entry["metric"])
    for name in names:
        try:
            yield say("list_metric", lang, jargon=metric_jargon(name), name=metric_name(name, lang))
        except ValueError:  # of a document that was not tenbin's
            continue


def _row(entry: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    if entry["status"] == "damaged":
        return (one_line(entry["id"], LONGEST), _when(entry["finished"]), "", say("status_damaged", lang), "", "", "")
    currency = str(entry["currency"])

    def amount(value: object) -> str:
        return format_amount(float(value), lang, currency) if isinstance(value, int | float) else ABSENT

    shown = [*entry["targets"][:MOST_TARGETS], *(["…"] if len(entry["targets"]) > MOST_TARGETS else [])]
    asked = question_words(shown, entry["question"], str(entry["metric"]), entry, currency, lang)
    is_frontier = entry["question"] == "frontier"
    if is_frontier and entry["status"] in ("optimal", "feasible"):
        outcome = say("status_frontier", lang, n=entry["plans"])
    else:
        outcome = outcome_words(str(entry["status"]), entry["certificate"], lang)
    loss = amount(entry["before"]) if is_frontier else f"{amount(entry['before'])} → {amount(entry['after'])}"
    scope, _, plain = str(entry["metric"]).rpartition(":")
    metric = f"{scope}:{metric_jargon(plain)}".removeprefix(":")
    return (one_line(entry["id"], LONGEST), _when(entry["finished"]), asked, outcome, amount(entry["per_year"]), metric, loss)


def _when(finished: object) -> str:
    return one_line(finished)[:16].replace("T", " ") if finished else ""


def show_run(text: str, options: Options) -> None:
    """One run: what was asked, what was found, its files, its inputs and whether they are still the same.

    Raises
    ------
    InputError : when there is no such run.
    """
    from tenbin.storage import find_run, results_root

    run = find_run(text, results_root(options.out, write=False))
    manifest, document = small_document(run.path / "manifest.json"), small_document(run.path / "result.json")
    entry = run_entry(run.id, run.path)
    command = manifest.get("command")
    words = [str(part) for part in command] if isinstance(command, list) else []
    files = _files(run.path)
    inputs = _inputs(manifest.get("inputs"))
    if options.as_json:
        more = {"command": words, "asked": manifest.get("asked"), "version": manifest.get("version"), "files": files}
        print_json({"schema": 1, **entry, **more, "inputs": inputs, "libraries": manifest.get("libraries")}, options.lang)
        return
    show(_told(entry, document, manifest, words, files, inputs, options.lang))


def _files(folder: Path) -> list[dict[str, Any]]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [{"file": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size} for path in found]


def _inputs(hashes: object) -> list[dict[str, str]]:
    """Each input with its hash, and whether the file is the same now: paths are from the current folder, as then."""
    found = []
    for name, digest in sorted(hashes.items()) if isinstance(hashes, dict) else ():
        path = Path(str(name))
        try:
            now = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        except (OSError, ValueError):
            now = ""
        state = "gone" if not now else "same" if now == digest else "changed"
        found.append({"file": str(name), "sha256": str(digest), "now": state})
    return found


def _told(
    entry: Mapping[str, Any], document: Mapping[str, Any], manifest: Mapping[str, Any], words: list[str],
    files: list[dict[str, Any]], inputs: list[dict[str, str]], lang: str,
) -> Iterator[Block]:  # fmt: skip
    """The answer first, then what was asked, what is kept and what it was made from."""
    yield from _found(entry, document, lang)
    path = one_line(entry["path"], LONGEST)
    yield say("run_is", lang, run=one_line(entry["id"], LONGEST), when=_when(entry["finished"]) or ABSENT, path=path)
    if words:
        yield say("typed", lang, command=one_line(shlex.join(words), 2_000))
    if entry["status"] != "damaged":
        drawn = {"years": f"{document['n_trials']:,}", "seed": document["seed"], "version": manifest.get("version", ABSENT)}
        yield say("drawn", lang, **drawn)
    rows = tuple((name, f"{size:,}") for name, size in _by_folder(files, lang))
    yield Grid(((say("file", lang), "left"), (say("bytes", lang), "right")), rows, title=say("files", lang))
    if inputs:
        heads = tuple((say(name, lang), "left") for name in ("file", "now", "sha256"))
        states = tuple(
            (one_line(row["file"], LONGEST), say(f"now_{row['now']}", lang), one_line(row["sha256"])[:HASH]) for row in inputs
        )
        yield Grid(heads, states, title=say("inputs", lang))
        if any(row["now"] == "gone" for row in inputs):
            yield say("gone_note", lang)
    else:
        yield say("no_inputs", lang)


def _found(entry: Mapping[str, Any], document: Mapping[str, Any], lang: str) -> Iterator[Block]:
    """The answer with its certificate and its targets; a frontier's sentences; or that there is none."""
    from tenbin.cli.render import target_blocks
    from tenbin.reporting.frontier_words import frontier_sentences
    from tenbin.reporting.sentences import answer, certificate

    if entry["status"] == "damaged":
        yield say("damaged_run", lang)
    elif entry["question"] == "frontier":
        yield say("frontier_of", lang, n=entry["plans"], metric=metric_named(entry["metric"], lang))
        yield from frontier_sentences(document, lang)
    elif document.get("cost"):
        yield f"{answer(document, lang)}\n{certificate(document, lang)}"
        yield from target_blocks(document, lang)
    else:
        yield say("found_none", lang)
    yield ""


def _by_folder(files: list[dict[str, Any]], lang: str) -> Iterator[tuple[str, int]]:
    """The files with their sizes; those of a folder together."""
    folders: dict[str, list[int]] = {}
    for row in files:
        folder, slash, _ = row["file"].partition("/")
        if slash:
            folders.setdefault(folder, []).append(row["bytes"])
    for folder, sizes in folders.items():
        yield say("in_folder", lang, folder=f"{one_line(folder, LONGEST)}/", n=len(sizes)), sum(sizes)
    for row in files:
        if "/" not in row["file"]:
            yield one_line(row["file"], LONGEST), row["bytes"]


def diff_runs(first: str, second: str, options: Options) -> None:
    """What is different between two runs: figures, question, plan, costs and risks; nothing is simulated.

    Raises
    ------
    InputError, StorageError : when there is no such run, or its documents are damaged.
    """
    from tenbin.storage import results_root
    from tenbin.studies.comparing import look_at, side_by_side

    root = results_root(options.out, write=False)
    found = side_by_side([look_at(text, root) for text in (first, second)])
    if options.as_json:
        print_json(found.to_dict(), options.lang)
        return
    from tenbin.cli.render_compare import comparison

    hashes = [one for run in found.runs if isinstance(one := run.manifest.get("inputs"), dict)]
    blocks: list[Block] = list(comparison(found, options.lang))
    if found.inputs is None and len(hashes) == 2:
        blocks.insert(-1, _other_files(hashes[0], hashes[1], options.lang))
    show(in_language(block, options.lang) if isinstance(block, str) else block for block in blocks)


def _other_files(first: Mapping[str, str], second: Mapping[str, str], lang: str) -> str:
    """Where the figures themselves are not kept: which input files differ."""
    other = sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
    return say("files_differ", lang, files=", ".join(other)) if other else say("files_same", lang)
