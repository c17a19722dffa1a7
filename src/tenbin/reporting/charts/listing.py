"""A list under a chart: numbers that stand in the picture, what they mean, and amounts in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.frame import WIDTH, axes_size
from tenbin.reporting.palette import INK, RULE, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Line", "list_height", "put_list"]

ROW = 14.0
ID_WIDTH = 70.0
BETWEEN = 14.0
AFTER = 7.0
INNER = WIDTH - 32.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the picture ("" when it has none), what it is, a word after the title, and its amounts."""

    number: str
    id: str
    title: str
    amounts: tuple[str, ...]
    word: str = ""


def list_height(lines: Sequence[Line]) -> float:
    """Points that the list needs."""
    return ROW * (len(lines) + 1) + 6 if lines else 0.0


def put_list(axes: Axes, heads: Sequence[str], lines: Sequence[Line], place: tuple[float, float], style: Style) -> None:
    """Set the list with its upper left corner at ``place``, in points from the axes' lower left one.

    heads : of the columns of amounts.
    """
    if not lines:
        return
    columns = [
        max(style.width(text, SMALL) for text in (head, *(line.amounts[n] for line in lines))) for n, head in enumerate(heads)
    ]
    ends = [INNER - sum(columns[n + 1 :]) - BETWEEN * (len(columns) - 1 - n) for n in range(len(columns))]
    number = max(style.width(line.number, SMALL) for line in lines) + AFTER
    identity = min(max(style.width(line.id, SMALL) for line in lines) + AFTER, ID_WIDTH)
    words = max(style.width(line.word, SMALL) for line in lines) + AFTER
    how: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL}
    left, level = place[0], place[1] - ROW / 2

    def put(text: str, at: float, colour: str, ha: str = "left") -> None:
        if text:
            style.put(axes, text, (0, 0), (left + at, level), ha=ha, color=colour, **how)

    for end, head in zip(ends, heads, strict=True):
        put(head, end, SECONDARY, "right")
    for line in lines:
        level -= ROW
        put(line.number, number - AFTER, INK, "right")
        put(style.cut(line.id, identity - AFTER + 0.5, SMALL), number, SECONDARY)
        start = number + identity if line.id else number
        room = ends[0] - columns[0] - AFTER - words - start
        put(style.cut(line.title, room, SMALL), start, INK)
        put(line.word, ends[0] - columns[0] - AFTER, SECONDARY, "right")
        for end, text in zip(ends, line.amounts, strict=True):
            put(text, end, INK, "right")
    width, height = axes_size(axes)
    foot = (place[1] - ROW) / height
    ends_of_rule = [left / width, (left + INNER) / width]
    axes.plot(ends_of_rule, [foot, foot], transform=axes.transAxes, color=RULE, linewidth=0.8, clip_on=False)
