"""What can be taken along: reports, charts, the case itself; and where the runs of this case are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import run, ui

from tenbin.app import handing
from tenbin.app.desk import Desk
from tenbin.app.handing import Handed
from tenbin.app.opening import blank_workbook
from tenbin.app.pages.compare_tables import region
from tenbin.app.pages.frame import heading, text
from tenbin.app.pages.instead import error_words, told
from tenbin.app.pages.notices import desk_page
from tenbin.errors import TenbinError
from tenbin.reporting.sentences import answer
from tenbin.storage import Run, results_root
from tenbin.studies.run_words import outcome_words, question_words
from tenbin.units import format_amount
from tenbin.words import speaker

__all__ = ["files_page"]

say, of_app, of_runs = speaker("app_pages"), speaker("app"), speaker("runs")

FORMS = ("html", "xlsx", "pptx", "pdf")
LANGUAGES = ("ja", "en")
MOST_TARGETS = 3


def files_page(desk: Desk, lang: str) -> None:
    """Draw what a draft can be handed out as, and follow it."""
    with desk_page(desk, lang, say("files", lang), "files"):
        page = Files(desk, lang)
    ui.context.client.on_delete(desk.subscribe(page.follow))
    for topic in ("board", "draft", "saved"):
        page.follow(topic)


class Files:
    """The page."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self._listed: tuple[object, ...] = ()
        self.status = text("", "p", "files-status").props("role=status aria-live=polite")
        self.trouble = text("", "p", "notice bad files-trouble").props("role=alert")
        self.trouble.set_visibility(False)
        with ui.element("section").classes("files-part"):
            heading(say("files_report", lang), 2)
            self.about = text("", "p")
            self.buttons = self._forms()
        with ui.element("section").classes("files-part"):
            heading(say("files_case", lang), 2)
            self.draft_words = text("", "p", "note")
            self._case_buttons()
            self._folder()
        with ui.element("section").classes("files-part"):
            heading(say("files_runs", lang), 2)
            text(say("files_runs_about", lang, path=results_root(write=False).absolute()), "p", "note")
            self.unsaved = text("", "p", "notice bad").props("role=alert")
            self.runs = ui.element("div")

    # what there is

    def _forms(self) -> list[ui.button]:
        buttons = []
        with region(say("files_report", self.lang)), ui.element("table").classes("files-forms"), ui.element("tbody"):
            for form in (*FORMS, "charts"):
                with ui.element("tr"):
                    with ui.element("th").props("scope=row"):
                        text(say(f"form_{form}", self.lang), "span", "strong")
                        text(say(f"form_{form}_about", self.lang), "span", "files-about")
                    for lang in LANGUAGES:
                        with ui.element("td"):
                            work = (
                                partial(handing.charts, self.desk, lang)
                                if form == "charts"
                                else partial(handing.report, self.desk, form, lang)
                            )
                            buttons.append(self._button(of_app("language", lang), say(f"form_{form}", self.lang), work))
        return buttons

    def _button(self, words: str, name: str, work: Callable[[], Handed]) -> ui.button:
        button = ui.button(words, icon="download").props("flat dense no-caps")
        button.props["aria-label"] = say("download_named", self.lang, what=name, language=words)
        button.on_click(lambda: self._hand_out(name, work))
        return button

    def _case_buttons(self) -> None:
        with ui.element("div").classes("buttons"):
            self.book = ui.button(say("case_book", self.lang), icon="download")
            self.book.props("outline dense no-caps").on_click(
                lambda: self._hand_out(say("case_book", self.lang), partial(handing.case_book, self.desk, self.lang))
            )
            blank = ui.button(say("blank_book", self.lang), icon="download").props("outline dense no-caps")
            blank.on_click(lambda: self._hand_out(say("blank_book", self.lang), self._blank))

    def _blank(self) -> Handed:
        return Handed(f"tenbin-case.{self.lang}.xlsx", blank_workbook(self.lang))

    def _folder(self) -> None:
        with ui.element("div").classes("files-folder"):
            self.folder = ui.input(say("folder", self.lang), value=handing.free_folder(self.desk.draft.name))
            self.folder.props("outlined dense autocomplete=off").classes("files-path")
            ui.button(say("save_folder", self.lang), on_click=self._save_folder).props("outline no-caps")
        self.saved = text("", "p", "files-saved").props("role=status")

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic in ("board", "question", "draft"):
            self._show_plan()
        if topic == "draft":
            self._show_draft()
        if topic in ("saved", "draft"):
            self._show_unsaved()
            asyncio.get_running_loop().create_task(self._list())

    def _show_plan(self) -> None:
        data = handing.shown_data(self.desk)
        for button in self.buttons:
            button.set_enabled(data is not None)
        if data is None:
            found = self.desk.board.answer
            self.about.set_text(say("files_no_plan" if found is not None else "wait_years", self.lang))
            return
        view = data.views[data.own]
        sentence = answer(view.document, self.lang)
        is_answer = data.own == self.desk.board.number
        self.about.set_text(sentence if is_answer else say("files_other", self.lang, sentence=sentence))

    def _show_draft(self) -> None:
        n = len(self.desk.problems)
        self.draft_words.set_text(
            say("case_kept", self.lang, path=self.desk.holding.path) if not n else say("case_bad", self.lang, n=n)
        )
        self.book.set_enabled(not n)

    def _show_unsaved(self) -> None:
        error = self.desk.unsaved
        self.unsaved.set_visibility(error is not None)
        self.unsaved.set_text(error_words(error, self.lang) if error is not None else "")

    # the runs

    async def _list(self) -> None:
        try:
            found = await run.io_bound(handing.runs_of, self.desk.draft.name)
        except TenbinError as error:
            self.runs.clear()
            with self.runs:
                text(error_words(error, self.lang), "p", "notice bad")
            return
        listed = (self.desk.draft.name, *(one.id for one, _ in found or ()))
        if found is None or listed == self._listed or self.runs.is_deleted:
            return
        self._listed = listed
        self.runs.clear()
        with self.runs:
            if not found:
                text(say("no_runs_yet", self.lang), "p", "note")
                return
            with region(say("files_runs", self.lang)), ui.element("table").classes("files-runs"):
                with ui.element("thead"), ui.element("tr"):
                    for key in ("run", "asked", "outcome", "cost_per_year"):
                        name = of_runs(key, self.lang)
                        text(name[:1].upper() + name[1:], "th").props("scope=col")
                    text(say("run_report", self.lang), "th").props("scope=col")
                with ui.element("tbody"):
                    for one, entry in found:
                        self._run(one, entry)

    def _run(self, one: Run, entry: dict[str, Any]) -> None:
        is_bad = entry["status"] == "damaged"
        currency = str(entry["currency"] or "JPY")
        with ui.element("tr"):
            with ui.element("th").props("scope=row"):
                text(str(entry["finished"] or "")[:16].replace("T", " "), "span", "strong")
                text(str(one.path.absolute()), "span", "files-about")
            text("" if is_bad else self._asked(entry, currency), "td")
            if is_bad:
                words = of_runs("status_damaged", self.lang)
            elif entry["question"] == "frontier":
                words = of_runs("status_frontier", self.lang, n=entry["plans"])
            else:
                words = outcome_words(str(entry["status"]), entry["certificate"], self.lang)
            text(words, "td")
            cost = entry["per_year"]
            text(format_amount(float(cost), self.lang, currency) if cost is not None else "—", "td", "r")
            with ui.element("td"):
                if not is_bad:
                    for lang in LANGUAGES:
                        self._button(of_app("language", lang), one.id, partial(handing.report_of, one, "html", lang))

    def _asked(self, entry: dict[str, Any], currency: str) -> str:
        targets = list(entry["targets"])
        shown = [*targets[:MOST_TARGETS], *(["…"] if len(targets) > MOST_TARGETS else [])]
        return question_words(shown, str(entry["question"]), str(entry["metric"]), entry, currency, self.lang)

    # what is done

    async def _hand_out(self, name: str, work: Callable[[], Handed]) -> None:
        self._say_trouble(None)
        self.status.set_text(say("making", self.lang, what=name))
        try:
            found = await run.io_bound(work)
        except Exception as error:
            self.status.set_text("")
            self._say_trouble(told(error))
            return
        if found is None:  # the app is ending
            return
        ui.download.content(found.content, found.name)
        self.status.set_text(say("made", self.lang, what=found.name))

    def _say_trouble(self, error: TenbinError | None) -> None:
        self.trouble.set_visibility(error is not None)
        self.trouble.set_text(error_words(error, self.lang) if error is not None else "")

    async def _save_folder(self) -> None:
        self._say_trouble(None)
        self.saved.set_text("")
        try:
            found: tuple[Path, int] | None = await run.io_bound(handing.save_folder, self.desk, str(self.folder.value or ""))
        except Exception as error:
            self._say_trouble(told(error))
            return
        if found is not None:
            path, n = found
            key = "folder_saved_bad" if n else "folder_saved"
            self.saved.set_text(say(key, self.lang, path=path, **({"n": n} if n else {})))
