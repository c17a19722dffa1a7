"""What was calibrated as cells of the table ``scenarios``: round figures that read back, and where they come from."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from tenbin.calibration.wording import said
from tenbin.inputs.laws import frequency_model_text, law_text
from tenbin.model import FrequencyModel, Lognormal, LossModel, Mixture
from tenbin.words import Said

__all__ = ["COLUMNS", "basis_cells", "frequency_cells", "loss_cells", "loss_text", "round_law", "rounded"]

L = TypeVar("L")

DIGITS = 4
COLUMNS = (
    "frequency",
    "frequency_low",
    "frequency_high",
    "frequency_model",
    "loss_p05",
    "loss_p95",
    "loss_model",
    "basis",
    "basis_ja",
)
"""In the table's order."""


def rounded(value: float, digits: int = DIGITS) -> float:
    """A number to so many significant digits: more are not known."""
    return float(f"{value:.{digits}g}")


def round_law(law: L) -> L:
    """A law with round parameters; the weights of a mixture stay, as they have to add up to 1."""
    if isinstance(law, Mixture):
        return replace(law, parts=tuple((weight, round_law(part)) for weight, part in law.parts))
    if not is_dataclass(law) or isinstance(law, type):
        return law
    changes: dict[str, Any] = {}
    for one in fields(law):
        value = getattr(law, one.name)
        changes[one.name] = rounded(value) if isinstance(value, float) else round_law(value)
    return replace(law, **changes)


def loss_text(law: LossModel) -> str:
    """A law as text for ``loss_model``, with round parameters."""
    return re.sub(r"\.0(?=[,)])", "", law_text(round_law(law)))


def _plain(value: float) -> object:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def loss_cells(law: LossModel) -> dict[str, object]:
    """The cells of a loss: a lognormal as the interval that holds 90 % of events, any other as text."""
    cells: dict[str, object] = {"loss_p05": "", "loss_p95": "", "loss_model": ""}
    if isinstance(law, Lognormal):
        low, high = rounded(law.quantile(0.05)), rounded(law.quantile(0.95))
        if 1.01 * low < high:
            return {**cells, "loss_p05": _plain(low), "loss_p95": _plain(high)}
    return {**cells, "loss_model": loss_text(law)}


def frequency_cells(likely: float, low: float, high: float, model: FrequencyModel) -> dict[str, object]:
    """The cells of a frequency, events a year, with what is believed of it."""
    text = frequency_model_text(round_law(model))
    figures = {"frequency": likely, "frequency_low": low, "frequency_high": high}
    return {**{name: _plain(rounded(value)) for name, value in figures.items()}, "frequency_model": text}


def basis_cells(key: str, **values: object) -> dict[str, object]:
    """Where the figures come from, in both languages."""
    text: Said = said(key, **values)
    return {"basis": text.within("en"), "basis_ja": text.within("ja")}
