"""Files that are on the disk when they are said to be, and tables that a spreadsheet takes for tables only."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["csv_text", "finite", "guarded", "json_text", "sync_folder", "write_file", "write_over"]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: object) -> object:
    """A text cell that a spreadsheet would take for a formula gets an apostrophe; numbers stay, infinities become blank."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table for a spreadsheet: guarded cells, a BOM so that Excel reads Japanese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def finite(value: Any) -> Any:
    """The same document with null for what JSON cannot write (infinities, NaN)."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return value


def json_text(document: Any) -> str:
    """A document as JSON; ``ValueError`` for an infinity."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_file(path: Path, content: str | bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("xb") as file:
        file.write(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        file.flush()
        os.fsync(file.fileno())


def write_over(path: Path, content: str | bytes) -> None:
    """Write a file, over one that may be there: whole or not at all."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_file(making, content)
        making.replace(path)
    finally:
        making.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Wait until the disk has a folder's entries, where the system can be asked (Windows cannot)."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network file systems refuse it: the files themselves are safe
        pass
    finally:
        os.close(handle)
