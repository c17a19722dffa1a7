"""Whether the compiled functions are there, or are made by the first study on a machine."""

from __future__ import annotations

from pathlib import Path

__all__ = ["is_first_time"]


def is_first_time() -> bool:
    """Whether one of the compiled functions that every run needs is not in numba's cache yet."""
    from tenbin.evaluation import kernels as of_evaluation
    from tenbin.simulation import kernels as of_simulation

    for function in (of_simulation.count_events, of_simulation.draw_own, of_evaluation.block_loss):
        cache = Path(function.stats.cache_path)
        if not any(cache.glob(f"kernels.{function.py_func.__name__}-*.nbi")):
            return True
    return False
