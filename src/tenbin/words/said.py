"""Text that can be said again in the other language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

from tenbin.words.tables import Speaker

__all__ = ["Said", "Titled", "in_language", "saying"]


@dataclass(frozen=True, slots=True)
class Titled:
    """What something is called, inside a text that can be said in both languages; its id where it has no title."""

    id: str
    title_ja: str
    title_en: str

    def within(self, lang: str) -> str:
        """The title in that language, else in the other, else the id."""
        first, second = (self.title_ja, self.title_en) if lang == "ja" else (self.title_en, self.title_ja)
        return first or second or self.id


class Said(str):
    """English text that remembers its key and what was put in, so that it can be said in Japanese too.

    It is a plain string to whoever does not ask: compared, sorted, hashed and printed in English.
    """

    __slots__ = ("key", "speaker", "values")

    key: str
    speaker: Speaker
    values: dict[str, Any]

    def __new__(cls, area: str, key: str, /, **values: Any) -> Said:
        """The text of a key of an area; values may be ``Said`` themselves."""
        speaker = Speaker(area)
        text = super().__new__(cls, speaker(key, "en", **values))
        text.key, text.speaker, text.values = key, speaker, values
        return text

    def within(self, lang: str) -> str:
        """The text in a language, and what was put into it too."""
        return self.speaker(self.key, lang, **self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.speaker.area, self.key, self.values)


def _again(area: str, key: str, values: dict[str, Any]) -> Said:
    return Said(area, key, **values)


def saying(area: str) -> Callable[..., Said]:
    """Who makes ``Said`` texts of an area: ``said = saying("problems")``, then ``said("must_date")``."""

    def said(key: str, /, **values: Any) -> Said:
        return Said(area, key, **values)

    return said


@overload
def in_language(text: str, lang: str) -> str: ...
@overload
def in_language(text: object, lang: str) -> object: ...
def in_language(text: object, lang: str) -> object:
    """The same in a language when it knows how, else as it is; lists, tuples and dicts part by part."""
    if isinstance(text, Said):
        return text.within(lang)
    if isinstance(text, dict):
        return {key: in_language(value, lang) for key, value in text.items()}
    if isinstance(text, list | tuple):
        return [in_language(value, lang) for value in text]
    return text
