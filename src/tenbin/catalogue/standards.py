"""The bundled crosswalk: which measures of the bundled framework support what of standards and schemes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from tenbin.model import Confidence, Crosswalk, SchemeKind, Support

__all__ = ["bundled_crosswalk", "standard_titles"]


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = (files("tenbin.catalogue") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return csv.DictReader(io.StringIO(text, newline=""))


@cache
def bundled_crosswalk() -> Crosswalk:
    """Read the bundled crosswalk, once: ``references.csv`` has every reference, ``crosswalk.csv`` those with a measure."""
    supports = [
        Support(
            row["measure"],
            row["standard"],
            row["reference"],
            Confidence(row["confidence"]),
            SchemeKind(row["scheme_kind"]),
            row["source"],
        )
        for row in _rows("crosswalk")
    ]
    references = [(row["standard"], row["reference"]) for row in _rows("references")]
    return Crosswalk.of(supports, references, {support.standard: support.scheme_kind for support in supports})


@cache
def standard_titles() -> dict[str, tuple[str, str]]:
    """Names of the bundled standards and schemes by id: (Japanese, English)."""
    return {row["standard"]: (row["title_ja"], row["title_en"]) for row in _rows("standards")}
