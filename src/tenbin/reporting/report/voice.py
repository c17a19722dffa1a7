"""How the page speaks: one language, one currency, numbers as people read them and as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from tenbin.reporting.chart_data import Label
from tenbin.reporting.metric_words import metric_about, metric_jargon, metric_short
from tenbin.reporting.sentences import percent
from tenbin.units import format_amount, format_frequency, format_share
from tenbin.words import speaker

__all__ = ["Voice"]

of_report, of_charts = speaker("report"), speaker("charts")

LEVELS = ("basic", "advanced", "high")
"""The levels of the published framework's examples."""
LONGEST_TITLE = 120
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""What turns the direction of writing, and would turn the sentence around a title as well."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What says everything on the page."""

    lang: str
    currency: str
    longest: ClassVar[int] = 400
    """Past so many letters a text is folded, but for its first ``shortened``."""
    shortened: ClassVar[int] = 240

    def say(self, key: str, **values: object) -> str:
        """Words of the report."""
        return of_report(key, self.lang, **values)

    def chart(self, key: str, **values: object) -> str:
        """Words that the charts have as well."""
        return of_charts(key, self.lang, **values)

    def amount(self, value: float) -> str:
        """Three figures: ``290万円``, ``¥2.90M``."""
        return format_amount(value, self.lang, self.currency)

    def exact(self, value: float) -> str:
        """Every digit."""
        return format_amount(value, self.lang, self.currency, exact=True)

    def number(self, value: float, path: str, exact: bool = False) -> Markup:
        """An amount of the run's documents with its place there and its full value, which shows on hover."""
        form = '<data class="n" value="{}" data-path="{}" title="{}">{}</data>'
        return Markup(form).format(
            repr(float(value)), path, self.exact(value), self.exact(value) if exact else self.amount(value)
        )

    def share(self, value: float) -> str:
        """A share as whole per cent."""
        return format_share(value)

    def change(self, before: float, after: float) -> str:
        """By how much something falls or rises: ``−25%``; "" from nothing."""
        if before <= 0:
            return ""
        share = after / before - 1
        sign = "−" if share < 0 else "+"
        return "±0%" if abs(share) < 5e-4 else sign + percent(abs(share))

    def changed(self, before: float, after: float) -> str:
        """An amount, and by how much it differs from what was before: ``¥1.79M  +30%``."""
        return f"{self.amount(after)}  {self.change(before, after)}".rstrip()

    def often(self, per_year: float) -> str:
        """A frequency in words."""
        return format_frequency(per_year, self.lang)

    def title(self, label: Label) -> str:
        """A title in this language, else in the other, else the id; past a length cut off (whole in what was entered)."""
        title = " ".join(self.both(label.title_ja, label.title_en).translate(TURNING).split()) or label.id
        return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"

    def level(self, name: str) -> str:
        """A level of a measure: the framework's own in words, others as they are."""
        return self.say(f"level_{name}") if name in LEVELS else name

    def both(self, ja: str, en: str) -> str:
        """Of two texts the one in this language, else the other."""
        return (ja or en) if self.lang == "ja" else (en or ja)

    def metric(self, name: str) -> str:
        """A metric as it stands within a sentence, with its scope."""
        scope, _, plain = name.rpartition(":")
        words = metric_short(plain, self.lang)
        return self.say("of_scope", metric=words, scope=scope) if scope else words

    def heading(self, name: str) -> str:
        """A metric at the head of something."""
        words = self.metric(name)
        return words[:1].upper() + words[1:]

    def metric_means(self, name: str) -> str:
        """A glossary line: what the metric is, and what specialists call it."""
        plain = name.rpartition(":")[2]
        values = {"metric": self.heading(name), "about": metric_about(plain, self.lang), "jargon": metric_jargon(plain)}
        return self.say("metric_means", **values)

    def listed(self, texts: Iterable[str]) -> str:
        """Several things in a row."""
        return self.say("comma").join(texts)

    def joined(self, sentences: Iterable[str]) -> str:
        """Sentences after each other."""
        return ("" if self.lang == "ja" else " ").join(sentences)

    def with_remark(self, text: str, remark: str) -> str:
        """A text with something in brackets behind it."""
        return self.say("brackets", text=text, more=remark)
