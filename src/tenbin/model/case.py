"""A case: one organisation's scenarios, what it has in place, and what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tenbin.model.brand import Brand
from tenbin.model.catalogue import Catalogue
from tenbin.model.costs import CostTable
from tenbin.model.crosswalk import Crosswalk
from tenbin.model.risk import Effect, Factor, Scenario, Trigger

__all__ = ["Case", "NamedPlan", "Organisation", "Status", "Study", "default_worlds"]

WORLDS = 64


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose case it is. ``cash_reserve`` is what one bad year may take; ``day_rate`` prices a day of internal effort."""

    id: str = ""
    employees: int | None = None
    annual_revenue: float | None = None
    cash_reserve: float | None = None
    day_rate: float = 0.0
    horizon_years: int = 5
    discount_rate: float = 0.02


@dataclass(frozen=True, slots=True)
class Study:
    """How the years are drawn, and the day whose prices hold (subsidies past their date pay nothing); None: today.

    ``worlds_given`` : whether the settings say ``n_worlds``; else it follows from what has a range (``default_worlds``).
    """

    n_trials: int = 100_000
    seed: int = 1
    n_worlds: int = 1
    prices_on: date | None = None
    worlds_given: bool = True


def default_worlds(n_trials: int) -> int:
    """How many worlds so many years are drawn in when some parameter has a range: 64, with ten years in each at least."""
    return min(WORLDS, max(1, n_trials // 10))


@dataclass(frozen=True, slots=True)
class Status:
    """What holds for a measure's level (or, with a blank level, for a shared capability)."""

    id: str
    level: str = ""
    in_place: bool = False
    mandatory: bool = False
    excluded: bool = False
    note: str = ""
    organisation: str = ""
    note_ja: str = ""


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """A plan of the user's: (measure, level, year or None) for everything that is chosen."""

    name: str
    choices: tuple[tuple[str, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One organisation's case with one cost table. Scenarios, effects, triggers and factors are sorted by id.

    ``own_crosswalk`` has the standards that the user brings; ``crosswalk`` is the catalogue's with these in their place. ``brand``:
    under whose name reports go out.
    """

    name: str
    catalogue: Catalogue
    scenarios: tuple[Scenario, ...]
    effects: tuple[Effect, ...]
    costs: CostTable
    title_ja: str = ""
    title_en: str = ""
    currency: str = "JPY"
    organisation: Organisation = Organisation()
    study: Study = Study()
    targets: tuple[str, ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    status: tuple[Status, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    factors: tuple[Factor, ...] = ()
    plans: tuple[NamedPlan, ...] = ()
    warnings: tuple[str, ...] = ()
    own_crosswalk: Crosswalk = field(default_factory=Crosswalk)
    brand: Brand | None = None

    @property
    def crosswalk(self) -> Crosswalk:
        return (
            self.catalogue.crosswalk.replaced(self.own_crosswalk) if self.own_crosswalk.references else self.catalogue.crosswalk
        )

    @property
    def is_uncertain(self) -> bool:
        """Whether any frequency, effect or amount has a range, so that worlds differ."""
        guesses = (*(one.frequency for one in self.scenarios), *(one.effect for one in self.effects))
        priced = any(row.ranges for row in self.costs.rows) or any(shared.ranges for shared in self.costs.capabilities)
        return priced or any(guess.low is not None for guess in guesses)

    def title(self, lang: str) -> str:
        """The title in that language, else in the other, else the name."""
        first, second = (self.title_ja, self.title_en) if lang == "ja" else (self.title_en, self.title_ja)
        return first or second or self.name

    def scenario(self, scenario_id: str) -> Scenario:
        """Return the scenario of that id; ``KeyError`` when there is none."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        raise KeyError(scenario_id)
