"""``tenbin explain``: one table of terms."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files

from tenbin.cli.console import Block, Grid, print_json, show
from tenbin.cli.language import said, say
from tenbin.errors import Problem

__all__ = ["explain_term", "find_term", "near_terms", "terms"]

MOST_NEAR = 4


def terms() -> dict[str, dict[str, str]]:
    """The table by term, in its own order."""
    text = (files("tenbin.cli") / "terms.csv").read_text(encoding="utf-8")
    return {row["term"]: row for row in csv.DictReader(io.StringIO(text))}


def _plain(text: str) -> str:
    return text.strip().casefold().replace("-", " ").replace("_", " ")


def _names(table: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Every name, alias and title → its term."""
    found: dict[str, str] = {}
    for term, row in table.items():
        for name in (term, *row["aliases"].split(";"), row["ja_title"], row["en_title"]):
            if name.strip():
                found.setdefault(_plain(name), term)
    return found


def find_term(text: str) -> str | None:
    """The term of a name, an alias or a title in either language; ``var99.5`` and ``tvar99.5`` are var and tvar."""
    plain = _plain(text)
    known = _names(terms())
    for stem in ("tvar", "var"):
        if plain not in known and plain.startswith(stem) and plain.removeprefix(stem).replace(".", "", 1).isdecimal():
            return stem
    return known.get(plain)


def near_terms(text: str, but: str = "") -> list[str]:
    """Terms with a name like it, the nearest first."""
    known = _names(terms())
    plain = _plain(text)
    close = [known[name] for name in get_close_matches(plain, known, 8, 0.5)]
    close += [term for name, term in known.items() if len(plain) > 2 and plain in name]
    return [term for term in dict.fromkeys(close) if term != but][:MOST_NEAR]


def explain_term(text: str | None, as_json: bool, lang: str) -> int:
    """Print a term, or all of them; return the exit code (2 for an unknown term)."""
    table = terms()
    if text is None:
        rows = tuple((term, row[f"{lang}_title"]) for term, row in table.items())
        listed: list[Block] = [Grid(((say("term", lang), "left"), (say("meaning", lang), "left")), rows)]
        document = {"schema": 1, "terms": list(table.values())}
        print_json(document) if as_json else show([*listed, say("explain_how", lang)])
        return 0
    term = find_term(text)
    near = near_terms(text, term or "")
    if term is None:
        key = "unknown_term" if near else "unknown_term_alone"
        message = say(key, lang, term=text, near=say("comma", lang).join(near))
        problem = Problem("TERM", 0, "", said("must_term"), text, message).within(lang).to_dict()
        print_json({"schema": 1, "status": "invalid", "problems": [problem]}) if as_json else show([message])
        return 2
    if as_json:
        print_json({"schema": 1, "term": table[term], "near": near})
    else:
        show(_told(table, term, near, lang))
    return 0


def _told(table: Mapping[str, Mapping[str, str]], term: str, near: list[str], lang: str) -> Iterator[Block]:
    yield say("brackets", lang, text=table[term][f"{lang}_title"], more=term)
    yield table[term][lang]
    also = [name for name in dict.fromkeys(near) if name and name != term][:MOST_NEAR]
    if also:
        yield say("see_also", lang, near=say("comma", lang).join(also))
