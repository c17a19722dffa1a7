"""Where the study stands: what is being done and how far, what can be reached instead, what can be done with the answer."""

from __future__ import annotations

from nicegui import ui

from tenbin.app.board import Stage
from tenbin.app.desk import Desk
from tenbin.app.pages.frame import text
from tenbin.app.pages.instead import Instead, error_words
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["Standing"]

say = speaker("app")


class Standing:
    """The strip above the answer."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self._goes_on = False
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
        self.failed = ui.element("div").classes("notice bad").props("role=alert")
        with self.failed:
            self.failure = text("")
            ui.button(say("keep_again", lang), on_click=desk.live.try_again).props("outline dense no-caps")

    def follow(self, topic: str) -> None:
        """Show what has changed."""
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
        is_waiting = live.stage == Stage.IDLE and board.answer is None  # of tables that never were without mistakes
        words = say(f"stage_{stage}", self.lang) if not is_waiting else ""
        self.stage.set_text(words)
        self.progress.set_value(round(done / max(total, 1), 3))
        self.traced.set_text(say("traced", self.lang, done=done, total=total))
        self.failed.set_visibility(live.failure is not None)
        self.failure.set_text(self._failure_words())
        self.spinner.set_visibility(live.stage not in (Stage.IDLE, Stage.FAILED))
        for element in (self.progress, self.traced, self.pause):
            element.set_visibility(is_tracing and board.answer is not None and live.failure is None)
        self._goes_on = live.is_paused
        self.pause.set_text(say("go_on" if self._goes_on else "pause", self.lang))
        self.aside.set_visibility(board.data is not None)

    def _failure_words(self) -> str:
        """That the answer could not be checked, or gone on with, and why."""
        failure, answer = self.desk.live.failure, self.desk.board.answer
        if failure is None:
            return ""
        key = "not_gone_on" if answer is not None and answer.is_checked else "not_checked"
        return say(key, self.lang, why=error_words(failure, self.lang))

    # what can be done

    def _pause(self) -> None:
        self.desk.live.pause(not self._goes_on)  # what the button says, whatever another tab did meanwhile

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
        await self.desk.do(self.desk.put_aside, name, view.plan)
        ui.notify(say("put_aside_done", self.lang))
