"""The interview as a sheet: questions with what may be answered, and the answers read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_interview"]


def write_interview(sheet: Worksheet, lang: str, answers: Mapping[str, Any]) -> None:
    """Write the questions."""
