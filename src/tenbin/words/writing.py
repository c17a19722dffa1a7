"""How a text's places are filled: lists and plurals as each language writes them.

Beside Python's own format a place may say

- ``{n:plural:measure|measures}``: the first word for 1, the second otherwise; the number itself stands in a place of its own;
- ``{names:list}``, ``{names:or}``, ``{names:and}`` (and the others below): names in a row, ``A, B`` or ``A、B``, ``A or B``, ``A and B``.
"""

from __future__ import annotations

from string import Formatter
from typing import Any

__all__ = ["Writer"]

BETWEEN = {
    "list": {"en": ", ", "ja": "、"},
    "or": {"en": " or ", "ja": "、"},
    "and": {"en": " and ", "ja": " と "},
    "lines": {"en": "\n", "ja": "\n"},
    "requires": {"en": " requires ", "ja": " → "},
}
PLURAL = "plural:"


class Writer(Formatter):
    """What fills the places of a text in one language; a value that can be said in both is said in that one."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        """One place, filled."""
        if format_spec.startswith(PLURAL):
            one, many = format_spec.removeprefix(PLURAL).split("|")
            return one if str(value) == "1" else many
        if format_spec in BETWEEN:
            return BETWEEN[format_spec][self.lang].join(self.format_field(part, "") for part in value)
        if hasattr(value, "within"):
            value = value.within(self.lang)
        return format(value, format_spec)
