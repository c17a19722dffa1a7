"""The page round a chart: title and sentence above, glossary and footer below, all measured before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from tenbin.reporting.palette import INK, PAPER, RULE, SECONDARY
from tenbin.reporting.style import LEAD, NOTE, TITLE, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["WIDTH", "Margins", "drawing", "framed"]

WIDTH = 518.0
"""Points: the text width of an A4 page, so that sizes are what they say when printed."""

PAD = 16.0
GAP = 12.0

OWN: dict[Any, Any] = {
    "axes.unicode_minus": True,
    "svg.fonttype": "path",
    "svg.hashsalt": "tenbin",
    "text.parse_math": False,
}
_LOCK = Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib's own defaults with ours on top, whatever the user's settings are, and those again afterwards.

    Settings are global to matplotlib; so one chart is drawn at a time.
    """
    import matplotlib
    from matplotlib import style

    with _LOCK, style.context("default"), matplotlib.rc_context(OWN):
        yield


@dataclass(frozen=True, slots=True)
class Margins:
    """Points left free inside the body, round the axes, for labels."""

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    colour: str
    y: float


def _stack(style: Style, paragraphs: Sequence[tuple[str, float, str]], width: float, y: float) -> tuple[list[_Line], float]:
    """Lines of paragraphs (text, size, colour) from ``y`` points downwards, and where the next would start."""
    lines = []
    for text, size, colour in paragraphs:
        for line in style.lines(text, width, size) if text else ():
            y += size * style.line_height
            lines.append(_Line(line, size, colour, y))
        y += 3
    return lines, y


def framed(
    style: Style, title: str, lead: str, notes: Sequence[str], footer: str, body: float, margins: Margins, width: float = WIDTH
) -> tuple[Figure, Axes]:
    """A figure with its texts and empty axes.

    Parameters
    ----------
    title, lead : above the chart, large and less so.
    notes, footer : below it, small; each a paragraph.
    body : the height in points of the chart with its margins.
    width : of the figure in points.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    inner = width - 2 * PAD
    head, top = _stack(style, [(title, TITLE, INK), (lead, LEAD, INK)], inner, PAD - TITLE * 0.4)
    top += GAP
    rule = top + body + GAP
    below = [*((note, NOTE, INK) for note in notes), (footer, NOTE, SECONDARY)]
    foot, bottom = _stack(style, below, inner, rule + 3)
    height = bottom + PAD - NOTE * 0.4

    figure = Figure(figsize=(width / 72, height / 72), dpi=200, facecolor=PAPER)
    FigureCanvasAgg(figure)
    for line in (*head, *foot):
        figure.text(
            PAD / width,
            1 - line.y / height,
            line.text,
            fontsize=line.size,
            color=line.colour,
            va="baseline",
            ha="left",
            parse_math=False,
            fontfamily=list(style.fonts.families),
        )
    level = 1 - rule / height
    figure.add_artist(Line2D([PAD / width, 1 - PAD / width], [level, level], color=RULE, linewidth=0.8))
    box = (
        (PAD + margins.left) / width,
        1 - (top + body - margins.bottom) / height,
        (inner - margins.left - margins.right) / width,
        (body - margins.top - margins.bottom) / height,
    )
    axes = figure.add_axes(box)
    axes.set_facecolor("none")
    return figure, axes


def axes_size(axes: Axes) -> tuple[float, float]:
    """The axes' width and height in points."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_position()
    width, height = figure.get_size_inches()
    return float(box.width * width * 72), float(box.height * height * 72)


def bare(axes: Axes) -> None:
    """Take ticks and frame away."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
