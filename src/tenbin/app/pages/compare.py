"""Two plans in two columns, with the difference between them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from nicegui import events, run, ui

from tenbin.app.comparing import Choice, Side, as_question, choices_of, side_of
from tenbin.app.comparing_words import choice_words, lead
from tenbin.app.desk import Desk
from tenbin.app.pages.compare_tables import Tables
from tenbin.app.pages.frame import address, focus, text
from tenbin.app.pages.instead import error_words, told
from tenbin.app.pages.notices import desk_page
from tenbin.app.question import Question
from tenbin.simulation import EventTable
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["compare_page"]

say, of_app = speaker("app_pages"), speaker("app")

MOST_KEPT = 24
SIDES = ("left", "right")
LETTERS = dict(zip(SIDES, "AB", strict=True))


def compare_page(desk: Desk, lang: str) -> None:
    """Draw the comparison of a draft's plans, and follow it."""
    with desk_page(desk, lang, say("compare", lang), "compare"):
        page = Compare(desk, lang)
    ui.context.client.on_delete(desk.subscribe(page.follow))
    page.follow("draft")


class Compare:
    """The page: what is chosen on either side, and what was worked out of it."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        asked = ui.context.client.request.query_params
        self.keys = {side: asked.get(side, "") for side in SIDES}
        self._choices: dict[str, Choice] = {}
        self._known: dict[tuple[object, ...], Side] = {}
        self._drawn: tuple[object, ...] = ()
        self._is_following = False
        self._wanted = 0
        self._sides: dict[str, Side] = {}
        self._is_shelved: dict[str, bool] = {}
        text(say("compare_about", lang), "p", "note")
        with ui.element("div").classes("compare-choose"):
            self.selects = {side: self._select(side) for side in SIDES}
        self.status = text("", "p", "note").props("role=status aria-live=polite")
        self.trouble = text("", "p", "notice bad")
        self.trouble.props("role=alert").set_visibility(False)
        self.lead = text("", "p", "compare-lead").props("aria-live=polite")
        with ui.element("div").classes("compare-choose compare-buttons") as self.place:
            self.buttons = {side: self._buttons(side) for side in SIDES}
        self._show_buttons()
        self.tables = Tables(lang)

    def _select(self, side: str) -> ui.select:
        select = ui.select({}, label=say("compare_plan", self.lang, letter=LETTERS[side]))
        select.props("outlined dense options-dense").classes("compare-select")
        select.on_value_change(lambda event: self._chosen(side, event))
        return select

    # what is chosen

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic not in ("draft", "question", "board", "stage", "shelf"):
            return
        if topic != "stage":
            self._show_choices()
        self._work()

    def _show_choices(self) -> None:
        found = {choice.key: choice for choice in choices_of(self.desk)}
        for side, usual in zip(SIDES, (("today", "nothing"), ("answer", "today", "nothing")), strict=True):
            key = self.keys[side]
            if key not in found and key in self._choices:
                found[key] = self._choices[key]  # a plan that the frontier has no longer stays where it is looked at
            elif key not in found and not self._is_awaited(key or usual[0]):
                self.keys[side] = next((one for one in usual if one in found), key)
        self._choices = found
        metric = self.desk.board.data.metric if self.desk.board.data is not None else self.desk.question.metric
        currency = self.desk.case.currency if self.desk.case is not None else "JPY"
        options = {key: choice_words(choice, metric, currency, self.lang) for key, choice in found.items()}
        self._is_following = True
        for side, select in self.selects.items():
            shown = self.keys[side] if self.keys[side] in options else None
            if select.options != options or select.value != shown:
                select.set_options(options, value=shown)
        self._is_following = False

    def _is_awaited(self, key: str) -> bool:
        """Whether a plan that is not there may still come: the answer, or one of the frontier."""
        if key == "answer":
            return self.desk.board.answer is None
        return key.startswith("front-") and not self.desk.live.is_traced

    def _chosen(self, side: str, event: events.ValueChangeEventArguments[str]) -> None:
        if self._is_following or event.value is None:
            return
        self.keys[side] = event.value
        ui.navigate.history.replace(f"{address(self.lang, self.desk.id, 'compare')}?{urlencode(self.keys)}")
        self._work()

    # what is worked out

    def _work(self) -> None:
        """Work out both plans, in a thread, and show them; the last call counts."""
        self._wanted += 1
        asyncio.get_running_loop().create_task(self._show(self._wanted))

    async def _show(self, wanted: int) -> None:
        events, question = self.desk.live.events, self.desk.question
        chosen = [self._choices.get(self.keys[side]) for side in SIDES]
        if events is None or None in chosen:
            self._say_waiting()
            return
        drawn = (
            self.desk.live.n_drawn,
            question,
            *(tuple(sorted(one.plan.items())) for one in chosen if one),
            *self.keys.values(),
        )
        if drawn == self._drawn:
            self._show_buttons()
            return
        try:
            sides = [await self._side(one, events, question) for one in chosen if one is not None]
        except Exception as error:
            if wanted == self._wanted:
                self._say_trouble(error_words(told(error), self.lang))
            return
        if wanted == self._wanted and not self.lead.is_deleted:
            self._drawn = drawn
            self._draw(sides[0], sides[1], question)

    async def _side(self, choice: Choice, events: EventTable, question: Question) -> Side:
        key = (self.desk.live.n_drawn, question, tuple(sorted(choice.plan.items())))
        found = self._known.get(key) or await run.io_bound(side_of, choice, events, question)
        if found is None:  # the app is ending
            raise asyncio.CancelledError
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[key] = found
        return replace(found, choice=choice)

    def _say_waiting(self) -> None:
        error = self.desk.board.answer.error if self.desk.board.answer is not None else None
        if self.desk.case is None and not self._drawn:
            self.status.set_text(say("wait_problems", self.lang))
        elif error is not None and self.desk.live.events is None:
            self.status.set_text(error_words(error, self.lang))
        else:
            self.status.set_text(say("wait_years", self.lang) if not self._drawn else "")

    def _say_trouble(self, words: str) -> None:
        self.trouble.set_text(words)
        self.trouble.set_visibility(bool(words))
        if words:
            self.status.set_text("")
            self.lead.set_text("")
            self.tables.clear()
            self._drawn = ()
            self._show_buttons()

    def _draw(self, left: Side, right: Side, question: Question) -> None:
        self._say_trouble("")
        self.status.set_text("")
        metric = question.metric if question.metric in left.metrics else "tvar95"
        self.lead.set_text(lead(left, right, metric, left.risk.case.currency, self.lang))
        self.tables.draw(left, right)
        self._sides = {"left": left, "right": right}
        self._show_buttons()

    # what can be done

    def _buttons(self, name: str) -> tuple[ui.button, ui.button]:
        """The buttons of a side: they stay where they are and say what they do next, so that the one pressed keeps the keyboard."""
        with ui.element("div").classes("buttons"):
            shelve = ui.button("", on_click=partial(self._shelve, name)).props("flat dense no-caps")
            ask = ui.button("", on_click=partial(self._ask, name)).props("flat dense no-caps")
        return shelve, ask

    def _show_buttons(self) -> None:
        self.place.set_visibility(bool(self._drawn))
        for name, (shelve, ask) in self.buttons.items() if self._drawn else ():
            side, letter = self._sides[name], LETTERS[name]
            self._is_shelved[name] = self._on_shelf(side) is not None
            does = "compare_take_away" if self._is_shelved[name] else "compare_put_aside"
            shelve.set_text(say(does, self.lang, letter=letter))
            question = as_question(self.desk.question, side)
            amount = format_amount(side.metrics[question.metric], self.lang, side.risk.case.currency)
            ask.set_text(say("compare_ask", self.lang, letter=letter, amount=amount))
            ask.set_visibility(side.choice.kind != "answer" and question != self.desk.question)

    def _on_shelf(self, side: Side) -> int | None:
        plan = dict(side.choice.plan)
        return next((n for n, one in enumerate(self.desk.shelf) if dict(one.plan) == plan), None)

    async def _shelve(self, name: str) -> None:
        """Do what the button said when it was pressed: another tab may have done it just now."""
        side = self._sides[name]
        number = self._on_shelf(side)
        if self._is_shelved[name] and number is not None:
            await self.desk.do(self.desk.take_away, number)
        elif not self._is_shelved[name] and number is None:
            await self.desk.do(self.desk.put_aside, side.choice.name or self._words(side), dict(side.choice.plan))

    def _words(self, side: Side) -> str:
        currency = side.risk.case.currency
        metric = self.desk.question.metric if self.desk.question.metric in side.metrics else "tvar95"
        amounts = {"cost": side.costs["per_year"], "loss": side.metrics[metric]}
        return of_app(
            "shelved", self.lang, **{key: format_amount(value, self.lang, currency) for key, value in amounts.items()}
        )

    async def _ask(self, name: str) -> None:
        self.desk.ask(as_question(self.desk.question, self._sides[name]))
        focus(self.buttons[name][0])  # this one goes: it is asked
        ui.notify(say("compare_asked", self.lang))
