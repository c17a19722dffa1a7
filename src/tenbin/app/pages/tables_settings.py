"""The settings of a case: a field for each, its targets and its named levels as lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui import ui

from tenbin.app.drafts import CASE, Draft, DraftProblem, check_cell
from tenbin.app.pages.frame import heading, text
from tenbin.app.pages.tables_columns import rule_words, setting_about
from tenbin.app.pages.tables_fields import ENTER, Field
from tenbin.words import speaker
from tenbin.workbooks.layout import settings_keys

__all__ = ["SettingsForm"]

say = speaker("app_tables")

LISTS = ("targets", "levels")
SECTIONS = ("", "organisation", "study", "report")

Change = Callable[[Callable[[Draft], Draft]], Awaitable[None]]


class SettingsForm:
    """The form of a draft's settings; change : keeps a change of the draft."""

    def __init__(self, lang: str, change: Change) -> None:
        self.lang, self._change = lang, change
        self.element = ui.element("div").classes("tables-settings")
        self.fields: dict[str, Field] = {}
        self._lists: dict[str, ui.element] = {}
        self._boxes: dict[str, ui.input] = {}
        self._kept: dict[str, str] = {}
        self._bad: dict[str, str] = {}
        with self.element:
            for section in SECTIONS:
                self._section(section)
            for section in LISTS:
                with ui.element("section").classes("tables-section"):
                    heading(say(f"section_{section}", lang), 3)
                    text(setting_about(section, lang).help, "p", "note")
                    self._lists[section] = ui.element("div").classes("tables-pairs")
                    self._adding(section)
            self._strays = ui.element("section").classes("tables-section")

    def _section(self, section: str) -> None:
        keys = [key for key in settings_keys() if key.rpartition(".")[0] == section and key != "cost_tables"]
        with ui.element("section").classes("tables-section"):
            heading(say(f"section_{section or 'case'}", self.lang), 3)
            with ui.element("div").classes("fields"):
                for key in keys:
                    self.fields[key] = Field(setting_about(key, self.lang), self.lang, rule=self._rule, put=self._put)

    def show(self, draft: Draft, problems: tuple[DraftProblem, ...]) -> None:
        """Show the settings as they are kept."""
        self._bad = {}
        for one in problems:
            if one.table == CASE:
                self._bad[one.column] = "\n".join(filter(None, (self._bad.get(one.column, ""), rule_words(one, self.lang))))
        for key, field in self.fields.items():
            field.show(draft.settings.get(key, ""), is_new=False)
        for section in LISTS:
            self._show_list(section, draft)
        self._show_strays(draft)

    def go_to(self, key: str) -> None:
        """Put the focus on a setting."""
        box = self.fields[key].box if key in self.fields else self._boxes.get(key)
        if box is not None:
            box.run_method("focus")

    def _rule(self, key: str, typed: str) -> str | None:
        problem = check_cell(CASE, key, typed)
        if problem is not None:
            found = problem.within(self.lang)
            return say("wrong", self.lang, rule=found.rule, value=found.value, remedy=found.remedy)
        field = self.fields.get(key)
        return self._bad.get(key) if field is None or typed == field.kept else None

    async def _put(self, key: str, typed: str) -> None:
        await self._change(lambda draft: draft.with_setting(key, typed))

    # targets and levels

    def _show_list(self, section: str, draft: Draft) -> None:
        pairs = {key: value for key, value in draft.settings.items() if key.startswith(f"{section}.")}
        shown = {key: str(box.value) for key, box in self._boxes.items() if key.startswith(f"{section}.")}
        if list(pairs) == list(shown):
            for key, value in pairs.items():
                before, self._kept[key] = self._kept[key], value
                if str(self._boxes[key].value or "") == before:  # else somebody is typing in it
                    self._boxes[key].set_value(value)
                self._boxes[key].error = self._bad.get(key)
            return
        for key in shown:
            del self._boxes[key]
        self._lists[section].clear()
        with self._lists[section]:
            if not pairs:
                text(say(f"no_{section}", self.lang), "p", "note")
            for key, value in pairs.items():
                self._pair(section, key, value)

    def _pair(self, section: str, key: str, value: str) -> None:
        name = key.partition(".")[2]
        with ui.element("div").classes("tables-pair"):
            naming = ui.input(say(f"name_{section}", self.lang), value=name).props("dense outlined hide-bottom-space")
            box = ui.input(say(f"value_{section}", self.lang, name=name), value=value)
            box.props("dense outlined hide-bottom-space")
            self._kept[key] = value
            box.validation = lambda typed: self._bad.get(key) if typed == self._kept[key] else None
            self._boxes[key] = box

            async def renamed() -> None:
                new = f"{section}.{str(naming.value or '').strip()}"
                if new != key and new != f"{section}." and new not in self._boxes:
                    await self._change(lambda draft: _renamed(draft, key, new))

            async def put() -> None:
                typed = str(box.value or "").strip()
                if typed != self._kept[key]:
                    await self._put(key, typed)

            naming.on("keydown.enter", renamed, js_handler=ENTER).on("blur", renamed)
            box.on("keydown.enter", put, js_handler=ENTER).on("blur", put)
            drop = ui.button(icon="close", on_click=lambda: self._put(key, "")).props("flat dense")
            drop.props["aria-label"] = say("drop", self.lang, name=name)

    def _adding(self, section: str) -> None:
        with ui.element("div").classes("tables-pair"):
            naming = ui.input(say(f"new_{section}", self.lang)).props("dense outlined hide-bottom-space")
            box = ui.input(say("new_value", self.lang)).props("dense outlined hide-bottom-space")

            async def add() -> None:
                name, value = str(naming.value or "").strip(), str(box.value or "").strip()
                if name and value:
                    naming.set_value("")
                    box.set_value("")
                    await self._put(f"{section}.{name}", value)

            box.on("keydown.enter", add, js_handler=ENTER)
            ui.button(say("add", self.lang), on_click=add).props("outline dense no-caps")

    # settings that nobody knows

    def _show_strays(self, draft: Draft) -> None:
        known = {*settings_keys(), "format"}
        strays = [key for key in draft.settings if key not in known and key.partition(".")[0] not in LISTS]
        self._strays.clear()
        self._strays.set_visibility(bool(strays))
        with self._strays:
            for key in strays:
                with ui.element("div").classes("tables-stray"):
                    text(say("stray_setting", self.lang, name=key, value=draft.settings[key]))
                    button = ui.button(say("drop", self.lang, name=key), icon="close").props("flat dense no-caps")
                    button.on_click(lambda _, k=key: self._put(k, ""))


def _renamed(draft: Draft, old: str, new: str) -> Draft:
    return replace(draft, settings={new if key == old else key: value for key, value in draft.settings.items()})
