"""The charts of a sweep: marks and cells are the table's own, every text can be read, also while nothing is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tenbin
from reporting.texts import check_no_overlap, check_on_page
from tenbin.reporting.chart_data import Label
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
    plans, points = (list(dict.fromkeys(rows[name])) for name in ("planned_for", "point"))
    assert data.regret.shape == (len(plans), len(points)) == (len(data.plans), len(data.assumptions))
    for row in rows.to_dict("records"):
        at = plans.index(row["planned_for"]), points.index(row["point"])
        assert np.isclose(data.regret[at], row["regret"] if pd.notna(row["regret"]) else np.nan, equal_nan=True)
        assert data.met[at] == (row["met"] == True)  # noqa: E712 - blank where the plan is none
        assert data.there[at] == pd.notna(row["met"])
    assert data.there.any()
    assert not data.there.all()
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


def of_cells(numbers: np.ndarray, met: np.ndarray, names: tuple[str, ...] = ()) -> RegretData:
    plans, points = numbers.shape
    names = names or tuple(f"p{n}" for n in range(plans))
    under = tuple(str(n) for n in range(points))
    return RegretData(Label("x"), "aal=1M", ("seed",), names, names, under, numbers, met, np.ones_like(met))


def test_a_plan_that_always_holds_is_named_before_one_that_misses() -> None:
    numbers, met, names = np.array([[0.0, 5.0], [2.0, 0.0]]), np.array([[True, False], [True, True]]), ("low", "high")
    assert "Only the plan for high" in regret_chart.summary(of_cells(numbers, met, names), style())
    assert "Only the plan for low" in regret_chart.summary(of_cells(numbers, met[::-1], names), style())
    both = regret_chart.summary(of_cells(numbers, np.ones((2, 2), bool), names), style())
    assert "2 plans meet" in both
    assert "for high is regretted least: by ¥2 at most" in both
    missed = of_cells(numbers, ~np.eye(2, dtype=bool), names)
    assert "No plan meets" in regret_chart.summary(missed, style())


def wide_regret(n: int = 20, unmet: int = 0) -> pd.DataFrame:
    """As ``sweep_regret`` has it: plans by seeds, the 15th alone meets all but the last ``unmet`` of them; the first misses the 14th alone."""
    rows = []
    for plan in range(n):
        for point in range(n):
            met = point < n - unmet and (plan == 14 or point == plan or (plan == 0 and point != 13))
            best = 100.0 if point < n - unmet else np.nan
            regret = (1e6 + 1e5 * point if plan == 14 else 1000.0) if best == best else np.nan
            rows.append(
                {"target": "tvar95=80%", "plan": f"M.{plan}", "planned_for": plan, "n_planned_for": 1, "point": point}
                | {"is_own": plan == point, "seed": point + 1, "per_year": best + regret, "met": met}
                | {"best_per_year": best, "regret_cost": regret, "regret": regret}
            )
    return pd.DataFrame(rows)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_headline_knows_more_plans_and_assumptions_than_are_drawn(lang: str) -> None:
    data = regret_data(wide_regret(), "many", "JPY")
    text = regret_chart.summary(data, style(lang))
    assert "seed 15" in text  # the control: among the first twelve by twelve seed 1 is never missed, and is regretted less
    assert style(lang).amount(2.9e6) in text
    assert data.met[0, :12].all()
    figure = regret_chart.page(data, style(lang))
    figure.canvas.draw()
    check_on_page(figure)
    check_no_overlap(figure)
    texts = [text.get_text() for text in figure.axes[0].texts]
    rows, columns = data.drawn
    assert len(rows) == len(columns) == 12
    assert 14 in rows
    assert 19 in columns  # where it is regretted most
    (frame,) = [one for one in figure.axes[0].patches if one.get_gid() == "best"]
    assert frame.get_y() == rows.index(14)
    assert style(lang).say("regret_n_missed", n=1) in texts  # the first plan, whichever are drawn
    notes = "".join(text.get_text() for text in figure.texts).replace(" ", "")
    assert style(lang).say("regret_more", plans=8, n=8, n_plans=20, n_all=20).replace(" ", "") in notes


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_where_no_plan_meets_the_question_it_is_said(lang: str) -> None:
    data = regret_data(wide_regret(unmet=3), "unmet", "JPY")
    assert data.n_unmet == 3
    text = regret_chart.summary(data, style(lang))
    assert style(lang).say("regret_unmet", n=3, n_all=20) in text
    assert style(lang).say("regret_rest", plan="seed 15", n=17, amount=style(lang).amount(2.6e6)) in text
    figure = regret_chart.page(data, style(lang))
    cells = [text.get_text() for text in figure.axes[0].texts]
    assert "—" not in cells
    assert style(lang).say("regret_n_missed", n=3) in cells
    every = regret_data(wide_regret(unmet=20), "unmet", "JPY")
    assert regret_chart.summary(every, style(lang)) == style(lang).say("regret_unmet_all", n=20)
    some = wide_regret(unmet=3)
    some.loc[(some["planned_for"] == 14) & (some["point"] == 4), "met"] = False
    missed = regret_chart.summary(regret_data(some, "unmet", "JPY"), style(lang))
    assert style(lang).say("regret_rest_missed", plan="seed 1", n=1, n_all=17) in missed


def made_frame(axes: dict[str, list[object]], **columns: object) -> pd.DataFrame:
    """As ``read_sweep`` has it, with a plan at every point."""
    n = len(next(iter(axes.values())))
    frame = pd.DataFrame(
        {**axes, "per_year": np.linspace(1e6, 2e6, n), "aal": np.linspace(9e6, 3e6, n), "currency": "JPY", **columns}
    )
    frame.attrs["axes"] = list(axes)
    return frame


def drawn_marks(data: CurvesData) -> int:
    return sum(len(line.cost) for panel in data.panels for line in panel.lines)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("n", [8, 40])
def test_a_sample_is_one_panel_with_a_mark_for_each_point(lang: str, n: int) -> None:
    numbers = np.random.default_rng(0)
    axes: dict[str, list[object]] = {
        "case": [f"cases/{k % 2}" for k in range(n)],
        "scenarios.*.frequency": [f"*{number!r}" for number in numbers.uniform(0.5, 3, n).tolist()],
        "organisation.cash_reserve": numbers.uniform(1e6, 9e7, n).tolist(),
    }
    frame = made_frame(axes)
    data = curves_data(frame, "aal", "sample")
    assert data.is_scatter
    assert len(data.panels) == 1
    assert (drawn_marks(data), data.n_hidden, data.n_missing) == (n, 0, 0)
    assert data.line_axis == "case"
    assert surface_data(frame, "aal", "sample") is None  # hardly two points share a cell
    figure = sweep_curves.page(data, style(lang))
    figure.canvas.draw()
    check_on_page(figure)
    check_no_overlap(figure)
    (small,) = figure.axes[0].child_axes
    assert {line.get_linestyle() for line in small.lines} == {"None"}


def test_a_grid_of_many_figures_is_a_scatter_and_of_few_stays_curves() -> None:
    def grid(n: int) -> pd.DataFrame:
        pairs = [(budget, f"*{0.5 + k / 8}") for budget in ("1M/year", "2M/year", "3M/year") for k in range(n)]
        return made_frame({"budget": [one for one, _ in pairs], "scenarios.*.frequency": [two for _, two in pairs]})

    many, few = curves_data(grid(20), "aal", "x"), curves_data(grid(4), "aal", "x")
    assert (many.is_scatter, many.line_axis, drawn_marks(many)) == (True, "budget", 60)
    assert (few.is_scatter, few.line_axis, few.is_joined) == (False, "scenarios.*.frequency", True)


@pytest.mark.usefixtures("settings")
def test_panels_say_what_they_are_and_points_beyond_them_are_counted() -> None:
    pairs = [(budget, seed) for budget in ("1M/year", "2M/year") for seed in range(1, 21)]
    frame = made_frame({"budget": [one for one, _ in pairs], "seed": [two for _, two in pairs]})
    frame.loc[3, "currency"] = "USD"
    data = curves_data(frame, "aal", "seeds")
    figure = sweep_curves.page(data, style())
    titles = [text.get_text() for small in figure.axes[0].child_axes for text in small.texts]
    assert "seed 3" in titles
    assert "3" not in titles
    assert (data.n_hidden, data.n_foreign, data.n_missing) == (16, 1, 0)
    assert drawn_marks(data) + data.n_hidden + data.n_foreign == len(frame)
    notes = " ".join(text.get_text() for text in figure.texts)
    assert "16 points are not drawn" in notes
    assert "1 point has another currency" in notes


def test_no_panel_is_empty_and_none_of_its_points_is_forgotten() -> None:
    lines = [f"L{n}" for n in range(8)]
    pairs = [(budget, n, lines[n]) for budget in ("1M/year", "2M/year") for n in range(8)]
    axes: dict[str, list[object]] = {
        "case": [f"c{n}" for _, n, _ in pairs],
        "budget": [budget for budget, _, _ in pairs],
        "costs": [costs for _, _, costs in pairs],
    }
    data = curves_data(made_frame(axes), "aal", "x")
    assert all(any(len(line.cost) for line in panel.lines) for panel in data.panels)
    assert (len(data.panels), data.n_panels, drawn_marks(data), data.n_hidden) == (5, 8, 10, 6)


def test_numbers_have_three_figures_unless_they_need_more_to_differ() -> None:
    values = ["*1.8729734016906916", "*0.00001234567", "*2"]
    pairs = [(budget, value) for budget in ("1234567/year", "2.34568e+06/year", "900k/year") for value in values]
    data = surface_data(made_frame({"budget": [b for b, _ in pairs], "measures.*.opex": [v for _, v in pairs]}), "aal", "x")
    assert data is not None
    assert data.columns == ("900k/year", "1.23M/year", "2.35M/year")
    assert data.rows == ("*0.0000123", "*1.87", "*2")
    pairs = [(budget, value) for budget in ("1M/year", "2M/year") for value in ("*1.2341", "*1.2342", "*1.5")]
    near = surface_data(made_frame({"budget": [b for b, _ in pairs], "measures.*.opex": [v for _, v in pairs]}), "aal", "x")
    assert near is not None
    assert near.rows == ("*1.2341", "*1.2342", "*1.5")


@pytest.mark.usefixtures("settings")
def test_the_lowest_cell_of_a_surface_has_a_ground_and_a_missing_one_none(frame: pd.DataFrame) -> None:
    data = surface(frame)
    values = data.values.copy()
    low = np.unravel_index(int(np.nanargmin(values)), values.shape)
    gone = (1 - low[0], low[1])
    values[gone] = np.nan
    cells = {
        one.get_gid(): one.get_facecolor() for one in sweep_surface.page(replace(data, values=values), style()).axes[0].patches
    }
    paper = (1.0, 1.0, 1.0, 1.0)
    assert cells[f"cell-{low[0]}-{low[1]}"] != paper
    assert cells[f"cell-{gone[0]}-{gone[1]}"] == paper
