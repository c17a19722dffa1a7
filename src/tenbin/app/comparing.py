"""Two plans beside each other: which there are to choose from, what each costs and leaves, what each meets of the question."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.app.question import FIGURES, METRICS, Aim, Question
from tenbin.errors import InputError
from tenbin.inputs import parse_budget, parse_plan, parse_targets
from tenbin.model import current_plan
from tenbin.reporting.chart_data import Change, CostRow, Label
from tenbin.reporting.curve_points import CurvePoints, curve_points
from tenbin.reporting.report.data import CONFIDENCES
from tenbin.simulation import EventTable
from tenbin.studies.easing import plain_amount

if TYPE_CHECKING:
    from tenbin.app.desk import Desk
    from tenbin.studies import Risk

__all__ = ["Check", "Choice", "Line", "Side", "as_question", "choices_of", "lines_of", "side_of"]

CELLS = 90
"""Cells of a curve's grids: the page's pictures are small."""
COSTS = ("per_year", "first_year", "first_year_cash", "npv")
DAYS = ("days_first_year", "days_per_year")


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan that can be looked at.

    key : in the page's address. kind : ``answer``, ``today``, ``nothing``, ``shelf``, ``front``, ``named``. name : what somebody called it.
    amounts : its cost a year and its metric, where they are known already.
    """

    key: str
    kind: str
    plan: Mapping[str, str] = field(compare=False)
    name: str = ""
    amounts: tuple[float, float] | None = None


def choices_of(desk: Desk) -> list[Choice]:
    """Every plan that there is to compare, as far as it is known by now; each key once."""
    found = {choice.key: choice for choice in reversed(list(_choices(desk)))}
    return list(reversed(found.values()))


def _choices(desk: Desk) -> Iterator[Choice]:
    board, case = desk.board, desk.case
    if board.data is not None and board.number is not None:
        answer = board.data.views[board.number]
        yield Choice("answer", "answer", answer.plan, amounts=(answer.per_year, answer.value))
    if case is None:
        return
    if current_plan(case):
        yield Choice("today", "today", current_plan(case))
    yield Choice("nothing", "nothing", {})
    for one in desk.shelf:
        yield Choice(f"shelf-{_mark(one.plan)}", "shelf", one.plan, one.name)
    for n, view in enumerate(board.data.views if board.data is not None else ()):
        if n != board.number:
            yield Choice(f"front-{_mark(view.plan)}", "front", view.plan, amounts=(view.per_year, view.value))
    for number, plan in enumerate(case.plans):
        try:
            yield Choice(f"plan-{number + 1}", "named", parse_plan(plan.name, case), plan.name)
        except InputError:
            continue


def _mark(plan: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(plan.items())).encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Check:
    """A demand of the question on one plan: a limit's value, or how many references of how many.

    kind : ``amount``, ``days`` or ``count``: what limit and value are. A count has to reach its limit, others have to stay within.
    """

    label: str
    kind: str
    limit: float
    value: float
    is_met: bool


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A plan with everything that is shown of it.

    losses : its VaR at ``CONFIDENCES``. over_reserve : the share of years that cost more than the reserve; None without one. standards :
    how many references of each are supported, of how many. rows : what is bought, with its prices.
    """

    choice: Choice
    risk: Risk
    costs: Mapping[str, float]
    metrics: Mapping[str, float]
    checks: tuple[Check, ...]
    over_reserve: float | None
    standards: tuple[tuple[Label, int, int], ...]
    rows: tuple[CostRow, ...]
    curve: CurvePoints
    losses: tuple[float, ...]


def side_of(choice: Choice, events: EventTable, question: Question) -> Side:
    """Evaluate a plan on the years that are drawn, and hold it against the question.

    Raises
    ------
    InputError : when it has a measure that the case no longer has.
    """
    from tenbin.studies import coverage, evaluate
    from tenbin.studies.charting import cost_rows
    from tenbin.studies.results import change_of

    case = events.case
    risk = evaluate(events, dict(choice.plan))
    reserve = case.organisation.cash_reserve
    change = {entry["measure"]: kind for kind, entries in change_of(case, choice.plan).items() for entry in entries}
    return Side(
        choice=choice,
        risk=risk,
        costs={name: float(value) for name, value in risk.cost.to_dict().items()},
        metrics=risk.metrics(),
        checks=tuple(_checks(events, question, risk)),
        over_reserve=risk.exceedance(reserve) if reserve is not None else None,
        standards=tuple(_standards(coverage(case, choice.plan).standards)),
        rows=tuple(row for row in cost_rows(case, choice.plan, change) if row.change is not Change.DROP),
        curve=curve_points(np.sort(risk.annual_loss), cells=CELLS),
        losses=tuple(risk.var(confidence) for confidence in CONFIDENCES),
    )


def _standards(found: Sequence[Any]) -> Iterator[tuple[Label, int, int]]:
    from tenbin.catalogue import standard_titles

    for row in found:
        yield Label(row.standard, *standard_titles().get(row.standard, ("", ""))), row.n_supported, row.n_references


def _checks(events: EventTable, question: Question, risk: Risk) -> Iterator[Check]:
    """What is asked on the scales, of this plan; nothing where it is not of this case."""
    from tenbin.evaluation import Reduction
    from tenbin.inputs import parse_days
    from tenbin.studies.results import Met
    from tenbin.studies.scopes import Question as Targets

    case, costs = events.case, risk.cost.to_dict()
    texts = case.levels.get(question.level, ()) if question.aim is Aim.LEVEL else question.targets
    try:
        asked = Targets(case, tuple(parse_targets(texts, case)))
        reduction = Reduction.of(case, events.worlds)
        limits = asked.limits(risk.evaluator, reduction)
        values = risk.evaluator.values([limit.quantity for limit in limits], risk.phi, risk.gamma) if limits else ()
        for limit, value in zip(limits, values, strict=True):
            met = Met(limit.label, limit.limit, limit.limit, float(value)).met
            yield Check(limit.label, "amount", limit.limit, float(value), met)
        for cover in asked.covers():
            n = cover.supported(reduction.choice(risk.plan))
            yield Check(cover.label, "count", cover.at_least, n, n >= cover.at_least)
        if question.aim is Aim.BUDGET:
            budget = parse_budget(f"{question.budget}/{question.period}")
            value = float(costs[FIGURES[question.period]])
            yield Check(
                f"budget {question.budget}/{question.period}",
                "amount",
                budget.amount,
                value,
                value <= budget.amount * (1 + 1e-9),
            )
        if question.max_days:
            days = parse_days(question.max_days)
            value = float(costs["days_per_year" if days.period == "year" else "days_first_year"])
            yield Check(
                f"max-days {days.days:g}/{days.period.value}", "days", days.days, value, value <= days.days * (1 + 1e-9)
            )
    except InputError:
        return


@dataclass(frozen=True, slots=True)
class Line:
    """What one plan buys, or both: ``where`` is ``left``, ``right``, ``level`` (both, at other levels or prices) or ``both``."""

    label: Label
    where: str
    left: CostRow | None
    right: CostRow | None


def lines_of(left: Side, right: Side) -> list[Line]:
    """Measures, what is bought for several, and what is paid in, by where they are."""
    ours, theirs = ({(row.kind.value, row.label.id): row for row in side.rows} for side in (left, right))
    found = []
    for name in sorted({**ours, **theirs}):
        one, other = ours.get(name), theirs.get(name)
        label = (one or other).label  # type: ignore[union-attr]
        if one is None or other is None:
            where = "right" if one is None else "left"
        else:
            is_same = (one.level, one.capex, one.yearly) == (other.level, other.capex, other.yearly)
            where = "both" if is_same else "level"
        found.append(Line(label, where, one, other))
    return found


def as_question(question: Question, side: Side) -> Question:
    """The question that the plan stands for: as little of the metric as it leaves."""
    metric = question.metric if question.metric in METRICS and question.metric in side.metrics else "tvar95"
    return replace(question, aim=Aim.RISK, metric=metric, limit=plain_amount(side.metrics[metric]))
