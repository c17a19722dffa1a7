"""Words of a problem: the value as it is shown, the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from tenbin.words import Said, saying

__all__ = ["LONGEST_PATH", "nearest", "said", "shown"]

LONGEST = 60
LONGEST_PATH = 300
OFFERED = 8

said = saying("problems")


def shown(value: object, longest: int = LONGEST) -> str:
    """A value as a message shows it: one line, not too long, "nothing" when blank; what can be said in Japanese stays so."""
    if isinstance(value, Said):
        return value
    try:
        text = " ".join(str(value).split())
    except ValueError:  # int → str refuses thousands of digits
        return said("got_thousands_of_digits")
    text = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
    if not text:
        return said("got_nothing")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def nearest(name: str, known: Iterable[str], ending: str = "") -> Said:
    """A sentence that offers the nearest valid name (with an ending), or says which there are."""
    names = sorted(set(known))
    if not names:
        return said("none_yet")
    for fold in (_without_zeros, str.casefold):
        folded = {fold(candidate): candidate for candidate in reversed(names)}
        close = get_close_matches(fold(name[:LONGEST]), folded, 1, 1.0 if fold is _without_zeros else 0.6)
        if close:
            return said("did_you_mean", name=folded[close[0]] + ending)
    return said("known_more" if len(names) > OFFERED else "known", names=names[:OFFERED])


def _without_zeros(name: str) -> str:
    """L1.006 and L1.06 are the same here."""
    return re.sub(r"0+([0-9])", r"\1", name.casefold())
