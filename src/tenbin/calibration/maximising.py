"""The largest likelihood of many samples at once: Newton's method in two parameters, by differences, with step halving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Maximum", "Objective", "maximise"]

FloatArray = NDArray[np.float64]
Objective = Callable[[FloatArray, NDArray[np.intp]], FloatArray]
"""Points of shape (n_points, n_rows, 2) and the numbers of those rows among all → values of shape (n_points, n_rows)."""

MOST_STEPS = 60
MOST_HALVINGS = 12
WIDE = 1e-4
"""Of a difference: parameters are logarithms, so that it is relative."""
LONGEST = 1.0
CLOSE = 1e-6
NEARLY = 1e-3
STENCIL = WIDE * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)], np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where each sample's likelihood is largest.

    theta : shape (n_samples, 2). value : shape (n_samples,). is_found : shape (n_samples,); False where Newton's steps did not
    end at a maximum, as where the likelihood rises without end.
    """

    theta: FloatArray
    value: FloatArray
    is_found: NDArray[np.bool_]


def maximise(objective: Objective, start: FloatArray) -> Maximum:
    """Climb from ``start``, shape (n_samples, 2); values of −inf (outside of the support) are stepped back from."""
    theta = np.array(start, np.float64)
    every = np.arange(len(theta))
    value = objective(theta[None], every)[0]
    found = np.zeros(len(theta), np.bool_)
    active = every[np.isfinite(value)]
    for _ in range(MOST_STEPS):
        if not len(active):
            break
        slope, bend = _differences(objective(theta[active] + STENCIL[:, None, :], active))
        step, is_hill = _ascent(slope, bend)
        size = np.abs(step).max(axis=1)
        rises: NDArray[np.bool_] = _climb(objective, theta, value, active, step)
        ends = np.asarray((size < CLOSE) | ~rises)
        found[active[ends]] = (is_hill & (size < NEARLY))[ends]
        active = active[~ends]
    return Maximum(theta, value, found)


def _differences(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Slopes, shape (n_rows, 2), and second derivatives, shape (n_rows, 2, 2), of values at the stencil's points."""
    middle, right, left, up, down, up_right, down_right, up_left, down_left = values
    slope = np.stack([right - left, up - down], axis=1) / (2 * WIDE)
    mixed = (up_right - down_right - up_left + down_left) / 4
    bend = np.stack([right - 2 * middle + left, mixed, mixed, up - 2 * middle + down], axis=1) / WIDE**2
    return slope, bend.reshape(-1, 2, 2)


def _ascent(slope: FloatArray, bend: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Newton's steps, upwards also where the surface is no hill, none longer than ``LONGEST``; and where it is one."""
    fine = np.asarray(np.isfinite(slope).all(axis=1) & np.isfinite(bend).all(axis=(1, 2)))
    curvature, axes = np.linalg.eigh(np.where(fine[:, None, None], bend, -np.eye(2)))
    steepest = np.abs(curvature).max(axis=1, keepdims=True)
    downwards = -np.maximum(np.abs(curvature), 1e-8 * steepest + 1e-12)
    along = np.einsum("nji,nj->ni", axes, np.where(fine[:, None], slope, 0.0))
    step = np.einsum("nij,nj->ni", axes, -along / downwards)
    size = np.abs(step).max(axis=1, keepdims=True)
    is_hill = fine & (curvature.max(axis=1) < -1e-7 * steepest[:, 0])
    return step * np.minimum(1.0, LONGEST / np.maximum(size, 1e-300)), is_hill


def _climb(
    objective: Objective, theta: FloatArray, value: FloatArray, active: NDArray[np.intp], step: FloatArray
) -> NDArray[np.bool_]:
    """Move each row as far along its step as it rises, in place; which of them rose."""
    rises = np.zeros(len(active), np.bool_)
    waiting = np.arange(len(active))
    for halving in range(MOST_HALVINGS):
        rows = active[waiting]
        tried = theta[rows] + step[waiting] * 0.5**halving
        reached = objective(tried[None], rows)[0]
        better = reached > value[rows]
        theta[rows[better]], value[rows[better]] = tried[better], reached[better]
        rises[waiting[better]] = True
        waiting = waiting[~better]
        if not len(waiting):
            break
    return rises
