"""Memory: how much there is, and how people write an amount of it."""

from __future__ import annotations

import re
import unicodedata

import psutil

__all__ = ["format_memory", "installed_memory", "parse_memory", "usable_memory"]

UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)


def parse_memory(text: str | int) -> int:
    """Bytes from a number or a text like ``4G``, ``1.5 GB``, ``800M``; ``ValueError`` for anything else, or less than 1 MB."""
    found = WRITTEN.fullmatch(unicodedata.normalize("NFKC", str(text)).strip())
    if found is None or (size := int(float(found[1]) * UNITS[found[2].upper()])) < UNITS["M"]:
        raise ValueError(text)
    return size


def format_memory(size: float) -> str:
    """Bytes as ``4.2G`` or ``800M``."""
    return f"{size / UNITS['G']:.1f}G" if size >= UNITS["G"] else f"{size / UNITS['M']:.0f}M"


def installed_memory() -> int:
    """Bytes of memory that the machine has."""
    return int(psutil.virtual_memory().total)


def usable_memory() -> int:
    """Bytes that events may take unless told otherwise: half of what the machine has free now."""
    return int(psutil.virtual_memory().available) // 2
