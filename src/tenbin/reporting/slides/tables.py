"""Native tables: one size of type, amounts at the right, what is cut whole in the notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tenbin.reporting import palette
from tenbin.reporting.slides.deck import Deck
from tenbin.reporting.slides.texts import Box, cleaned, fitted, write_cell

__all__ = ["table"]

PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's style with neither fills nor a grid."""
TALLEST = 0.46 * 914_400
SMALLEST = 9


def table(
    deck: Deck,
    box: Box,
    shares: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    right_from: int,
    fills: Sequence[Sequence[str]] = (),
    size: float = 12,
    has_total: bool = False,
) -> Any:
    """A table whose first row is its head.

    shares : of the width, by column. right_from : amounts stand in this column and those behind it. fills : of the cells, "" for paper;
    their texts stand in the middle. has_total : the last row is a total.
    """
    from pptx.util import Emu

    high = min(box.h // len(rows), int(TALLEST))
    frame = deck.slide.shapes.add_table(len(rows), len(shares), box.x, box.y, box.w, high * len(rows))
    made = frame.table
    made._tbl.tblPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId").text = PLAIN
    made.horz_banding = False
    made.first_row = True
    widths = [int(share * box.w) for share in shares]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Emu(width)
    cells = [(text, Box(0, 0, width, high)) for row in rows for text, width in zip(row, widths, strict=True)]
    size = min(fitted(text, place, size, SMALLEST)[1] for text, place in cells)
    for r, row in enumerate(rows):
        made.rows[r].height = Emu(high)
        for c, text in enumerate(row):
            fill = fills[r][c] if fills else ""
            cell = made.cell(r, c)
            write_cell(
                cell,
                text,
                Box(0, 0, widths[c], high),
                deck.lang,
                size=size,
                colour=palette.readable_on(fill) if fill else palette.SECONDARY if r == 0 else palette.INK,
                bold=r == 0 or (has_total and r == len(rows) - 1),
                right=c >= right_from and not fills,
                fill=fill or (palette.PANEL if r == 0 else palette.PAPER),
                centre=bool(fills) and c >= right_from,
                first=c == 0,
            )
            if not fill:
                _line_below(cell)
            if cleaned(text) != cell.text_frame.text:
                deck.notes.append(text)
    return frame


def _line_below(cell: Any) -> None:
    from pptx.oxml import parse_xml

    properties = cell._tc.get_or_add_tcPr()
    colour = palette.RULE.removeprefix("#")
    line = (
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="6350"><a:solidFill>'
        f'<a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
    )
    properties.insert(0, parse_xml(line))
