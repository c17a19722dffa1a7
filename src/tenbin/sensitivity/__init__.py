"""What matters: which guess moves the answer, which is worth finding out first, and what a stressed year would cost.

A guess is a figure with a range. Everything that asks what a guess does to an expected loss is in closed form (``conditional``);
metrics of the tail are taken on the same years, thinned.
"""

from tenbin.sensitivity.informing import Information, information_value
from tenbin.sensitivity.mattering import WhatMatters, what_matters
from tenbin.sensitivity.sharing import VarianceShares, variance_shares
from tenbin.sensitivity.stressing import Stressed, stress
from tenbin.sensitivity.swinging import Tornado, tornado

__all__ = [
    "Information",
    "Stressed",
    "Tornado",
    "VarianceShares",
    "WhatMatters",
    "information_value",
    "stress",
    "tornado",
    "variance_shares",
    "what_matters",
]
