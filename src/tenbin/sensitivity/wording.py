"""What this room says, and what is said when nothing can be asked."""

from __future__ import annotations

from tenbin.errors import InputError, Problem
from tenbin.words import saying, speaker

__all__ = ["nothing_uncertain", "said", "say"]

said = saying("sensitivity")
say = speaker("sensitivity")


def nothing_uncertain() -> InputError:
    """That no figure of the case has a range."""
    return InputError([Problem("CASE", 0, "", said("must_ranges"), said("got_no_ranges"), said("do_ranges"))])
