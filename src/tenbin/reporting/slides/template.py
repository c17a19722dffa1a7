"""A user's template: looked at part by part before it is opened, then emptied of its slides."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.errors import InputError, Problem
from tenbin.words import Said

if TYPE_CHECKING:
    from pptx.presentation import Presentation

__all__ = ["PLACE", "open_template", "refusal"]

PLACE = "--template"
MOST_ON_DISK = 50 << 20
MOST_UNPACKED = 200 << 20
MOST_RATIO = 200
MOST_PARTS = 5_000
CHUNK = 1 << 16
OVERLAP = 64
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = re.compile(r"vbaproject|/vbadata|/activex/", re.IGNORECASE)
ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00D\x00O\x00C\x00T", re.IGNORECASE)
EXTERNAL = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
LINK = re.compile(rb"relationships/hyperlink[\"']", re.IGNORECASE)


def refusal(path: Path, got: str, **values: object) -> InputError:
    """What is wrong with a template, in words."""
    rule, remedy = Said("slides", "must_template"), Said("slides", "do_template")
    return InputError([Problem(PLACE, 0, "", rule, f"{path.name}: {Said('slides', got, **values)}", remedy)])


def open_template(path: Path) -> Presentation:
    """A presentation with a template's master and layouts, and none of its slides.

    Raises
    ------
    InputError : when it is not there, is no .pptx, is damaged or hostile: macros, entities, parts fetched from elsewhere, parts that
        unpack to more than 200 times their size.
    """
    from pptx import Presentation as opened

    _guard(path)
    try:
        deck = opened(str(path))
        if not len(deck.slide_layouts):
            raise ValueError("no layout")
        for one in list(deck.slides._sldIdLst):
            deck.part.drop_rel(one.rId)
            deck.slides._sldIdLst.remove(one)
    except Exception as error:  # whatever a damaged file makes the library raise
        raise refusal(path, "got_broken") from error
    return deck


def _guard(path: Path) -> None:
    """Look at every part, unpacked and counted, before anything of it is understood."""
    try:
        if not path.is_file():
            raise refusal(path, "got_no_file")
        if path.suffix.lower() != ".pptx":
            raise refusal(path, "got_macro_file" if path.suffix.lower() in (".pptm", ".potm", ".ppsm") else "got_other_file")
        if path.stat().st_size > MOST_ON_DISK:
            raise refusal(path, "got_large", most=f"{MOST_ON_DISK >> 20} MB")
        with path.open("rb") as file:
            if file.read(len(OLE)) == OLE:
                raise refusal(path, "got_encrypted")
        with zipfile.ZipFile(path) as packed:
            _look(packed, path)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise refusal(path, "got_broken") from error


def _look(packed: zipfile.ZipFile, path: Path) -> None:
    entries = packed.infolist()
    if len(entries) > MOST_PARTS:
        raise refusal(path, "got_many_parts", most=f"{MOST_PARTS:,}")
    if any(MACROS.search(entry.filename) for entry in entries):
        raise refusal(path, "got_macros")
    total = 0
    for entry in entries:
        own, tail = 0, b""
        is_text = entry.filename.lower().endswith((".xml", ".rels"))
        is_links = entry.filename.lower().endswith(".rels")
        whole = bytearray()
        with packed.open(entry) as part:
            while piece := part.read(CHUNK):
                own += len(piece)
                total += len(piece)
                if total > MOST_UNPACKED or own > MOST_RATIO * max(entry.compress_size, 1) + (1 << 20):
                    raise refusal(path, "got_bomb")
                if is_text and ENTITY.search(tail + piece):
                    raise refusal(path, "got_entities")
                tail = piece[-OVERLAP:]
                if is_links:
                    whole += piece
        if entry.filename == "[Content_Types].xml":
            with packed.open(entry) as part:
                if b"macroEnabled" in part.read():
                    raise refusal(path, "got_macros")
        if any(not LINK.search(link) for link in EXTERNAL.findall(bytes(whole))):
            raise refusal(path, "got_links")
