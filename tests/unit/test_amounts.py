"""Amounts, shares and frequencies as people write them."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenbin.units import (
    format_amount,
    format_frequency,
    format_rate,
    format_share,
    parse_amount,
    parse_number,
    parse_share,
)

AMOUNTS = {
    "0": 0,
    "30000000": 30_000_000,
    "30_000_000": 30_000_000,
    "30,000,000": 30_000_000,
    "30M": 30_000_000,
    "30m": 30_000_000,
    "300k": 300_000,
    "1.2B": 1_200_000_000,
    "3000万": 30_000_000,
    "3000万円": 30_000_000,
    "3,000万円": 30_000_000,
    "1.2億円": 120_000_000,
    "0.1億": 10_000_000,
    "1億2000万円": 120_000_000,
    "1億2,345万6789円": 123_456_789,
    "1兆2億3万4円": 1_000_200_030_004,
    "5百万円": 5_000_000,
    "2千万": 20_000_000,
    "¥30M": 30_000_000,
    "\\30M": 30_000_000,
    "￥３０Ｍ": 30_000_000,
    "１．２億円": 120_000_000,
    "３，０００万円": 30_000_000,
    " 30 M ": 30_000_000,
    "$2.5M": 2_500_000,
    "1e6": 1_000_000,
    ".5M": 500_000,
    "30円": 30,
    "-3M": -3_000_000,
    "−3M": -3_000_000,
    "-¥3M": -3_000_000,
    "-1億2000万": -120_000_000,
    "1234.5": 1234.5,
    "2.3M": 2_300_000,
    "4.35億": 435_000_000,
    "1.1k": 1100,
    "1e-320": 1e-320,
}

NO_AMOUNTS = [
    "",
    " ",
    "円",
    "億",
    "M",
    "¥",
    "abc",
    "1,00",
    "12,34",
    "1,2345",
    "10,00,000",
    "1_0",
    "1__000",
    "--3",
    "+-5",
    "¥-5",
    "-¥-5",
    "3MM",
    "3M円円",
    "1.",
    "1.2.3",
    "1億億",
    "1万1億",
    "1e",
    "1e400",
    "1e999999999999",
    "nan",
    "inf",
    "infinity",
    "0x10",
    "1/2",
    "1 000",
    "10²",
    "②",
    "٣",
    "3%",
    "=3",
    "__import__('os')",
    "9" * 500,
]


@pytest.mark.parametrize(("text", "value"), AMOUNTS.items())
def test_amounts_are_read(text: str, value: float) -> None:
    assert parse_amount(text) == value


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.15", 0.15),
        ("1/10", 0.1),
        (" 1 / 4 ", 0.25),
        ("１／１０", 0.1),
        ("1,000", 1000),
        ("1_000", 1000),
        ("-2", -2),
        ("1/0.5", 2),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "1/0", "1/", "/2", "1//2", "1/2/3", "1/-2", "1e308/1e-308", "10M", "½", "nan", "10%"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.3", 0.3),
        ("30%", 0.3),
        ("３０％", 0.3),
        ("99.9%", 0.999),
        ("0.00001%", 1e-7),
        ("1e-5%", 1e-7),
        ("7 %", 0.07),
        ("-5%", -0.05),
    ],
)
def test_shares_are_read(text: str, value: float) -> None:
    assert parse_share(text) == value


@pytest.mark.parametrize("text", ["", "%", "3%%", "a%", "%3", "1/3", "nan%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_share(text)


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (0, "0円", "¥0"),
        (999, "999円", "¥999"),
        (9_999, "10,000円", "¥10.0k"),
        (12_345, "1.23万円", "¥12.3k"),
        (96_000_000, "9,600万円", "¥96.0M"),
        (99_999_999, "1億円", "¥100M"),
        (123_450_000, "1.23億円", "¥123M"),
        (1_200_000_000, "12億円", "¥1.20B"),
        (-5_000_000, "−500万円", "−¥5.00M"),
        (-0.4, "0円", "¥0"),
    ],
)
def test_amounts_are_written_with_three_figures(value: float, ja: str, en: str) -> None:
    assert format_amount(value, "ja") == ja
    assert format_amount(value, "en") == en


def test_other_currencies_get_their_code_or_sign() -> None:
    assert format_amount(2.5e6, "en", "USD") == "$2.50M"
    assert format_amount(2.5e6, "en", "CHF") == "CHF 2.50M"
    assert format_amount(2.5e6, "ja", "USD") == "250万 USD"


@pytest.mark.parametrize(
    ("value", "en", "ja"),
    [
        (0, "¥0", "0円"),
        (0.346, "¥0.35", "0.35円"),
        (1, "¥1", "1円"),
        (12.4, "¥12", "12円"),
        (-0.5, "−¥0.5", "−0.5円"),
        (0.0001, "¥0", "0円"),
        (-0.0001, "¥0", "0円"),
        (25_400, "¥25.4k", "2.54万円"),
    ],
)
def test_rates_are_written_in_small_change(value: float, en: str, ja: str) -> None:
    assert format_rate(value) == en
    assert format_rate(value, "ja") == ja


def test_rates_of_other_currencies() -> None:
    assert (format_rate(0.35, "en", "USD"), format_rate(0.35, "ja", "USD")) == ("$0.35", "0.35 USD")


@pytest.mark.parametrize(("value", "text"), [(0, "0%"), (0.004, "0.4%"), (0.3, "30%"), (0.996, "100%"), (1, "100%")])
def test_shares_are_written(value: float, text: str) -> None:
    assert format_share(value) == text


@pytest.mark.parametrize(
    ("value", "en", "ja"),
    [
        (0, "never", "なし"),
        (0.001, "about once in 1,000 years", "約1,000年に1回"),
        (0.14, "about once in 7.1 years", "約7.1年に1回"),
        (1, "about once a year", "年に約1回"),
        (2.5, "about 2.5 times a year", "年に約2.5回"),
    ],
)
def test_frequencies_are_written(value: float, en: str, ja: str) -> None:
    assert format_frequency(value) == en
    assert format_frequency(value, "ja") == ja


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_shortest_digits_of_a_number_read_back_exactly(value: float) -> None:
    assert parse_number(repr(value)) == value
    assert parse_amount(repr(value)) == value
    assert parse_share(repr(value)) == value


@given(st.integers(0, 10**15), st.sampled_from(["ja", "en"]))
def test_every_digit_of_an_amount_reads_back(value: int, lang: str) -> None:
    assert parse_amount(format_amount(value, lang, exact=True)) == value


@given(st.floats(1, 1e15), st.sampled_from(["ja", "en"]))
def test_a_written_amount_reads_back_to_three_figures(value: float, lang: str) -> None:
    assert math.isclose(parse_amount(format_amount(value, lang)), value, rel_tol=0.0051, abs_tol=0.51)


@given(st.integers(0, 10**9), st.sampled_from([("万", 4), ("億", 8), ("千万", 7), ("百万", 6), ("k", 3), ("M", 6), ("B", 9)]))
def test_units_are_exact_powers_of_ten(value: int, unit: tuple[str, int]) -> None:
    word, exponent = unit
    assert parse_amount(f"{value}{word}") == value * 10**exponent
    assert parse_amount(f"{value / 1000!r}{word}") == float(f"{value / 1000!r}e{exponent}")


@given(st.text(max_size=40))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    for parse in (parse_amount, parse_number, parse_share):
        with contextlib.suppress(ValueError):
            assert math.isfinite(parse(text))
