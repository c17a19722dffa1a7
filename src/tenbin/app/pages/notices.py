"""What stands above every page of a draft: that it is not kept, what is wrong in it, that it was put away elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from nicegui import ui

from tenbin.app.desk import Desk
from tenbin.app.keeping import ChangedElsewhere
from tenbin.app.opening import begin_anew
from tenbin.app.pages.frame import address, framed, text
from tenbin.app.pages.tables_columns import sentence
from tenbin.errors import TenbinError
from tenbin.words import speaker

__all__ = ["desk_page"]

say = speaker("app")

MOST_PROBLEMS = 5

Result = TypeVar("Result")


@contextmanager
def desk_page(desk: Desk, lang: str, title: str, place: str) -> Iterator[None]:
    """The frame of a page of a draft, with what there is to be said of the draft above what is drawn within."""
    with framed(lang, title, draft=desk.id, place=place):
        notices = Notices(desk, lang, lists_problems=place != "tables")
        with ui.element("div").classes("desk-page") as notices.content:
            yield
    ui.context.client.on_delete(desk.subscribe(notices.follow))
    for topic in ("draft", "trouble", "closed"):
        notices.follow(topic)


class Notices:
    """Everything above a page of a draft; nothing where all is well."""

    content: ui.element

    def __init__(self, desk: Desk, lang: str, *, lists_problems: bool) -> None:
        self.desk, self.lang, self._lists_problems = desk, lang, lists_problems
        self.closed, self.trouble, self.problems = (
            ui.element("div").classes("notice bad").props("role=alert") for _ in range(3)
        )
        self.resumed = ui.element("div").classes("notice").props("role=status")

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic == "closed":
            self._show_closed()
        if topic in ("trouble", "draft"):
            self._show_trouble()
        if topic == "draft":
            self._show_problems()
            self._show_resumed()

    def _show_closed(self) -> None:
        self.closed.set_visibility(self.desk.is_closed)
        if self.desk.is_closed:
            self.closed.clear()
            with self.closed:
                text(say("put_away", self.lang))
                ui.link(say("to_start", self.lang), address(self.lang))
            self.content.props("inert")

    def _show_trouble(self) -> None:
        trouble = self.desk.trouble
        self.trouble.clear()
        self.trouble.set_visibility(trouble is not None)
        if trouble is None:
            return
        with self.trouble:
            text(trouble.message(self.lang))
            with ui.element("div").classes("buttons"):
                if isinstance(trouble, ChangedElsewhere):
                    self._button("read_theirs").on_click(self._read_theirs)
                    self._button("keep_mine").on_click(lambda: self.desk.do(self.desk.keep_again, True))
                else:
                    self._button("keep_again").on_click(lambda: self.desk.do(self.desk.keep_again))

    def _button(self, key: str) -> ui.button:
        return ui.button(say(key, self.lang)).props("outline dense no-caps")

    async def _read_theirs(self) -> None:
        await self._done(self.desk.read_again)

    async def _done(self, work: Callable[[], Result]) -> Result | None:
        """What comes of some work; None where it cannot be done, which is told."""
        try:
            return await self.desk.do(work)
        except TenbinError as error:
            ui.notify(error.message(self.lang), multi_line=True)
            return None

    def _show_problems(self) -> None:
        """What is wrong in the tables, and what of the folder could not be read."""
        unread, wrong = self.desk.holding.problems, self.desk.problems if self._lists_problems else ()
        self.problems.clear()
        self.problems.set_visibility(bool(unread or wrong))
        with self.problems:
            if unread:
                text(say("unread", self.lang), "p", "strong")
                _listed([str(problem.within(self.lang)) for problem in unread])
            if wrong:
                text(say("draft_problems", self.lang, n=len(wrong)), "p", "strong")
                _listed([sentence(one, self.lang) for one in wrong])
                ui.link(say("to_tables", self.lang), address(self.lang, self.desk.id, "tables"))

    def _show_resumed(self) -> None:
        case = self.desk.resumed
        self.resumed.clear()
        self.resumed.set_visibility(case is not None)
        if case is None:
            return
        with self.resumed:
            text(say("resumed", self.lang, path=case))
            with ui.element("div").classes("buttons"):
                self._button("begin_anew").on_click(self._begin_anew)
                self._button("go_on_with_it").on_click(self.desk.dismiss)

    async def _begin_anew(self) -> None:
        if self.desk.resumed is None:
            return
        if made := await self._done(partial(begin_anew, self.desk.resumed)):
            ui.navigate.to(address(self.lang, made))


def _listed(sentences: Sequence[str]) -> None:
    with ui.element("ul"):
        for one in sentences[:MOST_PROBLEMS]:
            text(one, "li")
        if len(sentences) > MOST_PROBLEMS:
            text("…", "li")
