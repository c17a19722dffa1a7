"""The plain deck's theme: our fonts and colours where PowerPoint looks for them, so that changing the theme changes the slides."""

from __future__ import annotations

import re
from typing import Any

from tenbin.reporting import palette

__all__ = ["EAST_ASIAN", "house_theme", "title_size"]

EAST_ASIAN, LATIN = "Yu Gothic", "Calibri"
COLOURS = {
    "dk1": palette.INK,
    "lt1": palette.PAPER,
    "dk2": palette.SECONDARY,
    "lt2": palette.PANEL,
    "accent1": palette.RESIDUAL,
    "accent2": palette.COST,
    "accent3": palette.INHERENT,
    **{f"accent{n}": colour for n, colour in enumerate(palette.LAYERS, start=4)},
}


def house_theme(file: Any, lang: str) -> None:
    """Write the fonts and colours of look.md into the theme of a new presentation."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode("utf-8")
    for name, colour in COLOURS.items():
        own = f'<a:{name}><a:srgbClr val="{colour.removeprefix("#")}"/></a:{name}>'
        text = re.sub(rf"<a:{name}>.*?</a:{name}>", own, text, count=1, flags=re.DOTALL)
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{EAST_ASIAN if lang == "ja" else LATIN}"/>', text)
    text = text.replace('<a:ea typeface=""/>', f'<a:ea typeface="{EAST_ASIAN}"/>')
    part._blob = text.encode("utf-8")


def title_size(layout: Any, holder: Any, otherwise: float) -> float:
    """The size in points that a layout gives its titles."""
    levels = []
    if holder is not None:
        levels += holder._element.xpath("./p:txBody/a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
    levels += layout.slide_master._element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
    return int(levels[0]) / 100 if levels and str(levels[0]).isdigit() else otherwise
