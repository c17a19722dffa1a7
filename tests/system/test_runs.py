"""``tenbin runs``: the list, one run told, two told apart; damaged runs are told of, never a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from running.commands import run, start

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "scenarios" / "two-cells"
SMALL = ("--trials", "4000", "--quiet")


def made(folder: Path, *arguments: object, cwd: Path = ROOT) -> Path:
    done = start(*arguments, "--out", folder, "--json", *SMALL, code=0, cwd=cwd)
    return Path(json.loads(done.stdout.decode("utf-8"))["run"])


def document(*arguments: object, code: int = 0) -> dict:
    return json.loads(start(*arguments, "--json", code=code).stdout.decode("utf-8"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A results folder: an answer, a frontier, one that is damaged, one of an older tenbin."""
    place = tmp_path_factory.mktemp("runs")
    shutil.copytree(CASE, place / "case", dirs_exist_ok=True)
    for table in (ROOT / "cost_tables" / "two-cells").iterdir():
        shutil.copy(table, place / "case")
    settings = place / "case" / "case.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    settings.write_text("\n".join(line for line in lines if not line.startswith("cost_tables")), encoding="utf-8")
    root = place / "results"
    first = made(root, "optimise", place / "case", "--target", "aal=1.3M", cwd=place)
    made(root, "frontier", place / "case", "--points", "4")
    old = root / "old-001"
    shutil.copytree(first, old)
    shutil.rmtree(old / "case")
    bad = root / "bad-001"
    shutil.copytree(first, bad)
    (bad / "result.json").write_text('{"status": "optimal", "points": "\\u001b[31m', encoding="utf-8")
    return place


def test_the_list_has_every_run_with_its_numbers(home):
    root = home / "results"
    runs = document("runs", "--out", root)["runs"]
    assert runs == document("runs", "list", "--out", root)["runs"]
    by_id = {one["id"]: one for one in runs}
    assert len(runs) == 4
    answered = next(one for one in runs if one["question"] == "cost")
    result = json.loads((Path(answered["path"]) / "result.json").read_text(encoding="utf-8"))
    assert answered["per_year"] == result["cost"]["per_year"]
    assert (answered["before"], answered["after"]) == (result["current"]["risk"]["aal"], result["risk"]["residual"]["aal"])
    assert answered["targets"] == ["aal=1.3M"]
    assert by_id["bad-001"]["status"] == "damaged"
    assert {one["question"] for one in runs} == {"cost", "frontier", None}
    stated = [one["finished"] for one in runs if one["finished"]]
    assert len(stated) == 4


READ = [
    ("en", ("damaged", "proved best", "4 plans", "AAL: average loss per year")),
    ("ja", ("破損", "最良（証明済み）", "4案", "AAL：年間の平均損失")),
]


@pytest.mark.parametrize(("lang", "words"), READ)
def test_the_list_is_read_by_people(home, lang, words):
    out, _ = run("runs", "--out", home / "results", lang=lang)
    for text in words:
        assert text in out
    assert "optimal" not in out
    assert out.count("-001") >= 3
    assert "→" in out


def test_one_run_is_told_with_its_files_and_what_became_of_its_inputs(home):
    root = home / "results"
    answered = next(one for one in document("runs", "--out", root)["runs"] if one["question"] == "cost")
    told = document("runs", "show", answered["id"], "--out", root)
    assert {"result.json", "manifest.json", "case/case.toml"} <= {file["file"] for file in told["files"]}
    assert told["command"][:2] == ["tenbin", "optimise"]
    here = {row["file"].rpartition("/")[2]: row["now"] for row in start_in(home, answered["id"])["inputs"]}
    assert set(here.values()) == {"same"}
    prices = home / "case" / "measures.csv"
    before = prices.read_bytes()
    try:
        prices.write_bytes(before + b"\n")
        (home / "case" / "effects.csv").rename(home / "case" / "effects.away")
        states = {row["file"].rpartition("/")[2]: row["now"] for row in start_in(home, answered["id"])["inputs"]}
    finally:
        prices.write_bytes(before)
        (home / "case" / "effects.away").rename(home / "case" / "effects.csv")
    assert states["measures.csv"] == "changed"
    assert states["effects.csv"] == "gone"
    assert states["scenarios.csv"] == "same"
    for lang, first, exact, typed in (
        ("en", "For ¥", "(exact)", "Typed: tenbin optimise"),
        ("ja", "年間", "（誤差なし）", "コマンド：tenbin optimise"),
    ):
        out = run("runs", "show", answered["id"], "--out", root, lang=lang)[0]
        assert out.startswith(first)
        assert 0 < out.index(exact) < out.index(typed) < out.index("SHA-256")  # the answer and its targets, hashes last


def start_in(home: Path, name: str) -> dict:
    """The run as told from the folder where it was made: inputs are looked for from there."""
    done = start("runs", "show", name, "--out", home / "results", "--json", cwd=home, code=0)
    return json.loads(done.stdout.decode("utf-8"))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_is_damaged_or_old_is_told(home, lang):
    root = home / "results"
    out, _ = run("runs", "show", "bad-001", "--out", root, lang=lang)
    assert "\x1b" not in out
    assert "result.json" in out
    out, _ = run("runs", "show", "old-001", "--out", root, lang=lang)
    assert "old-001" in out
    done = start("runs", "diff", "bad-001", "old-001", "--out", root, lang=lang, code=2)
    assert b"bad-001" in done.stderr


def test_two_runs_are_told_apart_also_without_their_cases(home):
    root = home / "results"
    answered = next(one for one in document("runs", "--out", root)["runs"] if one["question"] == "cost")
    same = document("runs", "diff", answered["id"], answered["id"], "--out", root)
    assert (same["inputs"], same["asked"], same["crossed"]) == ([], [], [])
    told = document("runs", "diff", answered["id"], "old-001", "--out", root)
    assert told["inputs"] is None
    assert told["runs"][1]["trouble"]
    out, _ = run("runs", "diff", answered["id"], "old-001", "--out", root)
    assert "hashes the input files are the same" in out


def test_no_runs_and_unknown_ones(tmp_path):
    assert "No runs" in run("runs", "--out", tmp_path)[0]
    assert document("runs", "--out", tmp_path)["runs"] == []
    assert document("runs", "show", "nothing", "--out", tmp_path, code=2)["status"] == "invalid"
    assert start("runs", "nonsense").returncode == 2


@pytest.mark.parametrize(
    "content", ["[]", "null", '{"status": 1}', '{"status": "optimal", "points": 3}', '{"points": []}', "", "\x00", "[" * 5000]
)
def test_any_document_can_be_listed(tmp_path, content):
    folder = tmp_path / "odd-001"
    folder.mkdir()
    (folder / "result.json").write_text(content, encoding="utf-8")
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    (one,) = document("runs", "--out", tmp_path)["runs"]
    assert one["status"] == "damaged"
    assert "odd-001" in run("runs", "show", "odd-001", "--out", tmp_path)[0]
