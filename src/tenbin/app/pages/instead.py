"""Why there is no plan, and what there is instead."""

from __future__ import annotations

import logging
from dataclasses import replace

from nicegui import ui

from tenbin.app.board import Answer
from tenbin.app.desk import Desk
from tenbin.app.pages.frame import focus_title, heading, text
from tenbin.app.question import FIGURES, METRICS, PLAIN, Aim, Question
from tenbin.errors import TenbinError
from tenbin.reporting.sentences import spoken
from tenbin.studies.demand_words import demand_words
from tenbin.studies.easing import Eased, eased_requests, plain_amount
from tenbin.units import format_amount, parse_amount
from tenbin.words import speaker

__all__ = ["Instead", "error_words", "told"]

say = speaker("app")
log = logging.getLogger(__name__)


def error_words(error: TenbinError, lang: str) -> str:
    """What went wrong: what an error says of itself, or that it is tenbin's own."""
    return say("internal", lang) if error.args == ("internal",) else error.message(lang)


def told(error: Exception) -> TenbinError:
    """What went wrong as it is told: what is no mistake of the user's is logged, and the page goes on."""
    if isinstance(error, TenbinError):
        return error
    log.error("a page could not do something", exc_info=error)
    return TenbinError("internal")


class Instead:
    """For a question without a plan: what cannot hold together, and the nearest questions that have one, as buttons."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self._drawn: tuple[object, ...] = ()
        self.place = ui.element("div").classes("notice").props("role=status")
        self.place.set_visibility(False)

    def follow(self, topic: str) -> None:
        """Show what has changed; drawn anew only where that is something else: a button stays under the hand."""
        if topic not in ("board", "question", "draft"):
            return
        answer = self.desk.board.answer
        is_current = answer is not None and answer.question == self.desk.question
        if answer is None or not is_current or answer.has_plan:
            self.place.set_visibility(False)
            return
        front = self.desk.board.front
        drawn = (
            answer.question,
            str(answer.error),
            repr(answer.document.get("conflict")),
            front is not None and bool(front.points),
        )
        self.place.set_visibility(True)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.place.clear()
        with self.place:
            if answer.error is None:
                self._infeasible(answer)
            else:
                text(error_words(answer.error, self.lang), "p", "strong")

    def _infeasible(self, answer: Answer) -> None:
        heading(say("no_plan", self.lang), 2)
        conflict = answer.document.get("conflict")
        if not conflict:
            self._least(answer)
            return
        text(say("together" if len(conflict["demands"]) > 1 else "alone", self.lang))
        with ui.element("ul"):
            for demand in conflict["demands"]:
                text(demand_words(str(demand), answer.case, self.lang), "li")
        eased = eased_requests(answer.result) if answer.result is not None else []
        if any(one is not None for one in eased):
            text(say("nearest", self.lang))
        with ui.element("div").classes("buttons"):
            for near, one in zip(conflict["nearest"], eased, strict=True):
                question = self._asking(answer.question, one)
                if question is not None:
                    self._button(self._offer(answer, near, question), question)

    def _least(self, answer: Answer) -> None:
        """Nothing conflicts: the budget is below what the rules make anyone pay, or the measures do not reach so far."""
        front = self.desk.board.front
        if answer.question.aim is not Aim.BUDGET or front is None or not front.points:
            text(say("no_plan_why", self.lang))
            return
        figure = FIGURES[answer.question.period]
        least = plain_amount(min(float(point.cost.to_dict()[figure]) for point in front.points))
        amount = format_amount(parse_amount(least), self.lang, answer.case.currency)
        text(say("budget_short", self.lang, amount=amount))
        with ui.element("div").classes("buttons"):
            self._button(say("take_budget", self.lang, amount=amount), replace(answer.question, budget=least))

    def _button(self, words: str, question: Question) -> None:
        ui.button(words, on_click=lambda: self._take(question)).props("outline no-caps")

    def _take(self, question: Question) -> None:
        self.desk.ask(question)
        focus_title()  # the offers are gone with it

    def _asking(self, question: Question, eased: Eased | None) -> Question | None:
        """The question with one demand eased; None where a number does not say it."""
        if eased is None:
            return None
        if question.aim is Aim.BUDGET:
            return replace(question, budget=str(eased.budget).partition("/")[0]) if eased.budget else None
        if question.aim is Aim.LEVEL:
            return _of_targets(question, eased.targets)
        found = _of_targets(question, eased.targets)
        return replace(found, max_days=eased.max_days or question.max_days) if found is not None else None

    def _offer(self, answer: Answer, near: dict[str, object], question: Question) -> str:
        value = near.get("value")
        if question.limit != answer.question.limit or question.aim is not answer.question.aim:
            amount = (
                spoken(float(str(value)), self.lang, answer.case.currency) if isinstance(value, int | float) else question.limit
            )
            return say("take_risk", self.lang, amount=amount)
        if question.budget != answer.question.budget:
            return say("take_budget", self.lang, amount=format_amount(float(str(value)), self.lang, answer.case.currency))
        asked = [one for one in question.targets if one not in answer.question.targets]
        changed = asked[0] if asked else f"max-days {question.max_days}"
        return say("take_other", self.lang, demand=demand_words(changed, answer.case, self.lang))


def _of_targets(question: Question, targets: tuple[str, ...]) -> Question | None:
    """The question that asks these targets; the first on a plain metric is the slider's."""
    plain = next((match for one in targets if (match := PLAIN.fullmatch(one)) and match[1] in METRICS), None)
    if plain is None:
        return None
    more = tuple(one for one in targets if one != plain[0])
    return replace(question, aim=Aim.RISK, metric=plain[1], limit=plain[2], more=more)
