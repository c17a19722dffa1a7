"""Why these measures, and why not the others: asked for on demand, one measure at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui

from tenbin.app.board import Stage
from tenbin.app.desk import Desk
from tenbin.app.pages.compare_tables import region
from tenbin.app.pages.frame import focus, heading, text
from tenbin.app.pages.instead import Instead, error_words
from tenbin.app.pages.notices import desk_page
from tenbin.app.pages.pins import measure_titles
from tenbin.app.question import Question
from tenbin.app.wondering import Known
from tenbin.model import Case
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.reason_words import enters, nearness, why_chosen
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.sentences import spoken
from tenbin.studies.demand_words import demand_words
from tenbin.studies.reasoning import WhyChosen, WhyNot
from tenbin.words import speaker

__all__ = ["why_page"]

say, command = speaker("app_pages"), speaker("commands")
of_app = speaker("app")

MOST_SCENARIOS = 3


def why_page(desk: Desk, lang: str) -> None:
    """Draw the reasons for the answer on a draft's scales, and follow them."""
    with desk_page(desk, lang, say("why", lang), "why"):
        page = Why(desk, lang)
    ui.context.client.on_delete(desk.subscribe(page.follow))
    for topic in ("draft", "reasons"):
        page.follow(topic)


class Why:
    """The page."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self._known: Known | None = None
        self._pressed = ""
        self._drawn: dict[str, tuple[object, ...]] = {}
        self._places: dict[str, ui.element] = {}
        text(say("why_about", lang), "p", "note")
        self.instead = Instead(desk, lang)
        self.answer = text("", "p", "why-answer")
        with ui.element("div").classes("buttons"):
            self.ask = ui.button(say("ask_why", lang), on_click=desk.wondering.ask).props("unelevated no-caps")
            self.stop = ui.button(say("stop_asking", lang), on_click=desk.wondering.stop).props("outline no-caps")
        with ui.element("div").classes("standing"):
            self.status = text("", "p").props("role=status aria-live=polite")
            self.progress = ui.linear_progress(0, show_value=False, size="6px")
            self.progress.props["aria-label"] = say("asked_progress", lang)
        self.old = text("", "p", "notice").props("role=status")
        self.level = text("", "p", "note")
        with ui.element("section").classes("why-part") as self.chosen_part:
            heading(command("why_chosen", lang), 2)
            self.chosen = ui.element("ul").classes("why-list")
        with ui.element("section").classes("why-part") as self.others_part:
            heading(command("why_not", lang), 2)
            with region(command("why_not", lang)), ui.element("table").classes("why-table"):
                with ui.element("thead"), ui.element("tr"):
                    for key in ("measure", "enters"):
                        text(_capital(command(key, lang)), "th").props("scope=col")
                    text(say("settle", lang), "th").props("scope=col")
                self.others = ui.element("tbody")

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        self.instead.follow(topic)
        if topic in ("draft", "question", "board", "stage", "reasons"):
            self._show_state()
        if topic in ("reasons", "question", "draft"):
            self._show_reasons()

    # where it stands

    def _show_state(self) -> None:
        wondering, known = self.desk.wondering, self.desk.wondering.known
        answer = self.desk.board.answer
        has_plan = answer is not None and answer.has_plan
        self.answer.set_text(self._answer_words() if has_plan else "")
        is_done = known is not None and known.is_whole and wondering.is_current
        self.ask.set_visibility(not wondering.is_asking and not is_done)
        self.ask.set_enabled(has_plan)
        self.ask.set_text(say("ask_why" if known is None or wondering.is_current else "ask_again", self.lang))
        self.stop.set_visibility(wondering.is_asking)
        self.status.set_text(self._status_words(known))
        self.progress.set_visibility(wondering.is_asking)
        self.progress.set_value(round(known.done / max(known.total, 1), 3) if known is not None else 0)
        is_old = known is not None and not wondering.is_current
        self.old.set_visibility(is_old)
        self.old.set_text(say("reasons_old", self.lang) if is_old else "")

    def _answer_words(self) -> str:
        from tenbin.reporting.sentences import answer

        found = self.desk.board.answer
        assert found is not None
        return answer(found.document, self.lang)

    def _status_words(self, known: Known | None) -> str:
        if self.desk.wondering.is_asking and known is not None:
            return (
                say("asking_about", self.lang, done=known.done, total=known.total) if known.total else say("asking", self.lang)
            )
        if known is not None and known.error is not None:
            return error_words(known.error, self.lang)
        if known is not None and known.is_whole:
            return say("all_asked", self.lang, total=known.total)
        if known is not None:
            return say("asked_in_part", self.lang, done=known.done, total=known.total)
        answer = self.desk.board.answer
        if self.desk.case is None:
            return say("wait_problems", self.lang)
        if answer is None or self.desk.live.stage is Stage.DRAWING:
            return say("wait_years", self.lang)
        return say("not_asked", self.lang) if answer.has_plan else ""

    # what is known

    def _show_reasons(self) -> None:
        known = self.desk.wondering.known
        if known is None or self._known is None or known.answer is not self._known.answer:
            self._drawn.clear()
            self._places.clear()
            self.chosen.clear()
            self.others.clear()
        self._known = known
        self.chosen_part.set_visibility(known is not None and bool(known.chosen))
        self.others_part.set_visibility(known is not None and bool(known.others))
        if known is None:
            return
        self.level.set_text(self._level_words(known))
        case = known.answer.case
        titles = measure_titles(case, self.lang)
        for why in known.chosen:
            self._put(why.measure, self.chosen, "li", partial(self._draw_chosen, why, known, case, titles))
        for other in known.others:
            self._put(other.measure, self.others, "tr", partial(self._draw_other, other, known, case, titles))
        if known.is_whole:
            self._sort(known)

    def _level_words(self, known: Known) -> str:
        if known.level is None:
            return ""
        metric, value = known.level
        amount = spoken(value, self.lang, known.answer.case.currency)
        return say("reasons_of_level", self.lang, metric=metric_short(metric.rpartition(":")[2], self.lang), amount=amount)

    def _put(self, measure: str, parent: ui.element, tag: str, draw: Callable[[], None]) -> None:
        """Draw a measure once, and again where what is settled about it changed."""
        state = self._settled(measure)
        if self._drawn.get(measure) == state:
            return
        self._drawn[measure] = state
        if measure not in self._places:
            with parent:
                self._places[measure] = ui.element(tag)
        self._places[measure].clear()
        with self._places[measure]:
            draw()
        if measure == self._pressed:  # its buttons are others now
            self._pressed = ""
            focus(self._places[measure])

    def _settled(self, measure: str) -> tuple[bool, bool]:
        question = self.desk.question
        return tuple(  # type: ignore[return-value]
            any(one.partition("=")[0] == measure for one in texts) for texts in (question.require, question.exclude)
        )

    def _sort(self, known: Known) -> None:
        """The nearest to being chosen first."""
        ranked = sorted(known.others, key=lambda why: (-nearness(why.to_dict()), why.measure))
        for n, why in enumerate(ranked):
            place = self._places[why.measure]
            if self.others.default_slot.children[n] is not place:
                place.move(self.others, n)

    def _draw_chosen(self, why: WhyChosen, known: Known, case: Case, titles: Mapping[str, str]) -> None:
        voice = Voice(self.lang, case.currency)
        name = titles.get(why.measure, why.measure)
        heading(command("brackets", self.lang, text=name, more=voice.level(why.level)), 3)
        mandatory = {row.id for row in case.status if row.mandatory}
        found = why_chosen(why.to_dict(), case.currency, known.annuity, why.measure in mandatory, self.lang)
        text(command("space", self.lang).join(found), "p")
        missed = [(target, share) for target, share in why.misses.items() if share > 0]
        if len(missed) > 1:
            text(
                say("missed_all", self.lang, targets=[demand_words(target, case, self.lang) for target, _ in missed]),
                "p",
                "note",
            )
        text(self._acts(why.scenarios, case), "p", "note")
        self._buttons(why.measure, name)

    def _draw_other(self, why: WhyNot, known: Known, case: Case, titles: Mapping[str, str]) -> None:
        voice = Voice(self.lang, case.currency)
        name = titles.get(why.measure, why.measure)
        with ui.element("th").props("scope=row"):
            text(command("brackets", self.lang, text=name, more=voice.level(why.level)), "span")
            text(self._acts(why.scenarios, case), "span", "why-acts")
        text(enters(why.to_dict(), case.currency, known.annuity, self.lang), "td")
        with ui.element("td"):
            self._buttons(why.measure, name)

    def _acts(self, scenarios: tuple[str, ...], case: Case) -> str:
        return (
            say("acts_on_these", self.lang, scenarios=self._scenarios(scenarios, case))
            if scenarios
            else say("acts_on_none", self.lang)
        )

    def _scenarios(self, scenarios: tuple[str, ...], case: Case) -> str:
        names = [f"{name} {case.scenario(name).title(self.lang)}" for name in scenarios[:MOST_SCENARIOS]]
        if len(scenarios) > MOST_SCENARIOS:
            names.append(command("differs_more", self.lang, n=len(scenarios) - MOST_SCENARIOS))
        return command("semicolon", self.lang).join(names)

    # what can be settled

    def _buttons(self, measure: str, name: str) -> None:
        must, mustnt = self._settled(measure)
        with ui.element("div").classes("buttons why-buttons"):
            if must or mustnt:
                text(say("is_in" if must else "is_out", self.lang), "span", "note")
                self._button(say("leave_open", self.lang), name, measure, lambda: self.desk.question.freed(measure))
                return
            self._button(of_app("must", self.lang), name, measure, lambda: self.desk.question.pinned(measure))
            self._button(of_app("must_not", self.lang), name, measure, lambda: self.desk.question.banned(measure))

    def _ask(self, measure: str, question: Question) -> None:
        self._pressed = measure
        self.desk.ask(question)

    def _button(self, words: str, name: str, measure: str, question: Callable[[], Question]) -> None:
        button = ui.button(words, on_click=lambda: self._ask(measure, question())).props("flat dense no-caps")
        button.props["aria-label"] = say("for_measure", self.lang, what=words, measure=name)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
