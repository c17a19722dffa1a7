"""What to do first with each measure of the framework, and what to keep as evidence that it was done."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["ActionText", "action_texts"]


@dataclass(frozen=True, slots=True)
class ActionText:
    """A measure's first step and its evidence, in both languages."""

    measure: str
    first_step_ja: str
    first_step_en: str
    evidence_ja: str
    evidence_en: str

    def first_step(self, lang: str) -> str:
        """What to do first."""
        return self.first_step_ja if lang == "ja" else self.first_step_en

    def evidence(self, lang: str) -> str:
        """What shows later that it was done."""
        return self.evidence_ja if lang == "ja" else self.evidence_en


@cache
def action_texts() -> Mapping[str, ActionText]:
    """The texts by measure, of every measure of the bundled framework; a user's own framework may have others."""
    text = (files("tenbin.catalogue") / "data" / "actions.csv").read_text(encoding="utf-8")
    return {row["measure"]: ActionText(**row) for row in csv.DictReader(io.StringIO(text))}
