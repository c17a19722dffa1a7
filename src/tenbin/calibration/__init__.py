"""Figures that a case needs, from what a company has: its own losses, experts' guesses, counts of incidents.

``losses`` fits laws to losses: ``families`` and ``fitters`` the laws for many samples at once, ``gpd`` and ``tails`` the tail and where it
begins, ``maximising`` the largest likelihood, ``goodness`` the bootstrap, ``comparing`` the laws side by side. ``experts`` pools
quantiles (``pooling``), ``counts`` fits yearly numbers, ``updating`` a belief to own incidents; ``overconfidence`` widens what people
say. ``reading`` reads files, ``rows`` makes cells for the table ``scenarios``, ``picturing`` the charts' data.
"""

from tenbin.calibration.counts import CountFit, fit_counts
from tenbin.calibration.experts import ExpertPool, pool_experts
from tenbin.calibration.losses import LossFit, fit_losses
from tenbin.calibration.updating import FrequencyUpdate, update_frequency

__all__ = [
    "CountFit",
    "ExpertPool",
    "FrequencyUpdate",
    "LossFit",
    "fit_counts",
    "fit_losses",
    "pool_experts",
    "update_frequency",
]
