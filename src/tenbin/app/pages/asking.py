"""What is asked of the scales: the level of risk, the budget, a named level, or the least of both together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from nicegui import events, ui

from tenbin.app.board import Answer
from tenbin.app.choosing import cheapest_for, safest_for
from tenbin.app.desk import Desk
from tenbin.app.pages.dial import Dial
from tenbin.app.pages.frame import heading, text
from tenbin.app.pages.limits import metric_choices, wrong
from tenbin.app.question import FIGURES, PERIODS, Aim, Question
from tenbin.inputs import parse_budget, parse_target
from tenbin.reporting.report.data import PlanView
from tenbin.studies.demand_words import target_words
from tenbin.studies.easing import plain_amount
from tenbin.units import parse_amount
from tenbin.words import speaker

__all__ = ["Asking"]

say = speaker("app")


class Asking:
    """The first part of the left column."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self._is_following = False
        currency = desk.case.currency if desk.case is not None else "JPY"
        heading(say("asked", lang), 2)
        self.aim = ui.radio({one.value: say(f"aim_{one.value}", lang) for one in Aim}, on_change=self._aim_chosen)
        self.aim.props(f'aria-label="{say("aims", lang)}" dense').classes("aims")
        self.panels: dict[Aim, ui.element] = {}
        with self._panel(Aim.RISK):
            self.risk_metric = self._metric_select(say("metric", lang))
            self.risk_about = text("", "p", "note")
            self.risk = Dial(
                say("risk_slider", lang), say("risk_box", lang), lang, currency,
                on_move=self._risk_moved, on_rest=self._risk_rests, rule=self._risk_rule,
            )  # fmt: skip
        with self._panel(Aim.BUDGET):
            self.period = ui.select(
                {one: say(f"period_{one.replace('-', '_')}", lang) for one in PERIODS}, label=say("period", lang)
            )
            self.period.props("dense outlined options-dense").on_value_change(self._period_chosen)
            self.budget = Dial(
                say("budget_slider", lang), say("budget_box", lang), lang, currency,
                on_move=self._budget_moved, on_rest=self._budget_rests, rule=self._budget_rule,
            )  # fmt: skip
            self.budget_metric = self._metric_select(say("lowered", lang))
        with self._panel(Aim.LEVEL):
            self.level = ui.select({}, label=say("level", lang)).props("dense outlined options-dense")
            self.level.on_value_change(self._level_chosen)
            self.level_about = text("", "p", "note")
        with self._panel(Aim.TOTAL):
            text(say("total_about", lang), "p", "note")

    def _panel(self, aim: Aim) -> ui.element:
        self.panels[aim] = ui.element("div").classes("panel")
        return self.panels[aim]

    def _metric_select(self, label: str) -> ui.select:
        select = ui.select(metric_choices(self.lang), label=label).props("dense outlined options-dense")
        select.on_value_change(self._metric_chosen)
        return select

    # what is shown

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        self._is_following = True
        try:
            if topic in ("question", "draft"):
                self._show_question()
            if topic in ("question", "draft", "board"):
                self._fit()
        finally:
            self._is_following = False

    def _show_question(self) -> None:
        question, case = self.desk.question, self.desk.case
        self.aim.set_value(question.aim.value)
        for aim, panel in self.panels.items():
            panel.set_visibility(aim is question.aim)
        for select in (self.risk_metric, self.budget_metric):
            select.set_value(question.metric)
        self.risk_about.set_text(say("risk_about", self.lang))
        self.period.set_value(question.period)
        levels = dict(case.levels) if case is not None else {}
        self.level.set_options({name: name for name in levels}, value=question.level if question.level in levels else None)
        self.level_about.set_text(self._level_words(bool(levels), levels.get(question.level, ())))

    def _level_words(self, are_there: bool, targets: Sequence[str]) -> str:
        if not are_there:
            return say("no_levels", self.lang)
        case = self.desk.case
        if not targets or case is None:
            return ""
        return say("level_means", self.lang, targets=[target_words(one, case, self.lang) for one in targets])

    def _fit(self) -> None:
        """Set the sliders' ends to what the plans known reach, and their places to what is asked."""
        board, question = self.desk.board, self.desk.question
        data = board.data
        if data is None or board.answer is None or board.answer.question != question:
            self.risk.put(_asked_amount(question, board.answer), question.limit)
            self.budget.put(_amount(question.budget), question.budget)
            return
        today = data.today_value if data.has_today else data.inherent_value
        values = [view.value for view in data.views]
        low = min(values) if len(values) > 1 else 0.3 * today
        if data.metric == question.metric:
            self.risk.fit(low, max(today, *values))
        answer = data.views[board.number] if board.number is not None else None
        limit = data.limit if question.aim is Aim.RISK and data.limit is not None else answer.value if answer else None
        self.risk.put(limit, question.limit)
        figures = [_figure(view, question.period) for view in data.views]
        most = max(*figures, *figures) if len(figures) > 1 else 2 * figures[0]
        self.budget.fit(min(figures) if len(figures) > 1 else 0.0, most)
        if question.aim is Aim.BUDGET:
            self.budget.put(_amount(question.budget), question.budget)
        elif answer is not None:
            self.budget.put(_figure(answer, question.period), question.budget)

    # what is done

    def _ask(self, question: Question) -> None:
        if not self._is_following:
            self.desk.ask(question)

    def _aim_chosen(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if self._is_following:
            return
        question = replace(self.desk.question, aim=Aim(event.value))
        case, board = self.desk.case, self.desk.board
        if question.aim is Aim.BUDGET and not question.budget:
            view = board.data.views[board.number] if board.data is not None and board.number is not None else None
            question = replace(question, budget=self.budget.said(_figure(view, question.period)) if view else "1M")
        if question.aim is Aim.LEVEL and case is not None and question.level not in case.levels:
            if not case.levels:
                self.aim.set_value(self.desk.question.aim.value)
                ui.notify(say("no_levels", self.lang))
                return
            question = replace(question, level=next(iter(case.levels)))
        self._ask(question)

    def _metric_chosen(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if self._is_following or event.value is None:
            return
        question, metric = self.desk.question, str(event.value)
        limit = question.limit
        if _amount(limit) is not None:  # an amount of one metric says nothing of another: what the plan shown leaves does
            limit = self._left(metric) or "100%"
        self._ask(replace(question, metric=metric, limit=limit))

    def _left(self, metric: str) -> str | None:
        """What the plan on the screen leaves of a metric, as it would be typed; None without a plan."""
        data, number = self.desk.board.data, self.desk.shown
        if data is None or number is None:
            return None
        value = data.views[number].document["risk"]["residual"].get(metric)
        return None if value is None else plain_amount(float(value))

    def _period_chosen(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if not self._is_following and event.value is not None:
            self._ask(replace(self.desk.question, period=str(event.value)))

    def _level_chosen(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if not self._is_following and event.value is not None:
            self._ask(replace(self.desk.question, level=str(event.value)))

    def _look(self, choose: Callable[[tuple[PlanView, ...]], int | None]) -> None:
        """Show at once the plan known already that suits best."""
        data = self.desk.board.data
        number = choose(data.views) if data is not None else None
        if number is not None:
            self.desk.look_at(number)

    def _risk_moved(self, amount: float) -> None:
        self._look(lambda views: cheapest_for(views, amount))

    def _risk_rests(self, typed: str) -> None:
        self._ask(replace(self.desk.question, limit=typed))

    def _risk_rule(self, typed: str) -> str | None:
        if self.desk.case is None:
            return None
        target, case = f"{self.desk.question.metric}={typed}", self.desk.case
        return wrong(lambda: parse_target(target, case, say("risk_box", self.lang)), self.lang)

    def _budget_moved(self, amount: float) -> None:
        period = self.desk.question.period
        self._look(lambda views: safest_for(views, FIGURES[period], amount))

    def _budget_rests(self, typed: str) -> None:
        self._ask(replace(self.desk.question, budget=typed))

    def _budget_rule(self, typed: str) -> str | None:
        budget = f"{typed}/{self.desk.question.period}"
        return wrong(lambda: parse_budget(budget, say("budget_box", self.lang)), self.lang)


def _asked_amount(question: Question, answer: Answer | None) -> float | None:
    """The amount that a target means: as typed, or what an answer without a plan says that it asked for; None where that is not known."""
    typed = _amount(question.limit)
    if typed is not None or answer is None or answer.question != question:
        return typed
    nearest = (answer.document.get("conflict") or {}).get("nearest", ())
    return next((float(near["asked"]) for near in nearest if near["demand"] == f"{question.metric}={question.limit}"), None)


def _figure(view: PlanView, period: str) -> float:
    return float(view.document["cost"][FIGURES[period]])


def _amount(typed: str) -> float | None:
    try:
        return parse_amount(typed)
    except ValueError:
        return None
