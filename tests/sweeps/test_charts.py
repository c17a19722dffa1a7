"""The charts of a sweep: marks and cells are the table's own, every text can be read, also while nothing is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tenbin
from reporting.texts import check_no_overlap, check_on_page
from tenbin.reporting.charts import regret as regret_chart
from tenbin.reporting.charts import sweep_curves, sweep_surface
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.style import Style
from tenbin.reporting.sweep_data import CurvesData, RegretData, SurfaceData
from tenbin.reporting.writing import write_charts
from tenbin.sweeps.plotting import curves_data, regret_data, surface_data
from tenbin.sweeps.sweeping import Sweep

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def settings() -> Iterator[None]:
    with drawing():
        yield


def style(lang: str = "en") -> Style:
    return Style(resolve(lang, {}))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    axes = {
        "case": [SCENARIOS / "machine-parts-sme", SCENARIOS / "two-cells"],
        "budget": ["900k/year", "1.5M/year", "3M/year"],
        "metric": "aal",
        "measures.*.opex": ["*1", "*1.6"],
        "scenarios.*.frequency": ["*1", "*2"],
        "seed": [1, 2],
        "trials": 2000,
        "worlds": 1,
    }
    return tenbin.sweep({"name": "charts", "axes": axes}, out=tmp_path_factory.mktemp("charts"), jobs=2)


@pytest.fixture(scope="module")
def frame(found: Sweep) -> pd.DataFrame:
    return found.to_frame()


@pytest.fixture(scope="module")
def regret(found: Sweep) -> pd.DataFrame:
    return tenbin.sweep_regret(found.path)


@pytest.mark.usefixtures("settings")
def test_the_curves_are_the_medians_of_the_table(frame: pd.DataFrame) -> None:
    data = curves_data(frame, "aal", "charts")
    assert (data.along, data.panel_axis, data.line_axis) == (("budget",), "case", "measures.*.opex")
    assert data.averaged == ("scenarios.*.frequency", "seed")
    figure = sweep_curves.page(data, style())
    lines = {line.get_label(): line for axes in figure.axes[0].child_axes for line in axes.lines}
    rows = frame[(frame["case"].str.endswith("machine-parts-sme")) & (frame["measures.*.opex"] == "*1.6")]
    medians = rows.dropna(subset=["per_year"]).groupby("budget")[["per_year", "aal"]].median().sort_values("per_year")
    drawn = lines["line:machine-parts-sme:*1.6"].get_xydata()
    assert drawn.tolist() == medians.to_numpy().tolist()
    other = lines["line:machine-parts-sme:*1"].get_xydata()
    assert drawn.tolist() != other.tolist()  # the control
    assert data.n_missing == int(frame["per_year"].isna().sum())


@pytest.mark.usefixtures("settings")
def test_the_cells_are_the_regrets_of_the_table(regret: pd.DataFrame) -> None:
    data = regret_data(regret, "charts", "JPY")
    question = data.question.partition(",")[0]
    rows = regret[regret["budget"] == question]
    assert data.n_plans == rows["planned_for"].nunique()
    plans, points = (list(dict.fromkeys(rows[name])) for name in ("planned_for", "point"))
    row = rows.iloc[5]
    at = plans.index(row["planned_for"]), points.index(row["point"])
    if at[0] < len(data.plans) and at[1] < len(data.assumptions):
        assert np.isclose(data.regret[at], row["regret"], equal_nan=True)
        assert data.met[at] == bool(row["met"])
    assert (data.regret[data.met] >= 0).all()
    assert not data.is_cost


def surface(frame: pd.DataFrame, metric: str = "aal") -> SurfaceData:
    found = surface_data(frame, metric, "charts")
    assert found is not None
    return found


@pytest.mark.usefixtures("settings")
def test_the_surface_is_the_medians_of_the_table(frame: pd.DataFrame) -> None:
    data = surface(frame)
    assert (data.column_axis, data.row_axis, data.is_cost) == ("budget", "measures.*.opex", False)
    assert data.averaged == ("case", "scenarios.*.frequency", "seed")
    rows = frame[(frame["budget"] == "3M/year") & (frame["measures.*.opex"] == "*1.6")]
    there = rows.dropna(subset=["per_year"])
    there = there[there["currency"] == "JPY"]
    at = data.rows.index("*1.6"), data.columns.index("3M/year")
    assert data.values[at] == there["aal"].median()
    assert data.values[at] != data.values[at[0], data.columns.index("900k/year")]  # the control
    cells = {one.get_gid() for one in sweep_surface.page(data, style()).axes[0].patches}
    assert cells == {f"cell-{row}-{column}" for row in range(2) for column in range(3)}


def test_what_two_axes_do_not_share_is_no_surface(frame: pd.DataFrame) -> None:
    one = frame[(frame["case"] == frame["case"].iloc[0]) & (frame["measures.*.opex"] == "*1")]
    one = one[one["scenarios.*.frequency"] == "*1"]
    one.attrs = frame.attrs
    assert surface_data(one, "aal", "charts") is None
    asked = frame.rename(columns={"budget": "target"})
    asked.attrs = {"axes": ["target" if axis == "budget" else axis for axis in frame.attrs["axes"]]}
    assert surface(asked).is_cost


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.usefixtures("settings")
def test_every_text_can_be_read(lang: str, frame: pd.DataFrame, regret: pd.DataFrame) -> None:
    alone = frame[frame["case"].str.endswith("two-cells")].copy()
    alone.attrs = frame.attrs
    for data in (curves_data(frame, "tvar95", "charts"), curves_data(alone, "aal", "charts")):
        figure = sweep_curves.page(data, style(lang))
        figure.canvas.draw()
        check_on_page(figure)
        check_no_overlap(figure)
    for figure in (
        regret_chart.page(regret_data(regret, "charts", "JPY"), style(lang)),
        sweep_surface.page(surface(frame), style(lang)),
    ):
        figure.canvas.draw()
        check_on_page(figure)
        check_no_overlap(figure)


def test_nothing_known_is_drawn_too(frame: pd.DataFrame, regret: pd.DataFrame, tmp_path: Path) -> None:
    nothing = frame.copy()
    nothing[["per_year", "aal", "tvar95"]] = np.nan
    nothing.attrs = frame.attrs
    data: list[CurvesData | RegretData | SurfaceData] = [
        curves_data(nothing, "aal", "none"),
        surface(nothing),
        regret_data(regret.head(0), "none", "JPY"),
    ]
    for one in data:
        for lang in ("ja", "en"):
            files = write_charts(one, tmp_path, lang, ("png", "svg"))
            assert all(path.stat().st_size for path in files.paths)
            assert all(files.summaries.values())


def test_a_plan_that_always_holds_is_named_before_one_that_misses() -> None:
    label = regret_data.__globals__["Label"]("x")
    numbers, met = np.array([[0.0, 5.0], [2.0, 0.0]]), np.array([[True, False], [True, True]])
    data = RegretData(label, "aal=1M", ("seed",), ("low", "high"), ("low", "high"), numbers, met, 2, 2)
    assert "high" in regret_chart.summary(data, style())
    assert "low" in regret_chart.summary(
        RegretData(label, "q", (), ("low", "high"), ("a", "b"), numbers, met[::-1], 2, 2), style()
    )
    missed = RegretData(label, "q", (), ("low", "high"), ("a", "b"), numbers, ~np.eye(2, dtype=bool), 2, 2)
    assert "No plan meets" in regret_chart.summary(missed, style())
