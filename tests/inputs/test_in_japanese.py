"""Every message of the broken cases in Japanese: no piece of it stays English, and the English is what it was."""

from __future__ import annotations

import pickle
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.words import saying

RULES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "bad" / "rules.toml").read_text(encoding="utf-8"))["rule"]
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
ENGLISH = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){2,}[a-z]{2,}\b")
"""Three English words in a row: no command, no list of names with their commas in Japanese, has them."""
said = saying("problems")


def left_in_english(problem: Problem) -> list[str]:
    """The fields that stay English in Japanese; what was typed, and a parser's own words, may be anything."""
    told = problem.within("ja")
    found = [name for name in ("rule", "remedy") if not JAPANESE.search(getattr(told, name))]
    found += [name for name in ("rule", "remedy") if ENGLISH.search(getattr(told, name))]
    return found + [name for name in ("rule", "remedy") if getattr(told, name) == str(getattr(problem, name))]


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
def test_a_broken_rule_is_named_in_japanese(small: Any, rule: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        small.read(rule["patch"])
    for problem in caught.value.problems:
        assert left_in_english(problem) == []
        told = problem.within("ja")
        assert (told.file, told.row, told.column) == (problem.file, problem.row, problem.column)
        assert told.rule.endswith(("こと", "）"))
        assert re.search("が必要です（実際：.*）。.*[。）]", str(told), re.DOTALL)
        assert str(told.within("en")) != str(problem)  # what was told is told: only the original knows both
    assert [str(problem.within("en")) for problem in caught.value.problems] == rule["expected"]
    assert caught.value.message("ja") == "\n".join(str(problem.within("ja")) for problem in caught.value.problems)


def test_an_english_piece_is_found() -> None:
    good = Problem("a.csv", 2, "x", said("must_filled"), said("got_nothing"), said("do_fill_cell"))
    assert left_in_english(good) == []
    assert left_in_english(Problem("a.csv", 2, "x", "filled", "nothing", said("do_fill_cell"))) == ["rule", "rule"]
    assert str(good.within("ja")) == "a.csv:2 x：値が入っていることが必要です（実際：空欄）。セルに値を入れてください。"


def test_many_problems_are_counted_in_japanese() -> None:
    problems = [Problem("a.csv", row, "x", said("must_filled"), said("got_nothing"), said("do_fill_cell")) for row in range(60)]
    error = InputError(problems)
    assert error.message("ja").endswith("… ほか10件")
    assert str(error).endswith("… and 10 more")


def test_why_the_system_refused() -> None:
    refused = reason_of(PermissionError(13, "Permission denied"))
    error = StorageError(refusal("/x", said("must_writable_folder"), refused, said("do_check_permissions")))
    assert str(error) == "/x: must be a folder that can be written; got Permission denied. Check its permissions."
    assert (
        error.message("ja")
        == "/x：書き込めるフォルダーであることが必要です（実際：アクセスの許可がない）。アクセス権を確かめてください。"
    )
    assert reason_of(OSError(121, "Remote I/O error")) == "Remote I/O error"


def test_an_error_goes_through_a_pickle_with_both_languages() -> None:
    problem = Problem("a.csv", 2, "x", said("must_from", n=1), "0", said("do_usual", n=5))
    again = pickle.loads(pickle.dumps(problem))
    assert again == problem
    assert again.within("ja").rule == "1以上であること"
