"""Workbooks that must not be, made part by part: what an archive says of itself and what is in it can differ."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rewritten(source: Path, target: Path, parts: Mapping[str, bytes | None]) -> Path:
    """A workbook with some of its parts replaced, added, or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return target


def part_of(path: Path, name: str) -> bytes:
    """One part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def streamed(source: Path, target: Path, name: str, blocks: Iterable[bytes]) -> Path:
    """A workbook with one part written block by block."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        with new.open(name, "w") as part:
            for block in blocks:
                part.write(block)
    return target


def sheet_xml(rows: Iterable[bytes]) -> Iterator[bytes]:
    """A worksheet's part of these rows."""
    yield f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'.encode()
    yield from rows
    yield b"</sheetData></worksheet>"


def row_xml(number: int, texts: Iterable[str]) -> bytes:
    """A row of texts within its cells."""
    cells = "".join(f'<c r="{chr(65 + n)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(texts))
    return f'<row r="{number}">{cells}</row>'.encode()


def random_blocks(megabytes: int, start: bytes = b"") -> Iterator[bytes]:
    """XML that no archive packs to less than a fiftieth: comments of random digits among zeros."""
    yield start
    source = random.Random(5)
    for _ in range(megabytes * 16):
        yield b"<!--" + source.randbytes(900).hex().encode() + b"0" * 63_700 + b"-->\n"


def lying(path: Path, target: Path, name: str, size: int) -> Path:
    """The same bytes, but the archive's own list says that a part unpacks to so much."""
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", content, at + 28)[0]
        if bytes(content[at + 46 : at + 46 + length]) == name.encode():
            struct.pack_into("<I", content, at + 24, size)
        at = content.find(b"PK\x01\x02", at + 4)
    target.write_bytes(content)
    return target
