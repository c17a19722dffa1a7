"""Points that fill a space of several axes evenly: Latin hypercubes and scrambled Sobol points."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

__all__ = ["shares"]


def shares(method: str, n: int, n_axes: int, seed: int) -> NDArray[np.float64]:
    """Points in the unit cube, shape (n, n_axes), each in [0, 1); the same for the same seed.

    Parameters
    ----------
    method : ``latin-hypercube`` (each of n equal parts of an axis has one point) or ``sobol`` (scrambled; powers of two are the most
        even).

    References
    ----------
    McKay, Beckman & Conover (1979), Technometrics 21; Owen (1998), J. Complexity 14.
    """
    if not n_axes:
        return np.zeros((n, 0))
    from scipy.stats import qmc

    generator = np.random.default_rng(seed)
    if method == "latin-hypercube":
        return np.asarray(qmc.LatinHypercube(n_axes, seed=generator).random(n))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that n is no power of two is said in the docs
        return np.asarray(qmc.Sobol(n_axes, scramble=True, seed=generator).random(n))
