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


def check_on_page(figure: Figure) -> None:
    """Every text lies on the page, to a pixel, and none is taken for a formula."""
    page = figure.bbox
    for text in drawn(figure):
        box = Text.get_window_extent(text)
        assert box.x0 >= page.x0 - 1, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
        assert not text.get_parse_math(), text.get_text()
