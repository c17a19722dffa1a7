"""Standard output and error that never die on a console's encoding."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["error_console", "make_table", "out_console", "prepare", "print_json"]


def prepare() -> None:
    """Let characters that a console does not know (¥ in CP932) be replaced instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _writes(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_json(document: object) -> None:
    """One JSON document on standard output; what its encoding does not know is escaped."""
    plain = _writes(sys.stdout, "¥円—")
    sys.stdout.write(json.dumps(document, ensure_ascii=not plain, indent=1, allow_nan=False) + "\n")
    sys.stdout.flush()


class _Plain:
    """A stream that writes ¥ and typographic signs as what the console's encoding has for them."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        table = {"¥": "\\", "—": "-", "–": "-", "−": "-", "…": "...", "≤": "<=", "•": "*", "→": "->"}
        self.table = {ord(sign): text for sign, text in table.items() if not _writes(stream, sign)}

    def write(self, text: str) -> int:
        return self.stream.write(text.translate(self.table))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _console(stream: TextIO, **options: Any) -> Console:
    from rich.console import Console

    narrow = not stream.isatty()
    return Console(
        file=_Plain(stream),  # type: ignore[arg-type]
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=narrow,
        width=140 if narrow else None,
        safe_box=True,
        **options,
    )


def out_console() -> Console:
    """The console of answers."""
    return _console(sys.stdout)


def error_console() -> Console:
    """The console of progress and messages."""
    return _console(sys.stderr)


def make_table(*columns: tuple[str, str], title: str | None = None) -> Table:
    """A table of (heading, ``left`` or ``right``) columns, drawn with plain signs."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", box=box.ASCII2 if not _writes(sys.stdout, "─") else box.SIMPLE, pad_edge=False
    )
    for heading, side in columns:
        table.add_column(heading, justify="right" if side == "right" else "left", overflow="fold")
    return table
