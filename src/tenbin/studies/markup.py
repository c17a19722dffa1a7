"""HTML for notebooks: headings, lines, tables and a small curve; every text is escaped, and no colour but the notebook's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape

__all__ = ["card", "curve", "folded", "line", "plain", "table"]

LONGEST = 120
LINE = "1px solid rgba(128,128,128,.45)"
"""Seen on paper and on black."""
CELL = "padding:.15em .7em;vertical-align:top;"
WIDTH, HEIGHT, EDGE, TEXT = 420, 170, 10, 16


def plain(text: object, longest: int = LONGEST) -> str:
    """A text on one line as it can be shown: nothing that does not print or turns the direction of writing, and of no great length."""
    shown = " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in str(text)[: 4 * longest]).split())
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _text(text: object, longest: int = LONGEST) -> str:
    return escape(plain(text, longest))


def card(title: str, *parts: str) -> str:
    """One thing as a notebook shows it: a heading and what stands under it (HTML)."""
    return f'<div class="tenbin"><div style="font-weight:600;margin:.2em 0">{_text(title)}</div>{"".join(parts)}</div>'


def line(text: str) -> str:
    """A paragraph of text."""
    return f'<div style="margin:.2em 0;max-width:60em">{_text(text, 1000)}</div>'


def folded(summary: str, content: str) -> str:
    """HTML that is shown when its summary is clicked."""
    return f'<details style="margin:.2em 0"><summary>{_text(summary)}</summary>{content}</details>'


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1, caption: str = "") -> str:
    """A table whose first ``texts`` columns are texts and the others figures, to the right."""

    def cell(name: str, n: int, content: str, rule: str) -> str:
        side = (
            "left" if n < texts else "right;font-variant-numeric:tabular-nums" + (";white-space:nowrap" if name == "td" else "")
        )
        scope = ' scope="col"' if name == "th" else ""
        return f'<{name}{scope} style="{CELL}text-align:{side};{rule}">{_text(content)}</{name}>'

    head = "".join(cell("th", n, name, f"border-bottom:{LINE}") for n, name in enumerate(heads))
    body = "".join(f"<tr>{''.join(cell('td', n, text, '') for n, text in enumerate(row))}</tr>" for row in rows)
    said = f'<caption style="caption-side:top;text-align:left;color:inherit">{_text(caption)}</caption>' if caption else ""
    return f'<table style="border-collapse:collapse;margin:.4em 0">{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def curve(points: Sequence[tuple[float, float]], cross: tuple[float, float], ends: tuple[str, str], about: str) -> str:
    """Points joined by steps with one more as a cross, both axes from 0; in the colour of the notebook's text.

    points : (to the right, upwards) each, at least one. ends : the largest of each axis, in words. about : what it shows, for those who do not see it.
    """
    low, left, right = HEIGHT - TEXT, EDGE, WIDTH - EDGE
    most = [max(one[axis] for one in (*points, cross)) or 1.0 for axis in (0, 1)]

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x = EDGE + point[0] / most[0] * (WIDTH - 2 * EDGE)
        return round(x, 1), round(low - point[1] / most[1] * (low - TEXT), 1)

    places = [at(point) for point in points]
    path = f"M{places[0][0]} {places[0][1]}" + "".join(f"H{x}V{y}" for x, y in places[1:])
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="2.5" fill="currentColor"/>' for x, y in places)
    x, y = at(cross)
    small = 'fill="currentColor" font-size="11"'
    return (
        f'<svg role="img" aria-label="{_text(about, 1000)}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'style="color:inherit;max-width:100%"><g fill="none" stroke="currentColor">'
        f'<path d="M{left} {TEXT}V{low}H{right}" opacity=".5"/><path d="{path}" opacity=".6"/>'
        f'<path d="M{x - 4} {y - 4}l8 8m0-8l-8 8" stroke-width="2"/></g>{dots}<text x="{left}" y="{TEXT - 4}" {small}>{_text(ends[1])}</text>'
        f'<text x="{right}" y="{HEIGHT - 3}" text-anchor="end" {small}>{_text(ends[0])}</text></svg>'
    )
