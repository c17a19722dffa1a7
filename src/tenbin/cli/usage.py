"""The frame of the help texts and what is wrong with a command line, in both languages.

Typer, and the click that it brings or uses, write in English only; what stands around our own texts is said here.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer
import typer.core

from tenbin.cli.language import LANG
from tenbin.words import Said, saying, speaker

__all__ = ["ListsAlone", "SpokenCommand", "SpokenGroup", "place_of", "wrong_usage"]

say = speaker("usage")
said = saying("usage")

PLACES = {"[OPTIONS]": "options_place", "COMMAND [ARGS]...": "command_place"}
REQUIRED = re.compile(r"^\{(.*)\}(?:\.\.\.)?$")
"""How newer versions of typer show what must be given; that there may be more of it, its own name says (``RUN RUN …``)."""

COMPLETIONS = {"--install-completion": "install_completion", "--show-completion": "show_completion"}
PIECES = re.compile(r"[^\x00-\u2fff][、。，．：；！？」』）】\u30fb\u30fc]*|[^\s\u3000-\U0010ffff]+\s*|\s+")
"""What a line is made of: a full-width letter with the marks that may not begin a line, or a word."""
HEADINGS = {
    "Arguments": "arguments",
    "Options": "options",
    "Commands": "commands",
    "default: {default}": "default",
    "required": "required",
}


def _heading(text: str) -> str:
    """What typer would look up with gettext; places to fill stay as they are."""
    return say(HEADINGS[text], LANG, default="{default}") if text in HEADINGS else text


setattr(typer.core, "_", _heading)  # noqa: B010 - a name that typer itself binds to gettext


def fold(text: str, width: int) -> list[str]:
    """Break a text into lines of so many columns, a full-width letter being two: at spaces, and between Japanese letters."""
    lines, line = [], ""
    for piece in re.findall(PIECES, text):
        if _columns(line + piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(
    text: str, width: int = 78, initial_indent: str = "", subsequent_indent: str = "", preserve_paragraphs: bool = False
) -> str:
    """What click's ``wrap_text`` does, for texts without spaces too."""
    paragraphs = text.split("\n\n") if preserve_paragraphs else [text]
    folded = []
    for paragraph in paragraphs:
        lines = fold(" ".join(paragraph.split()), width - max(len(initial_indent), len(subsequent_indent)))
        folded.append("\n".join((subsequent_indent if n else initial_indent) + line for n, line in enumerate(lines)))
    return "\n\n".join(folded)


if LANG == "ja":
    setattr(sys.modules[typer.Context.formatter_class.__module__], "wrap_text", _wrapped)  # noqa: B010


def _no_type(ctx: object) -> None:
    """What an argument's type is called in Python helps nobody who reads its help."""


class _Spoken:
    """The usage line and the help of ``--help`` itself."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces: Sequence[str] = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        words = [say(PLACES[piece], LANG) if piece in PLACES else re.sub(REQUIRED, "\\1", piece) for piece in pieces]
        formatter.write_usage(ctx.command_path, " ".join(words), say("usage", LANG))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("help", LANG)
        return option

    def get_params(self, ctx: Any) -> Any:
        params = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if param.param_type_name == "argument":
                param.display_type_rich = _no_type
            for flag in set(param.opts) & set(COMPLETIONS):
                param.help = say(COMPLETIONS[flag], LANG)
        return params


class SpokenCommand(_Spoken, typer.core.TyperCommand):
    """A command whose help is all in one language."""


class SpokenGroup(_Spoken, typer.core.TyperGroup):
    """A group of commands whose help is all in one language."""


class ListsAlone(SpokenGroup):
    """``tenbin runs`` alone is ``tenbin runs list``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where options or nothing follow."""
        alone = not args or (args[0].startswith("-") and args[0] != "--help")
        return super().parse_args(ctx, ["list", *args] if alone else args)


def place_of(error: Any) -> str:
    """What of the command line is wrong: an option, an argument, else the command itself."""
    if name := getattr(error, "option_name", None):
        return str(name)
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(getattr(error, "ctx", None), "command_path", "tenbin"))
    if getattr(param, "param_type_name", "") == "argument":
        return str(param.metavar or param.name).strip("[]{}")
    return str(param.opts[-1])


def wrong_usage(error: Any) -> str:
    """What is wrong with a command line: a text in both languages for what is usual, else typer's own words."""
    message, name = str(error.message or ""), place_of(error)
    match type(error).__name__:
        case "NoSuchOption":
            return _near(said("no_option", name=name), sorted(error.possibilities or ()))
        case "MissingParameter":
            return said("missing", name=name)
        case "BadOptionUsage":
            return said("wants_no_value" if "does not take" in message else "wants_value", name=name)
        case "BadParameter":
            return _bad_value(message, name)
    if found := re.match(r"No such command '(.*?)'\.", message) or re.match(r"No such command '(.*?)'", message):
        commands = getattr(error.ctx.command, "commands", {})
        return _near(said("no_command", name=found[1]), get_close_matches(found[1], commands, 1))
    if found := re.match(r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)", message):
        return said("too_many", text=found[1])
    return said("missing_command") if message == "Missing command." else str(error.format_message())


def _near(text: Said, names: Sequence[str]) -> Said:
    return said("did_you_mean", text=text, names=list(names)) if names else text


def _bad_value(message: str, name: str) -> Said:
    if found := re.search(r"is not one of (.*?)\.?$", message):
        return said("wants_one_of", name=name, choices=re.findall(r"'([^']*)'", found[1]))
    if "integer" in message:
        return said("wants_whole", name=name)
    if "number" in message or "float" in message:
        return said("wants_number", name=name)
    return said("invalid", name=name, text=message)
