"""Standard output and error that never die on a console's encoding, and what is drawn on them."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from tenbin.words import in_language

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Block", "Grid", "can_write", "error_console", "one_line", "prepare", "print_json", "show", "tell"]

WIDTH_OF_A_FILE = 160
STAND_INS = {
    "¥": ("￥", "JPY "),
    "￥": ("¥", "JPY "),
    "−": ("-",),
    "–": ("-",),
    "—": ("―", "-"),
    "…": ("...",),
    "≤": ("<=",),
    "≥": (">=",),
    "•": ("*",),
    "·": ("・", "-"),
    "→": ("->",),
    "×": ("x",),
    "’": ("'",),
    "‘": ("'",),
    "“": ('"',),
    "”": ('"',),
    "─": ("-",),
    "━": ("-",),
    "│": ("|",),
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to print: (heading, ``left`` or ``right``) columns, rows of text, a last row set apart."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    total: tuple[str, ...] = ()


Block = str | Grid
"""A paragraph or a table."""


def _stand_in(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what an encoding does not know as what comes nearest in it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = []
    for character in error.object[error.start : error.end]:
        candidates = (*STAND_INS.get(character, ()), unicodedata.normalize("NFKD", character), "?")
        written.append(next(text for text in candidates if _knows(error.encoding, text)))
    return "".join(written), error.end


def _knows(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


codecs.register_error("tenbin", _stand_in)


def prepare() -> None:
    """Let characters that a console does not know (¥ in CP932) be replaced by their nearest instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="tenbin")


def can_write(text: str, stream: TextIO | None = None) -> bool:
    """Whether a stream's encoding (standard output's) has every character of a text."""
    return _knows((stream or sys.stdout).encoding or "ascii", text)


def one_line(text: object, longest: int = 60) -> str:
    """A text of unknown origin as it may stand on a console: one line, nothing that steers a terminal, not too long."""
    line = " ".join(str(text).split())
    line = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in line)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def print_json(document: object, lang: str = "en") -> None:
    """One JSON document on standard output, its texts in a language; escaped where its encoding lacks a character."""
    from tenbin.storage.writing import finite

    document = in_language(document, lang)
    text = json.dumps(finite(document), ensure_ascii=False, indent=1, allow_nan=False)
    if not can_write(text):
        text = json.dumps(finite(document), ensure_ascii=True, indent=1, allow_nan=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    narrow = not stream.isatty()
    return Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=narrow,
        width=WIDTH_OF_A_FILE if narrow else None,
        safe_box=True,
    )


def error_console() -> Console:
    """The console of progress."""
    return _console(sys.stderr)


def tell(message: str) -> None:
    """A message, on standard error."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def show(blocks: Iterable[Block]) -> None:
    """Print paragraphs and tables on standard output."""
    console = _console(sys.stdout)
    for block in blocks:
        if isinstance(block, Grid):
            _draw(console, block)
        else:
            console.print(block)


def _draw(console: Console, grid: Grid) -> None:
    from rich import box
    from rich.table import Table

    plain = not can_write("─")
    table = Table(
        title=grid.title or None,
        title_justify="left",
        title_style="bold",
        box=box.ASCII2 if plain else box.SIMPLE_HEAD,
        pad_edge=False,
        show_footer=bool(grid.total),
    )
    total = grid.total or ("",) * len(grid.columns)
    for (heading, side), foot in zip(grid.columns, total, strict=True):
        table.add_column(heading, foot, justify="right" if side == "right" else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*row)
    console.print(table)
