"""What is written → axes and points: every rule, all problems at once, no point made before it is counted."""

from __future__ import annotations

import re
import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tenbin
from tenbin.errors import InputError
from tenbin.sweeps.axes import read_place
from tenbin.sweeps.points import make_points
from tenbin.sweeps.sampling import shares
from tenbin.sweeps.spec import read_spec
from tenbin.sweeps.sweeping import sweep
from tenbin.sweeps.writing import resolved_text

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASE = str(SCENARIOS / "two-cells")


def laid_out(axes: dict[str, Any], **more: Any) -> list[tuple[str, ...]]:
    """The points' values as they are called."""
    points = make_points(read_spec({"axes": {"case": CASE, **axes}, **more}), date(2026, 1, 1))
    columns = [points.labels(n) for n, axis in enumerate(points.axes) if axis.name != "case"]
    return list(zip(*columns, strict=True))


def problems_of(spec: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_spec(spec)
    return [f"{problem.column} {problem.value}" for problem in caught.value.problems]


def test_the_grid_is_every_combination() -> None:
    found = laid_out({"target": ["aal=60%", ["aal=50%", "tvar95=60%"]], "seed": [0, 1], "trials": 2000})
    assert found == [
        ("aal=60%", "0", "2000"),
        ("aal=60%", "1", "2000"),
        ("aal=50%; tvar95=60%", "0", "2000"),
        ("aal=50%; tvar95=60%", "1", "2000"),
    ]


def test_a_list_takes_the_values_side_by_side() -> None:
    axes = {"budget": ["1M/year", "2M/year"], "seed": [4, 5], "trials": 2000}
    assert laid_out(axes, sample={"method": "list"}) == [("1M/year", "4", "2000"), ("2M/year", "5", "2000")]
    with pytest.raises(InputError, match="budget: 2, seed: 3"):
        laid_out({"budget": ["1M/year", "2M/year"], "seed": [4, 5, 6]}, sample={"method": "list"})


@pytest.mark.parametrize("n", [8, 11])
def test_a_latin_hypercube_has_one_point_in_each_part_of_each_axis(n: int) -> None:
    at = shares("latin-hypercube", n, 3, 7)
    assert (np.sort((at * n).astype(int), axis=0) == np.arange(n)[:, None]).all()
    assert not (np.sort((np.random.default_rng(7).random((n, 3)) * n).astype(int), axis=0) == np.arange(n)[:, None]).all()


def test_sobol_points_are_in_each_box_once() -> None:
    """The 16 points of a net in base 2: one in each elementary box of volume 1/16."""
    at = shares("sobol", 16, 2, 3)
    for rows in (1, 2, 4, 8, 16):
        boxes = {(int(x * rows), int(y * 16 // rows)) for x, y in at}
        assert len(boxes) == 16
    drawn = np.random.default_rng(3).random((16, 2))
    assert len({(int(x * 4), int(y * 4)) for x, y in drawn}) < 16


def test_a_list_keeps_values_that_stand_in_it_twice() -> None:
    axes = {"target": ["aal=80%", "aal=80%", "aal=60%"], "seed": [1, 2, 2], "trials": 100}
    found = laid_out(axes, sample={"method": "list"})
    assert [tuple(row) for row in found] == [("aal=80%", "1", "100"), ("aal=80%", "2", "100"), ("aal=60%", "2", "100")]
    assert len(laid_out(axes)) == 4  # a grid has each value once


def test_a_list_reads_only_the_cases_with_the_prices_that_it_names() -> None:
    other = str(SCENARIOS / "machine-parts-sme")
    prices = [str(SCENARIOS.parent / "cost_tables" / name) for name in ("two-cells", "two-cells", "machine-parts-sme")]
    axes = {"case": [CASE, CASE, other], "costs": prices, "target": ["aal=80%", "aal=60%", "aal=70%"]}
    points = make_points(read_spec({"axes": axes, "sample": {"method": "list"}}), date(2026, 1, 1))
    assert len(points) == 3
    assert sorted(points.bases) == [(0, 0), (1, 1)]


def of_the_page(page: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """The axes that a page names beside the question's, and its specs."""
    text = page.read_text(encoding="utf-8")
    named = [
        name
        for name in re.findall(r"`([a-z]+\.[\w./*-]+)`", text)
        if not name.endswith((".md", ".csv", ".toml", ".xlsx", ".parquet"))
    ]
    return named, [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize("name", ["sweeps.md", "sweeps.ja.md"])
def test_the_axes_of_the_documentation_are_some(name: str) -> None:
    named, specs = of_the_page(SCENARIOS.parent / "docs" / name)
    places = [one for one in named if not one.startswith("tenbin.")]
    assert len(places) >= 4
    assert specs
    for place in places:
        read_place(place, name)
    for spec in specs:
        read_spec({**spec, "axes": {**spec["axes"], "case": CASE}})
    with pytest.raises(InputError, match=r"organisation\.day_rate"):  # the control: what a page once said
        read_place("organisation.discount_rate", name)


def test_words_that_no_case_knows_are_refused_and_those_of_one_are_not() -> None:
    axes = {"case": CASE, "level": ["standrad"], "metric": "tvar950", "require": "L9.999", "target": "aaal=60%"}
    with pytest.raises(InputError) as error:
        make_points(read_spec({"axes": axes}), date(2026, 1, 1))
    assert [problem.value for problem in error.value.problems][:1] == ["standrad"]
    assert len(error.value.problems) == 4
    own = tenbin.load(CASE).levels
    make_points(read_spec({"axes": {"case": CASE, "level": list(own)}}), date(2026, 1, 1))


def test_ranges_are_sampled_between_their_ends() -> None:
    axes = {
        "scenarios.S-L1.frequency": {"low": "1/100", "high": "1/10", "log": True},
        "organisation.day_rate": {"low": 10_000, "high": "40k"},
        "budget": {"low": "1M/year", "high": "3M/year"},
        "seed": [0, 1],
    }
    names = [row.split(".")[1] for row in axes if row.startswith("scenarios")]
    axes = {key.replace(names[0], scenario_id()): value for key, value in axes.items()}
    found = laid_out(axes, sample={"method": "latin-hypercube", "n": 20, "seed": 1})
    frequency = np.array([float(row[0]) for row in found])
    assert (np.sort(np.floor(20 * np.log(frequency / 0.01) / np.log(10))) == np.arange(20)).all()
    assert all(10_000 <= float(row[1]) <= 40_000 for row in found)
    assert all(row[2].endswith("/year") and 1e6 <= float(row[2].partition("/")[0]) <= 3e6 for row in found)
    assert {row[3] for row in found} == {"0", "1"}
    assert found == laid_out(axes, sample={"method": "latin-hypercube", "n": 20, "seed": 1})
    assert found != laid_out(axes, sample={"method": "latin-hypercube", "n": 20, "seed": 2})


def scenario_id() -> str:
    import tenbin

    return tenbin.load(CASE).scenarios[0].id


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems_of(
        {
            "axis": {},
            "axes": {
                "case": "nowhere/*",
                "targets": ["aal=60%"],
                "scenarios.S-L1-03.frequenzy": "1/10",
                "scenarios.S-L1-03.frequency": ["1/10", "often"],
                "scenarios.S-L1-03.loss_cap": "*minus one",
                "budget": ["2M/month"],
                "seed": [-1],
                "metric": [],
                "level": {"low": 1, "high": 2},
                "trials": [["1"]],
                "delta": [True],
                "organisation.day_rate": {"low": 5, "high": 1},
            },
            "sample": {"methods": "grid"},
            "options": {"validate": "yes", "time_limit": 0},
        }
    )
    assert len(found) == 16
    for place in ("axis", "axes.case", "targets", "frequenzy", "often", "minus one", "2M/month", "seed -1", "metric", "level"):
        assert any(place in problem for problem in found), (place, found)


def test_no_axes_no_points() -> None:
    assert problems_of({"axes": {}}) == ["axes.case nothing"]
    assert problems_of({"axes": {"case": CASE, "target": []}}) == ["target nothing"]
    assert problems_of({"axes": {"case": CASE, "target": "aal=50%"}, "sample": {"method": "sobol"}}) == ["sample.n nothing"]
    assert problems_of("nowhere.toml")[0].strip()


def test_files_are_read_from_their_folder(tmp_path: Path) -> None:
    (tmp_path / "sweep.toml").write_text(f'[axes]\ncase = ["{CASE}"]\ntarget = "aal=60%"\n[axes.organisation]\nday_rate = 1\n')
    spec = read_spec(tmp_path / "sweep.toml")
    assert [axis.name for axis in spec.axes] == ["case", "target", "organisation.day_rate"]
    assert spec.name == "sweep"
    (tmp_path / "again.toml").write_text(resolved_text(spec, date(2026, 1, 1)))
    again = read_spec(tmp_path / "again.toml")
    assert [(axis.name, [v.content for v in axis.values]) for axis in again.axes] == [
        (axis.name, [v.content for v in axis.values]) for axis in spec.axes
    ]
    (tmp_path / "bad.toml").write_text("[axes\n")
    assert problems_of(tmp_path / "bad.toml")[0].strip()


def test_a_place_that_no_case_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NOBODY"):
        sweep({"axes": {"case": CASE, "target": "aal=60%", "scenarios.NOBODY.frequency": 1}}, out=tmp_path, jobs=1)
    assert not list(tmp_path.iterdir())


def test_a_thousand_million_points_are_counted_not_made(tmp_path: Path) -> None:
    spec = {
        "axes": {"case": CASE, "seed": list(range(1000)), "trials": list(range(1000, 2000)), "worlds": list(range(1, 1001))}
    }
    began = time.perf_counter()
    with pytest.raises(InputError, match="1,000,000,000"):
        sweep(spec, out=tmp_path, yes=True)
    assert time.perf_counter() - began < 10  # a count: making 10⁹ points would take hours
    with pytest.raises(InputError, match="--yes"):
        sweep({"axes": {**spec["axes"], "worlds": [1], "trials": list(range(1000, 1100))}}, out=tmp_path, jobs=1)
    assert not list(tmp_path.iterdir())
