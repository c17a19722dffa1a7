"""Does this ring true? What the figures say of the past of a company like this one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.evaluation import Evaluator, Reduction
from tenbin.model import Case, current_plan
from tenbin.simulation import EventTable
from tenbin.studies.scopes import reduce_plan
from tenbin.studies.simulating import as_events

__all__ = ["OwnYears", "RingTrue", "own_years", "ring_true"]

FloatArray = NDArray[np.float64]
THRESHOLD = 1_000_000.0
DOUBT = 0.025


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
    phi, gamma = reduce_plan(Reduction.of(case, events.worlds), current_plan(case))
    rates = evaluator.expected.rates(phi)
    losses = evaluator.expected.by_scenario(phi, gamma)
    total = float(losses.sum())
    order = sorted(range(len(losses)), key=lambda n: (-losses[n], case.scenarios[n].id))[:3]
    annual = evaluator.annual_loss(phi, gamma)
    return RingTrue(
        threshold=threshold,
        incidents_per_year=_incidents(case, rates, gamma, threshold),
        share_of_years_above=float(np.mean(annual > threshold)),
        aal=total,
        top=tuple((case.scenarios[n].id, float(losses[n]) / total if total else 0.0, float(rates[:, n].mean())) for n in order),
    )


def _incidents(case: Case, rates: FloatArray, gamma: FloatArray, threshold: float) -> float:
    """Expected events a year that cost more than the threshold: the rate of each scenario × the chance that one does.

    rates, gamma : shape (n_worlds, n_scenarios).
    """
    keep = np.exp(-gamma)
    above = [[s.severity.survival(threshold / left) for left in keep[:, n]] for n, s in enumerate(case.scenarios)]
    return float((rates * np.array(above).T).sum(axis=1).mean())


@dataclass(frozen=True, slots=True)
class OwnYears:
    """Incidents of some years: what the figures expect, and what there was.

    expected : with today's measures. incidents : None where nobody knows. fits : ``more`` or ``fewer`` than a company with these
    figures has in 95 of 100 such spans, ``fits``, or None where nobody knows.
    """

    threshold: float
    years: int
    expected: float
    incidents: int | None
    fits: str | None

    def to_dict(self) -> dict[str, object]:
        """As in the JSON documents."""
        return asdict(self)


def own_years(source: EventTable | Case, threshold: float, incidents: int | None, years: int = 5) -> OwnYears:
    """Hold the figures against an organisation's own past.

    Incidents are taken for Poisson: the past speaks against the figures when so many, or so few, have a chance below 2.5 %.

    Parameters
    ----------
    threshold : an incident costs more than this.
    incidents : how many there were in the years; None where nobody knows.
    """
    events = as_events(source)
    phi, gamma = reduce_plan(Reduction.of(events.case, events.worlds), current_plan(events.case))
    rates = Evaluator(events).expected.rates(phi)
    expected = years * _incidents(events.case, rates, gamma, threshold)
    fits = None
    if incidents is not None:
        few = float(special.pdtr(incidents, expected))
        many = 1.0 - float(special.pdtr(incidents - 1, expected)) if incidents else 1.0
        fits = "more" if many < DOUBT else "fewer" if few < DOUBT else "fits"
    return OwnYears(threshold, years, expected, incidents, fits)
