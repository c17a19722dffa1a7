"""Each rule of the tables, broken by one line: every message exactly, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tenbin.errors import InputError

RULES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "bad" / "rules.toml").read_text(encoding="utf-8"))["rule"]


def test_the_small_case_is_valid(small: Any) -> None:
    case = small.read()
    assert case.warnings == ()
    assert [scenario.id for scenario in case.scenarios] == ["A", "B", "C"]


def test_names_of_the_rules_differ() -> None:
    names = [rule["name"] for rule in RULES]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
def test_a_broken_rule_is_named(small: Any, rule: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        small.read(rule["patch"])
    assert [str(problem) for problem in caught.value.problems] == rule["expected"]
