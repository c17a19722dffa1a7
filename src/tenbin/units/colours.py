"""Colours as ``#RRGGBB``: how bright they are, whether text in them can be read."""

from __future__ import annotations

__all__ = ["channels", "contrast", "luminance", "readable_shade"]


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio (WCAG 2.2) of two colours, from 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_shade(colour: str, background: str = "#FFFFFF", ratio: float = 4.5) -> str:
    """The colour, or its lightest shade (mixed with black) that has the ratio on a light background."""
    for step in range(256):
        shade = "#" + "".join(f"{int(channel * (255 - step)):02X}" for channel in channels(colour))
        if contrast(shade, background) >= ratio:
            return shade
    return "#000000"
