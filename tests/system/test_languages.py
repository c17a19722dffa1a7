"""Both languages at the command line: errors, wrong command lines, help; Japanese letters where they are asked, and only there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from running.commands import run

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A case with one wrong cell."""
    run("init", tmp_path / "case", "--from", "two-cells")
    path = tmp_path / "case" / "scenarios.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    n = lines[0].split(",").index("layer")
    cells = lines[1].split(",")
    cells[n] = "seven"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    return path.parent


def test_an_error_is_told_in_the_language_asked(broken: Path) -> None:
    _, english = run("check", broken, code=2)
    _, japanese = run("check", broken, "--lang", "ja", code=2)
    place = "case/scenarios.csv:2 layer"
    assert english.startswith(f"{place}: must be the number of a layer; got seven. Write a number such as 1.\n")
    assert japanese.startswith(f"{place}：層の番号であることが必要です（実際：seven）。1 のように数を書いてください。\n")
    assert not JAPANESE.search(english)


@pytest.mark.parametrize(("lang", "rule"), [("en", "the number of a layer"), ("ja", "層の番号であること")])
def test_the_document_is_in_the_language_asked(broken: Path, lang: str, rule: str) -> None:
    out, _ = run("check", broken, "--json", "--lang", lang, code=2)
    (problem,) = json.loads(out)["problems"]
    assert problem["rule"] == rule
    assert bool(JAPANESE.search(problem["remedy"])) is (lang == "ja")


WRONG = [
    ("chekc", "No such command: chekc. Did you mean check?", "chekc というコマンドはありません。check ではありませんか。"),
    ("check --cost x", "No such option: --cost.", "--cost というオプションはありません。"),
    ("check --seed x", "--seed takes a whole number.", "--seed には整数を指定してください。"),
    ("check --delta", "No such option: --delta.", "--delta というオプションはありません。"),
    ("optimise --delta x", "--delta takes a number.", "--delta には数を指定してください。"),
    ("optimise --delta", "--delta takes a value.", "--delta には値が要ります。"),
    ("check --json=x", "--json takes no value.", "--json に値は付けられません。"),
    ("check --lang fr", "--lang takes ja or en.", "--lang には ja、en のどれかを指定してください。"),
    ("init", "DIR is missing.", "DIR が指定されていません。"),
    ("check a b", "Too much on the command line: b.", "余分な指定があります：b"),
]


@pytest.mark.parametrize(("line", "english", "japanese"), WRONG, ids=[line for line, *_ in WRONG])
def test_a_wrong_command_line_is_told_in_both(line: str, english: str, japanese: str) -> None:
    for lang, text, head in (("en", english, "Error: "), ("ja", japanese, "エラー：")):
        out, err = run(*line.split(), lang=lang, code=2)
        assert out == ""
        assert err.splitlines()[0].startswith(head + text), err
    out, _ = run(*line.split(), "--json", lang="ja", code=2) if "--" not in line else ('{"problems": []}', "")
    assert all(JAPANESE.search(problem["remedy"]) for problem in json.loads(out)["problems"])


@pytest.mark.parametrize("command", ["", "check", "optimise", "frontier", "report", "runs", "catalogue", "catalogue list"])
def test_help_is_all_in_one_language(command: str) -> None:
    japanese, _ = run(*command.split(), "--help", lang="ja")
    english, _ = run(*command.split(), "--help", lang="en")
    spoken = japanese.replace(f"tenbin {command}", "")
    assert not ENGLISH.search(spoken), ENGLISH.search(spoken)
    assert not JAPANESE.search(english.replace("天秤", ""))
    assert ENGLISH.search(english)


def test_warnings_are_told_in_the_language_asked(tmp_path: Path) -> None:
    run("init", tmp_path / "case", "--from", "two-cells")
    path = next(tmp_path.glob("**/measures.csv"))
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    idle = ",".join(["L1.002", "basic", "1", "1", *[""] * (header.count(",") - 3)])
    assert header.startswith("measure,level,capex,opex")
    path.write_text("\n".join([header, first, *rest, idle]) + "\n", encoding="utf-8")
    english, _ = run("check", tmp_path / "case", "--json", "--trials", 1000)
    japanese, _ = run("check", tmp_path / "case", "--json", "--trials", 1000, lang="ja")
    idle_said = "L1.002 has a cost but no effect on any scenario: no plan will choose it for its risk."
    assert idle_said in json.loads(english)["warnings"]
    assert all(JAPANESE.search(warning) for warning in json.loads(japanese)["warnings"])
    shown, _ = run("check", tmp_path / "case", "--trials", 1000, lang="ja")
    assert "注意：L1.002 には費用がありますが" in shown
