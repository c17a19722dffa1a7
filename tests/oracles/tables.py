"""A case's frames as plain dictionaries, blanks filled as interface.md says."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

Frames = dict[str, Any]
Plan = dict[str, str]
Row = dict[str, Any]


def blank(value: Any) -> bool:
    """None, NaN and text of nothing but spaces are blanks."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return bool(isinstance(value, float) and math.isnan(value))


def rows(frames: Frames, table: str) -> list[Row]:
    """The rows of a table, without their blank cells; none when the table is missing."""
    frame = frames.get(table)
    if frame is None:
        return []
    if isinstance(frame, list):
        return frame
    return [{k: v for k, v in record.items() if not blank(v)} for record in frame.to_dict("records")]


class Prepared(dict[str, Any]):
    """A case whose measures do not change any more: their levels are ranked once."""

    @cached_property
    def levels(self) -> dict[str, list[Row]]:
        """As ``level_rows``."""
        return level_rows(dict(self))


def prepared(frames: Frames) -> Frames:
    """The same case with each frame read into rows once: for loops over many plans."""
    return Prepared({name: table if name == "case" else rows(frames, name) for name, table in frames.items()})


def number(row: Row, column: str, default: float = 0.0) -> float:
    """A cell as a number; the default when blank."""
    return float(row.get(column, default))


def listed(row: Row, column: str) -> list[str]:
    """A ``;``-list as its parts."""
    return [part.strip() for part in str(row.get(column, "")).split(";") if part.strip()]


def setting(frames: Frames, section: str, key: str, default: float) -> float:
    """A number of ``case``'s; the default when missing."""
    return float(frames["case"].get(section, {}).get(key, default))


def level_rows(frames: Frames) -> dict[str, list[Row]]:
    """Measure → its rows in the table of measures, lowest rank (effect_scale) first."""
    if isinstance(frames, Prepared):
        return frames.levels
    by_measure: dict[str, list[Row]] = {}
    for row in rows(frames, "measures"):
        by_measure.setdefault(row["measure"], []).append(row)
    return {m: sorted(found, key=lambda r: number(r, "effect_scale", 1.0)) for m, found in sorted(by_measure.items())}


def rank(frames: Frames, measure: str, level: str) -> int:
    """Place of a level among its measure's, 0 the lowest; -1 when there is no such level."""
    for place, row in enumerate(level_rows(frames).get(measure, [])):
        if row["level"] == level:
            return place
    return -1


def current(frames: Frames) -> Plan:
    """What is in place."""
    priced = level_rows(frames)
    return {
        row["id"]: row["level"] for row in rows(frames, "status") if row["id"] in priced and "in_place" in listed(row, "status")
    }
