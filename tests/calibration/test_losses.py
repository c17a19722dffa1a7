"""Own losses → a law, a row for the tables, and every error at once."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tenbin
from tenbin.calibration.rows import loss_text, round_law
from tenbin.model import Gamma, GpdTail, Lognormal, Mixture, Pareto, Weibull

TWO_CELLS = Path(__file__).parents[2] / "scenarios" / "two-cells"


def losses(n: int = 60, seed: int = 3, sigma: float = 1.2) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(15, sigma, n)


def fit(*given: Any, **how: Any) -> tenbin.LossFit:
    return tenbin.fit_losses(*given, **{"n_bootstrap": 99, **how})


def messages(*given: Any, **how: Any) -> list[str]:
    with pytest.raises(tenbin.InputError) as caught:
        fit(*given, **how)
    return [str(problem) for problem in caught.value.problems]


def test_what_is_found_of_lognormal_losses() -> None:
    found = fit(losses(400))
    assert found.chosen.name == "lognormal"
    assert isinstance(found.law, Lognormal)
    logs = np.log(losses(400))
    assert math.log(found.law.median) == pytest.approx(logs.mean(), abs=1e-9)
    assert found.law.sigma == pytest.approx(logs.std(), rel=1e-6)
    assert math.fsum(law.weight for law in found.laws) == pytest.approx(1)
    assert [law.aic for law in found.laws] == sorted(law.aic for law in found.laws)
    weights = [math.exp((found.laws[0].aic - law.aic) / 2) for law in found.laws]
    assert [law.weight for law in found.laws] == pytest.approx([w / sum(weights) for w in weights])
    n, k = 400, 2
    assert found.chosen.aic == pytest.approx(2 * k - 2 * found.chosen.log_likelihood + 2 * k * (k + 1) / (n - k - 1))
    sigma = found.chosen.parameters["sigma"]
    assert sigma.se == pytest.approx(found.law.sigma / math.sqrt(800), rel=0.3)  # 4 standard errors of a deviation of 99
    assert sigma.low < found.law.sigma < sigma.high
    assert found.chosen.quantiles[0.95].value == pytest.approx(found.law.quantile(0.95))


def test_the_same_losses_from_everywhere(tmp_path: Path) -> None:
    values = losses()
    path = tmp_path / "own.csv"
    pd.DataFrame({"day": "2024-01-03", "Loss, yen": values}).to_csv(path, index=False)
    shuffled = np.random.default_rng(1).permutation(values)
    (tmp_path / "only.csv").write_text("円\n" + "\n".join(f"{value!r}円" for value in values.tolist()), encoding="cp932")
    one = fit(values)
    for other in (
        fit(list(shuffled)),
        fit(pd.Series(shuffled)),
        fit(pd.DataFrame({"loss": shuffled, "kind": "x"})),
        fit(path, column="Loss, yen"),
        fit(tmp_path / "only.csv"),
    ):
        mine, others = one.to_dict(), other.to_dict()
        for document in (mine, others):
            document["file"] = ""
            document["row"] = {name: cell for name, cell in document["row"].items() if not name.startswith("basis")}
        assert mine == others
    assert fit(values, seed=2).chosen.ad_p != one.chosen.ad_p


@pytest.mark.parametrize("law", ["lognormal", "gamma", "weibull", "pareto", "tail"])
def test_the_row_reads_back(law: str) -> None:
    found = fit(losses(), law=law)
    case = tenbin.load(TWO_CELLS)
    name = case.scenarios[0].id
    capped = tenbin.replace(case, "scenarios", name, loss_cap=1e9)
    law_read = tenbin.replace(capped, "scenarios", name, **found.row).scenario(name).severity.model
    for p in (0.05, 0.5, 0.95, 0.99):
        assert law_read.quantile(p) == pytest.approx(found.law.quantile(p), rel=3e-3)
    assert found.chosen.name == law
    assert "60 losses" in tenbin.replace(capped, "scenarios", name, **found.row).scenario(name).basis


def test_a_law_without_a_mean_says_that_it_needs_a_cap() -> None:
    heavy = 1e6 * np.random.default_rng(1).random(100) ** -1.5
    found = fit(heavy, law="pareto")
    assert math.isinf(found.chosen.mean)
    assert any("loss_cap" in warning for warning in found.warnings)
    case = tenbin.load(TWO_CELLS)
    with pytest.raises(tenbin.InputError, match="loss_cap"):
        tenbin.replace(case, "scenarios", case.scenarios[0].id, **found.row)


def test_texts_of_round_laws_read_back() -> None:
    from tenbin.inputs.laws import parse_law

    tail = GpdTail(Weibull(4006049.4, 1.33318), 3e6, 4362788.19, 0.62744)
    for law in (
        Lognormal(3216964.5, 1.2857036),
        Gamma(8323581.3, 1.2467),
        Weibull(6122340.1, 0.720427),
        Pareto(109776.88, 0.2960556),
        tail,
        Mixture(((1 / 3, Lognormal(1e6, 1.0)), (2 / 3, tail))),
    ):
        text = loss_text(law)
        assert parse_law(text, None) == round_law(law)
        assert ".0," not in text
        assert ".0)" not in text


def test_a_threshold_of_recording() -> None:
    values = losses(400)
    above = float(np.quantile(values, 0.3))
    found = fit(values, above=above)
    assert found.n_below == int((values < above).sum()) > 100
    assert found.share_recorded == pytest.approx(found.law.survival(above))
    assert found.share_recorded == pytest.approx(0.7, abs=0.15)
    naive = fit(values[values >= above], law="lognormal")
    assert abs(math.log(found.law.quantile(0.5)) - 15) < abs(math.log(naive.law.quantile(0.5)) - 15) / 2
    assert any(str(found.n_below) in str(warning) for warning in found.warnings)


def test_a_law_that_cannot_be_fitted_is_left_out_or_refused() -> None:
    power = 1e6 * np.random.default_rng(2).random(80) ** (-1 / 1.2)
    found = fit(power, above=1e6)
    assert "gamma" in found.left_out
    assert found.chosen.name in ("pareto", "tail", "lognormal", "weibull")
    (message,) = messages(power, law="gamma", above="1M")
    assert "must be losses to which a gamma law can be fitted" in message
    assert "no maximum" in message


def test_rivals_are_named() -> None:
    found = fit(losses(30, seed=4, sigma=0.5))
    assert any("can hardly tell" in str(warning) for warning in found.warnings)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("loss,note\n1M,\n-3,\nabc,\n,left blank\n2M,\n", encoding="utf-8")
    found = messages(path, law="lognormall", above=-1, tail_from="x", n_bootstrap=5, seed=-1)
    assert found == [
        "--above: must be an amount above 0; got -1. Write an amount such as 3000000, 3M or 300万円.",
        "--bootstrap: must be a whole number from 99 to 100,000; got 5. 1000 is usual.",
        "--law: must be one of best, lognormal, gamma, weibull, pareto, tail; got lognormall. Did you mean lognormal?",
        "--seed: must be a whole number from 0 to 9,223,372,036,854,775,808; got -1. 1 is usual.",
        "--tail-from: must be an amount above 0; got x. Write an amount such as 3000000, 3M or 300万円.",
        "--tail-from: must be left out unless --law is best or tail; got lognormall. Write --law tail, or leave --tail-from out.",
        f"{path}:3 loss: must be an amount above 0, the loss of one event; got -3. Write an amount such as 3000000 or 3M; "
        "leave out events without a loss, and count them out of the frequency too.",
        f"{path}:4 loss: must be an amount above 0, the loss of one event; got abc. Write an amount such as 3000000 or 3M; "
        "leave out events without a loss, and count them out of the frequency too.",
        f"{path}:5 loss: must be an amount above 0, the loss of one event; got nothing. "
        "Fill in what the event cost, or delete the row.",
    ]


@pytest.mark.parametrize(
    ("values", "how", "part"),
    [
        ([1e6, 2e6, 3e6], {}, "at least 5 losses: with fewer the spread"),
        ([1e6, 2e6, 3e6, 4e6, 5e6, 6e6], {"above": "3M"}, "got 4 losses (2 below --above)"),
        ([1e6] * 8, {}, "losses that differ; got ¥1.00M each time"),
        (losses(25), {"law": "tail"}, "at least 30 losses for a tail; got 25 losses"),
        (losses(60), {"tail_from": "1B"}, "at least 20 losses above it and 10 below; got 0 above and 60 below"),
        (losses(60), {"tail_from": "1M", "above": "2M"}, "an amount above ¥2.00M, from where losses were recorded"),
        ([math.nan, 1e6, 2e6, 3e6, 4e6, 5e6], {}, "losses:1 loss: must be an amount above 0"),
        ([math.inf, 1e6, 2e6, 3e6, 4e6, 5e6], {}, "losses:1 loss: must be an amount above 0"),
        (["1M", "2 bananas", 3e6], {}, "losses:2 loss: must be an amount above 0"),
    ],
)
def test_bad_losses(values: Any, how: dict[str, Any], part: str) -> None:
    assert any(part in message for message in messages(values, **how))


def test_columns(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "Name the column of losses with --column. Columns: a, b." in messages(path)[0]
    assert messages(path, column="c")[0].startswith("--column: must be a column of the file; got c.")
    path.write_text("loss,loss\n1,2\n", encoding="utf-8")
    assert "several columns of that name" in messages(path)[0]
    assert "no such file" in messages(tmp_path / "none.csv")[0].lower()


def test_few_losses_do_not_break_it() -> None:
    for n in (5, 6, 8):
        for seed in range(4):
            found = fit(losses(n, seed))
            assert np.isfinite(found.law.quantile(0.99))
            assert any("few" in str(warning) for warning in found.warnings)


def test_very_small_and_very_large_losses() -> None:
    for size in (1e-3, 1e12):
        found = fit(size * losses(40) / 1e6, law="lognormal")
        assert found.chosen.parameters["sigma"].value == pytest.approx(np.log(losses(40)).std(), rel=1e-6)


def test_a_tail_at_the_end_of_its_range_is_only_taken_when_it_is_asked_for() -> None:
    even = [float(n) for n in range(1, 200)]
    found = fit(even)
    assert found.chosen.name != "tail"
    assert "an end of its range (-0.5 to 2)" in found.left_out["tail"]
    asked = fit(even, law="tail")
    assert any("an end of its range" in str(warning) for warning in asked.warnings)
    assert asked.law.shape == pytest.approx(-0.5, abs=1e-3)
