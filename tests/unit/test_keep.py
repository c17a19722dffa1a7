"""``keep``: which limits it stands for, how slack loosens them; against the limits written one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tenbin
from tenbin.evaluation import Evaluator, Reduction
from tenbin.inputs import parse_target
from tenbin.studies.scopes import Question

ROOT = Path(__file__).parents[2]
CASE = tenbin.load(ROOT / "scenarios" / "machine-parts-sme")
EVENTS = tenbin.simulate(CASE, 2000, 1)
EVALUATOR, REDUCTION = Evaluator(EVENTS), Reduction.of(CASE, EVENTS.worlds)
LAYERS = {layer.number for layer in CASE.catalogue.layers}


def limits(text: str) -> dict[str, float]:
    found = Question(CASE, (parse_target(text, CASE),)).limits(EVALUATOR, REDUCTION)
    labels = {limit.label.removeprefix(f"{text} (").removesuffix(")"): limit.limit for limit in found}
    assert len(labels) == len(found)
    return labels


def share(text: str) -> float:
    """The limit of ``text`` at 100 % of today's value: an independent way to the same number."""
    (limit,) = Question(CASE, (parse_target(f"{text}=100%", CASE),)).limits(EVALUATOR, REDUCTION)
    return limit.limit


def test_the_whole_is_kept_part_by_part() -> None:
    found = limits("keep=current")
    assert {f"L{n}:aal" for n in LAYERS} < set(found)
    assert found["tvar95"] == share("tvar95")
    for label, limit in found.items():
        assert limit == pytest.approx(share(label), rel=1e-12)


@pytest.mark.parametrize(
    ("scope", "parts"),
    [
        ("L2", r"L2(/[a-z]+)?"),
        ("data", r"(L[123]/)?data"),
        ("L3/data", "L3/data"),
        (CASE.scenarios[-1].id, CASE.scenarios[-1].id),
    ],
)
def test_a_scope_keeps_only_what_lies_in_it(scope: str, parts: str) -> None:
    found = limits(f"{scope}:keep=current")
    assert found.pop("tvar95") == share(f"{scope}:tvar95")
    assert found[f"{scope}:aal"] == share(f"{scope}:aal")
    whole = limits("keep=current")
    for label, limit in found.items():
        assert re.fullmatch(f"{parts}:aal", label)
        assert whole.get(label, limit) == limit


def test_slack_loosens_every_limit() -> None:
    tight, loose = limits("keep=current"), limits("keep=current+5%")
    assert set(tight) == set(loose)
    for label, limit in tight.items():
        assert loose[label] == limit * 1.05
    assert any(loose[label] > tight[label] for label in tight)
    assert limits("L2:keep=current+5%") == {label: limit * 1.05 for label, limit in limits("L2:keep=current").items()}


def test_no_limit_twice() -> None:
    for text in ("keep=current", "L2:keep=current", "data:keep=current"):
        found = Question(CASE, (parse_target(text, CASE),)).limits(EVALUATOR, REDUCTION)
        assert len({limit.quantity for limit in found}) == len(found)
        assert all(any(limit.quantity.scope) for limit in found)
