"""``tenbin explain``: one table of terms."""

from __future__ import annotations

import csv
import io
from difflib import get_close_matches
from importlib.resources import files

from tenbin.cli.console import out_console, print_json
from tenbin.cli.words import say

__all__ = ["explain_term", "terms"]


def terms() -> dict[str, dict[str, str]]:
    """The table by term, in its own order."""
    text = (files("tenbin.cli") / "terms.csv").read_text(encoding="utf-8")
    return {row["term"]: row for row in csv.DictReader(io.StringIO(text))}


def explain_term(term: str | None, as_json: bool, lang: str) -> int:
    """Print a term, or all of them; return the exit code (2 for an unknown term)."""
    table = terms()
    console = out_console()
    if term is None:
        if as_json:
            print_json({"schema": 1, "terms": list(table.values())})
        else:
            for name, row in table.items():
                console.print(f"{name:<16} {row[f'{lang}_title']}")
        return 0
    names = {
        alias.strip().lower(): name
        for name, row in table.items()
        for alias in (name, *row["aliases"].split(";"))
        if alias.strip()
    }
    found = names.get(term.strip().lower())
    if found is None:
        near = get_close_matches(term.lower(), names, 3, 0.4)
        message = say("unknown_term", lang, term=term, near=", ".join(dict.fromkeys(names[n] for n in near)) or "-")
        if as_json:
            problem = {"file": "TERM", "row": 0, "column": "", "rule": "a term", "value": term, "remedy": message}
            print_json({"schema": 1, "status": "invalid", "problems": [problem]})
        console.print(message) if not as_json else None
        return 2
    if as_json:
        print_json({"schema": 1, "term": table[found]})
    else:
        console.print(f"{table[found][f'{lang}_title']} ({found})")
        console.print(table[found][lang])
    return 0
