"""A request that cannot be met → the nearest that can, as it would be asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tenbin.model import Case, Target
from tenbin.optimisation import Nearest
from tenbin.studies.results import Result

__all__ = ["Eased", "eased_requests", "eased_target", "plain_amount"]

FIGURES = 3


@dataclass(frozen=True, slots=True)
class Eased:
    """A request with one demand eased so far that it can be met.

    targets : all of them, as they are typed. budget, max_days : where that is what was eased; None where it stays as it was asked.
    """

    targets: tuple[str, ...]
    budget: str | None = None
    max_days: str | None = None


def eased_requests(result: Result) -> list[Eased | None]:
    """What could be asked in place of each of a conflict's nearest requests; None where one number does not say it.

    In the order of ``conflict.nearest``, and of the document's; nothing without a conflict.
    """
    if result.conflict is None:
        return []
    return [_eased(near, result.question, result.case) for near in result.conflict.nearest]


def _eased(near: Nearest, targets: Sequence[Target], case: Case) -> Eased | None:
    texts = [target.text for target in targets]
    kind, slash, period = near.demand.partition("/")
    if slash and kind == "budget":
        return Eased(tuple(texts), budget=f"{plain_amount(near.value)}/{period}")
    if slash and kind == "max-days":
        return Eased(tuple(texts), max_days=f"{math.ceil(near.value * 10 * (1 - 1e-12)) / 10:g}/{period}")
    for n, target in enumerate(targets):
        if near.demand == target.text or near.demand.startswith(f"{target.text} ("):
            text = eased_target(target, near, case)
            return None if text is None else Eased((*texts[:n], text, *texts[n + 1 :]))
    return None


def eased_target(target: Target, near: Nearest, case: Case) -> str | None:
    """The target with the value that can be met: an amount rounded up, for ``keep`` more slack, for a standard a smaller share."""
    name = target.text.partition("=")[0]
    if target.covers is not None:
        if target.covers.share is None:
            return None
        share = math.floor(1000 * near.value / len(case.crosswalk.references[target.covers.standard])) / 10
        return f"{name}={share:g}%" if share > 0 else None
    if target.keep:
        if near.asked <= 0:
            return None
        slack = (1 + target.slack) * near.value / near.asked - 1
        return f"{name}={target.keep}+{math.ceil(1000 * slack) / 10:g}%"
    scope = f"{target.scope.text}:" if target.scope.text else ""
    return f"{scope}{target.metric_name}={plain_amount(near.value)}"


def plain_amount(value: float) -> str:
    """An amount no smaller than ``value``, as short as it can be typed: ``9.37M``, ``144k``."""
    if value <= 0:
        return "0"
    unit = 10.0 ** (math.floor(math.log10(value)) - FIGURES + 1)
    size = math.ceil(value / unit * (1 - 1e-12)) * unit if unit > 1 else math.ceil(value)
    for factor, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= factor:
            return f"{round(size / factor, FIGURES):.10g}{letter}"
    return f"{size:.10g}"
