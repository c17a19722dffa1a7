"""The tables of texts, ``AREA.toml`` each: ``[key]`` with ``en`` and ``ja``, places to fill in braces (see ``words.writing``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tenbin.words.writing import Writer

__all__ = ["AREAS", "Speaker", "speaker", "table"]

AREAS = tuple(sorted(entry.name.removesuffix(".toml") for entry in files(__name__).iterdir() if entry.name.endswith(".toml")))


@cache
def table(area: str) -> Mapping[str, Mapping[str, str]]:
    """Every text of an area: key → language → text."""
    found: dict[str, dict[str, str]] = tomllib.loads((files(__name__) / f"{area}.toml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Speaker:
    """What says the texts of one area."""

    area: str

    def __call__(self, key: str, lang: str, /, **values: object) -> str:
        """The text of a key in a language, with what belongs in it.

        Raises
        ------
        KeyError : when the area has no such key.
        """
        text = table(self.area)[key][lang]
        return Writer(lang).vformat(text, (), values) if "{" in text else text

    def __contains__(self, key: str) -> bool:
        return key in table(self.area)


def speaker(area: str) -> Speaker:
    """Who says the texts of an area."""
    return Speaker(area)
