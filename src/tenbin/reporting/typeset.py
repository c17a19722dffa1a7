"""How wide text is, where it may break, and what of a user's text can be drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

__all__ = ["clean", "cut", "text_width", "wrap"]

Width = Callable[[str], float]

NOT_FIRST = "、。，．・：；？！ー）」』】〕｝〉》ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々%）),.;:!?]}’”…"
NOT_LAST = "（「『【〔｛〈《([{‘“¥$"
BOX = "□"
ELLIPSIS = "…"
SCALE = 10
"""Text is measured this many times larger, so that hinting does not round its width."""


def text_width(text: str, size: float, families: tuple[str, ...]) -> float:
    """The width in points of one line of text at a size in points."""
    return _unit_width(text, families) * size


@lru_cache(maxsize=4096)
def _unit_width(text: str, families: tuple[str, ...]) -> float:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    if not text:
        return 0.0
    renderer = RendererAgg(16, 16, 72 * SCALE)
    width, _, _ = renderer.get_text_width_height_descent(text, FontProperties(family=list(families), size=10), ismath=False)
    return float(width) / SCALE / 10


def clean(text: str, has_glyph: Callable[[str], bool]) -> str:
    """One line of a user's text: white space as single blanks, no control characters, a box for what no font can draw."""
    flat = " ".join(text.split())
    kept = (character for character in flat if unicodedata.category(character)[0] != "C")
    return "".join(character if has_glyph(character) else BOX for character in kept).strip()


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _pieces(text: str) -> list[str]:
    """What stays on one line: Latin words with the blank after them, Japanese characters one by one with what clings to them."""
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
            or not (_wide(character) or _wide(last[-1]) or last[-1] == " ")
        )
        if joined:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def cut(text: str, width: float, measure: Width) -> str:
    """The text, or as much of its beginning as fits in ``width`` with an ellipsis."""
    if measure(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + ELLIPSIS) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


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
        if measure((line + piece).rstrip()) <= width or not line:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece
        while measure(line.rstrip()) > width and len(line) > 1:  # a word wider than the line is broken anywhere
            head = cut(line, width, lambda part: measure(part.removesuffix(ELLIPSIS))).removesuffix(ELLIPSIS) or line[0]
            lines.append(head)
            line = line[len(head) :].lstrip()
    if line.strip() or not lines:
        lines.append(line.rstrip())
    if max_lines and len(lines) > max_lines:
        rest = text[sum(len(part) for part in lines[: max_lines - 1]) :] if max_lines > 1 else text
        lines = [*lines[: max_lines - 1], cut(rest.strip()[: 4 * len(lines[0]) + 80] + ELLIPSIS, width, measure)]
    return lines
