"""Thousands of questions: axes → points, solved on one machine or a cluster, each kept as soon as it is known.

``spec`` reads what is written, ``axes`` what may vary; ``bases`` holds a case as text, hashes and changes it; ``points`` lays the
points out and gives each its key. ``solving`` is what a worker does with a batch, ``crews`` who the workers are; ``sweeping`` is the
one call. ``store`` keeps rows in parts, ``keeping`` the cases; ``reading`` gives rows as a table, ``regret`` each plan under every other assumption.
"""

from tenbin.sweeps.reading import read_sweep
from tenbin.sweeps.regret import sweep_regret
from tenbin.sweeps.sweeping import Sweep, sweep

__all__ = ["Sweep", "read_sweep", "sweep", "sweep_regret"]
