"""Words of a problem: the value as it is shown, the nearest valid name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest", "shown"]

LONGEST = 60
OFFERED = 8


def shown(value: object) -> str:
    """A value as a message shows it: one line, not too long, "nothing" when blank."""
    text = " ".join(str(value).split())
    text = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
    if not text:
        return "nothing"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest valid name, or says which there are."""
    names = sorted(set(known))
    if not names:
        return "There is none yet."
    folded: dict[str, str] = {}
    for candidate in names:
        folded.setdefault(candidate.casefold(), candidate)
    close = get_close_matches(name[:LONGEST].casefold(), folded, 1, 0.6)
    if close:
        return f"Did you mean {folded[close[0]]}?"
    return f"Known: {', '.join(names[:OFFERED])}{' …' if len(names) > OFFERED else ''}."
