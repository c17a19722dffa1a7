"""How a chart speaks and sets its type: language, numbers, fonts, and text put down literally."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.fonts import Fonts
from tenbin.reporting.metric_words import metric_about, metric_jargon, metric_name, metric_short
from tenbin.reporting.palette import INK, PAPER
from tenbin.reporting.typeset import clean, cut, even, text_width, wrap
from tenbin.units import format_amount, format_rate, format_share
from tenbin.words import speaker

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from tenbin.reporting.chart_data import ChartData, Label

__all__ = ["BODY", "LEAD", "NOTE", "SMALL", "TITLE", "Style"]

say = speaker("charts")

TITLE, LEAD, BODY, SMALL, NOTE = 15.0, 10.0, 9.0, 8.0, 7.5
"""Sizes in points at the printed width."""

MIDDLE = 0.36
"""From the baseline to the middle of a line, in sizes."""

LONGEST = 200
"""Characters of a user's text that are looked at: more never fits."""

MISSING = 0.25
"""A title of which more than this share cannot be drawn gives way to the other language's, then to the id."""


def _bare(text: str) -> str:
    return re.sub(r"(\.\d*?)0+(?=\D|$)", lambda found: "" if found[1] == "." else found[1], text)


@dataclass(frozen=True, slots=True)
class Style:
    """A language with its fonts and a currency."""

    fonts: Fonts
    currency: str = "JPY"

    @property
    def lang(self) -> str:
        return self.fonts.lang

    @property
    def line_height(self) -> float:
        """In sizes: Japanese needs more air."""
        return 1.6 if self.lang == "ja" else 1.45

    def say(self, key: str, **values: object) -> str:
        """The words of a key."""
        return say(key, self.lang, **values)

    def amount(self, value: float) -> str:
        """Three significant figures; in Japanese without noughts after the point (1.2億円), as people write it there."""
        text = format_amount(value, self.lang, self.currency)
        return _bare(text) if self.lang == "ja" else text

    def signed(self, value: float) -> str:
        """A change: with its sign, also when it is up."""
        return f"+{self.amount(value)}" if value > 0 else self.amount(value)

    def tick(self, value: float) -> str:
        """A round amount, without the noughts after the point that say nothing."""
        return _bare(self.amount(value))

    def change(self, before: float, after: float) -> str:
        """A change in whole per cent: −55%."""
        if before == 0:
            return self.say("no_change") if after == 0 else self.signed(after)
        share = (after - before) / before
        text = format_share(abs(share))
        if text == "0%":
            return self.say("no_change")
        return ("−" if share < 0 else "+") + text

    def metric_change(self, data: ChartData) -> str:
        """What becomes of the metric, in a sentence."""
        name, before, after = metric_name(data.metric, self.lang), data.metric_before, data.metric_after
        return self.say(
            "metric_stays" if self.amount(before) == self.amount(after) else "metric_changes",
            metric=name if self.lang == "ja" else name[0].upper() + name[1:],
            before=self.amount(before),
            after=self.amount(after),
            change=self.change(before, after),
        )

    def literal(self, text: str) -> str:
        """A user's text as one line that can be drawn."""
        return clean(text[:LONGEST], self.fonts.covers)

    def title(self, label: Label) -> str:
        """A label's title in the language, else in the other, else its id."""
        titles = (label.title_ja, label.title_en) if self.lang == "ja" else (label.title_en, label.title_ja)
        for title in titles:
            drawn = self.literal(title)
            missing = sum(not self.fonts.covers(character) for character in title[:LONGEST] if not character.isspace())
            if drawn and missing <= MISSING * len(drawn):
                return drawn
        return self.literal(label.id)

    def names(self, label: Label) -> tuple[str, str]:
        """A label's id and title; the title blank where it would only say the id again."""
        identity, title = self.literal(label.id), self.title(label)
        return identity, "" if title == identity else title

    def metric_words(self, metric: str) -> dict[str, str]:
        """A metric for a glossary line: ``metric`` (``Metric`` at a sentence's beginning), ``about`` and ``jargon``."""
        short = metric_short(metric, self.lang)
        about, jargon = metric_about(metric, self.lang), metric_jargon(metric)
        return {"metric": short, "Metric": short[0].upper() + short[1:], "about": about, "jargon": jargon}

    def footer(self, title: Label, *more: str) -> str:
        """Whose case it is and what every amount is."""
        parts = [part for part in ("tenbin", self.title(title), *more) if part]
        return " · ".join(parts) + ("　" if self.lang == "ja" else "   ") + self.say("footer")

    def width(self, text: str, size: float) -> float:
        """The width of a line in points."""
        return text_width(text, size, self.fonts.families)

    def lines(self, text: str, width: float, size: float, max_lines: int = 0) -> list[str]:
        """Break a text into lines of ``width`` points."""
        return wrap(text, width, lambda line: self.width(line, size), max_lines)

    def even_lines(self, text: str, width: float, size: float, max_lines: int = 0) -> list[str]:
        """The same number of lines, as even as they can be: no single word left for the last."""
        return even(text, width, lambda line: self.width(line, size), max_lines)

    def sentences(self, *parts: str) -> str:
        """Sentences one after the other, as the language sets them."""
        return ("" if self.lang == "ja" else " ").join(part for part in parts if part)

    def rate(self, value: float) -> str:
        """What one unit of the currency costs: ¥0.35."""
        return format_rate(value, self.lang, self.currency)

    def cut(self, text: str, width: float, size: float) -> str:
        """A text shortened to ``width`` points."""
        return cut(text, width, lambda line: self.width(line, size))

    def put(
        self,
        axes: Axes,
        text: str,
        place: tuple[float, float],
        offset: tuple[float, float] = (0, 0),
        halo: bool = False,
        **how: Any,
    ) -> Text:
        """Put text down literally at a place of the axes (data coordinates), moved by ``offset`` points.

        ``halo`` keeps it clear of the lines beneath; ``how`` is what matplotlib's ``annotate`` takes, ``xycoords`` for a
        place in other coordinates.
        """
        given: dict[str, Any] = {"color": INK, "fontsize": BODY, "ha": "left", "va": "center", **how}
        given["linespacing"] = self.line_height - 0.2
        if given["va"] == "center" and "\n" not in text:  # centred on the letters' height, so that one row is one line
            given["va"] = "baseline"
            offset = (offset[0], offset[1] - MIDDLE * given["fontsize"])
        if halo:
            from matplotlib.patheffects import withStroke

            given["path_effects"] = [withStroke(linewidth=3.5, foreground=PAPER)]
        return axes.annotate(
            text,
            place,
            xytext=offset,
            textcoords="offset points",
            annotation_clip=False,
            parse_math=False,
            fontfamily=list(self.fonts.families),
            **given,
        )
