"""Which language a command speaks, and what it says in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from tenbin.words import language, saying, speaker

__all__ = ["LANG", "asked_language", "help_of", "language", "readable", "said", "say"]

say = speaker("commands")
help_of = speaker("helps")
said = saying("problems")


def asked_language(arguments: Sequence[str]) -> str | None:
    """What ``--lang`` says in raw arguments, for what is printed before they are parsed."""
    for n, argument in enumerate(arguments):
        if argument == "--lang" and n + 1 < len(arguments):
            return arguments[n + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def readable(lang: str, stream: TextIO) -> str:
    """The language, or English where a stream's encoding does not have Japanese."""
    try:
        say("measure", lang).encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "en"
    return lang


LANG = readable(language(asked_language(sys.argv[1:])), sys.stdout)
"""The language of what is said before the arguments are parsed: the help texts."""
