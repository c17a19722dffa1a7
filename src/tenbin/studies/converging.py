"""How a metric of a sample settles: the same metric, with its interval, over ever longer beginnings of the sample."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Elsewhere, estimate
from tenbin.model import Metric
from tenbin.reporting import Convergence
from tenbin.reporting.metric_words import metric_parts
from tenbin.simulation import world_sizes

__all__ = ["convergence", "first_years"]

FloatArray = NDArray[np.float64]

FEWEST_IN_TAIL = 10
"""Years in the tail (of the mean: years a world) of the shortest beginning: with fewer there is no interval to speak of."""

FEWEST_IN_WORLD = 2
MOST_POINTS = 12


def first_years(loss: FloatArray, n_trials: int, n_worlds: int = 1) -> FloatArray:
    """The first years of each world, ``n_trials`` in all, in the worlds' order: a shorter sample in the same worlds.

    loss : shape (N,), the years of one world side by side, world after world. n_trials : from ``n_worlds`` to N.
    """
    whole, part = world_sizes(len(loss), n_worlds), world_sizes(n_trials, n_worlds)
    starts = np.cumsum(whole) - whole
    return np.concatenate([loss[start : start + size] for start, size in zip(starts, part, strict=True)])


def convergence(
    loss: FloatArray,
    metric: str,
    n_worlds: int = 1,
    limit: float | None = None,
    exact: float | None = None,
    elsewhere: Elsewhere | None = None,
) -> Convergence:
    """A metric over the first N, N/2, N/4 … of N years, each beginning within the longer ones.

    Parameters
    ----------
    loss : annual losses of a plan, shape (N,), in the case's currency, in the worlds' order.
    metric : ``aal`` (the mean of the years), ``var95``, ``tvar99.5`` …
    limit : of the target on it. exact : its closed form, where there is one.
    elsewhere : the plan in other worlds, as in ``estimate``; without, worlds are taken for independent draws.

    Raises
    ------
    ValueError : when it is no metric, or no year of the whole sample lies in its tail.
    """
    name, confidence = metric_parts(metric)
    kind = Metric(name)
    lengths = [len(loss)]
    while len(lengths) < MOST_POINTS and _is_enough(lengths[-1] // 2, confidence, n_worlds):
        lengths.append(lengths[-1] // 2)
    parts = (first_years(loss, n, n_worlds) for n in reversed(lengths))
    found = [estimate(kind, confidence, part, n_worlds, elsewhere=elsewhere) for part in parts]
    error = found[-1].error
    return Convergence(
        metric=metric,
        years=np.array(lengths[::-1], np.int64),
        value=np.array([one.value for one in found]),
        low=np.array([one.low for one in found]),
        high=np.array([one.high for one in found]),
        limit=limit,
        exact=exact,
        worlds_share=(error.worlds / error.total) ** 2 if error.total > 0 else 0.0,
    )


def _is_enough(n_trials: int, confidence: Decimal | None, n_worlds: int) -> bool:
    if n_trials < FEWEST_IN_WORLD * n_worlds:
        return False
    return (n_trials if confidence is None else (1 - confidence) * n_trials) >= FEWEST_IN_TAIL
