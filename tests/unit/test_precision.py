"""Years added until a metric is as precise as asked: held against the spread of independent samples."""

from __future__ import annotations

import numpy as np
import pytest

import tenbin
from oracles import cases
from tenbin.errors import InputError
from tenbin.studies.precision import parse_precision, precision_note, simulate_precisely
from tenbin.words import in_language

CASE = tenbin.load(cases.independent())


def spread(n_trials: int, metric: float = 0.95, samples: int = 60) -> float:
    values = [tenbin.evaluate(tenbin.simulate(CASE, n_trials, 900 + seed), {}).tvar(metric) for seed in range(samples)]
    return float(np.std(values, ddof=1) / np.mean(values))


def test_other_samples_of_as_many_years_differ_by_what_was_asked() -> None:
    """The spread of 60 samples is known to within 4/√(2·59) = 37 %; a quarter of the years, the control, doubles it."""
    events, found = simulate_precisely(CASE, "2%", n_trials=2_000)
    assert found.met
    assert found.n_trials == events.n_trials > 2_000
    assert found.reached is not None
    assert 0.012 < found.reached <= 0.02  # nor many more years than needed: growth has a tenth to spare, and steps of 10,000
    seen = spread(events.n_trials)
    assert 0.63 * found.reached < seen < 1.37 * found.reached
    assert spread(events.n_trials // 4) > 1.37 * found.reached


def test_the_blocks_drawn_before_are_kept() -> None:
    few, more = tenbin.simulate(CASE, 20_000, 1), tenbin.simulate(CASE, 50_000, 1)
    for number in range(2):
        assert np.array_equal(few.blocks[number].tau, more.blocks[number].tau)
    assert np.array_equal(tenbin.evaluate(more, {}).annual_loss[:20_000], tenbin.evaluate(few, {}).annual_loss)


def test_enough_years_stay_as_they_are() -> None:
    events, found = simulate_precisely(CASE, "20%", n_trials=10_000)
    assert (events.n_trials, found.met, found.stopped) == (10_000, True, "")
    _, exact = simulate_precisely(CASE, "0.1%", "aal", n_trials=3_000)
    assert (exact.n_trials, exact.reached) == (3_000, 0.0)


def test_what_stops_it_is_said() -> None:
    _, found = simulate_precisely(CASE, "0.5%", n_trials=2_000, most=20_000)
    assert (found.met, found.stopped, found.n_trials) == (False, "years", 20_000)
    assert "20,000" in in_language(precision_note(found, "TVaR95", "1.2%"), "en")
    rare = tenbin.replace(CASE, "scenarios", "A", frequency=0.0001)
    _, nought = simulate_precisely(rare, "5%", "A:var90", {}, n_trials=4_000)
    assert (nought.reached, nought.stopped) == (None, "zero")
    assert in_language(precision_note(nought, "VaR90", ""), "ja").startswith("4,000年分では")


def test_an_amount_that_many_years_share_is_not_called_precise() -> None:
    certain = tenbin.replace(CASE, "scenarios", "D", frequency=0.5)
    events, found = simulate_precisely(certain, "5%", "D:var70", {}, n_trials=4_000)
    assert tenbin.evaluate(events, {}).scope("D").var(0.7) == 2_345_678
    assert (found.met, found.stopped, found.reached) == (False, "atom", None)
    assert "4,000" in in_language(precision_note(found, "VaR70", ""), "en")


@pytest.mark.parametrize("text", ["0", "0.001%", "60%", "-1%", "fine", "nan", ""])
def test_no_precision(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_precision(text)
    assert raised.value.problems[0].file == "--precision"


def test_shares_and_percentages() -> None:
    assert parse_precision("1%") == parse_precision(0.01) == parse_precision("0.01") == 0.01
