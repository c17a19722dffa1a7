"""Which fonts draw a chart: the reader's language first, and English rather than empty boxes where there is none for Japanese.

The order is: the file (or family) named by ``TENBIN_FONT``, the families installed, the font file inside the package
matplotlib_fontja (which is never imported: it would change matplotlib's settings for everyone), none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from tenbin.words import speaker

__all__ = ["Fonts", "covers_japanese", "resolve"]

say = speaker("charts")

VARIABLE = "TENBIN_FONT"
LATIN = "DejaVu Sans"
"""Comes with matplotlib, so that English charts are the same everywhere."""

FAMILIES = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "IPAexGothic",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
    "BIZ UDGothic",
    "MS Gothic",
)
SAMPLE = "予算漏えい対策円髙"


@dataclass(frozen=True, slots=True)
class Fonts:
    """What was found.

    families : in the order in which a glyph is looked for.
    lang : the language that can be drawn; ``en`` when Japanese was asked for and cannot be.
    japanese : the family for Japanese, "" when there is none.
    advice : one line for the user in the language asked for, "" when all is well.
    """

    families: tuple[str, ...]
    lang: str
    japanese: str
    advice: str

    def covers(self, text: str) -> bool:
        """Whether every character of a text has a glyph."""
        return all(ord(character) in _glyphs(self.families) for character in text)


def covers_japanese(path: str | Path) -> bool:
    """Whether a font file has the glyphs of Japanese text; False for what is no font."""
    glyphs = _charmap(str(path))
    return all(ord(character) in glyphs for character in SAMPLE)


@lru_cache(maxsize=64)
def _charmap(path: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError, ValueError):  # matplotlib's cached list may name a file that is gone
        return frozenset()


@lru_cache(maxsize=16)
def _glyphs(families: tuple[str, ...]) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, fontManager

    files = [fontManager.findfont(FontProperties(family=family)) for family in families]
    return frozenset().union(*(_charmap(str(file)) for file in files))


def _family_of(path: str) -> str:
    """Make a font file known to matplotlib, once, and return its family."""
    from matplotlib.font_manager import FontProperties, fontManager

    if all(font.fname != path for font in fontManager.ttflist):
        fontManager.addfont(path)
    return FontProperties(fname=path).get_name()


def _installed() -> dict[str, str]:
    from matplotlib.font_manager import fontManager

    return {font.name: font.fname for font in fontManager.ttflist}


def _packaged() -> str:
    """The font file inside matplotlib_fontja, found without importing it; "" when the package is not there."""
    spec = find_spec("matplotlib_fontja")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(place) / "fonts" / "ipaexg.ttf"
        if file.is_file() and covers_japanese(file):
            return str(file)
    return ""


def _japanese(named: str) -> str:
    installed = _installed()
    if named and covers_japanese(named):
        return _family_of(str(Path(named).resolve()))
    for family in (named, *FAMILIES):
        if family in installed and covers_japanese(installed[family]):
            return family
    packaged = _packaged()
    return _family_of(packaged) if packaged else ""


def resolve(lang: str, environment: Mapping[str, str] | None = None) -> Fonts:
    """Find the fonts for a language.

    Parameters
    ----------
    lang : ``ja`` or ``en``.
    environment : where ``TENBIN_FONT`` is looked up; the process's when None.
    """
    named = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    japanese = _japanese(named)
    if not japanese:
        advice = say("no_japanese_font", lang) if lang == "ja" else ""
        return Fonts((LATIN,), "en", "", advice)
    wrong = bool(named) and named != japanese and not covers_japanese(named)
    advice = say("font_unusable", lang, named=named, used=japanese) if wrong else ""
    families = (japanese, LATIN) if lang == "ja" else (LATIN, japanese)
    return Fonts(families, lang, japanese, advice)
