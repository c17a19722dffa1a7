"""Lines that several documents have in common: warnings, what one plan has otherwise, what contradicts what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenbin.cli.console import Block
from tenbin.cli.language import say
from tenbin.words import speaker

__all__ = ["contradiction", "note_lines", "warnings"]

explain = speaker("explaining")

Document = Mapping[str, Any]


def warnings(texts: Sequence[str], lang: str) -> Iterator[Block]:
    """What to look at, one line each."""
    for text in texts:
        yield say("labelled", lang, label=say("warning", lang), text=text)


def note_lines(notes: Sequence[Document], lang: str, letters: str = "") -> Iterator[Block]:
    """Why a result is as it is, one line each; letters : of the runs that it is about."""
    for note in notes:
        text = note[f"text_{lang}"]
        if letters:
            yield explain("note_of_runs", lang, first=letters[note["from"]], second=letters[note["to"]], text=text)
        elif note["plan"]:
            yield explain("note_of_plan", lang, plan=note["plan"], text=text)
        else:
            yield explain("note", lang, text=text)


def contradiction(document: Document, lang: str) -> Iterator[Block]:
    """Which demands contradict each other, and the nearest requests as commands."""
    conflict = document["conflict"]
    demands = conflict["demands"]
    if not demands:
        yield say("conflict_rules", lang)
    elif len(demands) == 1:
        yield say("conflict_one", lang, demand=demands[0])
    else:
        key = "conflict_some" if conflict["smallest"] else "conflict_many"
        yield say(key, lang, demands=say("semicolon", lang).join(demands))
    commands = list(dict.fromkeys(near["command"] for near in conflict["nearest"] if near.get("command")))
    if commands:
        yield say("nearest", lang)
        for command in commands:
            yield f"  {command}"
    elif demands:
        yield say("leave_out", lang)
