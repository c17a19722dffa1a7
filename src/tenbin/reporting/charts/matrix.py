"""Rows by columns with a text in each coloured cell: what the charts of regret and of surfaces share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tenbin.reporting.frame import WIDTH, Margins, axes_size, bare
from tenbin.reporting.palette import INK, PAPER, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Matrix"]

ROW, LINE = 26.0, 11.0
NAMES, NARROWEST, MARGIN = 150.0, 52.0, 32.0
HEADING_LINES, NAME_LINES = 4, 2


class Matrix:
    """The texts beside and over the cells, and the room that they need, all in points; broken into few lines where they are long."""

    def __init__(self, rows: Sequence[str], columns: Sequence[str], style: Style) -> None:
        self.rows = [style.literal(name) for name in rows]
        self.columns = [style.literal(name) for name in columns]
        self.style = style
        widest = max((style.width(name, SMALL) for name in self.rows), default=0.0)
        self.left = min(max(widest / (1 if widest < NAMES else 1.7), 60.0), NAMES) + 10
        n_columns = max(len(self.columns), 1)
        self.width = max(WIDTH, self.left + n_columns * NARROWEST + MARGIN)
        self._column = (self.width - MARGIN - self.left) / n_columns
        self.n_heading_lines = max((len(self._heading(name)) for name in self.columns), default=1)

    @property
    def margins(self) -> Margins:
        """The room beside and over the cells."""
        return Margins(left=self.left, top=26 + self.n_heading_lines * LINE)

    @property
    def height(self) -> float:
        """Of the cells with what stands over them."""
        return self.margins.top + ROW * max(len(self.rows), 1)

    def draw(self, axes: Axes, over: str, cell: Callable[[int, int], tuple[str, str, str]]) -> None:
        """Draw into bare axes.

        over : what the columns are. cell : the text, its colour and the ground of a row and a column.
        """
        from matplotlib.patches import Rectangle

        style = self.style
        bare(axes)
        axes.set_xlim(0, max(len(self.columns), 1))
        axes.set_ylim(max(len(self.rows), 1), 0)
        wide = axes_size(axes)[0]
        column = wide / max(len(self.columns), 1)
        for row, name in enumerate(self.rows):
            lines = style.even_lines(name, self.left - 10, SMALL, NAME_LINES)
            for n, line in enumerate(lines):
                up = ((len(lines) - 1) / 2 - n) * LINE
                style.put(axes, line, (0, row + 0.5), (-8, up), ha="right", fontsize=SMALL)
            for at in range(len(self.columns)):
                text, colour, ground = cell(row, at)
                box = Rectangle((at, row), 1, 1, facecolor=ground, edgecolor=PAPER, linewidth=1.5)
                box.set_gid(f"cell-{row}-{at}")
                axes.add_patch(box)
                size = min(SMALL, SMALL * (column - 6) / max(style.width(text, SMALL), 1e-9))
                style.put(axes, text, (at + 0.5, row + 0.5), fontsize=size, ha="center", color=colour)
        for at, name in enumerate(self.columns):
            lines = self._heading(name)
            for n, line in enumerate(lines):
                level = 6 + (len(lines) - 1 - n) * LINE
                style.put(axes, line, (at + 0.5, 0), (0, level), ha="center", fontsize=SMALL, color=INK)
        words = style.cut(over, wide + self.left, SMALL)
        style.put(axes, words, (0, 0), (-self.left, 14 + self.n_heading_lines * LINE), fontsize=SMALL, color=SECONDARY)

    def _heading(self, name: str) -> list[str]:
        return self.style.even_lines(name, self._column - 6, SMALL, HEADING_LINES)
