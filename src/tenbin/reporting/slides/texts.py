"""Text on slides: cleaned, in the theme's fonts and colour, as large as its place allows and cut where even small is too large."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.reporting import palette

__all__ = [
    "INHERITED",
    "SOFT",
    "TEXT",
    "Box",
    "cleaned",
    "fitted",
    "set_language",
    "write_cell",
    "write_paragraphs",
    "write_text",
]

TEXT, SOFT, INHERITED = "text", "soft", "inherited"
"""Colours that are the theme's, so that text can be read on a template's own ground: its text, a quieter shade of it, the place's own."""
LINE = 1.28
WIDER = 1.15
WORD = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")
"""What is not broken across lines: words, and single letters of East Asian writing."""
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INSET = 7.2
"""Points of inner margin that a text box has at its left and its right; cells but the first of a row have less."""
MARGIN = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in EMU (12,700 to the point)."""

    x: int
    y: int
    w: int
    h: int

    def cut(self, left: float = 0, top: float = 0, width: float = 1, height: float = 1) -> Box:
        """A part of it, in shares of its sides."""
        return Box(int(self.x + left * self.w), int(self.y + top * self.h), int(width * self.w), int(height * self.h))


def cleaned(text: str) -> str:
    """Text that XML can hold; whatever turns the direction of writing ends with the text itself."""
    kept = "".join(
        character
        for character in str(text)
        if character in "\n\t" or not (unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff")
    )
    return f"\u2068{kept}\u2069" if BIDI & set(kept) else kept


def width_of(text: str) -> float:
    """Width in ems, rather too wide: for bold and for the fonts that stand in where ours are not installed."""
    total = 0.0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
            continue
        if unicodedata.east_asian_width(character) in "WF":
            total += 1.04
        else:
            ems = 0.64 if character.isupper() or character in "MW%¥@mw" else 0.3 if character in " .,;:il|'()" else 0.53
            total += WIDER * ems
    return total


def lines_of(text: str, ems: float) -> int:
    """So many lines a text takes where ``ems`` fit into one, by words."""
    lines = 0
    for line in text.split("\n"):
        lines, at = lines + 1, 0.0
        for word in WORD.findall(line):
            wide = width_of(word)
            if at and at + wide > ems:
                lines, at = lines + 1, 0.0
            extra = int(wide / ems) if wide > ems else 0  # a word that is longer than a line is broken
            lines, at = lines + extra, at + wide - extra * ems
    return lines


def fitted(text: str, box: Box, largest: float, smallest: float) -> tuple[str, float]:
    """The text with the size in points at which it fits its box; cut with "…" where it does not at the smallest."""
    text = cleaned(text)
    wide, high = box.w / 12_700 - 2 * INSET, box.h / 12_700 - INSET
    size = largest
    while size > smallest and lines_of(text, wide / size) * size * LINE > high:
        size -= 1
    size = max(size, smallest)
    ems, most = wide / size, max(1, int(high / (size * LINE)))
    if lines_of(text, ems) <= most:
        return text, size
    low, top = 0, len(text)
    while low < top:  # the longest beginning that fits
        middle = (low + top + 1) // 2
        low, top = (middle, top) if lines_of(text[:middle] + "…", ems) <= most else (low, middle - 1)
    return text[:low].rstrip() + "…" + ("\u2069" if text.startswith("\u2068") else ""), size


def set_language(properties: Any, lang: str) -> None:
    """The language of a run (``a:rPr``): what it is spelled in, and which of the theme's fonts are for it."""
    properties.set("lang", "ja-JP" if lang == "ja" else "en-GB")
    if lang == "ja":
        properties.set("altLang", "en-GB")


def paint(font: Any, colour: str) -> None:
    """A colour of ours, or one of the theme's."""
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_THEME_COLOR

    if colour in (TEXT, SOFT):
        font.color.theme_color = MSO_THEME_COLOR.TEXT_1
        if colour == SOFT:
            font.color.brightness = 0.35
    elif colour != INHERITED:
        font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))


def add_run(paragraph: Any, text: str, lang: str, size: float, colour: str, bold: bool | None) -> None:
    from pptx.util import Pt

    if not text:  # an empty paragraph is as high as what would stand in it
        paragraph._p.get_or_add_endParaRPr().set("sz", str(round(100 * size)))
        return
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    if bold is not None:
        run.font.bold = bold
    paint(run.font, colour)
    set_language(run._r.get_or_add_rPr(), lang)


def write_text(
    frame: Any,
    text: str,
    box: Box,
    lang: str,
    *,
    largest: float = 14,
    smallest: float = 9,
    colour: str = TEXT,
    bold: bool | None = False,
    right: bool = False,
) -> str:
    """Put a text into a frame, fitted; what was put. Without ``bold`` its weight is the place's own."""
    shown, size = fitted(text, box, largest, smallest)
    write_paragraphs(frame, [(shown, size, colour, bold)], lang, right=right)
    return shown


def write_paragraphs(
    frame: Any, paragraphs: Sequence[tuple[str, float, str, bool | None]], lang: str, *, right: bool = False, space: float = 0
) -> None:
    """Put paragraphs (text, points, colour, bold) into a frame in place of what it holds."""
    from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.clear()
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    first = True
    for text, size, colour, bold in paragraphs:
        for line in cleaned(text).split("\n"):
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            first = False
            paragraph.line_spacing = 1.08
            paragraph.space_after = Pt(space)
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            add_run(paragraph, line, lang, size, colour, bold)


def write_cell(
    cell: Any,
    text: str,
    box: Box,
    lang: str,
    *,
    size: float = 11,
    colour: str = palette.INK,
    bold: bool = False,
    right: bool = False,
    fill: str = palette.PAPER,
    centre: bool = False,
    first: bool = False,
) -> None:
    """Put a text into a table's cell, fitted into ``box``, on a fill of its own: a template's ground may be dark."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    shown, points = fitted(text, box, size, min(size, 8))
    cell.margin_left, cell.margin_right = Pt(INSET if first else MARGIN), Pt(MARGIN)
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    write_paragraphs(cell.text_frame, [(shown, points, colour, bold)], lang, right=right)
    if centre:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(fill.removeprefix("#"))
