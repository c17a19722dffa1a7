"""What every slide is made of."""

from __future__ import annotations

from dataclasses import dataclass

from tenbin.reporting.report.data import PlanView, ReportData
from tenbin.reporting.report.page import Page
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.slides.deck import Deck
from tenbin.reporting.slides.units import Unit, unit_of
from tenbin.words import speaker

__all__ = ["Telling"]

say = speaker("slides")


@dataclass(frozen=True)
class Telling:
    """What every slide is made of."""

    data: ReportData
    v: Voice
    page: Page
    deck: Deck

    @property
    def lang(self) -> str:
        return self.v.lang

    @property
    def view(self) -> PlanView:
        return self.data.views[self.data.own]

    @property
    def before(self) -> float:
        return self.data.today_value if self.data.has_today else self.data.inherent_value

    @property
    def before_words(self) -> str:
        return self.v.chart("today" if self.data.has_today else "inherent")

    def say(self, key: str, **values: object) -> str:
        """Words of the slides."""
        return say(key, self.lang, **values)

    def source(self, *pairs: tuple[str, float]) -> str:
        """Where numbers stand in the run's documents, with every digit."""
        listed = "\n".join(f"{place} = {value!r}" for place, value in pairs)
        head = self.say(
            "source", run=self.data.run, version=self.data.version, years=f"{self.data.n_trials:,}", seed=self.data.seed
        )
        return f"{head}\n{listed}"

    def place(self, name: str) -> str:
        """The place of a number of the plan in the run's documents."""
        return f"{self.view.path}/{name}" if self.view.path else name

    def unit(self, largest: float) -> Unit:
        """The unit of a chart whose largest amount this is."""
        return unit_of(largest, self.lang, self.v.currency)

    def axis(self, words: str, unit: Unit) -> str:
        """The title of an axis; the numbers on it show where it leads, an arrow need not."""
        return self.say("axis", words=words.rstrip(" →"), unit=unit.words)
