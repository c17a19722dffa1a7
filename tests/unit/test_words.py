"""Every sentence stands in both languages, with the same places to fill; none is missing and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from tenbin.cli.language import language
from tenbin.cli.terms import terms
from tenbin.words import AREAS, Said, in_language, saying, table
from tenbin.words.writing import Writer
from words_used import missing_keys, unused_keys

SRC = Path(__file__).parents[2] / "src"
WORDS = SRC / "tenbin" / "words"
SOURCES = {
    path.relative_to(SRC).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(SRC.rglob("*"))
    if path.suffix in (".py", ".j2", ".html", ".js")
}
TABLES = {area: table(area) for area in AREAS}

ONE_VALUE = {"Metric": "metric", "part": "share"}
"""Two forms of one value, each of a language: capital letters are English, "5 of 100 years" is 5%の年 in Japanese."""
BLANK = {("commands", "space")}
"""What stands between two sentences: nothing in Japanese."""


def places(text: str) -> set[str]:
    return {ONE_VALUE.get(name, name) for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_agree(area: str) -> None:
    for key, texts in table(area).items():
        assert set(texts) == {"ja", "en"}, key
        assert places(texts["ja"]) == places(texts["en"]), key
        assert (area, key) in BLANK or (texts["ja"].strip() and texts["en"].strip()), key


@pytest.mark.parametrize("area", AREAS)
def test_japanese_is_japanese_and_english_is_not(area: str) -> None:
    for key, texts in table(area).items():
        assert not JAPANESE.search(re.sub(r"[\d.]+[万億]円|tenbin \(天秤\)", "", texts["en"])), key


def test_no_text_is_missing() -> None:
    assert missing_keys(SOURCES, TABLES) == []


def test_no_text_is_left_over() -> None:
    assert unused_keys(SOURCES, TABLES) == []


FABRICATED = {
    "a/voice.py": 'from w import speaker\nsay = speaker("charts")\n',
    "a/chart.py": 'from a.voice import say\ntext = say("there", "en") + say("gone" if late else "here", "en") + say(f"kind_{x}", "en")\n',
    "b/problem.py": 'from w import Said\nrule = Said("problems", "rule")\n',
    "a/templates/page.html.j2": '<p>{{ v.say("head") }} {{ v.say("lost") }}</p>',
}


def test_a_missing_text_is_found() -> None:
    tables = {"charts": {"there", "here", "kind_one", "head"}, "problems": {"rule"}}
    assert missing_keys(FABRICATED, tables) == ["a.chart:2 charts.gone", "a/templates/page.html.j2:1 ?.lost"]
    assert missing_keys(FABRICATED, {"charts": tables["charts"], "problems": ()})[1] == "b.problem:2 problems.rule"


def test_a_text_left_over_is_found() -> None:
    tables = {"charts": ["there", "gone", "here", "kind_one", "head", "lost", "old", "rule"], "problems": ["rule", "there"]}
    assert unused_keys(FABRICATED, tables) == ["charts.old", "charts.rule", "problems.there"]


JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
MAY_HAVE_JAPANESE = {
    "tenbin/units/amounts.py": "万, 億 and 円 are read and written",
    "tenbin/inputs/cells.py": "a date as a Japanese spreadsheet shows it is recognised",
    "tenbin/workbooks/opening.py": "columns for notes in a user's own workbook are recognised",
    "tenbin/cli/console.py": "the middle dot that stands in for · in CP932",
    "tenbin/reporting/fonts.py": "letters that a Japanese font must have",
    "tenbin/reporting/typeset.py": "characters at which a line may not break",
}


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Texts of a module, its docstrings left out, with their lines."""
    tree = ast.parse(source)
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, holders)]
    loose = {
        id(statement.value)
        for body in bodies
        for statement in body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in loose:
            yield node.lineno, node.value


def stray_japanese(sources: dict[str, str]) -> list[str]:
    return [
        f"{name}:{line} {text}"
        for name, source in sources.items()
        if name.endswith(".py") and name not in MAY_HAVE_JAPANESE
        for line, text in literals(source)
        if JAPANESE.search(text)
    ]


def test_japanese_stands_in_the_tables_alone() -> None:
    assert stray_japanese({name: text for name, text in SOURCES.items() if not name.startswith("tenbin/words/")}) == []
    assert stray_japanese({"a.py": '"""対策"""\nx = "対策"\n'}) == ["a.py:2 対策"]
    assert all(stray_japanese({f"a/{name}": SOURCES[name]}) for name in MAY_HAVE_JAPANESE)


SPEAKING = (
    "Problem",
    "BadCell",
    "tell",
    "refuse",
    "refusal",
    "SimulationError",
    "StorageError",
    "Infeasible",
    "SolverFailed",
    "show",
)
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def stray_english(sources: dict[str, str]) -> list[str]:
    """Sentences in code where people would read them: what is told, and the texts of problems and exceptions."""
    found = []
    for name, source in sources.items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(source)):
            called = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called in SPEAKING:
                texts = node.args[1:] if called in ("Problem", "refusal") else node.args  # the first is a place
                for part in (part for argument in texts for part in _direct(argument)):
                    if SENTENCE.search(part):
                        found.append(f"{name}:{node.lineno} {part}")
    return found


def _direct(node: ast.expr) -> Iterator[str]:
    """Literals of an argument that are the argument, or part of the text that it is."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr | ast.List | ast.Tuple):
        for part in node.values if isinstance(node, ast.JoinedStr) else node.elts:
            yield from _direct(part)
    elif isinstance(node, ast.IfExp):
        yield from (*_direct(node.body), *_direct(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_direct(node.left), *_direct(node.right))


def test_english_stands_in_the_tables_alone() -> None:
    assert stray_english(SOURCES) == []
    assert stray_english({"a.py": 'tell(f"no plan {x}")\nraise StorageError("a run is gone" if x else y)\n'}) == [
        "a.py:1 no plan ",
        "a.py:2 a run is gone",
    ]


def test_lists_and_plurals_as_each_language_writes_them() -> None:
    english, japanese = Writer("en"), Writer("ja")
    assert english.format("{n} {n:plural:year|years}", n=1) == "1 year"
    assert english.format("{n:,} {n:plural:year|years}", n=1000) == "1,000 years"
    assert english.format("{n} {n:plural:year|years}", n="1") == "1 year"
    assert english.format("{names:list}; {names:or}; {names:and}", names=("a", "b")) == "a, b; a or b; a and b"
    assert japanese.format("{names:list}", names=("a", "b")) == "a、b"
    assert english.format("{{{n:,}}}", n=1234) == "{1,234}"


def test_what_is_said_can_be_said_again() -> None:
    said = saying("problems")
    inner = said("did_you_mean", name="L1.006")
    outer = said("two_sentences", first=inner, then=said("do_fill_cell"))
    assert outer == "Did you mean L1.006? Fill the cell."
    assert outer.within("ja") == "「L1.006」ではありませんか。セルに値を入れてください。"
    assert in_language({"warnings": [inner, "as it is"], "n": 1}, "ja") == {
        "warnings": ["「L1.006」ではありませんか。", "as it is"],
        "n": 1,
    }
    assert isinstance(outer, Said)
    assert in_language("as it is", "ja") == "as it is"


def test_every_term_is_explained() -> None:
    table = terms()
    assert len(table) >= 45
    for row in table.values():
        assert all(row[column].strip() for column in ("ja_title", "ja", "en_title", "en"))


def test_the_language_is_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENBIN_LANG", "ja")
    assert language() == "ja"
    assert language("en") == "en"
    monkeypatch.delenv("TENBIN_LANG")
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert language() == "ja"
