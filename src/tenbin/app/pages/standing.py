"""Where the study stands: what is being done and how far, what is wrong, what can be reached instead, what can be done with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nicegui import run, ui

from tenbin.app.desk import Desk
from tenbin.app.live import Answer, Stage
from tenbin.app.pages.frame import address, heading, text
from tenbin.app.pages.troubles import show_trouble, trouble_place
from tenbin.app.question import FIGURES, METRICS, PLAIN, Aim, Question
from tenbin.errors import Problem
from tenbin.reporting.sentences import spoken
from tenbin.studies.easing import Eased, eased_requests, plain_amount
from tenbin.units import format_amount, parse_amount
from tenbin.words import in_language, speaker

__all__ = ["Standing"]

say = speaker("app")

MOST_PROBLEMS = 5


class Standing:
    """The strip above the answer."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self._drawn: tuple[object, ...] = ()
        self.trouble = trouble_place()
        self.problems = ui.element("div").classes("notice bad").props("role=alert")
        self.instead = ui.element("div").classes("notice").props("role=status")
        with ui.element("div").classes("standing"):
            with ui.element("div").classes("doing").props("role=status aria-live=polite"):
                self.spinner = ui.spinner(size="1.1rem").props("aria-hidden=true")
                self.stage = text("", "span")
            self.progress = ui.linear_progress(0, show_value=False, size="6px").props(
                f'aria-label="{say("frontier_progress", lang)}"'
            )
            self.traced = text("", "span", "note")
            self.pause = ui.button(on_click=self._pause).props("flat dense no-caps")
            self.aside = ui.button(say("put_aside", lang), icon="add", on_click=self._put_aside).props("flat dense no-caps")
            self.saved = text("", "span", "note")

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic == "draft":
            self._show_problems()
        if topic in ("draft", "trouble"):
            show_trouble(self.trouble, self.desk, self.lang)
        if topic in ("stage", "board", "question"):
            self._show_stage()
        if topic in ("board", "question", "draft"):
            self._show_instead()
        if topic == "saved" and self.desk.run is not None:
            self.saved.set_text(say("run_kept", self.lang, path=self.desk.run.path))

    def _show_stage(self) -> None:
        live, board = self.desk.live, self.desk.board
        done, total = live.traced
        is_tracing = not live.is_traced
        stage = live.stage if live.stage != Stage.IDLE or not is_tracing else "idle_paused"
        words = say(f"stage_{stage}", self.lang)
        self.stage.set_text(words)
        self.spinner.set_visibility(live.stage != Stage.IDLE)
        self.progress.set_value(round(done / max(total, 1), 3))
        self.traced.set_text(say("traced", self.lang, done=done, total=total))
        for element in (self.progress, self.traced, self.pause):
            element.set_visibility(is_tracing and board.answer is not None)
        self.pause.set_text(say("go_on" if live.is_paused else "pause", self.lang))
        self.aside.set_visibility(board.data is not None)

    def _show_problems(self) -> None:
        """What is wrong in the tables, and what of the folder could not be read."""
        unread, wrong = self.desk.holding.problems, self.desk.problems
        self.problems.clear()
        self.problems.set_visibility(bool(unread or wrong))
        with self.problems:
            if unread:
                text(say("unread", self.lang), "p", "strong")
                self._listed(unread)
            if wrong:
                text(say("draft_problems", self.lang, n=len(wrong)), "p", "strong")
                self._listed([one.problem for one in wrong])
                ui.link(say("to_tables", self.lang), address(self.lang, self.desk.id, "tables"))

    def _listed(self, problems: Sequence[Problem]) -> None:
        with ui.element("ul"):
            for problem in problems[:MOST_PROBLEMS]:
                text(str(problem.within(self.lang)), "li")

    # no plan

    def _show_instead(self) -> None:
        """Why there is no plan, and what there is instead; drawn anew only where that is something else: a button stays under the hand."""
        answer = self.desk.board.answer
        is_current = answer is not None and answer.question == self.desk.question and self.desk.case is not None
        if answer is None or not is_current or answer.has_plan:
            self.instead.set_visibility(False)
            return
        front = self.desk.board.front
        drawn = (
            answer.question,
            str(answer.error),
            repr(answer.document.get("conflict")),
            front is not None and bool(front.points),
        )
        self.instead.set_visibility(True)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.instead.clear()
        with self.instead:
            if answer.error is None:
                self._infeasible(answer)
            else:
                is_ours = answer.error.args == ("internal",)
                text(say("internal", self.lang) if is_ours else answer.error.message(self.lang), "p", "strong")

    def _infeasible(self, answer: Answer) -> None:
        heading(say("no_plan", self.lang), 2)
        conflict = answer.document.get("conflict")
        if not conflict:
            self._least(answer)
            return
        text(say("together", self.lang))
        with ui.element("ul"):
            for demand in conflict["demands"]:
                text(self._demand(str(demand)), "li")
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
        ui.button(words, on_click=lambda: self.desk.ask(question)).props("outline no-caps")

    def _demand(self, demand: str) -> str:
        return str(in_language(demand, self.lang))

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
        return say("take_other", self.lang, demand=self._demand(str(near["demand"])))

    # what can be done

    def _pause(self) -> None:
        self.desk.live.pause(not self.desk.live.is_paused)

    async def _put_aside(self) -> None:
        data, number = self.desk.board.data, self.desk.shown
        if data is None or number is None:
            return
        view = data.views[number]
        name = say(
            "shelved",
            self.lang,
            cost=format_amount(view.per_year, self.lang, data.currency),
            loss=format_amount(view.value, self.lang, data.currency),
        )
        await run.io_bound(self.desk.put_aside, name, view.plan)
        ui.notify(say("put_aside_done", self.lang))


def _of_targets(question: Question, targets: tuple[str, ...]) -> Question | None:
    """The question that asks these targets; the first on a plain metric is the slider's."""
    plain = next((match for one in targets if (match := PLAIN.fullmatch(one)) and match[1] in METRICS), None)
    if plain is None:
        return None
    more = tuple(one for one in targets if one != plain[0])
    return replace(question, aim=Aim.RISK, metric=plain[1], limit=plain[2], more=more)
