"""Words of a problem: the value as it is shown, the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["LONGEST_PATH", "nearest", "shown"]

LONGEST = 60
LONGEST_PATH = 300
OFFERED = 8


def shown(value: object, longest: int = LONGEST) -> str:
    """A value as a message shows it: one line, not too long, "nothing" when blank."""
    try:
        text = " ".join(str(value).split())
    except ValueError:  # int → str refuses thousands of digits
        return "a number of thousands of digits"
    text = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
    if not text:
        return "nothing"
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest valid name, or says which there are."""
    names = sorted(set(known))
    if not names:
        return "There is none yet."
    for fold in (_without_zeros, str.casefold):
        folded = {fold(candidate): candidate for candidate in reversed(names)}
        close = get_close_matches(fold(name[:LONGEST]), folded, 1, 1.0 if fold is _without_zeros else 0.6)
        if close:
            return f"Did you mean {folded[close[0]]}?"
    return f"Known: {', '.join(names[:OFFERED])}{' …' if len(names) > OFFERED else ''}."


def _without_zeros(name: str) -> str:
    """L1.006 and L1.06 are the same here."""
    return re.sub(r"0+([0-9])", r"\1", name.casefold())
