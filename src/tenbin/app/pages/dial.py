"""A slider and a box for one amount, bound together: what the one is moved to stands in the other."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from itertools import count

from nicegui import events, ui

from tenbin.app.pages.frame import text
from tenbin.units import format_amount, parse_amount

__all__ = ["Dial"]

STEPS = 200
THROTTLE = 0.03
REST = 0.12
_NUMBERS = count()


class Dial:
    """A native slider (keyboard and screen reader come with it) and a box for the same amount.

    on_move : the amount as it is moved, many times a second. on_rest : the text once it stays where it is, or was typed. rule : what is wrong
    with a typed text, None when nothing is.
    """

    def __init__(
        self,
        label: str,
        box_label: str,
        lang: str,
        currency: str,
        *,
        on_move: Callable[[float], None],
        on_rest: Callable[[str], None],
        rule: Callable[[str], str | None],
    ) -> None:
        self._lang, self._currency, self._on_move, self._on_rest, self._rule = lang, currency, on_move, on_rest, rule
        self._amount, self._is_known = 0.0, True
        self._text = self._shown = ""
        self.low, self.high, self.step = 0.0, 1.0, 1.0
        name = f"dial-{next(_NUMBERS)}"
        with ui.element("div").classes("dial"):
            text(label, "label").props(f'for="{name}"')
            self.slider = ui.element("input").props(f'type=range id="{name}"').classes("range")
            self.slider.on("input", self._moved, js_handler="(e) => emit(e.target.value)", throttle=THROTTLE)
            self.slider.on("change", self._released, js_handler="(e) => emit(e.target.value)")
            self.ends = text("", "p", "ends").props("aria-hidden=true")
            self.box = ui.input(box_label, validation=rule).props("dense outlined hide-bottom-space autocomplete=off")
            self.box.on("keydown.enter", self._typed).on("blur", self._typed)
        self._resting: asyncio.TimerHandle | None = None
        self._is_moving = False

    def fit(self, low: float, high: float) -> None:
        """Set the slider's ends, rounded up to where its steps fall: what is lowest of all can be had at the lower end too."""
        span = max(high - low, 1.0)
        step = _round_step(span / STEPS)
        low, high = (math.ceil(end / step * (1 - 1e-12)) * step for end in (low, high))
        if (low, high, step) == (self.low, self.high, self.step):
            return
        self.low, self.high, self.step = low, high, step
        self.ends.set_text(f"{self.said(low)} – {self.said(high)}")
        self._draw()

    def put(self, amount: float | None, typed: str) -> None:
        """Show an amount (None: not known) and the text that stands for it; not while it is being moved.

        A text that was not typed here is shown as amounts are written in this language, where that is the same amount.
        """
        if self._is_moving:
            return
        if typed != self._text:
            is_awaited = self._is_awaited()
            self._text = typed
            if not is_awaited:
                self._show(self._in_language(typed))
        if (amount is not None and amount != self._amount) or self._is_known != (amount is not None):
            self._is_known = amount is not None
            self._amount = self._amount if amount is None else amount
            self._draw()

    def _is_awaited(self) -> bool:
        """Whether something right is typed that is not asked yet: it stays in the box."""
        typed = self._typed_text()
        return typed != self._shown and self._rule(typed) is None

    def _typed_text(self) -> str:
        return str(self.box.value or "").strip()

    def _show(self, words: str) -> None:
        self._shown = words
        self.box.set_value(words)

    def _in_language(self, typed: str) -> str:
        try:
            amount = parse_amount(typed)
            said = self.said(amount)
            return said if parse_amount(said) == amount else typed
        except ValueError:  # a share
            return typed

    def _draw(self) -> None:
        props = self.slider.props
        props["min"], props["max"], props["step"] = self.low, self.high, self.step
        props["value"] = min(max(self._amount, self.low), self.high)
        props["aria-valuetext"] = self.said(self._amount) if self._is_known else self._in_language(self._text)
        self.slider.update()

    def said(self, amount: float) -> str:
        """An amount as the box shows it."""
        return format_amount(amount, self._lang, self._currency)

    def _take(self, event: events.GenericEventArguments) -> None:
        self._amount, self._is_known = float(event.args), True
        self._text = self.said(self._amount)
        self._show(self._text)
        self.slider.props["value"], self.slider.props["aria-valuetext"] = self._amount, self._text
        self.slider.update()

    def _moved(self, event: events.GenericEventArguments) -> None:
        self._is_moving = True
        self._take(event)
        self._on_move(self._amount)

    def _released(self, event: events.GenericEventArguments) -> None:
        self._take(event)
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(REST, self._settled)

    def _settled(self) -> None:
        self._is_moving = False
        self._on_rest(self._text)

    def _typed(self) -> None:
        typed = self._typed_text()
        if self._rule(typed) is not None:
            return
        self._shown = typed
        if typed in (self._text, self._in_language(self._text)):
            return
        self._text = typed
        try:
            self._amount, self._is_known = parse_amount(typed), True
        except ValueError:
            self._is_known = False  # a share: the answer will tell its amount
        self._draw()
        self._on_rest(typed)


def _round_step(step: float) -> float:
    """1, 2 or 5 times a power of ten, at least the step given."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= step * (1 - 1e-12))
