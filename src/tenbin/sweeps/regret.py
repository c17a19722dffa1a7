"""Each plan of a sweep under every other assumption: what it costs and leaves there, beside the best that was found for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.errors import InputError, Problem, StorageError, TenbinError, refusal
from tenbin.evaluation import Reduction
from tenbin.inputs import parse_budget, parse_days, parse_plan, parse_targets
from tenbin.model import Budget, Case, Days, Period
from tenbin.optimisation import MET
from tenbin.simulation import EventTable, default_threads
from tenbin.studies.evaluating import evaluate
from tenbin.studies.scopes import Question, metric_quantity, reduce_plan
from tenbin.studies.simulating import Progress
from tenbin.studies.study import shared_of
from tenbin.sweeps.axes import QUESTION
from tenbin.sweeps.bases import Base
from tenbin.sweeps.keeping import CASES, points_of
from tenbin.sweeps.points import ENGINE, Points, Task
from tenbin.sweeps.reading import frame_of
from tenbin.sweeps.solving import Desk
from tenbin.sweeps.store import find_sweep, need
from tenbin.units import parse_memory, usable_memory
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_EVALUATIONS", "sweep_regret"]

said = saying("sweeps")

MOST_EVALUATIONS = 200_000
"""Plans times assumptions: about so many evaluations take a quarter of an hour."""

USUAL = "tvar95"
FIGURES = (
    "per_year",
    "aal",
    "value",
    "met",
    "short",
    "missed",
    "best_per_year",
    "best_aal",
    "best_value",
    "regret_cost",
    "regret_value",
    "regret",
)


@dataclass(frozen=True, slots=True)
class _Assumption:
    """A point with its answer: the task, its number, what was found for it; no plan where none meets its question."""

    number: int
    task: Task
    row: Mapping[str, Any]


def sweep_regret(
    sweep: str | Path = "latest",
    *,
    out: str | Path | None = None,
    metric: str | None = None,
    memory: str | int | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> pd.DataFrame:
    """What it costs to have planned for another assumption than the one that comes true.

    Points that ask the same question (targets, level, budget …) differ in assumptions: case, prices, any figure, seed. Each plan that
    was found for one of them is evaluated under all.

    Parameters
    ----------
    sweep, out : as in ``read_sweep``; it may be running still.
    metric : of ``value``: ``aal``, ``tvar95`` …; what a budget makes lowest, else ``tvar95``, unless given.
    memory : what events may take.

    Returns
    -------
    One row a plan and assumption: the question's axes; ``plan``, ``planned_for`` (the first point that it was found for), ``n_planned_for``;
    ``point`` and the assumption's axes; ``per_year``, ``aal``, ``value`` of the plan there; whether it is ``met`` there, else what is
    ``missed`` (targets, budget, max-days, rules of the case) and by which share of its limit it falls ``short``; ``best_…`` of the plan that
    was found for the assumption; ``regret_cost`` = per_year −
    best_per_year, ``regret_value`` = value − best_value, and ``regret``: the one of them that the question makes lowest (the cost of a
    target, the risk of a budget), money a year. A plan that falls short may cost less than the best: then its regret can be below 0. Rows of
    a plan whose measures the assumption's case does not have are blank; so is ``best_…`` under an assumption that no plan meets.

    Raises
    ------
    InputError : when there is no such sweep, or far too much to evaluate.
    StorageError : when the folder's cases are not those that its points were made of.
    """
    import pandas as pd

    need("pyarrow")
    store = find_sweep(sweep, out)
    frame, points = frame_of(store), points_of(store)
    axes = [axis.name for axis in points.axes]
    asked, assumed = ([name for name in axes if (name in QUESTION) == is_asked] for is_asked in (True, False))
    groups = _groups(frame, points, asked)
    n_all = sum(len(group) * len(_plans(group)) for group in groups.values())
    if n_all > MOST_EVALUATIONS:
        rule, remedy = said("must_evaluations", n=MOST_EVALUATIONS), said("do_fewer")
        raise InputError([Problem(str(store.path), 0, "", rule, f"{n_all:,}", remedy)])
    if metric is not None:
        _check_metric(points, metric)
    desk = Desk(parse_memory(memory) if memory is not None else usable_memory(), default_threads())
    rows: list[dict[str, Any]] = []
    for question, group in groups.items():
        plans = _plans(group)
        for assumption in sorted(group, key=lambda one: (one.task.years, one.task.content)):
            if stop is not None and stop.is_set():
                break
            found = _under(assumption, points, desk, plans, metric)
            where = {name: frame[name].iloc[assumption.number] for name in assumed}
            for (plan, numbers), figures in zip(plans.items(), found, strict=True):
                of = {"plan": plan, "planned_for": numbers[0], "n_planned_for": len(numbers)}
                own = {"is_own": assumption.number in numbers}
                rows.append(
                    {**dict(zip(asked, question, strict=True)), **of, "point": assumption.number, **own, **where, **figures}
                )
            if on_progress is not None:
                on_progress("regret", len(rows), n_all, {})
    names = [*asked, "plan", "planned_for", "n_planned_for", "point", "is_own", *assumed, *FIGURES]
    return pd.DataFrame(rows, columns=names).sort_values([*asked, "planned_for", "point"], ignore_index=True)


def _check_metric(points: Points, metric: str) -> None:
    """``InputError`` for a metric that is none."""
    for base in points.bases.values():
        if isinstance(base, Base):
            metric_quantity(base.case(), metric)
            return


def _groups(frame: pd.DataFrame, points: Points, asked: list[str]) -> dict[tuple[Any, ...], list[_Assumption]]:
    """Points with a plan, or for which there is none, by the question that they ask; of equal points the first."""
    groups: dict[tuple[Any, ...], list[_Assumption]] = {}
    seen: set[str] = set()
    for number, row in enumerate(frame.to_dict("records")):
        if row["key"] in seen or not (isinstance(row["plan"], str) or row["status"] == "infeasible"):
            continue
        seen.add(str(row["key"]))
        task = points.task(number)
        if row["engine"] == ENGINE and task.key != row["key"]:
            rule, remedy = said("must_whole_sweep"), said("do_sweep_again")
            raise StorageError(refusal(f"{CASES}/", rule, f"{task.key[:8]} ≠ {row['key'][:8]}", remedy))
        if isinstance(task, Task):
            groups.setdefault(tuple(row[name] for name in asked), []).append(
                _Assumption(number, task, {str(name): value for name, value in row.items()})
            )
    return groups


def _plans(group: list[_Assumption]) -> dict[str, list[int]]:
    """The plans of a question, each with the points that it was found for."""
    found: dict[str, list[int]] = {}
    for one in sorted(group, key=lambda one: one.number):
        if not isinstance(one.row["plan"], str):
            continue
        found.setdefault(str(one.row["plan"]), []).append(one.number)
    return found


def _under(
    assumption: _Assumption, points: Points, desk: Desk, plans: Mapping[str, list[int]], metric: str | None
) -> Iterator[dict[str, Any]]:
    """The figures of each plan under an assumption."""
    task = assumption.task
    blank: dict[str, Any] = dict.fromkeys(FIGURES)
    try:
        case = desk.case(task, points.of_base(task.base), points.prices_on)
        events = desk.events(task, case, None)
        judge = _Judge.of(events.case, events, task.asked, metric)
        found_there = assumption.row["plan"]
        best = judge.figures(found_there) if isinstance(found_there, str) else blank
    except TenbinError:
        yield from (blank for _ in plans)
        return
    for plan in plans:
        try:
            found = judge.figures(plan)
        except InputError:  # this case has no such measure
            yield blank
            continue
        if best["per_year"] is None:  # no plan meets the question here, so none is better
            yield {**blank, **found}
            continue
        ahead = {f"best_{name}": best[name] for name in ("per_year", "aal", "value")}
        cost, value = (found[name] - best[name] for name in ("per_year", "value"))
        yield {**found, **ahead, "regret_cost": cost, "regret_value": value, "regret": value if judge.is_bought else cost}


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says what plans cost and leave on some years, and whether they meet the question there.

    is_bought : what a budget buys is asked, no target.
    """

    case: Case
    events: EventTable
    question: Question
    budget: Budget | None
    days: Days | None
    is_bought: bool
    metric: str

    @classmethod
    def of(cls, case: Case, events: EventTable, asked: Mapping[str, Any], metric: str | None) -> _Judge:
        texts = [*asked.get("target", ()), *case.levels.get(str(asked.get("level")), ())]
        if not texts and "budget" not in asked:
            texts = list(case.targets)
        budget = parse_budget(asked["budget"]) if "budget" in asked else None
        days = parse_days(asked["max-days"]) if "max-days" in asked else None
        lowest = metric or (USUAL if texts else str(asked.get("metric", USUAL)))
        return cls(case, events, Question(case, parse_targets(texts, case)), budget, days, not texts, lowest)

    def figures(self, text: str) -> dict[str, Any]:
        """Of one plan; ``InputError`` for one that is none here."""
        plan = parse_plan(text, self.case)
        evaluator = shared_of(self.events).evaluator
        risk = evaluate(self.events, plan, evaluator=evaluator)
        reduction = Reduction.of(self.case, self.events.worlds)
        chosen = reduce_plan(reduction, plan)
        value = evaluator.value(metric_quantity(self.case, self.metric), *chosen)
        limits = self.question.limits(evaluator, reduction)
        over = {one.label: _over(evaluator.value(one.quantity, *chosen), one.limit) for one in limits}
        cost = risk.cost
        if self.budget is not None:
            spent = {"first-year": cost.first_year_cash, "year": cost.per_year, "total": cost.npv}[self.budget.period.value]
            over["budget"] = _over(spent, self.budget.amount)
        if self.days is not None:
            spent = cost.days_first_year if self.days.period is Period.FIRST_YEAR else cost.days_per_year
            over["max-days"] = _over(spent, self.days.days)
        rows = np.array([row.key in plan.items() for row in self.case.costs.rows], bool)
        missed = [label for label, share in over.items() if share > MET]
        missed += [cover.label for cover in self.question.covers() if cover.supported(rows) < cover.at_least]
        missed += [str(rule) for rule in risk.violations]
        short = max((over[label] for label in missed if label in over), default=0.0)
        figures = {"per_year": cost.per_year, "aal": risk.aal, "value": value}
        return {**figures, "met": not missed, "short": short, "missed": "; ".join(missed)}


def _over(value: float, limit: float) -> float:
    """By which share of its limit a value is above it."""
    return value / limit - 1 if limit > 0 else float(value > 0)
