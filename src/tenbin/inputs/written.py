"""How a cell may be written, said in data: what the file reference and the published JSON Schema are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from tenbin.words import Said

__all__ = ["Sort", "Written", "how_written", "told"]

Reader = TypeVar("Reader", bound=Callable[[str], Any])


class Sort(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    ID = "id"
    IDS = "ids"
    AMOUNT = "amount"
    NUMBER = "number"
    SHARE = "share"
    WHOLE = "whole"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    REFERENCE = "reference"
    FORMS = "forms"
    LAW = "law"
    CURRENCY = "currency"
    COLOUR = "colour"


@dataclass(frozen=True, slots=True)
class Written:
    """What a reader of cells takes.

    low, high : the ends of a number's range; None: no end. without_low, without_high : whether the end itself is refused.
    choices : the words of a choice. most : the most characters. rule : completes "must be".
    """

    sort: Sort = Sort.TEXT
    low: float | None = None
    high: float | None = None
    without_low: bool = False
    without_high: bool = False
    choices: tuple[str, ...] = ()
    most: int | None = None
    rule: Said | None = None


_TOLD: dict[Callable[[str], Any], Written] = {}


def told(reader: Reader, written: Written) -> Reader:
    """Remember what a reader of cells takes; the reader again."""
    _TOLD[reader] = written
    return reader


def how_written(reader: Callable[[str], Any]) -> Written:
    """What a reader takes; any text where nothing was told."""
    return _TOLD.get(reader, Written())
