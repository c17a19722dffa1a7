"""Text is broken where it may be, cut where it must be, and never lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tenbin.reporting.typeset import clean, cut, even, wrap


def columns(text: str) -> float:
    """A stand-in for a font: Japanese is two wide."""
    return float(sum(2 if ord(character) > 0x2E7F else 1 for character in text))


def test_english_breaks_between_words() -> None:
    assert wrap("the loss of a bad year", 10, columns) == ["the loss", "of a bad", "year"]


def test_japanese_breaks_anywhere_but_before_a_comma_or_inside_katakana() -> None:
    assert wrap("損失は、減る", 6, columns) == ["損失", "は、減", "る"]
    assert wrap("広域ネットワーク", 14, columns) == ["広域", "ネットワーク"]
    assert wrap("サプライチェーン", 12, columns) == ["サプライ", "チェーン"]  # no ェ or ー at the head of a line
    assert wrap("約100年に1回", 6, columns) == ["約", "100年", "に1回"]


def test_too_many_lines_end_in_an_ellipsis() -> None:
    assert wrap("one two three four", 5, columns, 2) == ["one", "two…"]
    assert cut("one two", 5, columns) == "one…"
    assert cut("one", 5, columns) == "one"


def test_even_lines_leave_no_orphan() -> None:
    assert wrap("企業間のつながり", 14, columns) == ["企業間のつなが", "り"]
    assert even("企業間のつながり", 14, columns) == ["企業間の", "つながり"]


@given(st.text(max_size=80), st.integers(4, 40))
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, width: int) -> None:
    flat = clean(text, lambda _: True)
    for lines in (wrap(flat, width, columns), even(flat, width, columns)):
        assert all(columns(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == flat.replace(" ", "")


@given(st.text(max_size=80), st.integers(4, 40), st.integers(1, 3))
def test_bounded_lines_stay_bounded(text: str, width: int, most: int) -> None:
    lines = wrap(clean(text, lambda _: True), width, columns, most)
    assert len(lines) <= most
    assert all(columns(line) <= width + 1 for line in lines)


def test_what_cannot_be_drawn_becomes_a_box_and_control_characters_go() -> None:
    assert clean("a\tb\n\x00c\u200bd\ud800 x", lambda character: character != "x") == "a b cd □"
