"""One event table with everything that is asked of it; questions on the same years share what evaluations taught."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tenbin.evaluation import CostModel, Evaluator, Reduction
from tenbin.model import Case
from tenbin.optimisation import Clock, Limit, Pool, Rules
from tenbin.optimisation import Problem as Master
from tenbin.simulation import EventTable
from tenbin.studies.asking import check_request, enough_years
from tenbin.studies.loading import with_costs
from tenbin.studies.scopes import Question
from tenbin.studies.simulating import Progress, as_events

__all__ = ["DELTA", "TIME_LIMIT", "Shared", "Study", "prepare", "shared_of"]

DELTA = 0.005
TIME_LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class Shared:
    """What every question on the same years uses: one evaluator, one pool of cuts; ``lock`` while one is being answered."""

    evaluator: Evaluator
    pool: Pool
    lock: threading.RLock


def shared_of(events: EventTable) -> Shared:
    """The evaluator and the pool of an event table's years; a table of the same years with other costs shares them.

    A table of the same years with other effects has an evaluator of its own, in whose worlds they are: the pool, kept in log
    reductions, is one.
    """
    blocks, structure, shared = events.memo.get("shared", (None, None, None))
    if shared is None or blocks is not events.blocks:
        evaluator = Evaluator(events)
        shared = Shared(evaluator, Pool(evaluator), threading.RLock())
    elif structure is not events.structure:
        evaluator = Evaluator(events)
        shared = Shared(evaluator, replace(shared.pool, evaluator=evaluator), shared.lock)
    events.memo["shared"] = (events.blocks, events.structure, shared)
    found: Shared = shared
    return found


@dataclass(frozen=True, slots=True)
class Study:
    """One event table with everything that is asked of it."""

    events: EventTable
    shared: Shared
    reduction: Reduction
    costs: CostModel
    rules: Rules
    question: Question
    clock: Clock
    delta: float
    on_progress: Progress | None

    @property
    def case(self) -> Case:
        return self.events.case

    @property
    def evaluator(self) -> Evaluator:
        return self.shared.evaluator

    def problem(self, limits: Sequence[Limit]) -> Master:
        """The question with these limits, on the shared pool."""
        return Master(self.evaluator, self.costs, self.rules, limits, self.shared.pool)


def prepare(
    source: EventTable | Case,
    targets: Sequence[str] = (),
    *,
    level: str | None = None,
    budget: str | float | None = None,
    max_days: str | float | None = None,
    require: Sequence[str] = (),
    exclude: Sequence[str] = (),
    costs: Any = None,
    metric: str = "tvar95",
    delta: float | None = None,
    time_limit: float | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    own_targets: bool = True,
) -> Study:
    """Check what is asked, then draw the years if they are not drawn; options as in ``optimise``."""
    case = source.case if isinstance(source, EventTable) else source
    if costs is not None:
        case = with_costs(case, costs)
    asked = check_request(
        case,
        targets,
        level=level,
        budget=budget,
        max_days=max_days,
        require=require,
        exclude=exclude,
        metric=metric,
        delta=delta,
        time_limit=time_limit,
        own_targets=own_targets,
    )
    if isinstance(source, EventTable):
        events = replace(source, case=case) if costs is not None else source
    else:
        events = as_events(case, on_progress=on_progress, stop=stop)
    enough_years(asked.targets, events.n_trials)
    question = Question(case, asked.targets)
    return Study(
        events=events,
        shared=shared_of(events),
        reduction=Reduction.of(case, events.worlds),
        costs=CostModel.of(case),
        rules=replace(asked.rules, covers=question.covers()),
        question=question,
        clock=Clock(TIME_LIMIT if time_limit is None else time_limit, stop),
        delta=DELTA if delta is None else delta,
        on_progress=on_progress,
    )
