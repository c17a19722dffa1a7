"""What to find out first: what knowing each guess is worth a year, and where one would then choose otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenbin.reporting.charts.two_lines import TwoLines
from tenbin.reporting.frame import Margins, axes_size, bare, framed
from tenbin.reporting.guess_words import guess_name, guess_span, guess_what, switch_words
from tenbin.reporting.matters_data import WorthData
from tenbin.reporting.palette import INK, RESIDUAL, RULE, SECONDARY
from tenbin.reporting.style import NOTE, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

NAME_WIDTH = 216.0
ROW = 43.0
TOP = 4.0
BAR = 0.3
UP = 0.2
Z95 = 1.96
MOST_SWITCHES = 2
LINE = 11.0


def summary(data: WorthData, style: Style) -> str:
    """The chart in a sentence: what to find out first, and what that is worth."""
    if not data.rows:
        return style.say("find_out_none")
    first = data.rows[0]
    name = guess_name(first.guess, style.title(first.guess.label), style.lang)
    years = {"total": style.amount(first.per_year * data.annuity), "years": data.horizon}
    return style.say("find_out_lead", guess=name, worth=style.amount(first.per_year), **years)


def page(data: WorthData, style: Style) -> Figure:
    """The chart with its texts."""
    names = _names(data, style)
    notes = [style.say("find_out_note"), style.say("find_out_all", amount=style.amount(data.everything))]
    if data.n_others:
        notes.append(style.say("find_out_others", count=data.n_others))
    if data.n_nothing:
        notes.append(style.say("find_out_nothing", count=data.n_nothing))
    figure, axes = framed(
        style,
        style.say("find_out_title"),
        summary(data, style),
        [style.sentences(*notes)],
        style.footer(data.title),
        TOP + ROW * max(len(data.rows), 1),
        Margins(left=names.left, top=TOP),
    )
    draw(data, axes, style)
    return figure


def _names(data: WorthData, style: Style) -> TwoLines:
    rows = []
    for row in data.rows:
        span = guess_span(row.guess, style.lang, style.currency)
        said = style.say("tornado_guess", what=guess_what(row.guess, style.lang), span=span)
        rows.append((*style.names(row.guess.label), said))
    return TwoLines.of(rows, NAME_WIDTH, style)


def draw(data: WorthData, axes: Axes, style: Style) -> Axes:
    """Draw a bar for each guess, as long as knowing it is worth a year, and under it where one would choose otherwise."""
    names = _names(data, style)
    bare(axes)
    n = max(len(data.rows), 1)
    axes.set_ylim(n - 0.5, -0.5)
    width, _ = axes_size(axes)
    most = max((row.per_year + Z95 * row.error for row in data.rows), default=1.0)
    room = max((style.width(style.amount(row.per_year), SMALL) for row in data.rows), default=0.0) + 14
    axes.set_xlim(0, most * width / max(width - room, 40.0))
    axes.plot([0, 0], [-0.5, n - 0.5], color=SECONDARY, linewidth=0.8, zorder=3)
    for level, row in enumerate(data.rows):
        if level:
            axes.axhline(level - 0.5, color=RULE, linewidth=0.5, zorder=0)
        names.put(axes, level, float(level), style)
        (bar,) = axes.barh(level - UP, row.per_year, height=BAR, color=RESIDUAL, zorder=2)
        bar.set_gid(f"worth-{row.guess.key}")
        end = row.per_year
        if row.error > 0:
            reach = [max(row.per_year - Z95 * row.error, 0.0), row.per_year + Z95 * row.error]
            axes.plot(reach, [level - UP] * 2, color=INK, linewidth=0.9, zorder=4, label=f"error:{row.guess.key}")
            end = reach[1]
        style.put(axes, style.amount(row.per_year), (end, level - UP), (5, 0), fontsize=SMALL, color=INK)
        texts = switch_words(row.guess, row.switches, style.lang, style.currency)
        if len(texts) > MOST_SWITCHES:
            texts = [*texts[:MOST_SWITCHES], style.say("find_out_more", count=len(texts) - MOST_SWITCHES)]
        line = style.say("find_out_between").join(texts)
        for k, text in enumerate(style.lines(line, width - 6, NOTE, 2)):
            style.put(axes, text, (0, level), (5, -3.5 - k * LINE), fontsize=NOTE, color=SECONDARY)
    return axes
