"""A standard's references that a plan must support."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cover"]


@dataclass(frozen=True, slots=True)
class Cover:
    """At least so many of these references must be supported by a chosen measure.

    label : the target's text. groups : for each counted reference the rows of the cost table whose measure supports it
    (none: a reference that no measure supports). at_least : a count of references.
    """

    label: str
    groups: tuple[tuple[int, ...], ...]
    at_least: int

    def supported(self, chosen: NDArray[np.bool_]) -> int:
        """How many of the references the chosen rows support."""
        return sum(bool(np.any(chosen[list(group)])) for group in self.groups)

    @property
    def reachable(self) -> int:
        """How many of the references any row supports."""
        return sum(bool(group) for group in self.groups)
