"""``tenbin sensitivity`` and ``tenbin stress``, in processes of their own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import tenbin
from running import commands
from sensitivity import made
from tenbin.cli.console import Grid
from tenbin.cli.render_sensitivity import mattering
from tenbin.cli.render_stress import stressed
from tenbin.inputs import write_case
from tenbin.sensitivity.guesses import guesses_of
from tenbin.storage import find_run
from tenbin.units import format_amount

SME = commands.ROOT / "scenarios" / "machine-parts-sme"
TWO_CELLS = commands.ROOT / "scenarios" / "two-cells"
SMALL = ("--trials", 2000)


def only(folder: Path) -> Path:
    """The one run in a folder."""
    (run,) = folder.iterdir()
    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case in which frequencies, effects and prices are uncertain."""
    place = tmp_path_factory.mktemp("uncertain")
    write_case(made.uncertain(4), place)
    return place


def test_what_matters_is_said_kept_and_drawn(folder: Path, tmp_path: Path) -> None:
    asked = ("sensitivity", folder, "--plan", "draft", "--metric", "tvar90", "--top", 5, *SMALL, "--out", tmp_path)
    document = json.loads(commands.run(*asked, "--json")[0])
    case = tenbin.load(folder)
    assert set(document["guesses"]) == {guess.key for guess in guesses_of(case)}
    assert document["plan_name"] == "draft"
    assert document["today"]["middle"] != document["tornado"]["middle"]
    first = document["information"]["guesses"][0]
    assert first["per_year"] == max(one["per_year"] for one in document["information"]["guesses"])
    assert document["information"]["everything_per_year"] >= first["per_year"]
    run = only(tmp_path / "sensitivity")
    assert document["run"] == str(run)
    kept = json.loads((run / "result.json").read_text(encoding="utf-8"))
    assert kept["information"] == document["information"]
    with (run / "sensitivity.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["guess"] == first["guess"]
    assert len(rows) == len(document["guesses"])
    charts = {path.name for path in (run / "charts").iterdir()}
    names = ("tornado", "tornado-cost", "find-out")
    assert charts == {f"{name}.en.{kind}" for name in names for kind in ("png", "svg")}


@pytest.mark.parametrize(("lang", "words"), [("en", ("Find out first", "How sure")), ("ja", ("まず調べるべき", "確かさ"))])
def test_the_answer_comes_first(folder: Path, lang: str, words: tuple[str, str]) -> None:
    case = tenbin.load(folder)
    found = tenbin.what_matters(case, "draft", "tvar90", n_trials=2_000, n_worlds=32)
    told = list(mattering(found, "draft", 5, None, lang))
    text = [block for block in told if isinstance(block, str) and block]
    assert found.first is not None
    assert words[0] in text[1]
    assert format_amount(found.first.per_year, lang) in text[1]
    assert any(words[1] in block for block in text)
    grids = [block for block in told if isinstance(block, Grid)]
    assert [len(grid.rows) for grid in grids] == [5, 5, 5]
    assert not any("e+" in cell for grid in grids for row in grid.rows for cell in row)


def test_stress_of_a_run_beside_today(tmp_path: Path) -> None:
    commands.run("optimise", TWO_CELLS, "--target", "aal=70%", "--trials", 5000, "--out", tmp_path, "--quiet")
    found = next(path for path in tmp_path.iterdir() if (path / "manifest.json").is_file())
    name = tenbin.load(TWO_CELLS).scenarios[0].id
    asked = ("stress", TWO_CELLS, "--run", "latest", "--force", name, "--scale", "loss=2", "--trials", 5000, "--out", tmp_path)
    out, _ = commands.run(*asked, "--json")
    document = json.loads(out)
    assert list(document["plans"]) == ["current", found.name]
    assert [one["stress"] for one in document["stresses"]] == ["loss=2", f"force={name}", f"loss=2 + force={name}"]
    for plan in document["plans"]:
        doubled = document["stresses"][0]["plans"][plan]["risk"]
        assert doubled["aal"] == pytest.approx(2 * document["normal"][plan]["risk"]["aal"], rel=1e-9)
    # neither is a plan: the latest run stays the latest plan
    assert {path.name for path in tmp_path.iterdir()} == {found.name, "stress"}
    assert find_run("latest", tmp_path).id == found.name


@pytest.mark.parametrize(("lang", "words"), [("en", "Worst for the plan"), ("ja", "最も厳しいのは")])
def test_the_worst_comes_first(lang: str, words: str) -> None:
    events = tenbin.simulate(tenbin.load(SME), 2_000)
    told = list(stressed(tenbin.stress(events, "first-steps"), None, lang))
    text = [block for block in told if isinstance(block, str) and block]
    assert words in text[1]
    grids = [block for block in told if isinstance(block, Grid)]
    assert [len(grid.rows) for grid in grids] == [7, 7]  # normal, and the ready-made set
    assert not any("e+" in cell for grid in grids for row in grid.rows for cell in row)
    assert any("--down S-L1-04=" in block for block in text)


def test_what_is_wrong_is_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    out = ("--out", tmp_path, "--trials", 2000)
    text = "".join(
        commands.run(
            *("sensitivity", SME, "--plan", "nix", "--metric", "tvar0", "--top", 0),
            *("--worlds", 64, "--precision", "1%", *out),
            code=2,
        )
    )
    for part in ("--plan", "--metric", "--top", "--worlds: must be left out", "--precision: must be left out", "5 to correct"):
        assert part in text
    listed = "".join(commands.run("sensitivity", "--help"))
    assert "--trials" in listed
    assert "--worlds" not in listed
    assert "--precision" not in listed
    assert "--worlds" in "".join(commands.run("stress", "--help"))
    document = json.loads(
        commands.run(
            "stress", SME, "--force", "S-L1-1", "--scale", "frequency=0", "--run", "none-such", "--json", *out, code=2
        )[0]
    )
    assert document["status"] == "invalid"
    assert [problem["file"] for problem in document["problems"]] == ["--force", "--scale", "RUN"]
    assert "S-L1-01" in document["problems"][0]["remedy"]
    said = commands.run("sensitivity", TWO_CELLS, *out, code=2, lang="ja")[1]
    assert "frequency_low" in said
    assert not list(tmp_path.iterdir())
