"""How much of a plan hangs on the sample and on the prices: the question asked again of other years at other prices."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import tenbin
from tenbin.errors import InputError, Problem
from tenbin.model import Capability, Case, MeasureLevel
from tenbin.simulation import EventTable
from tenbin.simulation.resample import resample_years
from tenbin.studies.loading import with_costs
from tenbin.studies.optimising import optimise
from tenbin.studies.results import Result
from tenbin.studies.simulating import Progress, as_events
from tenbin.units import Purpose, stream
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Robust", "Standing", "Steadiness", "robust"]

said = saying("problems")

TIME_LIMIT = 3.0
"""Seconds for each run: a plan is found early, what takes longer is its certificate, which is not asked for here."""

Item = TypeVar("Item", MeasureLevel, Capability)


class Standing(StrEnum):
    """How a measure stands: in more than 90 % of the plans, in 10 to 90 %, in fewer."""

    CORE = "core"
    CONTESTED = "contested"
    RARE = "rare"

    @classmethod
    def of(cls, n_chosen: int, n_plans: int) -> Standing:
        """The standing of a measure chosen in so many of the plans."""
        if 10 * n_chosen > 9 * n_plans:
            return cls.CORE
        return cls.RARE if 10 * n_chosen < n_plans else cls.CONTESTED


@dataclass(frozen=True, slots=True)
class Steadiness:
    """How often a measure was chosen, at any level and by level; in_plan: whether the plain question's plan has it."""

    measure: str
    share: float
    by_level: dict[str, float]
    standing: Standing
    in_plan: bool

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "measure": self.measure,
            "share": self.share,
            "levels": dict(self.by_level),
            "class": self.standing.value,
            "in_plan": self.in_plan,
        }


@dataclass(frozen=True)
class Robust:
    """What became of the plan on other years at other prices.

    measures : most often chosen first; shares are of the runs that have a plan; empty when none has. n_done : runs done of the
    ``n_runs`` asked for, fewer after an interruption. statuses : runs by how they ended. npvs : of the runs with a plan.
    """

    plain: Result = field(repr=False)
    measures: tuple[Steadiness, ...]
    n_runs: int
    n_done: int
    statuses: dict[str, int]
    npvs: tuple[float, ...] = field(repr=False)
    cost_spread: float
    seed: int

    @property
    def npv(self) -> dict[str, float] | None:
        """The 5 %, 50 % and 95 % points of the cheapest npv over the runs; None without a plan."""
        if not self.npvs:
            return None
        points = np.quantile(self.npvs, [0.05, 0.5, 0.95])
        return dict(zip(("p05", "p50", "p95"), points.tolist(), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "schema": 1,
            "version": tenbin.__version__,
            "case": self.plain.case.name,
            "currency": self.plain.case.currency,
            "n_runs": self.n_runs,
            "n_done": self.n_done,
            "n_plans": len(self.npvs),
            "statuses": dict(self.statuses),
            "cost_spread": self.cost_spread,
            "npv": self.npv,
            "plan": [{"measure": measure, "level": level} for measure, level in self.plain.plan.items()],
            "plan_npv": self.plain.cost.npv if self.plain.risk else None,
            "measures": [measure.to_dict() for measure in self.measures],
            "n_trials": self.plain.n_trials,
            "seed": self.seed,
        }

    def to_frame(self) -> pd.DataFrame:
        """One row per measure, most often chosen first: measure, title, share, class, in_plan, then a column for each level."""
        import pandas as pd

        titles = {measure.id: measure.title_en or measure.title_ja for measure in self.plain.case.catalogue.measures}
        levels = list(dict.fromkeys(level for measure in self.measures for level in measure.by_level))
        rows = [
            {
                "measure": one.measure,
                "title": titles.get(one.measure, ""),
                "share": one.share,
                "class": one.standing.value,
                "in_plan": one.in_plan,
                **{level: one.by_level.get(level, float("nan")) for level in levels},
            }
            for one in self.measures
        ]
        return pd.DataFrame(rows, columns=["measure", "title", "share", "class", "in_plan", *levels])


def robust(
    source: EventTable | Case,
    targets: Sequence[str] = (),
    *,
    n_runs: int = 20,
    cost_spread: float = 0.2,
    seed: int | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    **options: Any,
) -> Robust:
    """Ask the same question of other years at other prices, and say which measures are chosen whatever comes.

    Each run draws the years again with replacement and multiplies what each measure costs (capex, opex and effort of all its
    levels) and what each shared capability costs by a factor of its own. Amounts in targets and budgets stay; shares of today's
    or the inherent value are of each run's own. An expected loss is in closed form: for targets on it alone only prices differ.

    Parameters
    ----------
    source : an event table, or a case (then its years are drawn first).
    targets : as in ``optimise``.
    n_runs : how often; a share of 20 runs has a standard error of up to 11 percentage points.
    cost_spread : s from 0 to below 1; the factors are uniform in [1 − s, 1 + s].
    seed : of the years and the factors drawn; the event table's own when None.
    on_progress : called with (stage, done, total, detail).
    stop : set it to end with the runs done so far.
    options : as in ``optimise``; ``time_limit`` is for each run (3 seconds). The runs are the same for the same seed as long as
        the time limit suffices to find the same plans.

    Raises
    ------
    InputError : for what is not to be asked, as in ``optimise``; for a number of runs or a spread that is none.
    """
    _check(n_runs, cost_spread, seed)
    case = source.case if isinstance(source, EventTable) else source
    options.pop("raise_infeasible", None)
    costs = options.pop("costs", None)
    if costs is not None:
        case = with_costs(case, costs)
    events = replace(source, case=case) if isinstance(source, EventTable) else as_events(case, stop=stop)
    start = events.seed if seed is None else seed
    options = {"time_limit": TIME_LIMIT, **options}
    plain = optimise(events, targets, stop=stop, **options)
    # a result holds its years: only what is counted is kept
    statuses: list[str] = []
    plans: list[dict[str, str]] = []
    npvs: list[float] = []
    while len(statuses) < n_runs and not (stop and stop.is_set()):
        run = len(statuses)
        sample = resample_years(events, stream(start, Purpose.ROBUST, "years", "", block=run))
        priced = other_prices(case, cost_spread, start, run)
        result = optimise(replace(sample, case=priced), targets, stop=stop, **options)
        if result.status == "interrupted":
            break
        statuses.append(result.status)
        if result.risk is not None:
            plans.append(result.plan)
            npvs.append(result.cost.npv)
        if on_progress:
            on_progress("robust", len(statuses), n_runs, {"npv": npvs[-1]} if result.risk is not None else {})
    return Robust(
        plain=plain,
        measures=_steadiness(case, plain.plan, plans),
        n_runs=n_runs,
        n_done=len(statuses),
        statuses=dict(sorted(Counter(statuses).items())),
        npvs=tuple(npvs),
        cost_spread=cost_spread,
        seed=start,
    )


def other_prices(case: Case, spread: float, seed: int, run: int) -> Case:
    """The case with what each measure and each shared capability costs multiplied by a factor of its own.

    A factor belongs to (seed, run, id): another measure in the table changes no other's.
    """

    def factor(kind: str, name: str) -> float:
        return float(stream(seed, Purpose.ROBUST, kind, name, block=run).uniform(1 - spread, 1 + spread))

    by_measure = {measure: factor("measure", measure) for measure in case.costs.measures}
    rows = tuple(_times(row, by_measure[row.measure]) for row in case.costs.rows)
    shared = tuple(_times(capability, factor("shared", capability.id)) for capability in case.costs.capabilities)
    return replace(case, costs=replace(case.costs, rows=rows, capabilities=shared))


def _times(item: Item, factor: float) -> Item:
    return replace(
        item,
        capex=item.capex * factor,
        opex=item.opex * factor,
        effort_initial=item.effort_initial * factor,
        effort_yearly=item.effort_yearly * factor,
        ranges=tuple((name, guess.times(factor)) for name, guess in item.ranges),
    )


def _steadiness(case: Case, plan: dict[str, str], plans: Sequence[dict[str, str]]) -> tuple[Steadiness, ...]:
    if not plans:
        return ()
    n = len(plans)
    found = []
    for measure in case.costs.measures:
        chosen = Counter(one[measure] for one in plans if measure in one)
        found.append(
            Steadiness(
                measure=measure,
                share=chosen.total() / n,
                by_level={row.level: chosen[row.level] / n for row in case.costs.levels(measure)},
                standing=Standing.of(chosen.total(), n),
                in_plan=measure in plan,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.share, one.measure)))


def _check(n_runs: int, cost_spread: float, seed: int | None) -> None:
    problems = []
    if n_runs < 1:
        problems.append(Problem("robust", 0, "n_runs", said("must_from", n=1), str(n_runs), said("do_usual", n=20)))
    if not 0 <= cost_spread < 1:
        problems.append(
            Problem("robust", 0, "cost_spread", said("must_share_below"), str(cost_spread), said("do_usual", n=0.2))
        )
    if seed is not None and seed < 0:
        problems.append(Problem("robust", 0, "seed", said("must_from", n=0), str(seed), said("do_seed")))
    if problems:
        raise InputError(problems)
