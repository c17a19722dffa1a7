"""Names in two lines at the left of a row: an id and a title, and under the title what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.palette import INK, SECONDARY
from tenbin.reporting.style import NOTE, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["HEIGHT", "TwoLines"]

HEIGHT = 30.0
ID_WIDTH = 52.0
APART = 10.5
SPACE = 12.0


@dataclass(frozen=True, slots=True)
class TwoLines:
    """The names of a chart's rows: (id, title, what is said of it) each; ids and left in points."""

    rows: tuple[tuple[str, str, str], ...]
    ids: float
    left: float

    @classmethod
    def of(cls, rows: list[tuple[str, str, str]], most: float, style: Style) -> TwoLines:
        """As wide as they need to be, ``most`` points at most; what is longer is cut."""
        ids = min(max((style.width(row[0], SMALL) + 8 for row in rows if row[0]), default=0.0), ID_WIDTH)
        widest = max((max(style.width(row[1], SMALL), style.width(row[2], NOTE)) for row in rows), default=0.0)
        return cls(tuple(rows), ids, min(ids + widest, most) + SPACE)

    def put(self, axes: Axes, number: int, level: float, style: Style) -> None:
        """Put a row's texts to the left of the axes at ``level`` (data coordinates)."""
        identity, title, said = self.rows[number]
        place, where = (0.0, level), {"xycoords": axes.get_yaxis_transform()}
        how: dict[str, Any] = {**where}
        room = self.left - SPACE - self.ids
        start = -self.left + self.ids
        up = APART / 2 if said else 0.0
        if identity:
            text = style.cut(identity, self.ids - 4, SMALL)
            style.put(axes, text, place, (-self.left, up), fontsize=SMALL, color=SECONDARY, **how)
        style.put(axes, style.cut(title, room, SMALL), place, (start, up), fontsize=SMALL, color=INK, **how)
        if said:
            style.put(axes, style.cut(said, room, NOTE), place, (start, -up), fontsize=NOTE, color=SECONDARY, **how)
