"""Preset tables of ordinary companies: a case's columns and ``scales_with``. Only the interview reads them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["REFERENCE", "preset"]

REFERENCE: Mapping[str, float] = {"employees": 60.0, "devices": 60.0, "revenue_day": 1_700_000.0, "records": 1_800.0}
"""The company that the presets are written for: a factory of 60; ``revenue_day`` is the profit lost per day stopped."""


@cache
def preset(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a preset table."""
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
