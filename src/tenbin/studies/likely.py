"""The plan for the likely values beside the plan for uncertain ones: what not knowing costs, and what forgetting it would leave."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.evaluation import Reduction
from tenbin.model import Case
from tenbin.simulation import EventTable, simulate_case
from tenbin.studies.evaluating import Risk, evaluate
from tenbin.studies.optimising import optimise
from tenbin.studies.results import Met, Result
from tenbin.studies.scopes import Question
from tenbin.studies.simulating import Progress, as_events
from tenbin.words import saying

__all__ = ["BesideLikely", "beside_likely"]

said = saying("problems")


@dataclass(frozen=True)
class BesideLikely:
    """Two plans for one question: over the worlds, and as if every likely value were the true one.

    uncertain : the answer over the worlds. likely : that for the likely values. over_worlds : what the likely values' plan costs and
    leaves over the worlds; targets : how it stands there to what was asked.
    """

    uncertain: Result = field(repr=False)
    likely: Result = field(repr=False)
    over_worlds: Risk | None
    targets: tuple[Met, ...]

    @property
    def same(self) -> bool:
        """Whether both are one plan."""
        return self.likely.plan == self.uncertain.plan

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents: ``likely`` of ``optimise``."""
        mine, theirs = self.uncertain.plan, self.likely.plan
        return {
            "status": self.likely.status,
            "plan": [{"measure": measure, "level": level} for measure, level in theirs.items()],
            "same_plan": self.same,
            "only_here": [{"measure": m, "level": level} for m, level in theirs.items() if mine.get(m) != level],
            "not_here": [{"measure": m, "level": level} for m, level in mine.items() if theirs.get(m) != level],
            "cost": self.over_worlds.cost.to_dict() if self.over_worlds else None,
            "risk_if_likely": self.likely.risk.metrics() if self.likely.risk else None,
            "risk": self.over_worlds.metrics() if self.over_worlds else None,
            "targets": [target.to_dict() for target in self.targets],
        }


def beside_likely(
    source: EventTable | Case,
    result: Result | None = None,
    *,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    **question: Any,
) -> BesideLikely:
    """Answer a question over the worlds and for the likely values alone, and hold the second plan against the worlds too.

    Parameters
    ----------
    source : an event table in several worlds, or a case whose years are drawn so.
    result : the answer over the worlds, when at hand.
    question : as in ``optimise``.

    Raises
    ------
    InputError : when the years are in one world, so that there is nothing to compare.
    """
    events = as_events(source)
    if events.n_worlds == 1:
        raise InputError([Problem("--likely", 0, "", said("must_have_worlds"), "1", said("do_fill_ranges"))])
    mine = result or optimise(events, on_progress=on_progress, stop=stop, **question)
    single = simulate_case(
        events.case,
        events.n_trials,
        events.seed,
        n_threads=events.n_threads,
        is_stopped=stop.is_set if stop else lambda: False,
        n_worlds=1,
        memory=events.memory,
    )
    theirs = optimise(single, on_progress=on_progress, stop=stop, **question)
    if theirs.risk is None:
        return BesideLikely(mine, theirs, None, ())
    risk = evaluate(events, theirs.plan, evaluator=mine.inherent.evaluator)
    limits = Question(events.case, mine.question).limits(risk.evaluator, Reduction.of(events.case, events.worlds))
    values = risk.evaluator.values([limit.quantity for limit in limits], risk.phi, risk.gamma)
    met = tuple(Met(limit.label, limit.limit, limit.limit, value) for limit, value in zip(limits, values, strict=True))
    return BesideLikely(mine, theirs, risk, met)
