"""The colours of look.md, and which text can be read on them."""

from __future__ import annotations

from tenbin.units.colours import channels, contrast

__all__ = [
    "COST",
    "COST_PARTS",
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
    "tint",
]

INHERENT = "#B5482A"
RESIDUAL = "#1F6F8B"
COST = "#8A6D1F"
TARGET = "#222222"
LAYERS = ("#4C6A92", "#6B8E4E", "#703464")
"""The third is darker than in look.md (#9A5B8F): without red it could not be told from the first."""
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

COST_PARTS = ("#5E4A12", COST, "#AD8F45")
"""Purchase, fees, own work: one hue, told apart by lightness."""

MARKS = (INHERENT, RESIDUAL, COST, TARGET, *LAYERS, *COST_PARTS, HEAT, TODAY, SAVED)
"""Whatever is drawn as data: at least 3:1 against the paper."""

READABLE = 4.5
BLACK = "#000000"


def readable_on(background: str) -> str:
    """The text colour for a background: ink or paper where one reaches 4.5:1, else black (it or white always does)."""
    best = max((INK, PAPER), key=lambda colour: contrast(colour, background))
    return best if contrast(best, background) >= READABLE else BLACK


def tint(colour: str, share: float) -> str:
    """A share of a colour on paper: 0 is paper, 1 the colour itself."""
    share = min(max(share, 0.0), 1.0)
    mixed = [p + share * (c - p) for p, c in zip(channels(PAPER), channels(colour), strict=True)]
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in mixed)


def heat(share: float) -> str:
    """The colour of a share from 0 (paper) to 1 (the darkest heat): one hue, lightness falling all the way."""
    return tint(HEAT, share)


def layer_colour(index: int) -> str:
    """The colour of the layer at ``index`` (from 0); layers past the framework's three share the neutral tone."""
    return LAYERS[index] if index < len(LAYERS) else SECONDARY
