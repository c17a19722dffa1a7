"""Laws as text: any law reads back from what is written of it, and no text is more than a law or a refusal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenbin.inputs.cells import BadCell, adding_up
from tenbin.inputs.laws import (
    LONGEST_LAW,
    MOST_PARTS,
    frequency_model_text,
    law_text,
    mean_of,
    parse_frequency_model,
    parse_law,
)
from tenbin.model import (
    Bernoulli,
    BodyLaw,
    Empirical,
    Fixed,
    Gamma,
    GpdTail,
    Lognormal,
    LossModel,
    Mixture,
    NegativeBinomial,
    Pareto,
    PartLaw,
    Pert,
    Poisson,
    Uniform,
    Weibull,
)

SAMPLES = {"past": [1.0, 8e6, 3e6], "more": [0.0, 1e18]}
AMOUNT = st.floats(1e-6, 1e18)
SHAPE = st.floats(0.1, 100)
BOUNDS = st.lists(st.floats(0, 1e18), min_size=3, max_size=3, unique=True).map(sorted)
BODY = st.one_of(
    st.builds(Lognormal, AMOUNT, st.floats(0.0005, 10)),
    st.builds(Gamma, AMOUNT, st.floats(0.001, 100)),
    st.builds(Weibull, AMOUNT, SHAPE),
    st.builds(Pareto, AMOUNT, st.floats(0.05, 1000)),
    BOUNDS.map(lambda ends: Uniform(ends[0], ends[2])),
    BOUNDS.map(lambda ends: Pert(*ends)),
    st.builds(Fixed, AMOUNT),
    st.sampled_from([Empirical(name, tuple(sorted(losses))) for name, losses in SAMPLES.items()]),
)


@st.composite
def tails(draw: st.DrawFn) -> PartLaw:
    """A tail spliced where its body allows it; the body alone where it has no such place."""
    body: BodyLaw = draw(BODY)
    start = body.quantile(draw(st.floats(0.01, 0.99)))
    if not (0 < start <= 1e18 and 0 < body.survival(start) < 1):
        return body
    return GpdTail(body, start, draw(AMOUNT), draw(st.floats(-0.5, 10)))


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    parts = draw(st.lists(BODY | tails(), min_size=1, max_size=MOST_PARTS))
    sizes = draw(st.lists(st.floats(0.01, 1), min_size=len(parts), max_size=len(parts)))
    return Mixture(tuple((size / math.fsum(sizes), part) for size, part in zip(sizes, parts, strict=True)))


@settings(deadline=None, max_examples=300)
@given(law=BODY | tails() | mixtures())
def test_any_law_reads_back(law: LossModel) -> None:
    text = law_text(law)
    assert len(text) <= LONGEST_LAW
    assert parse_law(text, SAMPLES) == law
    assert parse_law(f"  {text.upper().replace('PAST', 'past').replace('MORE', 'more')}", SAMPLES) == law
    assert mean_of(law, 0.0, 1e6) <= 1e6 * (1 + 1e-9)
    uses_a_sample = "empirical" in text
    assert (parse_law(text, None) is None) == uses_a_sample  # whose own problem is known


@settings(deadline=None, max_examples=300)
@given(
    text=st.text(st.sampled_from("tailmixturefixed(),=*0123456789.%eE -+/Mk万億pastfromscaleshape"), max_size=80)
    | st.text(max_size=60)
)
def test_any_text_is_a_law_or_refused(text: str) -> None:
    for parse in (lambda: parse_law(text, SAMPLES), lambda: parse_frequency_model(text)):
        try:
            found: object = parse()
        except BadCell as error:
            found = error.rule and error.remedy
        assert found


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, "tail(" * 1000, "mixture(1*" * 400 + ")" * 400, "fixed(1)" * 500, "mixture(" + "1*fixed(1)," * 300, ")("],
)
def test_depth_and_length_are_bounded(text: str) -> None:
    with pytest.raises(BadCell):
        parse_law(text, SAMPLES)


@settings(max_examples=300)
@given(sizes=st.lists(st.floats(1e-6, 1), min_size=1, max_size=8), off=st.floats(-0.9e-6, 0.9e-6))
def test_shares_once_made_to_add_up_stay(sizes: list[float], off: float) -> None:
    shares = [size / math.fsum(sizes) * (1 + off) for size in sizes]
    first = adding_up(shares)
    assert first is not None
    assert math.fsum(first) == pytest.approx(1, abs=1e-12)
    assert adding_up(first) == first
    assert adding_up([*shares, 2e-6]) is None


@given(cv=st.floats(0.001, 100))
def test_any_frequency_model_reads_back(cv: float) -> None:
    for model in (Poisson(), Bernoulli(), NegativeBinomial(cv)):
        assert parse_frequency_model(frequency_model_text(model) or "poisson") == model
