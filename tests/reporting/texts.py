"""What is written on a chart, and that no text lies on another."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.text import Text


def drawn(figure: Figure) -> list[Text]:
    """The texts that are seen."""
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text() and text.get_visible()]


def check_no_overlap(figure: Figure) -> None:
    """No text lies on another; lines of a paragraph may touch by a pixel."""
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in drawn(figure)]
    for n, (first, one) in enumerate(boxes):
        for second, other in boxes[n + 1 :]:
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            along = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across <= 1 or along <= 2, (first, second)
