"""A field of a form: its label, its help, its choices, what is wrong with it as somebody types; kept on Enter or on leaving it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from tenbin.app.pages.frame import text as words
from tenbin.app.pages.tables_columns import About
from tenbin.words import speaker
from tenbin.workbooks.layout import Kind

__all__ = ["ENTER", "Field"]

say = speaker("app_tables")

ENTER = "(event) => { if (!event.isComposing && event.keyCode !== 229 && !event.shiftKey) { event.preventDefault(); emit(); } }"
"""Enter, but not the one that ends an input method's word, nor the one that asks for a new line."""
MANY = 12
"""So many choices are searched by typing."""
LONGEST_MARKED = 500

Box = ui.input | ui.textarea | ui.select


class Field:
    """One column, or setting.

    rule : what is wrong with a text. put : keeps a text.
    """

    def __init__(
        self, about: About, lang: str, *, rule: Callable[[str, str], str | None], put: Callable[[str, str], Awaitable[None]]
    ) -> None:
        self.about, self._lang, self._rule, self._put = about, lang, rule, put
        self.kept = ""
        self._is_following = False
        with ui.element("div").classes("tables-field") as self.element:
            self.box: Box = self._draw()
            self.box.validation = self._wrong
            if about.help:
                words(about.help, "p", "note")

    def _draw(self) -> Box:
        about = self.about
        label = ("* " if about.is_required else "") + about.label
        if about.choices is not None and not about.is_open:
            select = ui.select(dict(about.choices), label=label, with_input=len(about.choices) > MANY)
            select.props("dense outlined options-dense hide-bottom-space")
            select.on_value_change(self._chosen)
            return select
        box: Box
        if about.kind is Kind.PROSE:
            box = ui.textarea(label).props("autogrow")
        else:
            box = ui.input(label, autocomplete=[one for one in about.choices or () if one])
        box.props("dense outlined hide-bottom-space autocomplete=off spellcheck=false")
        box.on("keydown.enter", self._leave, js_handler=ENTER).on("blur", self._leave)
        box.on("keydown.esc", self._back)
        return box

    @property
    def is_dirty(self) -> bool:
        """Whether something is typed that is not kept yet."""
        return self.text != self.kept

    @property
    def text(self) -> str:
        """What stands in it."""
        return str(self.box.value or "")

    def offer(self, about: About) -> None:
        """Offer what can be chosen by now."""
        if about.choices != self.about.choices:
            self.about = about
            if isinstance(self.box, ui.select):
                self.mirror(self.text)

    def show(self, text: str, is_new: bool) -> None:
        """Show what is kept; what somebody is typing stays, unless it is of another row."""
        is_dirty, self.kept = self.is_dirty, text
        if is_new or not is_dirty:
            self.mirror(text)
        if not isinstance(self.box, ui.select):
            self.box.props["data-kept"] = text if len(text) <= LONGEST_MARKED else ""
        self.box.validate()

    def mirror(self, text: str) -> None:
        """Show a text that is being typed elsewhere."""
        self._is_following = True
        try:
            if isinstance(self.box, ui.select):
                options = dict(self.about.choices or {})
                if text not in options:
                    options[text] = text or say("empty", self._lang)
                if options != self.box.options:
                    self.box.set_options(options)
            self.box.set_value(text)
        finally:
            self._is_following = False

    def _wrong(self, value: str | None) -> str | None:
        return self._rule(self.about.key, str(value or ""))

    def _back(self) -> None:
        self.box.set_value(self.kept)

    async def _leave(self) -> None:
        if self.is_dirty:
            await self._put(self.about.key, self.text)

    async def _chosen(self, _: events.ValueChangeEventArguments[object]) -> None:
        if not self._is_following:
            await self._leave()
