"""The interview: fifteen questions on one page, what is understood and what is assumed beside each; then a case of it."""

from __future__ import annotations

from typing import Any

from nicegui import events, run, ui

from tenbin.app import keeping
from tenbin.app.desks import Desks
from tenbin.app.interviewing import Interview, Made, make_draft
from tenbin.app.pages.frame import address, framed, heading, text
from tenbin.errors import TenbinError
from tenbin.interview import QUESTIONS, Answers, Kind, Question, again_words, fill, question, read_answer, shown_answer
from tenbin.words import speaker

__all__ = ["interview_page"]

say, of_interview = speaker("app_interview"), speaker("interview")

OPEN, NOTHING = "open", "nothing"


def interview_page(desks: Desks, lang: str) -> None:
    """Draw the questions with what was answered before."""
    with framed(lang, say("title", lang), place="interview"):
        page = ui.element("div").classes("interview")
        with page:
            text(say("about", lang, n=len(QUESTIONS), path=keeping.drafts_root()), "p", "note")
            try:
                interview = Interview.kept()
            except TenbinError as error:
                text(error.message(lang), "p", "notice bad")
                interview = Interview()
            Asked(interview, page, lang)


class Asked:
    """Every question with its field; whatever is typed is kept at once."""

    def __init__(self, interview: Interview, page: ui.element, lang: str) -> None:
        self.interview, self.page, self.lang = interview, page, lang
        self.beside: dict[str, ui.label] = {}
        for number, one in enumerate(QUESTIONS, start=1):
            with ui.element("fieldset").classes("interview-question"):
                text(f"{number}. {of_interview(f'ask_{one.key}', lang)}", "legend")
                text(of_interview(f"help_{one.key}", lang), "p", "note")
                self._field(one)
                self.beside[one.key] = text("", "p", "interview-beside").props("aria-live=polite")
        self.trouble = text("", "p", "notice bad").props("role=alert")
        self.trouble.set_visibility(False)
        with ui.element("div").classes("buttons"):
            ui.button(say("make", lang), on_click=self._make).props("no-caps unelevated")
            ui.button(say("anew", lang), on_click=self._anew).props("no-caps flat")
        self._say_beside()

    def _field(self, one: Question) -> None:
        if one.kind in (Kind.CHOICE, Kind.YES_NO):
            self._choice(one)
        elif one.kind is Kind.CHECKLIST:
            self._checklist(one)
        else:
            self._typed(one)

    def _choice(self, one: Question) -> None:
        choices = one.choices or ("yes", "no")
        options = {key: of_interview(f"choice_{one.key}_{key}" if one.choices else key, self.lang) for key in choices}
        options[OPEN] = of_interview("unknown", self.lang)
        held = self.interview.given.get(one.key)
        if isinstance(held, bool):
            held = "yes" if held else "no"
        radio = ui.radio(options, value=held or OPEN).props("dense")
        radio.props["aria-label"] = of_interview(f"ask_{one.key}", self.lang)

        def chosen(event: events.ValueChangeEventArguments[Any]) -> None:
            self._put(one, None if event.value == OPEN else read_answer(one, event.value))

        radio.on_value_change(chosen)

    def _checklist(self, one: Question) -> None:
        held = self.interview.given.get(one.key)
        boxes: dict[str, ui.checkbox] = {}
        is_busy = False

        def ticked(which: str) -> None:
            nonlocal is_busy
            if is_busy:
                return
            is_busy = True
            if which == NOTHING and boxes[NOTHING].value:
                for key in one.choices:
                    boxes[key].set_value(False)
            elif boxes[which].value:
                boxes[NOTHING].set_value(False)
            is_busy = False
            found = tuple(key for key in one.choices if boxes[key].value)
            self._put(one, found if found or boxes[NOTHING].value else None)

        for key in (*one.choices, NOTHING):
            words = of_interview(NOTHING if key == NOTHING else f"choice_{one.key}_{key}", self.lang)
            is_on = held == () if key == NOTHING else key in (held or ())
            boxes[key] = ui.checkbox(words, value=is_on).props("dense")
            boxes[key].on_value_change(lambda _, k=key: ticked(k))

    def _typed(self, one: Question) -> None:
        held = self.interview.given.get(one.key)
        label = of_interview(f"unit_{one.key}", self.lang)
        value = "" if held is None else shown_answer(one, held, self.lang)
        box = ui.input(label, value=value, validation=lambda written: self._rule(one, written))
        box.props("dense outlined hide-bottom-space autocomplete=off").classes("interview-box")
        box.props["aria-label"] = f"{of_interview(f'ask_{one.key}', self.lang)} ({label})"

        def typed(event: events.ValueChangeEventArguments[Any]) -> None:
            if self._rule(one, event.value) is None:
                self._put(one, read_answer(one, event.value))

        box.on_value_change(typed)

    def _rule(self, one: Question, written: object) -> str | None:
        """What is wrong with what is typed, in a form's words."""
        try:
            read_answer(one, written)
        except ValueError as error:
            return again_words(one, error.args[0], self.lang).strip()
        return None

    def _put(self, one: Question, value: Any) -> None:
        try:
            self.interview.put(one.key, value)
            self.trouble.set_visibility(False)
        except TenbinError as error:
            self.trouble.set_text(error.message(self.lang))
            self.trouble.set_visibility(True)
        self._say_beside()

    def _say_beside(self) -> None:
        """What is understood of each answer, or what is assumed where there is none."""
        filled = fill(Answers(**self.interview.given))
        for one in QUESTIONS:
            value = self.interview.given.get(one.key)
            if value is not None:
                words = (
                    ""
                    if one.choices or one.kind is Kind.YES_NO
                    else say("understood", self.lang, value=shown_answer(one, value, self.lang))
                )
            else:
                assumed = getattr(filled.answers, one.key)
                told = "" if assumed is None else shown_answer(one, assumed, self.lang).replace("\n", say("and", self.lang))
                words = say("assumed", self.lang, value=told) if told else of_interview("left_open", self.lang)
            self.beside[one.key].set_text(words)

    def _anew(self) -> None:
        self.interview.clear()
        ui.navigate.to(address(self.lang, place="interview"))

    async def _make(self) -> None:
        try:
            made = await run.io_bound(make_draft, self.interview)
        except TenbinError as error:
            self.trouble.set_text(error.message(self.lang))
            self.trouble.set_visibility(True)
            return
        if made is not None:
            self.page.clear()
            with self.page:
                _told(made, self.lang)


def _told(made: Made, lang: str) -> None:
    """What was made of the answers: what was assumed, what the own years changed, where it is."""
    heading(say("made", lang), 2).props("tabindex=-1")
    text(say("made_in", lang, path=keeping.drafts_root() / made.id))
    if made.assumed:
        text(of_interview("assumed_title", lang), "p", "strong")
        with ui.element("table").classes("interview-assumed"):
            with ui.element("thead"), ui.element("tr"):
                for key in ("not_known", "assumed"):
                    text(of_interview(key, lang), "th").props("scope=col")
            with ui.element("tbody"):
                for key, value in made.assumed.items():
                    with ui.element("tr"):
                        text(of_interview(f"ask_{key}", lang), "th").props("scope=row")
                        text(shown_answer(question(key), value, lang).replace("\n", say("and", lang)), "td")
    if made.history != 1.0:
        numbers = {"expected": f"{made.expected:.2g}", "factor": f"{made.history:g}"}
        text(of_interview("history", lang, n=made.incidents, **numbers))
    with ui.element("div").classes("buttons"):
        ui.link(say("to_scales", lang), address(lang, made.id)).classes("interview-on")
        ui.link(say("to_tables", lang), address(lang, made.id, "tables")).classes("interview-on")
