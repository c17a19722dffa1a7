"""``tenbin chart`` in processes of its own: every chart of a run, each format, and what is said when it has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from running import commands

TWO_CELLS = commands.ROOT / "scenarios" / "two-cells"
SMALL = ("--trials", "4000", "--quiet")
OF_A_PLAN = ["exceedance", "heatmap", "costs", "waterfall", "abatement", "cash-flow", "convergence"]
OF_A_FRONTIER = ["frontier", "composition"]


def made(folder: Path, *arguments: object) -> Path:
    return Path(json.loads(commands.run(*arguments, "--out", folder, "--json", *SMALL, charts=True)[0])["run"])


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("runs"), "optimise", TWO_CELLS, "--target", "aal=1.3M")


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("runs"), "frontier", TWO_CELLS, "--metric", "aal", "--points", 4)


def test_without_charts_it_is_said_how_to_draw_them(tmp_path: Path) -> None:
    said, _ = commands.run("optimise", TWO_CELLS, "--target", "aal=1.3M", "--out", tmp_path, *SMALL, "--no-charts", charts=True)
    (run,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert not (run / "charts").exists()
    assert f"tenbin chart {run} all" in said
    commands.run("chart", run, "all")
    assert {path.name.partition(".")[0] for path in (run / "charts").iterdir()} == set(OF_A_PLAN)


def test_a_run_has_its_charts_when_it_is_saved(answered: Path, traced: Path) -> None:
    for run, names in ((answered, OF_A_PLAN), (traced, OF_A_FRONTIER)):
        written = {path.name for path in (run / "charts").iterdir()}
        assert written == {f"{name}.en.{kind}" for name in names for kind in ("png", "svg")}


def test_all_charts_of_a_run_in_a_folder(answered: Path, tmp_path: Path) -> None:
    out, said = commands.run("chart", answered, "all", "--format", "svg", "--to", tmp_path / "new", lang="ja")
    paths = [tmp_path / "new" / f"{name}.ja.svg" for name in OF_A_PLAN]
    assert sorted((tmp_path / "new").iterdir()) == sorted(paths)
    assert all(str(path) in out for path in paths)
    assert "作らなかった図があります" in said  # it has no frontier
    assert "tenbin frontier" in said


def test_one_chart_into_a_file_by_its_ending(traced: Path, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "picture.pdf"
    document = json.loads(commands.run("chart", traced, "composition", "--to", path, "--json", lang="ja")[0])
    assert document == {"schema": 1, "status": "made", "run": traced.name, "charts": [str(path)]}
    reader = PdfReader(path)
    assert len(reader.pages) == 1
    assert "費用の水準ごとに" in reader.pages[0].extract_text().replace(" ", "")
    again = tmp_path / "again.pdf"
    commands.run("chart", traced, "composition", "--to", again, lang="ja")
    assert again.read_bytes() == path.read_bytes()


def test_into_the_runs_own_folder_by_default(traced: Path) -> None:
    out, _ = commands.run("chart", traced.name, "frontier", "--format", "pdf", "--out", traced.parent)
    assert str(traced / "charts" / "frontier.en.pdf") in out
    assert (traced / "charts" / "frontier.en.pdf").read_bytes().startswith(b"%PDF")


def test_a_chart_that_the_run_has_not_says_what_to_run(answered: Path, traced: Path, tmp_path: Path) -> None:
    for run, name, words in (
        (answered, "frontier", "must be a run with a frontier, for frontier"),
        (answered, "composition", f"tenbin report {answered.name}"),
        (traced, "abatement", "Run tenbin optimise on the case"),
    ):
        _, said = commands.run("chart", run, name, "--to", tmp_path / "none.png", code=2)
        assert words in said
    assert not list(tmp_path.iterdir())


def test_wrong_names_are_said_together(answered: Path) -> None:
    document = json.loads(commands.run("chart", answered, "cashflow", "--format", "bmp", "--json", code=2)[0])
    assert [(p["file"], p["remedy"]) for p in document["problems"]] == [
        ("--format", "Choose one with --format, or by the file's ending."),
        ("NAME", "Did you mean cash-flow?"),
    ]


def test_a_place_that_cannot_be_written_is_refused(answered: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    _, said = commands.run("chart", answered, "costs", "--to", tmp_path / "file" / "costs.png", code=2)
    assert "must be a file that can be written" in said
    assert "--to" in said
