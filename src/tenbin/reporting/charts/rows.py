"""What the charts of rows share: a name at the left of each bar, in at most two lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.chart_data import Label
from tenbin.reporting.palette import INK, SECONDARY
from tenbin.reporting.style import BODY, SMALL, Style
from tenbin.words import speaker

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Names", "Row", "counted"]

ID_WIDTH = 74.0
ONE_LINE, TWO_LINES, LINE = 20.0, 26.0, 11.0
SPACE = 12.0


say = speaker("charts")


def counted(id: str, key: str, count: int) -> Label:
    """A label for what is gathered in one row: the words of a key, with how many there are."""
    return Label(id, *(say(key, lang, count=count) for lang in ("ja", "en")))


@dataclass(frozen=True, slots=True)
class Row:
    """A row's texts: ``word`` (what the plan does) stands between the name and the bar; ``strong`` for sums and ends."""

    id: str
    title: str
    word: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a chart's rows, broken into lines once.

    ids : the column of ids in points, so that titles start at one place. words : that of the words. left : all of it.
    """

    rows: tuple[Row, ...]
    lines: tuple[tuple[str, ...], ...]
    ids: float
    words: float
    left: float

    @classmethod
    def of(cls, rows: list[Row], most: float, style: Style, lines: int = 2) -> Names:
        """Break the titles into lines so that ids and titles need no more than ``most`` points; fewer where that is enough."""
        ids = min(max((style.width(row.id, SMALL) + 8 for row in rows if row.id), default=0.0), ID_WIDTH)
        widest = max((style.width(row.word, SMALL) for row in rows), default=0.0)
        words = widest + SPACE if widest else 0.0
        broken_all, left = [], 0.0
        for row in rows:
            indent, size = (0.0, BODY) if row.strong else (ids, SMALL)
            room, most_lines = most - indent, 1 if row.strong else lines
            one = [style.cut(row.title, room, size)]
            broken = one if most_lines == 1 else style.even_lines(row.title, room, size, most_lines)
            broken_all.append(tuple(broken))
            left = max(left, indent + max(style.width(line, size) for line in broken))
        return cls(tuple(rows), tuple(broken_all), ids, words, left + words + SPACE)

    @property
    def height(self) -> float:
        """Points for each row: the same for all, two lines where one needs two."""
        return TWO_LINES if any(len(lines) > 1 for lines in self.lines) else ONE_LINE

    def put(self, axes: Axes, number: int, level: float, style: Style) -> None:
        """Put a row's texts to the left of the axes at ``level`` (data coordinates)."""
        row, lines = self.rows[number], self.lines[number]
        place = (0.0, level)
        where: dict[str, Any] = {"xycoords": axes.get_yaxis_transform()}
        if row.id and not row.strong:
            text = style.cut(row.id, self.ids - 6, SMALL)
            style.put(axes, text, place, (-self.left, 0), fontsize=SMALL, color=SECONDARY, **where)
        start = -self.left + (0.0 if row.strong else self.ids)
        for n, line in enumerate(lines):
            up = ((len(lines) - 1) / 2 - n) * LINE
            style.put(axes, line, place, (start, up), fontsize=BODY if row.strong else SMALL, color=INK, **where)
        if row.word:
            style.put(axes, row.word, place, (-10, 0), ha="right", fontsize=SMALL, color=SECONDARY, **where)
