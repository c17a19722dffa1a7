"""What has to hold besides: more targets on the losses, and how many days of one's own people a plan may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui

from tenbin.app.desk import Desk
from tenbin.app.pages.frame import chip, focus, heading, text
from tenbin.app.pages.limits import metric_choices, wrong
from tenbin.app.question import Aim, Question
from tenbin.inputs import parse_days, parse_target
from tenbin.studies.demand_words import demand_words, target_words
from tenbin.words import speaker

__all__ = ["Conditions"]

say = speaker("app")

SURVIVE = "survive"


class Conditions:
    """Choose what is to hold, type how much; what is asked stands below, and goes away by a click."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        with ui.element("summary"):
            heading(say("conditions", lang), 2)
        text(say("conditions_about", lang), "p", "note")
        with ui.element("div").classes("fields") as self.targets:
            self.metric = ui.select(
                metric_choices(lang) | {SURVIVE: say("metric_survive", lang)}, value="aal", label=say("condition_of", lang)
            )
            self.metric.props("dense outlined options-dense").on_value_change(self._again)
            self.limit = ui.input(say("condition_box", lang), validation=self._target_rule)
            self.limit.props("dense outlined hide-bottom-space autocomplete=off").on("keydown.enter", self._add)
            with ui.element("div").classes("buttons"):
                ui.button(say("add_condition", lang), on_click=self._add).props("outline no-caps dense")
        self._days_shown = ""
        self.days = ui.input(say("days_box", lang), validation=self._days_rule)
        self.days.props("dense outlined hide-bottom-space autocomplete=off")
        self.days.on("keydown.enter", self._put_days).on("blur", self._put_days)
        self.chips = ui.element("ul").classes("chips").props(f'aria-label="{say("conditions", lang)}"')

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic not in ("question", "draft"):
            return
        question = self.desk.question
        self.targets.set_visibility(question.aim is Aim.RISK)
        days = question.max_days.removesuffix("/year")
        if days != self._days_shown:  # what is being typed stays while something else is asked
            self._days_shown = days
            self.days.set_value(days)
        self._show()

    def _days_asked(self) -> str:
        return str(self.days.value or "").strip()

    def _show(self) -> None:
        question, case = self.desk.question, self.desk.case
        targets = question.more if question.aim is Aim.RISK else ()
        asked: list[tuple[str, Callable[[], None]]] = [
            (target_words(one, case, self.lang) if case is not None else one, partial(self._drop, one)) for one in targets
        ]
        if question.max_days:
            days = question.max_days
            words = demand_words(f"max-days {days}", case, self.lang) if case is not None else days
            asked.append((words, self._drop_days))
        self.chips.clear()
        self.chips.set_visibility(bool(asked))
        with self.chips:
            for words, drop in asked:
                chip(words, say("drop_named_target", self.lang, target=words), drop)

    # what is done

    def _again(self) -> None:
        """What is typed may be right for one metric and wrong for another."""
        self.limit.validate()

    def _target(self) -> str:
        return f"{self.metric.value}={str(self.limit.value or '').strip()}"

    def _target_rule(self, typed: str | None) -> str | None:
        if not typed or not typed.strip() or self.desk.case is None:
            return None
        target, case = f"{self.metric.value}={typed.strip()}", self.desk.case
        return wrong(lambda: parse_target(target, case, say("condition_box", self.lang)), self.lang)

    def _add(self) -> None:
        question = self.desk.question
        if not str(self.limit.value or "").strip() or self._target_rule(self.limit.value) is not None:
            return
        if self._target() not in question.targets:
            others = [one for one in question.more if one.partition("=")[0] != self.metric.value]
            self.desk.ask(replace(question, more=(*others, self._target())))
        self.limit.set_value("")

    def _days_rule(self, typed: str | None) -> str | None:
        if not typed or not typed.strip():
            return None
        days = f"{typed.strip()}/year"
        return wrong(lambda: parse_days(days, say("days_box", self.lang)), self.lang)

    def _put_days(self) -> None:
        typed = self._days_asked()
        if self._days_rule(typed) is None:
            self._days_shown = typed
            self.desk.ask(replace(self.desk.question, max_days=f"{typed}/year" if typed else ""))

    def _drop(self, target: str) -> None:
        question = self.desk.question
        self._ask_without(replace(question, more=tuple(one for one in question.more if one != target)))

    def _drop_days(self) -> None:
        self._ask_without(replace(self.desk.question, max_days=""))

    def _ask_without(self, question: Question) -> None:
        self.desk.ask(question)
        focus(self.limit if self.targets.visible else self.days)
