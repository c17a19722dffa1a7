"""What the shell says of targets on other years, of questions and of outcomes: each case in its own words, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from tenbin.cli.console import Grid
from tenbin.cli.render import target_blocks
from tenbin.cli.render_compare import _today_grid
from tenbin.studies.run_words import metric_named, outcome_words, question_words


def document(value: float, low: float, high: float, limit: float = 100e6, target: str = "tvar95=100M") -> dict[str, Any]:
    """A run's document whose plan meets its limit on its own years; other years say what is given."""
    met = low <= limit * (1 + 1e-9)
    return {
        "currency": "JPY",
        "n_trials": 20_000,
        "targets": [{"target": target, "limit": limit, "value": 99e6, "met": True}],
        "out_of_sample": {target: {"value": value, "low": low, "high": high, "limit": limit, "met": met}},
    }


OUTCOMES = [
    ((98e6, 95e6, 101e6), "met", "満たす", False),
    ((101e6, 99e6, 103e6), "within the sampling error: cannot be told", "誤差の範囲内（判定できない）", True),
    ((106e6, 104e6, 108e6), "missed", "満たさない", True),
]


@pytest.mark.parametrize(("seen", "en", "ja", "is_told"), OUTCOMES)
def test_other_years_have_three_outcomes(seen: tuple[float, float, float], en: str, ja: str, is_told: bool) -> None:
    for lang, words in (("en", en), ("ja", ja)):
        grid, *sentences = target_blocks(document(*seen), lang)
        assert isinstance(grid, Grid)
        assert grid.rows[0][-1] == words
        assert len(sentences) == is_told
        assert all("200,000" in str(sentence) for sentence in sentences)


def test_above_the_limit_is_never_said_to_be_met() -> None:
    """What the JSON calls met (the range reaches below the limit) is not what people are told."""
    told = document(101e6, 99e6, 103e6)
    assert told["out_of_sample"]["tvar95=100M"]["met"]
    (row,) = next(block for block in target_blocks(told, "en") if isinstance(block, Grid)).rows
    assert "met" not in row


def test_what_has_no_sampling_error_is_said_to_be_exact() -> None:
    for lang, words in (("en", "¥98.0M (exact)"), ("ja", "9,800万円（誤差なし）")):
        grid = next(iter(target_blocks(document(98e6, 98e6, 98e6, target="aal=100M"), lang)))
        assert isinstance(grid, Grid)
        assert words in grid.rows[0]


def test_without_a_target_none_is_said_to_be_missed() -> None:
    """A budget alone: its plan's own value on the years used to choose is no limit."""
    told = {**document(106e6, 104e6, 108e6, target="tvar95"), "targets": []}
    (sentence,) = target_blocks(told, "en")
    assert "the loss of a bad year is ¥106M (95% range ¥104M – ¥108M), and ¥100M on those" in str(sentence)
    assert "misses" not in str(sentence)


@pytest.mark.parametrize(
    ("asked", "objective", "en", "ja"),
    [
        ({}, "cost", "tvar95=60%", "tvar95=60%"),
        (
            {"budget": "3M/year"},
            "tvar95",
            "¥3.00M a year, lowest loss of a bad year (TVaR95)",
            "年間300万円以内、悪い年の損失（TVaR95）を最小に",
        ),
        ({"budget": "8M", "max_days": "60/first-year"}, "cost", "in the first year (paid out), 60 days", "初年度60日以内"),
        ({}, "cost_and_loss", "least cost and loss together", "費用と損失の合計を最小に"),
        ({}, "frontier", "frontier of average loss per year of L2", "L2の年間の平均損失"),
        ({"budget": "\x1b[31m"}, "cost", "\\u001b[31m", "\\u001b[31m"),
    ],
)
def test_a_question_in_words(asked: dict[str, str], objective: str, en: str, ja: str) -> None:
    targets = ("tvar95=60%",) if objective == "cost" and not asked else ()
    for lang, words in (("en", en), ("ja", ja)):
        said = question_words(targets, objective, "L2:aal", asked, "JPY", lang)
        assert words.replace(" (AAL)", "") in said.replace(" (AAL)", "").replace("（AAL）", "")


@pytest.mark.parametrize(
    ("status", "certificate", "en", "ja"),
    [
        ("optimal", {"kind": "proved", "gap": 0.0}, "proved best", "最良（証明済み）"),
        ("optimal", {"kind": "audited", "gap": 0.01}, "audited best", "最良（確認済み）"),
        ("feasible", {"kind": "gap", "gap": 0.031}, "up to 3.1% from best", "最良との差は最大3.1%"),
        ("feasible", {"kind": "gap", "gap": None}, "perhaps not best", "最良との差は不明"),
        ("infeasible", None, "no plan", "案なし"),
        ("interrupted", {"kind": "gap", "gap": 0.1}, "interrupted", "中断"),
        ("odd\x1b", None, "odd\\u001b", "odd\\u001b"),
    ],
)
def test_an_outcome_in_words(status: str, certificate: dict[str, Any] | None, en: str, ja: str) -> None:
    assert (outcome_words(status, certificate, "en"), outcome_words(status, certificate, "ja")) == (en, ja)


def test_a_name_that_is_no_metric_stays() -> None:
    assert metric_named("spread", "en") == "spread"


class _Run:
    """As much of a run as today's table looks at."""

    def __init__(self, cost: float, loss: float) -> None:
        self.document = {"currency": "JPY"}
        self.today_cost, self.today_risk = {"per_year": cost}, {"tvar95": loss}


def test_today_has_a_column_for_all_runs_only_where_it_is_the_same() -> None:
    same: Any = [_Run(1e6, 2e6), _Run(1e6, 2e6)]
    other: Any = [_Run(1e6, 2e6), _Run(1e6, 3e6)]
    assert _today_grid(same, "en").columns == (("", "left"), ("in all runs", "right"))
    assert _today_grid(other, "en").columns == (("", "left"), ("A", "right"), ("B", "right"))
