"""A sweep's table: numbers are numbers, names stay names though they look like numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import tenbin
from running import commands
from tenbin.sweeps.reading import NAMES, _axis
from tenbin.sweeps.sweeping import Sweep

CLIENTS = ["001", "010", "1"]
SPEC = """
[axes]
case = [CLIENTS]
target = "aal=90%"
seed = [7, 10]
trials = 500
worlds = 1
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("reading")
    shutil.copytree(commands.ROOT / "cost_tables/two-cells", folder / "cost_tables/two-cells")
    for name in CLIENTS:
        shutil.copytree(commands.ROOT / "scenarios/two-cells", folder / "clients" / name)
    spec = folder / "clients/digits.toml"
    spec.write_text(SPEC.replace("CLIENTS", ", ".join(f'"{name}"' for name in CLIENTS)), encoding="utf-8")
    return tenbin.sweep(spec, out=folder / "results", jobs=1)


def test_cases_named_by_digits_keep_their_names(found: Sweep) -> None:
    frame = tenbin.read_sweep(found.path)
    assert list(dict.fromkeys(frame["case"])) == CLIENTS
    assert set(frame["seed"]) == {7, 10}  # the control: numbers are numbers
    regret = tenbin.sweep_regret(found.path)
    assert set(regret["case"]) <= set(CLIENTS)


def test_the_names_are_in_what_is_shown_and_written(found: Sweep, tmp_path: Path) -> None:
    shown = commands.run("sweep", "show", found.path)[0].splitlines()
    assert all(any(line.split()[:1] == [name] for line in shown) for name in CLIENTS)
    commands.run("sweep", "show", found.path, "--to", tmp_path / "points.csv")
    again = pd.read_csv(tmp_path / "points.csv", dtype=str)
    assert list(dict.fromkeys(again["case"])) == CLIENTS


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_never_a_number(name: str) -> None:
    assert _axis(name, ["001", "010"]) == ["001", "010"]
    assert _axis("seed", ["001", "010"]) == [1, 10]
