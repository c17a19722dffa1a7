"""The colours of look.md, and which text can be read on them."""

from __future__ import annotations

from tenbin.units.colours import channels, contrast

__all__ = [
    "COST",
    "HEAT",
    "INHERENT",
    "INK",
    "LAYERS",
    "MARKS",
    "PANEL",
    "PAPER",
    "RESIDUAL",
    "RULE",
    "SAVED",
    "SECONDARY",
    "TARGET",
    "TODAY",
    "contrast",
    "heat",
    "layer_colour",
    "readable_on",
]

INHERENT = "#B5482A"
RESIDUAL = "#1F6F8B"
COST = "#8A6D1F"
TARGET = "#222222"
LAYERS = ("#4C6A92", "#6B8E4E", "#9A5B8F")
HEAT = "#7A2E1D"
INK = "#1E2326"
SECONDARY = "#5C666C"
RULE = "#D9DDE0"
PAPER = "#FFFFFF"
PANEL = "#F6F7F5"

TODAY = SECONDARY
"""Today is drawn in the neutral tone: it is neither the bare risk nor what the plan leaves."""

SAVED = "#5A94A9"
"""A step that takes risk away: a tint of the residual's hue."""

MARKS = (INHERENT, RESIDUAL, COST, TARGET, *LAYERS, HEAT, TODAY, SAVED)
"""Whatever is drawn as data: at least 3:1 against the paper."""

READABLE = 4.5
BLACK = "#000000"


def readable_on(background: str) -> str:
    """The text colour for a background: ink or paper where one reaches 4.5:1, else black (it or white always does)."""
    best = max((INK, PAPER), key=lambda colour: contrast(colour, background))
    return best if contrast(best, background) >= READABLE else BLACK


def heat(share: float) -> str:
    """The colour of a share from 0 (paper) to 1 (the darkest heat): one hue, lightness falling all the way."""
    share = min(max(share, 0.0), 1.0)
    mixed = [p + share * (h - p) for p, h in zip(channels(PAPER), channels(HEAT), strict=True)]
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in mixed)


def layer_colour(index: int) -> str:
    """The colour of the layer at ``index`` (from 0); layers past the framework's three share the neutral tone."""
    return LAYERS[index] if index < len(LAYERS) else SECONDARY
