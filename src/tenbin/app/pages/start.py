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

NEWEST = 6
"""So many drafts stand open to the eye."""
MOST_PROBLEMS = 50
"""As the command line shows."""
MEGA = 1_000_000
MOST_OF_A_FILE = MOST_BYTES - 10_000
"""The rest of what the server takes is the form's that a file is sent in."""


async def start_page(desks: Desks, lang: str) -> None:
    """Draw the ways to a case."""
    found = await run.io_bound(keeping.list_drafts)
    with framed(lang, say("title", lang)):
        text(say("what_for", lang), "p", "start-lead")
        text(say("stays_here", lang), "p", "note")
        told = Told(lang)
        Drafts(desks, found or [], told, lang)
        with ui.element("section"):
            heading(say("new", lang), 2)
            with ui.element("div").classes("start-ways"):
                _interview(lang)
                Upload(told, lang)
                _examples(told, lang)


class Told:
    """What the page has to say; read aloud where it changes."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.place = ui.element("div").props("role=status")

    def say(self, words: str, *, is_bad: bool = True) -> ui.element:
        """Say one thing instead of what was said before, a line for each line; what belongs to it can be drawn within."""
        self.place.clear()
        with self.place, ui.element("div").classes("notice bad" if is_bad else "notice") as notice:
            for line in words.split("\n"):
                text(line, "p", "strong")
        return notice


class Drafts:
    """The drafts of before: the newest, and the others where they are asked for."""

    def __init__(self, desks: Desks, found: list[keeping.Kept], told: Told, lang: str) -> None:
        self.desks, self.told, self.lang = desks, told, lang
        self._asked: Removal | None = None
        if not found:
            return
        with ui.element("section"):
            self.heading = heading(say("go_on", lang), 2)
            self.heading.props("tabindex=-1")
            text(say("kept_in", lang, path=keeping.drafts_root()), "p", "note")
            self._list(found[:NEWEST])
            if len(found) > NEWEST:
                with ui.element("details").classes("start-more"):
                    text(say("more", lang, n=len(found) - NEWEST), "summary")
                    self._list(found[NEWEST:])

    def _list(self, found: list[keeping.Kept]) -> None:
        with ui.element("ul").classes("start-list"):
            for kept in found:
                with ui.element("li") as row:
                    link = ui.link("", address(self.lang, kept.id))
                    link.set_text(kept.title(self.lang))
                    text(say("changed", self.lang, when=f"{kept.changed:%Y-%m-%d %H:%M}", id=kept.id), "span", "note")
                    removal = Removal(kept, row, self.lang)
                    removal.button.on_click(lambda _, one=removal: self._remove(one))

    async def _remove(self, one: Removal) -> None:
        """Asked once more before it goes, where it stands: nothing jumps into the way, and the keyboard stays where it is."""
        if self._asked is not one:
            if self._asked is not None:
                self._asked.ask(is_sure=False)
            self._asked = one
            one.ask(is_sure=True)
            return
        try:
            await run.io_bound(self.desks.close, one.kept.id)
            await run.io_bound(keeping.remove, one.kept.id)
        except TenbinError as error:
            self.told.say(error.message(self.lang))
            return
        self._asked = None
        one.row.delete()
        ui.run_javascript(f"getHtmlElement({self.heading.id}).focus()")
        self.told.say(say("removed", self.lang, title=one.kept.title(self.lang), path=keeping.trash()), is_bad=False)


class Removal:
    """The button that removes a draft, and the row that goes with it."""

    def __init__(self, kept: keeping.Kept, row: ui.element, lang: str) -> None:
        self.kept, self.row, self.lang = kept, row, lang
        self.button = ui.button("", icon="delete").props("flat dense no-caps")
        self.ask(is_sure=False)

    def ask(self, *, is_sure: bool) -> None:
        """Say what the next press does."""
        words = say("really_remove" if is_sure else "remove", self.lang)
        self.button.set_text(words)
        self.button.props["aria-label"] = f"{words}: {self.kept.title(self.lang)}"
        self.button.update()


def _interview(lang: str) -> None:
    with ui.element("div").classes("card"):
        heading(say("interview", lang), 3)
        text(say("interview_about", lang))
        ui.link(say("interview_begin", lang), address(lang, place="interview"))


class Upload:
    """A workbook from the disk; what is wrong with it stands above, at its cells."""

    def __init__(self, told: Told, lang: str) -> None:
        self.told, self.lang = told, lang
        self._taken: opening.Taken | None = None
        with ui.element("div").classes("card"):
            heading(say("workbook", lang), 3)
            text(say("workbook_about", lang))
            self.upload = ui.upload(
                auto_upload=True, max_file_size=MOST_OF_A_FILE, on_upload=self._got, on_rejected=self._refused
            )
            self.upload.props('accept=".xlsx"').classes("start-upload")  # unseen: its own buttons have no names
            self.upload.on("failed", self._refused, [])
            self.button = ui.button(say("choose", lang), icon="upload").props("outline no-caps").classes("start-choose")
            self.button.on("click", js_handler=f"() => getElement({self.upload.id}).$refs.qRef.pickFiles()")
            ui.button(say("blank", lang), icon="download", on_click=self._blank).props("flat dense no-caps")

    async def _got(self, event: events.UploadEventArguments) -> None:
        self._forget()
        self.told.say(say("reading", self.lang), is_bad=False)
        content = await event.file.read()
        self.upload.reset()
        try:
            taken = await run.io_bound(opening.take_workbook, event.file.name, content)
        except TenbinError as error:
            self.told.say(error.message(self.lang))
            return
        if taken is None:  # the server ends
            return
        self._taken = taken
        if taken.draft is not None and not taken.problems:
            await self._open(taken)
        else:
            self._tell(taken)

    def _forget(self) -> None:
        """What was looked at before is not asked about any more."""
        if self._taken is not None:
            opening.forget(self._taken)
            self._taken = None

    def _refused(self) -> None:
        """The browser did not send it, or the server did not take it."""
        self.upload.reset()
        self.told.say(say("too_large", self.lang, megabytes=MOST_BYTES // MEGA))

    def _tell(self, taken: opening.Taken) -> None:
        """Every problem at its cell, and what can be done about it."""
        with self.told.say(say("wrong", self.lang, n=len(taken.problems), name=taken.path.name)):
            problem_list(taken.problems, self.lang)
            if taken.draft is None:
                self._forget()
                return
            with ui.element("div").classes("buttons"):
                ui.button(say("open_all_the_same", self.lang), on_click=lambda: self._open(taken)).props("outline no-caps")
                ui.button(say("marked", self.lang), on_click=lambda: self._marked(taken)).props("outline no-caps")

    async def _open(self, taken: opening.Taken) -> None:
        draft: Draft | None = taken.draft
        if draft is None:
            return
        try:
            made = await run.io_bound(keeping.new_draft, draft)
        except TenbinError as error:
            self.told.say(error.message(self.lang))
            return
        self._forget()
        _go(made, self.lang, "tables" if taken.problems else "scales")

    async def _marked(self, taken: opening.Taken) -> None:
        try:
            path = await run.io_bound(opening.marked_copy, taken, self.lang)
        except TenbinError as error:
            self.told.say(error.message(self.lang))
            return
        if path is None:
            self.told.say(say("nothing_to_mark", self.lang))
            return
        ui.download.file(path, path.name)

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


def _examples(told: Told, lang: str) -> None:
    with ui.element("div").classes("card"):
        heading(say("examples", lang), 3)
        text(say("examples_about", lang))
        for one in opening.examples():
            button = ui.button(one.titles[lang]).props("outline no-caps align=left").classes("start-example")
            button.on_click(lambda _, name=one.name, pressed=button: _open_example(name, pressed, told, lang))
            text(say("example_size", lang, scenarios=one.n_scenarios, measures=one.n_measures), "span", "note")


async def _open_example(name: str, pressed: ui.button, told: Told, lang: str) -> None:
    pressed.disable()  # pressed twice, it opens one draft
    try:
        made = await run.io_bound(opening.open_example, name)
    except TenbinError as error:
        told.say(error.message(lang))
        pressed.enable()
        return
    _go(made, lang)


def _go(made: str | None, lang: str, place: str = "scales") -> None:
    """To a draft that was just made."""
    if made:
        ui.navigate.to(address(lang, made, place))
