"""Loss by form: productivity, response, replacement, fines, competitive, reputation (the forms of FAIR), or whatever a case names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Quantity
from tenbin.model import Metric, Scenario
from tenbin.studies.evaluating import Risk

__all__ = ["UNKNOWN", "FormLoss", "loss_by_form"]

FloatArray = NDArray[np.float64]

UNKNOWN = ""
"""The form of losses whose split is not known."""


@dataclass(frozen=True, slots=True)
class FormLoss:
    """What one form of loss takes of the expected annual loss and of TVaR95, in the case's currency; the forms add up to both.

    form : its name; ``UNKNOWN`` for scenarios that do not say how their losses split. tvar95 : None where no year lies in the tail.
    """

    form: str
    aal: float
    tvar95: float | None

    def to_dict(self) -> dict[str, object]:
        """As in the JSON documents."""
        return {"form": self.form, "aal": self.aal, "tvar95": self.tvar95}


def loss_by_form(risk: Risk) -> tuple[FormLoss, ...]:
    """Split the risk that a plan leaves over the forms of loss, the largest expected loss first.

    Every event of a scenario splits alike, by its ``loss_forms``. TVaR95 is allocated to scenarios by Euler's principle: each gets
    its mean loss in the years of the tail (Tasche 1999).
    """
    expected = risk.evaluator.expected.by_scenario(risk.phi, risk.gamma)
    wanted = Quantity(Metric.TVAR, Decimal("0.95"), risk.flags)
    tangent = None
    if risk.evaluator.n_trials >= 1 / 0.05:
        tangent = risk.evaluator.tangent(wanted, risk.phi, risk.gamma, risk.annual_loss)
    in_tail = None
    if tangent is not None:
        in_tail = tangent.by_gamma.sum(axis=0)
        if in_tail.sum() > 0:
            in_tail = in_tail * (tangent.value / in_tail.sum())  # the last year of the tail counts in part
    found: dict[str, list[float]] = {}
    for n, scenario in enumerate(risk.case.scenarios):
        for form, share in _split(scenario):
            parts = found.setdefault(form, [0.0, 0.0])
            parts[0] += share * float(expected[n])
            parts[1] += share * float(in_tail[n]) if in_tail is not None else 0.0
    losses = [FormLoss(form, aal, tail if in_tail is not None else None) for form, (aal, tail) in found.items()]
    return tuple(sorted(losses, key=lambda loss: (loss.form == UNKNOWN, -loss.aal, loss.form)))


def _split(scenario: Scenario) -> Sequence[tuple[str, float]]:
    """Form and share of a scenario's losses; a single form takes all."""
    if scenario.loss_shares:
        return tuple(zip(scenario.loss_forms, scenario.loss_shares, strict=True))
    if len(scenario.loss_forms) == 1:
        return ((scenario.loss_forms[0], 1.0),)
    return ((UNKNOWN, 1.0),)
