"""What matters, in one call: the tornado, the shares of variance and the value of information."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import tenbin
from tenbin.errors import InputError, Problem
from tenbin.inputs import parse_plan
from tenbin.model import Case, current_plan
from tenbin.sensitivity.guesses import Guess, guesses_of
from tenbin.sensitivity.informing import Information, Worth, information_value
from tenbin.sensitivity.sharing import VarianceShares, variance_shares
from tenbin.sensitivity.swinging import Swing, Tornado, thinned_years, tornado
from tenbin.sensitivity.wording import nothing_uncertain, said
from tenbin.simulation import EventTable
from tenbin.studies.asking import enough_years_for
from tenbin.studies.scopes import metric_quantity
from tenbin.studies.simulating import Progress, simulate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WhatMatters", "check_asked", "what_matters"]

LEAST_WORLDS = 16
MOST_YEARS = 100_000_000


@dataclass(frozen=True)
class WhatMatters:
    """Which guess matters, in three ways.

    tornado : of the plan asked for. today : of what is in place; None where that is the plan. shares : of the plan's expected loss.
    information : what knowing a guess is worth; it is about the best plan, not about the one asked for.
    """

    case: Case = field(repr=False)
    plan_name: str
    guesses: tuple[Guess, ...] = field(repr=False)
    tornado: Tornado
    today: Tornado | None
    shares: VarianceShares
    information: Information
    seconds: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """The document of ``sensitivity --json``."""
        return {
            "schema": 1,
            "kind": "sensitivity",
            "version": tenbin.__version__,
            "case": self.case.name,
            "currency": self.case.currency,
            "warnings": list(self.case.warnings),
            "plan_name": self.plan_name,
            "metric": self.tornado.metric,
            "guesses": {guess.key: guess.to_dict() for guess in self.guesses},
            "information": self.information.to_dict(),
            "tornado": self.tornado.to_dict(),
            "today": self.today.to_dict() if self.today else None,
            "shares": self.shares.to_dict(),
            "n_trials": self.tornado.n_trials,
            "seed": self.tornado.seed,
            "seconds": dict(self.seconds),
        }

    def to_frame(self) -> pd.DataFrame:
        """One row per guess, the most worth knowing first: what it is, its range, the swings, its share of variance, its worth."""
        import pandas as pd

        swings: dict[str, Swing] = {swing.guess.key: swing for swing in (*self.tornado.swings, *self.tornado.costs)}
        today: dict[str, Swing] = {swing.guess.key: swing for swing in self.today.swings} if self.today else {}
        shares = {one.guess.key: one for one in self.shares.shares}
        rows = []
        for worth in self.information.worths:
            guess = worth.guess
            swing, now, share = swings.get(guess.key), today.get(guess.key), shares[guess.key]
            rows.append(
                {
                    "guess": guess.key,
                    **{name: value for name, value in guess.to_dict().items() if value is not None},
                    "metric_low": swing.low if swing else None,
                    "metric_high": swing.high if swing else None,
                    "metric_error": swing.error if swing else None,
                    "today_low": now.low if now else None,
                    "today_high": now.high if now else None,
                    "share_of_variance": share.share,
                    "share_error": share.error,
                    "worth_per_year": worth.per_year,
                    "worth_error": worth.error,
                }
            )
        return pd.DataFrame(rows)

    @property
    def first(self) -> Worth | None:
        """The guess to find out first; None where knowing none would change the plan."""
        found = self.information.worths[0]
        return found if found.per_year > 0 else None


def what_matters(
    source: EventTable | Case,
    plan: Mapping[str, str] | str = "current",
    metric: str = "tvar95",
    *,
    n_trials: int | None = None,
    seed: int | None = None,
    n_worlds: int | None = None,
    memory: str | int | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> WhatMatters:
    """Say which guess moves a metric most, which explains most of not knowing, and which is worth finding out first.

    Parameters
    ----------
    source : an event table (whose years' number and seed are taken) or a case.
    plan : as in ``evaluate``, for the tornado and the shares of variance.
    metric : of the tornado; the shares are of the expected loss of its scope.
    n_trials, seed, memory : of the tornado's years, as in ``simulate``. n_worlds : in which expected losses are worked out; 2,048 for
        the shares and 1,024 for the value of information unless given.
    on_progress : called with (stage, done, total, detail). stop : set it to end the work; of the value of information what is known
        is kept.

    Raises
    ------
    InputError : for an unknown plan or metric, or when nothing in the case has a range, all at once.
    SimulationError : when the work was stopped.
    """
    case = source.case if isinstance(source, EventTable) else source
    years = n_trials if n_trials is not None else source.n_trials if isinstance(source, EventTable) else case.study.n_trials
    start = seed if seed is not None else source.seed if isinstance(source, EventTable) else case.study.seed
    chosen = check_asked(case, plan, metric, years, start, n_worlds, memory)
    began = time.perf_counter()
    thinned = thinned_years(case, years, start, memory)
    how: dict[str, Any] = {"n_trials": years, "seed": start, "years": thinned, "on_progress": on_progress, "stop": stop}
    swings = tornado(case, chosen, metric, **how)
    today = tornado(case, "current", metric, **how) if chosen != current_plan(case) else None
    swung = time.perf_counter()
    worlds: dict[str, Any] = {} if n_worlds is None else {"n_worlds": n_worlds}
    shares = variance_shares(case, chosen, metric, seed=start, **worlds)
    shared = time.perf_counter()
    worth = information_value(case, seed=start, plans=[chosen], on_progress=on_progress, stop=stop, **worlds)
    seconds = {"tornado": swung - began, "shares": shared - swung, "information": time.perf_counter() - shared}
    name = plan if isinstance(plan, str) else ""
    return WhatMatters(case, name, guesses_of(case), swings, today, shares, worth, seconds)


def check_asked(
    case: Case,
    plan: Mapping[str, str] | str,
    metric: str,
    n_trials: int | None = None,
    seed: int | None = None,
    n_worlds: int | None = None,
    memory: str | int | None = None,
) -> dict[str, str]:
    """The plan; as in ``what_matters``, before any long work.

    Raises
    ------
    InputError : with all that is wrong.
    """
    problems: list[Problem] = []
    chosen: dict[str, str] = {}
    years = case.study.n_trials if n_trials is None else n_trials

    def plan_is_one() -> None:
        chosen.update(parse_plan(plan, case))

    def metric_is_one() -> None:
        metric_quantity(case, metric)
        if years > 0:
            enough_years_for(metric, case, years)

    def can_be_drawn() -> None:  # a single year: what is wrong with how it is drawn is said at once
        simulate(case, 1 if 1 <= years <= MOST_YEARS else years, seed, memory=memory)

    for check in (plan_is_one, metric_is_one, can_be_drawn):
        try:
            check()
        except InputError as error:
            problems.extend(error.problems)
    if not guesses_of(case):
        problems.extend(nothing_uncertain().problems)
    if n_worlds is not None and n_worlds < LEAST_WORLDS:
        rule = said("must_worlds", n=LEAST_WORLDS)
        problems.append(Problem("--worlds", 0, "", rule, str(n_worlds), said("do_worlds")))
    if problems:
        raise InputError(problems)
    return chosen
