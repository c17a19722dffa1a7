"""Does this ring true? What the figures say of the past of a company like this one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from tenbin.evaluation import Evaluator, Reduction
from tenbin.model import Case, current_plan
from tenbin.simulation import EventTable
from tenbin.studies.scopes import reduce_plan
from tenbin.studies.simulating import as_events

__all__ = ["RingTrue", "ring_true"]

THRESHOLD = 1_000_000.0


@dataclass(frozen=True, slots=True)
class RingTrue:
    """Today's measures in place: single events above the threshold a year, years with an annual loss above it, what matters.

    top : (scenario id, share of the expected annual loss, expected events a year), the heaviest first.
    """

    threshold: float
    incidents_per_year: float
    share_of_years_above: float
    aal: float
    top: tuple[tuple[str, float, float], ...]

    def to_dict(self) -> dict[str, object]:
        """As in the JSON documents."""
        document = asdict(self)
        document["top"] = [{"scenario": s, "share": share, "per_year": rate} for s, share, rate in self.top]
        return document


def ring_true(source: EventTable | Case, threshold: float = THRESHOLD) -> RingTrue:
    """Say how often a company like this would have been hit, with today's measures.

    Events above the threshold are counted in closed form (surviving rate × chance that one costs more under the plan).
    """
    events = as_events(source)
    case: Case = events.case
    evaluator = Evaluator(events)
    phi, gamma = reduce_plan(Reduction.of(case), current_plan(case))
    rates = evaluator.expected.rates(phi).mean(axis=0)
    keep = np.exp(-gamma.mean(axis=0))
    above = [s.severity.survival(threshold / keep[n]) for n, s in enumerate(case.scenarios)]
    losses = evaluator.expected.by_scenario(phi, gamma)
    total = float(losses.sum())
    order = sorted(range(len(losses)), key=lambda n: (-losses[n], case.scenarios[n].id))[:3]
    annual = evaluator.annual_loss(phi, gamma)
    return RingTrue(
        threshold=threshold,
        incidents_per_year=float(np.dot(rates, above)),
        share_of_years_above=float(np.mean(annual > threshold)),
        aal=total,
        top=tuple((case.scenarios[n].id, float(losses[n]) / total if total else 0.0, float(rates[n])) for n in order),
    )
