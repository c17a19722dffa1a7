"""Where the study stands: what is being done and how far, what is wrong, what can be reached instead, what can be done with the answer."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import run, ui

from tenbin.app.desk import Desk
from tenbin.app.live import Stage
from tenbin.app.pages.frame import address, text
from tenbin.app.pages.instead import Instead, error_words
from tenbin.app.pages.troubles import show_trouble, trouble_place
from tenbin.errors import Problem
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["Standing"]

say = speaker("app")

MOST_PROBLEMS = 5


class Standing:
    """The strip above the answer."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self.trouble = trouble_place()
        self.problems = ui.element("div").classes("notice bad").props("role=alert")
        self.instead = Instead(desk, lang)
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
        self.instead.follow(topic)
        if topic in ("saved", "question", "draft"):
            self._show_saved()

    def _show_saved(self) -> None:
        kept_run, error = self.desk.run, self.desk.unsaved
        kept = say("run_kept", self.lang, path=kept_run.path) if kept_run is not None else ""
        self.saved.set_text(error_words(error, self.lang) if error is not None else kept)

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
