"""One guess and several, one day and several."""

from __future__ import annotations

import pytest

from tenbin.reporting.chart_data import Label
from tenbin.reporting.guess_words import GuessRow, guess_span
from tenbin.words import speaker

say = speaker("sensitivity")


@pytest.mark.parametrize(
    ("key", "one", "several"),
    [
        (
            "worth_nothing",
            "1 guess changes no choice, whatever its value.",
            "2 guesses change no choice, whatever their values.",
        ),
        (
            "swing_without",
            "1 guess does not touch it: its measure is not in the plan.",
            "2 guesses do not touch it: their measures are not in the plan.",
        ),
    ],
)
def test_one_and_several(key: str, one: str, several: str) -> None:
    assert say(key, "en", n=1) == one
    assert say(key, "en", n=2) == several


def test_one_day() -> None:
    row = GuessRow("days", "cost", Label("L1.001"), 3.0, 1.0, 6.0, amount="effort_yearly")
    assert guess_span(row, "en") == "1 day – 6 days"
    often = GuessRow("often", "frequency", Label("S-L1-01"), 2.0, 1.0, 4.0)
    assert guess_span(often, "en") == "1 time a year – 4 times a year"


def test_a_sample_mean_is_about() -> None:
    values = {"guess": "it", "worth": "1", "total": "5", "years": 5, "everything": "2"}
    assert "worth about 2 a year or more" in say("first", "en", **values)
    assert "約2以上" in say("first", "ja", **values)
