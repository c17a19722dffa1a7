"""The options that every command takes, and how a command is made of a function."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenbin.cli.language import LANG, help_of, language, readable, say
from tenbin.cli.usage import SpokenCommand

if TYPE_CHECKING:
    from tenbin.studies.saving import Draw

__all__ = ["LANG", "Options", "command"]


class Language(StrEnum):
    """A language of tenbin's."""

    JA = "ja"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Options:
    """What every command is told: how to print, how many years, where to write, in which language."""

    as_json: bool = False
    seed: int | None = None
    trials: int | None = None
    out: Path | None = None
    quiet: bool = False
    lang: str = "en"
    worlds: int | None = None
    memory: str | None = None
    precision: str | None = None
    no_charts: bool = False

    @property
    def draw(self) -> Draw | None:
        """What draws a run's charts; None where none are wanted."""
        from tenbin.reporting import write_charts

        return None if self.no_charts else write_charts

    def drawing(self) -> dict[str, Any]:
        """How years are drawn, for ``simulate``."""
        return {"n_trials": self.trials, "seed": self.seed, "n_worlds": self.worlds, "memory": self.memory}


Command = Callable[..., None]

COMMON: dict[str, tuple[Any, str, str]] = {
    "as_json": (bool, "--json", "json"),
    "seed": (int | None, "--seed", "seed"),
    "trials": (int | None, "--trials", "trials"),
    "worlds": (int | None, "--worlds", "worlds"),
    "memory": (str | None, "--memory", "memory"),
    "precision": (str | None, "--precision", "precision"),
    "out": (Path | None, "--out", "out"),
    "no_charts": (bool, "--no-charts", "no_charts"),
    "quiet": (bool, "--quiet", "quiet"),
    "lang": (Language | None, "--lang", "lang"),
}
METAVARS = {
    "seed": "N",
    "trials": "YEARS",
    "worlds": "K",
    "memory": "SIZE",
    "precision": "SHARE",
    "out": "DIR",
    "lang": "ja|en",
}
ALWAYS = ("as_json", "quiet", "lang")
VARIABLES = {"no_charts": "TENBIN_NO_CHARTS"}
"""What stands for an option that is not typed."""
DRAWING = ("worlds", "memory", "precision")
"""Listed wherever years are drawn."""


def command(
    app: typer.Typer,
    name: str,
    uses: tuple[str, ...] = (),
    words: str = "",
    hidden: bool = False,
    without: tuple[str, ...] = (),
) -> Callable[[Command], Command]:
    """Make a command of a function whose first parameter is ``options``.

    Parameters
    ----------
    uses : which of seed, trials and out mean something to it; the others are taken too, but not listed.
    words : the key of its help texts; its name unless given.
    without : which of those that come with drawing years mean nothing to it: not listed, and for it to refuse.
    """

    def register(function: Command) -> Command:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        listed = {*ALWAYS, *uses, *(DRAWING if "trials" in uses else ())} - set(without)
        shared = [_parameter(option, option not in listed) for option in COMMON]

        def call(**given: Any) -> None:
            common = {option: given.pop(option) for option in COMMON}
            lang = common.pop("lang")
            function(Options(**common, lang=_spoken(lang.value if lang else None)), **given)

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared)]
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        call.__name__ = name
        key = words or name
        long = f"{key}_long" if hidden or key in ("optimise", "check") else key
        app.command(name, help=help_of(long, LANG), short_help=help_of(key, LANG), hidden=hidden, cls=SpokenCommand)(call)
        return function

    return register


def _parameter(name: str, hidden: bool) -> inspect.Parameter:
    kind, flag, key = COMMON[name]
    option = typer.Option(
        flag,
        help=help_of(key, LANG),
        hidden=hidden,
        metavar=METAVARS.get(name),
        show_default=False,
        case_sensitive=False,
        envvar=VARIABLES.get(name),
        show_envvar=False,
    )
    default = False if kind is bool else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


def _spoken(asked: str | None) -> str:
    """The language asked for; English where standard output cannot show Japanese at all."""
    from tenbin.cli.console import tell

    lang = language(asked)
    shown = readable(lang, sys.stdout)
    if shown != lang:
        tell(say("no_japanese_here", shown))
    return shown
