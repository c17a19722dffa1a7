"""The start page: go on with a draft, open an example or a workbook, or answer the interview."""

from __future__ import annotations

from nicegui import events, run, ui

from tenbin.app import keeping, opening
from tenbin.app.desks import Desks
from tenbin.app.drafts import Draft
from tenbin.app.guarding import MOST_BYTES
from tenbin.app.pages.frame import address, framed, heading, text
from tenbin.errors import Problem, TenbinError
from tenbin.words import speaker

__all__ = ["start_page"]

say = speaker("app_start")

MOST_PROBLEMS = 30
MEGA = 1_000_000


def start_page(desks: Desks, lang: str) -> None:
    """Draw the ways to a case."""
    with framed(lang, say("title", lang)):
        text(say("what_for", lang), "p", "start-lead")
        text(say("stays_here", lang), "p", "note")
        told = ui.element("div").classes("notice").props("role=status aria-live=polite")
        told.set_visibility(False)
        Drafts(desks, lang)
        with ui.element("section"):
            heading(say("new", lang), 2)
            with ui.element("div").classes("start-ways"):
                _interview(lang)
                Upload(told, lang)
                _examples(told, lang)


class Drafts:
    """The drafts of before."""

    def __init__(self, desks: Desks, lang: str) -> None:
        self.desks, self.lang = desks, lang
        self.place = ui.element("section").classes("start-drafts")
        self._asked = ""
        self._draw()

    def _draw(self) -> None:
        self.place.clear()
        found = keeping.list_drafts()
        self.place.set_visibility(bool(found))
        with self.place:
            heading(say("go_on", self.lang), 2)
            text(say("kept_in", self.lang, path=keeping.drafts_root()), "p", "note")
            with ui.element("ul").classes("start-list"):
                for kept in found:
                    with ui.element("li"):
                        link = ui.link("", address(self.lang, kept.id))
                        link.set_text(kept.title(self.lang))
                        text(say("changed", self.lang, when=f"{kept.changed:%Y-%m-%d %H:%M}", id=kept.id), "span", "note")
                        self._remove_button(kept)

    def _remove_button(self, kept: keeping.Kept) -> None:
        """Asked once more before it goes, where it stands: nothing jumps into the way."""
        is_asked = self._asked == kept.id
        words = say("really_remove" if is_asked else "remove", self.lang)
        button = ui.button(words, icon="delete").props("flat dense no-caps")
        button.props["aria-label"] = f"{words}: {kept.title(self.lang)}"
        button.on_click(lambda: self._remove(kept.id, is_asked))

    async def _remove(self, draft: str, is_sure: bool) -> None:
        if not is_sure:
            self._asked = draft
        else:
            try:
                await run.io_bound(self.desks.close, draft)
                await run.io_bound(keeping.remove, draft)
            except TenbinError as error:
                ui.notify(error.message(self.lang), type="negative")
        self._draw()


def _interview(lang: str) -> None:
    with ui.element("div").classes("card"):
        heading(say("interview", lang), 3)
        text(say("interview_about", lang))
        ui.link(say("interview_begin", lang), address(lang, place="interview"))


class Upload:
    """A workbook from the disk; what is wrong with it stands below, at its cells."""

    def __init__(self, told: ui.element, lang: str) -> None:
        self.told, self.lang = told, lang
        with ui.element("div").classes("card"):
            heading(say("workbook", lang), 3)
            text(say("workbook_about", lang))
            self.upload = ui.upload(auto_upload=True, max_file_size=MOST_BYTES, on_upload=self._got, on_rejected=self._rejected)
            self.upload.props('accept=".xlsx"').classes("start-upload")  # unseen: its own buttons have no names
            button = ui.button(say("choose", lang), icon="upload").props("outline no-caps")
            button.on("click", js_handler=f"() => getElement({self.upload.id}).pickFiles()")
            ui.button(say("blank", lang), icon="download", on_click=self._blank).props("flat dense no-caps")

    async def _got(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        self.upload.reset()
        try:
            taken = await run.io_bound(opening.take_workbook, event.file.name, content)
            if taken is not None and taken.draft is not None and not taken.problems:
                await self._open(taken)
                return
        except TenbinError as error:
            self._say(error.message(self.lang))
            return
        if taken is not None:
            self._told(taken)

    def _rejected(self) -> None:
        self._say(say("too_large", self.lang, megabytes=MOST_BYTES // MEGA))

    def _say(self, words: str) -> None:
        self.told.clear()
        self.told.classes(add="bad")
        self.told.set_visibility(True)
        with self.told:
            text(words, "p", "strong")

    def _told(self, taken: opening.Taken) -> None:
        """Every problem at its cell, and what can be done about it."""
        self._say(say("wrong", self.lang, n=len(taken.problems), name=taken.path.name))
        with self.told:
            problem_list(taken.problems, self.lang)
            with ui.element("div").classes("buttons"):
                if taken.draft is not None:
                    ui.button(say("open_all_the_same", self.lang), on_click=lambda: self._open(taken)).props("outline no-caps")
                    ui.button(say("marked", self.lang), on_click=lambda: self._marked(taken)).props("outline no-caps")

    async def _open(self, taken: opening.Taken) -> None:
        draft: Draft | None = taken.draft
        if draft is None:
            return
        try:
            made = await run.io_bound(keeping.new_draft, draft)
        except TenbinError as error:
            self._say(error.message(self.lang))
            return
        opening.forget(taken)
        ui.navigate.to(address(self.lang, made or "", "tables" if taken.problems else "scales"))

    async def _marked(self, taken: opening.Taken) -> None:
        try:
            path = await run.io_bound(opening.marked_copy, taken, self.lang)
        except TenbinError as error:
            self._say(error.message(self.lang))
            return
        if path is None:
            ui.notify(say("nothing_to_mark", self.lang))
            return
        ui.download.content(path.read_bytes(), path.name)

    async def _blank(self) -> None:
        content = await run.io_bound(opening.blank_workbook, self.lang)
        ui.download.content(content or b"", "tenbin-case.xlsx")


def problem_list(problems: tuple[Problem, ...], lang: str) -> None:
    """Problems as a list, the first of many."""
    with ui.element("ul"):
        for problem in problems[:MOST_PROBLEMS]:
            text(str(problem.within(lang)), "li")
    if len(problems) > MOST_PROBLEMS:
        text(say("and_more", lang, n=len(problems) - MOST_PROBLEMS))


def _examples(told: ui.element, lang: str) -> None:
    with ui.element("div").classes("card"):
        heading(say("examples", lang), 3)
        text(say("examples_about", lang))
        for one in opening.examples():
            button = ui.button(one.titles[lang]).props("outline no-caps align=left").classes("start-example")
            button.on_click(lambda _, name=one.name: _open_example(name, told, lang))
            text(say("example_size", lang, scenarios=one.n_scenarios, measures=one.n_measures), "span", "note")


async def _open_example(name: str, told: ui.element, lang: str) -> None:
    try:
        made = await run.io_bound(opening.open_example, name)
    except TenbinError as error:
        told.clear()
        told.set_visibility(True)
        with told:
            text(error.message(lang), "p", "strong")
        return
    ui.navigate.to(address(lang, made or ""))
