"""A logo's bytes → a checked picture, by what is in them and never by the file's name."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from xml.parsers import expat

from tenbin.inputs.cells import BadCell
from tenbin.inputs.words import shown
from tenbin.model import Logo, LogoKind
from tenbin.words import Said

__all__ = ["MOST_BYTES", "logo_of", "read_logo"]

MOST_BYTES = 500_000
LEAST, MOST, MOST_RATIO = 16, 5_000, 20
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
INERT = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
)
"""What drawing programs add beside the drawing, and no browser looks at."""
DRAWN = frozenset(
    {
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "filter",
        "g",
        "image",
        "line",
        "linearGradient",
        "marker",
        "mask",
        "metadata",
        "path",
        "pattern",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "style",
        "svg",
        "switch",
        "symbol",
        "text",
        "textPath",
        "title",
        "tspan",
        "use",
        "view",
    }
)
OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|expression\s*\(|javascript:|-moz-binding|\\", re.IGNORECASE)
"""In a style: anything fetched, run, or written with escapes so as not to be recognised."""
EMBEDDED = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]+")
LENGTH = re.compile(r"\s*\+?(\d+(?:\.\d*)?|\.\d+)(?:e\d)?\s*(px|pt|pc|mm|cm|in|)\s*")
PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def read_logo(path: Path) -> Logo:
    """A logo's file.

    Raises
    ------
    BadCell : when it is not there, too large, or no picture that can be taken.
    """
    try:
        if not path.is_file():
            raise BadCell(Said("brand", "logo_there_rule"), Said("brand", "logo_there_remedy"))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or shown(error)
        raise BadCell(Said("brand", "logo_read_rule"), Said("brand", "logo_read_remedy", why=reason)) from error
    return logo_of(content)


def logo_of(content: bytes) -> Logo:
    """A picture's bytes, checked.

    Raises
    ------
    BadCell : when they are too many, no PNG, JPEG or SVG, damaged, of a strange shape, or an SVG with more than a drawing in it.
    """
    if len(content) > MOST_BYTES:
        raise BadCell(Said("brand", "logo_size_rule", most=MOST_BYTES // 1000), Said("brand", "logo_size_remedy"))
    if content.startswith(PNG):
        kind, size = LogoKind.PNG, _png_size(content)
    elif content.startswith(b"\xff\xd8\xff"):
        kind, size = LogoKind.JPEG, _jpeg_size(content)
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        kind, size = LogoKind.SVG, _svg_size(content)
    else:
        raise BadCell(Said("brand", "logo_kind_rule"), Said("brand", "logo_kind_remedy"))
    if size is None:
        raise BadCell(
            Said("brand", "logo_broken_rule", kind=kind.value.upper()),
            Said("brand", "logo_broken_remedy"),
        )
    width, height = size
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST and max(size) <= MOST_RATIO * min(size)):
        raise BadCell(
            Said("brand", "logo_measure_rule", least=LEAST, most=f"{MOST:,}", ratio=MOST_RATIO),
            Said("brand", "logo_measure_remedy", width=f"{width:,.0f}", height=f"{height:,.0f}"),
        )
    return Logo(kind, content, width, height)


def _png_size(content: bytes) -> tuple[float, float] | None:
    """Width and height of a PNG whose chunks are whole; None otherwise."""
    size, at, has_data = None, len(PNG), False
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            return None
        if kind == b"IHDR" and length == 13:
            size = (
                float(int.from_bytes(content[at + 8 : at + 12], "big")),
                float(int.from_bytes(content[at + 12 : at + 16], "big")),
            )
        has_data |= kind == b"IDAT"
        if kind == b"IEND":
            return size if has_data else None
        at = end
    return None


def _jpeg_size(content: bytes) -> tuple[float, float] | None:
    """Width and height of a JPEG that has its frame and its end; None otherwise."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            whole = b"\xff\xd9" in content[-64:] and b"\xff\xda" in content[at:]
            height, width = int.from_bytes(content[at + 5 : at + 7], "big"), int.from_bytes(content[at + 7 : at + 9], "big")
            return (float(width), float(height)) if whole else None
        at += 2 + length
    return None


def _refused(key: str, **values: object) -> BadCell:
    return BadCell(Said("brand", "svg_rule"), Said("brand", "svg_remedy", what=Said("brand", key, **values)))


class _Drawing:
    """What the parser meets, element by element; it stops at the first thing that is no drawing."""

    def __init__(self) -> None:
        self.root: dict[str, str] | None = None
        self.open: list[str] = []
        self.copied: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.root is None:
            if local != "svg" or space != SVG:
                raise _refused("svg_element", name=shown(local))
            self.root = attributes
        if not (space == SVG and local in DRAWN) and not space.startswith(INERT):
            raise _refused("svg_element", name=shown(local))
        for key, value in attributes.items():
            _check_attribute(local, key, value)
        own = attributes.get("id", "")
        if local == "use":
            target = (attributes.get("href") or attributes.get(f"{XLINK} href") or "").strip()
            self.copied.append((target.removeprefix("#"), (*self.ids, own)))
        self.open.append(local)
        self.ids.append(own)

    def end(self, name: str) -> None:
        self.open.pop()
        self.ids.pop()

    def text(self, data: str) -> None:
        if self.open and self.open[-1] == "style" and OUTSIDE.search(data):
            raise _refused("svg_reference", name=shown(data))

    def check_copies(self) -> None:
        """Copies of copies could draw without end."""
        for target, _ in self.copied:
            if any(target and target in inside for _, inside in self.copied):
                raise _refused("svg_nested")


def _check_attribute(element: str, key: str, value: str) -> None:
    space, _, local = key.rpartition(" ")
    if local.lower().startswith("on") and not space.startswith(INERT):
        raise _refused("svg_event", name=shown(local))
    if local.lower() in ("href", "src") and not space.startswith(INERT):
        target = value.strip()
        if not target.startswith("#") and not (element == "image" and EMBEDDED.fullmatch(target)):
            raise _refused("svg_reference", name=shown(target))
    elif not space.startswith(INERT) and OUTSIDE.search(value):
        raise _refused("svg_reference", name=shown(value))


def _svg_size(content: bytes) -> tuple[float, float] | None:
    """Width and height of an SVG that holds nothing but a drawing; None when it says neither a size nor a viewBox."""
    drawing = _Drawing()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise _refused("svg_doctype")

    def instruction(target: str, data: str) -> None:
        raise _refused("svg_instruction", name=shown(target))

    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise _refused("svg_not_xml", why=shown(error)) from error
    drawing.check_copies()
    attributes = drawing.root or {}
    box = attributes.get("viewBox", "").replace(",", " ").split()
    try:
        seen = (float(box[2]), float(box[3])) if len(box) == 4 else None
    except ValueError:
        seen = None
    width, height = _pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))
    if width and height:
        return width, height
    if seen is None or not min(seen) > 0:
        return None
    return 100 * seen[0] / max(seen), 100 * seen[1] / max(seen)  # its own units mean nothing outside it


def _pixels(text: str) -> float:
    match = LENGTH.fullmatch(text)
    return float(match[1]) * PIXELS[match[2]] if match else 0.0
