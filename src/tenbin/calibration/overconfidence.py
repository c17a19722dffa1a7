"""Intervals that people give are too narrow: how much wider they have to be.

Of the values that people say they are 90 % sure to enclose, intervals hold far fewer: 50 to 70 % in most studies. If the error
is one of width alone, and beliefs are normal in the logarithm, an interval that holds the truth a share *h* of the time reaches
only z((1 + h)/2) standard deviations to each side, where z(0.95) was meant. So each side is widened, about the median and in the
logarithm, by z(0.95)/z((1 + h)/2): 1.59 at 70 %, 2.44 at 50 %.

References
----------
Lichtenstein, Fischhoff & Phillips (1982), in Kahneman, Slovic & Tversky (eds.), Judgment under Uncertainty, chapter 22; Moore &
Healy (2008), Psychological Review 115; Hubbard & Seiersen (2016), How to Measure Anything in Cybersecurity Risk, chapter 7.
"""

from __future__ import annotations

from scipy import special

from tenbin.calibration.wording import Given, said, shown
from tenbin.errors import Problem
from tenbin.units import parse_number, parse_share

__all__ = ["MOST_FACTOR", "read_overconfidence", "widen"]

MOST_FACTOR = 10.0
STATED = 0.9


def factor_of(hit_rate: float) -> float:
    """By which 90 % intervals that really hold the truth ``hit_rate`` of the time are to be widened."""
    return float(special.ndtri((1 + STATED) / 2) / special.ndtri((1 + hit_rate) / 2))


def read_overconfidence(value: Given | None, problems: list[Problem]) -> float:
    """The factor of ``1.5`` (a factor) or of ``70%`` (how often intervals hold the truth); 1 where nothing is given.

    A number below 1 is a share. A problem, and 1, for what is neither.
    """
    text = str(value).strip() if value is not None else ""
    if value is None:
        return 1.0
    try:
        number = parse_share(text) if text.endswith(("%", "％")) else parse_number(text)
    except (ValueError, OverflowError):
        number = 0.0
    least = 2 * float(special.ndtr(special.ndtri((1 + STATED) / 2) / MOST_FACTOR)) - 1
    is_share = number < 1
    if (is_share and not least <= number <= STATED) or (not is_share and not number <= MOST_FACTOR):
        rule = said("must_overconfidence", low=f"{100 * least:.0f}%", high=f"{MOST_FACTOR:g}")
        problems.append(Problem("--overconfidence", 0, "", rule, shown(text), said("do_overconfidence")))
        return 1.0
    return factor_of(number) if is_share else number


def widen(low: float, median: float, high: float, factor: float) -> tuple[float, float]:
    """Both ends of an interval that much farther from its median, in the logarithm; all > 0."""
    return float(median * (low / median) ** factor), float(median * (high / median) ** factor)
