"""The marks below the slider: this run, the knee, today, each where its cost lies among the stops."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

__all__ = ["place_of", "ticks"]

NEAR = 0.22
"""Marks nearer to each other than this share of the slider stand on lines below each other."""
LINE = 18


def place_of(cost: float, costs: Sequence[float]) -> float:
    """Where a cost lies on a slider whose stops have these costs (rising), from 0 to 1; between two stops by its share."""
    if len(costs) < 2 or cost <= costs[0]:
        return 0.0
    for n, (low, high) in enumerate(pairwise(costs)):
        if cost <= high:
            return (n + ((cost - low) / (high - low) if high > low else 1.0)) / (len(costs) - 1)
    return 1.0


def ticks(marks: Sequence[tuple[float, str]]) -> Markup:
    """Marks (place from 0 to 1, words) as a drawing that is as wide as the slider and keeps its letters' size."""
    root = ET.Element("svg", {"class": "ticks", "width": "100%", "aria-hidden": "true"})
    ends: list[float] = []
    for place, words in sorted(marks):
        row = next((n for n, end in enumerate(ends) if place - end > NEAR), len(ends))
        ends[row : row + 1] = [place]
        at = f"{100 * place:.2f}%"
        top = LINE * row
        ET.SubElement(root, "line", {"x1": at, "x2": at, "y1": "0", "y2": f"{top + 5}", "class": "leader"})
        anchor = "start" if place < 0.1 else "end" if place > 0.9 else "middle"
        ET.SubElement(root, "text", {"x": at, "y": f"{top + LINE}", "text-anchor": anchor}).text = words
    root.set("height", f"{LINE * len(ends) + 5}")
    return Markup(ET.tostring(root, encoding="unicode"))
