"""A drawing as inline SVG: shapes with classes of the style sheet, text that is never markup."""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from markupsafe import Markup

__all__ = ["Drawing", "cut", "width_of"]

WIDE, NARROW = 1.0, 0.56
"""Of the type's size: a full-width letter, and any other on average."""


def width_of(text: str, size: float) -> float:
    """About how wide a text is drawn."""
    return size * sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else NARROW for letter in text)


def cut(text: str, size: float, room: float) -> str:
    """A text that fits into some room, with … where it was longer; one line."""
    line = " ".join(text.split())
    if width_of(line, size) <= room:
        return line
    while line and width_of(line + "…", size) > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Drawing:
    """An SVG in the making; units are those of its own width and height."""

    def __init__(self, width: float, height: float, summary: str, kind: str = "") -> None:
        self.width, self.height = width, height
        box = f"0 0 {_number(width)} {_number(height)}"
        self.root = ET.Element("svg", {"viewBox": box, "role": "img", "aria-label": summary, "class": f"figure {kind}".strip()})

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A straight line of a class."""
        ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        ET.SubElement(self.root, "line", {**{k: _number(v) for k, v in ends.items()}, "class": kind})

    def rect(self, x: float, y: float, width: float, height: float, kind: str, title: str = "") -> None:
        """A box of a class; ``title`` is shown on hover."""
        sides = {"x": x, "y": y, "width": max(width, 0.0), "height": max(height, 0.0)}
        box = ET.SubElement(self.root, "rect", {**{k: _number(v) for k, v in sides.items()}, "class": kind})
        if title:
            ET.SubElement(box, "title").text = title

    def circle(self, x: float, y: float, radius: float, kind: str, title: str = "") -> None:
        """A dot of a class."""
        dot = ET.SubElement(self.root, "circle", {"cx": _number(x), "cy": _number(y), "r": _number(radius), "class": kind})
        if title:
            ET.SubElement(dot, "title").text = title

    def path(self, points: Sequence[tuple[float, float]], kind: str, closed: bool = False) -> None:
        """A line through points, or the area within them."""
        steps = " ".join(f"{'L' if n else 'M'}{_number(x)} {_number(y)}" for n, (x, y) in enumerate(points))
        ET.SubElement(self.root, "path", {"d": steps + ("Z" if closed else ""), "class": kind})

    def text(self, x: float, y: float, text: str, kind: str = "t", anchor: str = "start", title: str = "") -> None:
        """A line of text with its baseline at y; anchor: start, middle or end."""
        node = ET.SubElement(self.root, "text", {"x": _number(x), "y": _number(y), "class": kind, "text-anchor": anchor})
        node.text = text
        if title and title != text:
            ET.SubElement(node, "title").text = title

    def __html__(self) -> str:
        return ET.tostring(self.root, encoding="unicode")

    def markup(self) -> Markup:
        """The SVG as markup that templates do not escape again."""
        return Markup(self.__html__())
