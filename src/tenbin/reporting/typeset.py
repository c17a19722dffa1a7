"""How wide text is, where it may break, and what of a user's text can be drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

__all__ = ["clean", "cut", "even", "text_width", "wrap"]

Width = Callable[[str], float]

NOT_FIRST = "、。，．・：；？！ー）」』】〕｝〉》ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々%）),.;:!?]}’”…"
NOT_LAST = "（「『【〔｛〈《([{‘“¥$"
COUNTED = "年円万億兆件回層"
"""What stays with the digits before it."""

BOX = "□"
ELLIPSIS = "…"
SCALE = 10
"""Text is measured this many times larger, so that hinting does not round its width."""


def text_width(text: str, size: float, families: tuple[str, ...]) -> float:
    """The width in points of one line of text at a size in points."""
    return _unit_width(text, families) * size


@lru_cache(maxsize=4096)
def _unit_width(text: str, families: tuple[str, ...]) -> float:
    from matplotlib.backends import backend_agg
    from matplotlib.font_manager import FontProperties

    if not text:
        return 0.0
    renderer: Any = backend_agg.RendererAgg(16, 16, 72 * SCALE)  # type: ignore[no-untyped-call]
    width, _, _ = renderer.get_text_width_height_descent(text, FontProperties(family=list(families), size=10), ismath=False)
    return float(width) / SCALE / 10


def clean(text: str, has_glyph: Callable[[str], bool]) -> str:
    """One line of a user's text: white space as single blanks, no control characters, a box for what no font can draw."""
    flat = " ".join(text.split())
    kept = (character for character in flat if unicodedata.category(character)[0] != "C")
    return "".join(character if has_glyph(character) else BOX for character in kept).strip()


def _katakana(character: str) -> bool:
    return "ァ" <= character <= "ー"


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _pieces(text: str) -> list[str]:
    """What stays on one line: Latin words with the blank after them, Japanese characters singly with what clings to them."""
    pieces: list[str] = []
    for character in text:
        if not pieces:
            pieces.append(character)
            continue
        last = pieces[-1]
        joined = (
            character in NOT_FIRST
            or character == " "
            or last[-1] in NOT_LAST
            or (_katakana(character) and _katakana(last[-1]))
            or (last[-1].isdecimal() and character in COUNTED)
            or not (_wide(character) or _wide(last[-1]) or last[-1] == " ")
        )
        if joined:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _fitting(text: str, width: float, measure: Width) -> int:
    """How many characters from the beginning fit in ``width``."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def cut(text: str, width: float, measure: Width) -> str:
    """The text, or as much of its beginning as fits in ``width`` with an ellipsis."""
    if measure(text) <= width:
        return text
    return text[: _fitting(text, width - measure(ELLIPSIS), measure)].rstrip() + ELLIPSIS


def wrap(text: str, width: float, measure: Width, max_lines: int = 0) -> list[str]:
    """Break a text into lines no wider than ``width``.

    Parameters
    ----------
    text : one paragraph.
    width : in the unit of ``measure``.
    measure : the width of a line.
    max_lines : what does not fit in so many lines ends in an ellipsis; 0 for no bound.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while measure(line.rstrip()) > width and len(line) > 1:  # a word wider than the line is broken anywhere
            head = max(_fitting(line, width, measure), 1)
            while head > 1 and line[head : head + 1] and line[head] in NOT_FIRST and line[:head].strip(NOT_FIRST):
                head -= 1
            lines.append(line[:head])
            line = line[head:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    if 0 < max_lines < len(lines):
        last = lines[max_lines - 1]
        lines = [*lines[: max_lines - 1], last[: _fitting(last, width - measure(ELLIPSIS), measure)].rstrip() + ELLIPSIS]
    return lines


def even(text: str, width: float, measure: Width, max_lines: int = 0) -> list[str]:
    """Break a text into as few lines as ``wrap`` does, with the longest of them as short as it can be."""
    lines = wrap(text, width, measure, max_lines)
    if len(lines) < 2 or lines[-1].endswith(ELLIPSIS):
        return lines
    low, high = width / len(lines), width
    for _ in range(8):
        middle = (low + high) / 2
        found = wrap(text, middle, measure)
        if len(found) <= len(lines) and max(map(measure, found)) <= middle:
            lines, high = found, middle
        else:
            low = middle
    return lines
