"""A row of swatches with their words over a chart, where what is shown cannot be named in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tenbin.reporting.palette import PAPER, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["STAR", "STAR_SIZE", "Swatch", "key_rows", "put_key"]

WIDE, TALL = 14.0, 8.0
STAR, STAR_SIZE = "*", 9.0
"""The run's own plan: the one mark that is filled, as a hollow star cannot be told."""

AFTER_SWATCH, AFTER_WORDS, LINE = 5.0, 16.0, 14.0


@dataclass(frozen=True, slots=True)
class Swatch:
    """What a sign means.

    colour : of its face and edge. hatch : of hatched paper with that edge. filled : how much of it, from below. line, marker : a
    line (its dashes) or a marker instead.
    """

    words: str
    colour: str
    hatch: str = ""
    filled: float = 1.0
    face: str = ""
    line: Literal["", "-", ":"] = ""
    marker: str = ""


def key_rows(swatches: Sequence[Swatch], width: float, style: Style) -> list[list[Swatch]]:
    """Break the row where ``width`` points are full."""
    rows: list[list[Swatch]] = [[]]
    used = 0.0
    for swatch in swatches:
        need = WIDE + AFTER_SWATCH + style.width(swatch.words, SMALL) + AFTER_WORDS
        if rows[-1] and used + need - AFTER_WORDS > width:
            rows.append([])
            used = 0.0
        rows[-1].append(swatch)
        used += need
    return rows


def put_key(axes: Axes, style: Style, rows: Sequence[Sequence[Swatch]], left: float, level: float) -> None:
    """Put the rows with the first one's middle ``level`` points over the axes' top, from ``left`` points."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import Affine2D, ScaledTranslation

    figure = axes.get_figure(root=True)
    assert figure is not None
    corner: Any = axes.transAxes  # an affine one, whatever the stubs say
    points = Affine2D().scale(1 / 72) + figure.dpi_scale_trans + ScaledTranslation(0, 1, corner)
    for number, row in enumerate(rows):
        x, y = left, level - number * LINE
        for swatch in row:
            if swatch.line or swatch.marker:
                places = [x + WIDE / 2] if swatch.marker else [x, x + WIDE]
                line = Line2D(places, [y] * len(places), color=swatch.colour, linestyle=swatch.line or "none", linewidth=1.3)
                if swatch.marker:
                    line.set(marker=swatch.marker, markersize=5.5, markerfacecolor=PAPER, markeredgewidth=1.5)
                if swatch.marker == STAR:
                    line.set(markersize=STAR_SIZE, markerfacecolor=swatch.colour, markeredgewidth=0.8)
                line.set(transform=points, clip_on=False)
                axes.add_artist(line)
            else:
                for tall, face in ((TALL, PAPER), (TALL * swatch.filled, swatch.face or swatch.colour)):
                    box = Rectangle((x, y - TALL / 2), WIDE, tall, facecolor=face, edgecolor=swatch.colour, linewidth=0.8)
                    box.set(transform=points, clip_on=False)
                    if swatch.hatch:
                        box.set(hatch=swatch.hatch, facecolor=PAPER)
                    axes.add_artist(box)
            x += WIDE + AFTER_SWATCH
            style.put(axes, swatch.words, (0, 1), (x, y), xycoords="axes fraction", fontsize=SMALL, color=SECONDARY)
            x += style.width(swatch.words, SMALL) + AFTER_WORDS
