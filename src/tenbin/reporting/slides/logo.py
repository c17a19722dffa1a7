"""A logo on a slide: its picture, and beside a drawing (SVG) the picture that other programs than PowerPoint show for it."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tenbin.errors import InputError
from tenbin.model import Logo, LogoKind
from tenbin.reporting import palette
from tenbin.reporting.printing import find_browser, take_picture

__all__ = ["SVG_BLIP", "embed_drawing", "picture_of"]

SVG_BLIP = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
LONG_SIDE = 800
"""Pixels of a drawing's picture."""
SECONDS = 20.0


def picture_of(logo: Logo, name: str) -> bytes:
    """A logo as a picture: itself, or its drawing taken by an installed browser; without one, the company's name."""
    if logo.kind is not LogoKind.SVG:
        return logo.content
    try:
        browser = find_browser()
        if browser is not None:
            scale = LONG_SIDE / max(logo.width, logo.height)
            size = max(1, round(scale * logo.width)), max(1, round(scale * logo.height))
            with TemporaryDirectory(prefix="tenbin-logo-", ignore_cleanup_errors=True) as folder:
                if taken := take_picture(logo.content, size, Path(folder), browser, SECONDS):
                    return taken
    except (InputError, OSError):  # a browser that is named and not there, or a disk that is full: the name will do
        pass
    return _written(name, logo.width / logo.height)


def _written(name: str, ratio: float) -> bytes:
    """A name as a picture of the logo's shape; nothing but its ground where it has none."""
    from matplotlib.figure import Figure

    from tenbin.reporting.fonts import resolve
    from tenbin.reporting.frame import drawing

    wide, high = (4.0, 4.0 / ratio) if ratio >= 1 else (4.0 * ratio, 4.0)
    fonts = resolve("en")
    shown = "".join(letter for letter in " ".join(name.split())[:24] if letter == " " or fonts.covers(letter)).strip()
    with drawing():
        figure = Figure(figsize=(wide, high), dpi=150)
        if shown:
            size = max(6.0, min(0.5 * high, 1.2 * wide / len(shown)) * 72)
            figure.text(0.5, 0.5, shown, ha="center", va="center", size=size, color=palette.INK, family=list(fonts.families))
        packed = io.BytesIO()
        figure.savefig(packed, format="png", transparent=True, metadata={"Software": "tenbin"})
    return packed.getvalue()


def embed_drawing(slide: Any, picture: Any, part: Any) -> None:
    """Put the drawing beside its picture, as PowerPoint keeps an SVG."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    number = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    spaces = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    xml = (
        f'<a:extLst {spaces}><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
        f'<asvg:svgBlip xmlns:asvg="{SVG_BLIP}" r:embed="{number}"/></a:ext></a:extLst>'
    )
    picture._element.xpath(".//a:blip")[0].append(parse_xml(xml))
