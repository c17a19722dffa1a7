"""Answers: every way to write one, everything wrong at once, and back without loss."""

from __future__ import annotations

import pytest

from tenbin.errors import InputError
from tenbin.interview import (
    QUESTIONS,
    Answers,
    answers_toml,
    open_answers,
    open_unfinished,
    question,
    read_answer,
    read_answers,
    unfinished_toml,
)
from tenbin.words import table

FULL = {
    "industry": "製造",
    "employees": "６０",
    "computers": 70,
    "revenue": "12億円",
    "profit_per_day": "1.7M",
    "days_down": 3.5,
    "remote_access": "はい",
    "machines": 30,
    "records": "1,800",
    "largest_payment": "3000万円",
    "customer_share": "40%",
    "in_place": "backup; mfa",
    "incidents": 1,
    "cash": "2500万円",
    "budget": "unknown",
}


def test_at_most_fifteen_questions_with_words_for_each():
    assert len(QUESTIONS) <= 15
    words = table("interview")
    for one in QUESTIONS:
        assert {f"ask_{one.key}", f"help_{one.key}"} <= words.keys()
        assert all(f"choice_{one.key}_{choice}" in words for choice in one.choices)


def test_answers_are_read_as_people_write_them():
    found = read_answers(FULL, "x")
    assert found == Answers("factory", 60, 70, 1.2e9, 1.7e6, 3.5, True, 30, 1800, 3e7, 0.4, ("mfa", "backup"), 1, 2.5e7, None)


def test_a_file_of_answers_reads_back(tmp_path):
    for answers in (read_answers(FULL, "x"), Answers(), Answers(in_place=(), remote_access=False)):
        path = tmp_path / "answers.toml"
        path.write_text(answers_toml(answers), encoding="utf-8")
        assert open_answers(path) == answers


@pytest.mark.parametrize("text", ["", "  ", "?", "unknown", "分からない", "don't know", None])
def test_dont_know_is_an_answer(text):
    assert all(read_answer(one, text) is None for one in QUESTIONS)


def test_everything_wrong_is_told_at_once():
    wrong = {
        "industry": "</script>",
        "employees": "-1",
        "revenue": "=cmd|'/C calc'!A0",
        "customer_share": "140%",
        "in_place": "backup;magic",
        "machines": "1.5",
        "cash": "1e400",
        "shoe_size": 43,
    }
    with pytest.raises(InputError) as caught:
        read_answers(wrong, "answers.toml")
    told = {problem.column: problem for problem in caught.value.problems}
    assert set(told) == set(wrong)
    assert str(told["employees"]) == (
        'answers.toml employees: must be from 1 to 100,000; got -1. Write "unknown" when nobody knows.'
    )
    assert told["revenue"].value == "=cmd|'/C calc'!A0"
    assert "分からなければ" in str(told["employees"].within("ja"))


def test_a_control_character_is_shown_and_refused():
    with pytest.raises(InputError) as caught:
        read_answers({"industry": "fac\x1btory"}, "x")
    assert caught.value.problems[0].value == "fac\\u001btory"


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("industry", "製造", "factory"),
        ("industry", "小売", "trade"),
        ("industry", "Factory", "factory"),
        ("employees", "約６０人", 60),
        ("employees", "60 people", 60),
        ("records", "1万人", 10_000),
        ("machines", "なし", 0),
        ("machines", "none", 0),
        ("days_down", "3日ほど", 3.0),
        ("days_down", "半日", None),
        ("revenue", "約１２億円", 1.2e9),
        ("revenue", "1億2,000万円", 1.2e8),
        ("customer_share", "40", 0.4),
        ("customer_share", "４０％", 0.4),
        ("customer_share", "0.4", 0.4),
        ("remote_access", "あり", True),
        ("remote_access", "ない", False),
        ("in_place", "antivirus, backup", ("antivirus", "backup")),
        ("in_place", "0", ()),
        ("incidents", "1回", 1),
        ("budget", "わからない", "open"),
        ("budget", "not sure", "open"),
        ("budget", "0", 0.0),
        ("budget", "170", None),
        ("cash", "3000円", None),
        ("industry", "i", None),
        ("industry", "business", None),
    ],
)
def test_as_a_director_writes_it(key, written, value):
    """None: it has to be written otherwise, "open": nobody knows."""
    if value is None:
        with pytest.raises(ValueError, match=r"."):
            read_answer(question(key), written)
    else:
        assert read_answer(question(key), written) == (None if value == "open" else value)


def test_limits_are_told_as_people_write_them():
    with pytest.raises(ValueError, match=r"from ¥1\.00M to ¥10,000B") as caught:
        read_answer(question("revenue"), "20万円")
    assert caught.value.args[0].within("ja") == "100万円以上100,000億円以下であること"


def test_what_was_answered_so_far_reads_back(tmp_path):
    given = {
        "industry": "it",
        "employees": 10,
        "computers": None,
        "in_place": (),
        "customer_share": 0.4,
        "remote_access": False,
    }
    (tmp_path / "x.toml").write_text(unfinished_toml(given), encoding="utf-8")
    assert open_unfinished(tmp_path / "x.toml") == given


@pytest.mark.parametrize("content", [b"employees = [", b"\xff\xfe", b"[[[[["])
def test_a_broken_file_is_an_error_with_a_remedy(tmp_path, content):
    path = tmp_path / "answers.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"answers\.toml"):
        open_answers(path)
    with pytest.raises(InputError, match="No such file"):
        open_answers(tmp_path / "none.toml")


def test_the_most_and_the_least():
    assert read_answer(question("employees"), "1") == 1
    with pytest.raises(ValueError, match="from 1 to"):
        read_answer(question("employees"), "0")
