"""What the solver says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answer", "AnswerKind"]

FloatArray = NDArray[np.float64]


class AnswerKind(StrEnum):
    """How a solve of the master ended; limit: the nodes allowed were used up."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    LIMIT = "limit"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found. ``x`` is None without a solution; ``bound`` is on the objective, in its unit.

    x : shape (n_rows,). others : the x of dearer solutions met on the way.
    """

    kind: AnswerKind
    bound: float = -math.inf
    value: float = math.inf
    x: FloatArray | None = None
    others: tuple[FloatArray, ...] = ()
