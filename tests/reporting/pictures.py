"""Pictures made by hand, without a picture library."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 40, height: int = 20, colour: tuple[int, int, int] = (181, 72, 42)) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 40, height: int = 20) -> bytes:
    """The skeleton of a JPEG: a frame's head, a scan without data, the end."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\1\x11\0\2\x11\0\3\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda" + struct.pack(">H", 2) + b"\0" + b"\xff\xd9"


def svg(inside: str = '<rect width="40" height="20" fill="#B5482A"/>', head: str = 'width="40" height="20"') -> bytes:
    """An SVG with something in it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {head}>{inside}</svg>'
    ).encode()
