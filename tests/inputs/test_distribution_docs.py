"""What docs/distributions says of its examples is what the laws give, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenbin.inputs.laws import FORMS, NUMBERS, parse_frequency_model, parse_law
from tenbin.model import Lognormal, NegativeBinomial, Poisson
from tenbin.units import format_amount

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| `(?P<law>[a-z]+\([^`]*\))` \|.*\| (?P<mean>[^|]+?) \| (?P<high>[^|]+?) \|$", re.MULTILINE)


def text_of(lang: str) -> str:
    return (DOCS / ("distributions.ja.md" if lang == "ja" else "distributions.md")).read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_means_and_quantiles_of_the_examples(lang: str) -> None:
    rows = {match["law"]: (match["mean"], match["high"]) for match in ROW.finditer(text_of(lang)) if match["mean"].strip()}
    told = {law: shown for law, shown in rows.items() if not law.startswith(("empirical", "negative_binomial"))}
    for text, shown in told.items():
        law = parse_law(text, {})
        assert law is not None
        assert shown == (format_amount(law.mean, lang), format_amount(law.quantile(0.95), lang)), text
    assert {text.partition("(")[0] for text in told} == set(FORMS) - {"empirical"}
    assert f"`empirical({'名前' if lang == 'ja' else 'NAME'})`" in text_of(lang)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_other_figures(lang: str) -> None:
    text = text_of(lang)
    for p05 in (1e6, 1e5, 1e4):
        assert format_amount(Lognormal.from_interval(p05, 30e6).mean, lang) in text
    clustered = parse_frequency_model("negative_binomial(cv=1.2)")
    assert clustered == NegativeBinomial(1.2)
    for model in (Poisson(), clustered):
        assert f"| {model.variance(2) ** 0.5:.2f} | {100 * model.no_event(2):.1f} % |" in text
    for low, high in NUMBERS.values():
        assert re.search(rf"{low:g}".replace("-", "−") + "[–〜]" + rf"{high:g}", text), (low, high)
