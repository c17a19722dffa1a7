"""A framework: its layers, its components and its measures."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenbin.model.crosswalk import Crosswalk

__all__ = ["Catalogue", "Component", "Layer", "Measure", "Protected"]


@dataclass(frozen=True, slots=True)
class Protected:
    """What a layer protects, fears or asks for; ``kind`` is ``protect``, ``incident`` or ``measure_item``."""

    kind: str
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the framework."""

    number: int
    title_ja: str
    title_en: str
    aim_ja: str = ""
    aim_en: str = ""
    items: tuple[Protected, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the framework, with what trust in it requires (pairs of Japanese and English)."""

    id: str
    title_ja: str
    title_en: str
    requirements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A security measure of the framework, with the risk it answers."""

    id: str
    layer: int
    components: tuple[str, ...]
    title_ja: str
    title_en: str
    risk_factor_ja: str = ""
    risk_factor_en: str = ""
    impact_ja: str = ""
    impact_en: str = ""
    outline_ja: str = ""
    outline_en: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A framework as data; layers by number, components in the framework's order, measures by id.

    ``crosswalk``: which of its measures support what of the standards; empty for a user's own framework.
    """

    name: str
    layers: tuple[Layer, ...]
    components: tuple[Component, ...]
    measures: tuple[Measure, ...]
    crosswalk: Crosswalk = field(default_factory=Crosswalk, repr=False, hash=False)

    @property
    def measure_ids(self) -> frozenset[str]:
        return frozenset(measure.id for measure in self.measures)

    @property
    def cells(self) -> tuple[tuple[int, str], ...]:
        return tuple((layer.number, component.id) for layer in self.layers for component in self.components)

    def measure(self, measure_id: str) -> Measure:
        """Return the measure of that id; ``KeyError`` when there is none."""
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        raise KeyError(measure_id)
