"""The price of what each measure takes off: bars, order, list and numbers are the data's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes

from reporting.fake import chart_data
from reporting.texts import drawn
from tenbin.reporting import AbatementRow, Change, ChartData, Label
from tenbin.reporting.charts import abatement
from tenbin.reporting.charts.placing import spread
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.style import Style


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


@pytest.fixture(scope="module")
def data() -> ChartData:
    return chart_data(2000)


def style(lang: str = "en") -> Style:
    return Style(resolve(lang, {}))


def axes_of(data: ChartData, lang: str = "en") -> Axes:
    axes: Axes = abatement.page(data, style(lang)).axes[0]
    return axes


def bars(axes: Axes) -> dict[str, tuple[float, float, float]]:
    """Start, width and height of each measure's bar, from the left."""
    found = {str(patch.get_gid())[10:]: patch for patch in axes.patches if str(patch.get_gid()).startswith("abatement-")}
    return {key: (bar.get_x(), bar.get_width(), bar.get_height()) for key, bar in found.items()}


def rows(*pairs: tuple[float, float]) -> tuple[AbatementRow, ...]:
    return tuple(AbatementRow(Label(f"M.{n}"), takes, cost, Change.ADD) for n, (takes, cost) in enumerate(pairs))


def test_width_is_what_it_takes_off_and_area_is_its_cost(data: ChartData) -> None:
    found = bars(axes_of(data))
    for row in data.abatement:
        _, width, height = found[row.label.id]
        assert width == pytest.approx(row.takes)
        assert width * height == pytest.approx(row.cost)


def test_a_cost_of_another_measure_would_be_noticed(data: ChartData) -> None:
    """The negative control: the bars tell one measure's cost from the next one's."""
    found = list(bars(axes_of(data)).values())
    areas = [width * height for _, width, height in found]
    assert not np.allclose(areas[1:], areas[:-1], rtol=1e-3)


def test_bars_stand_side_by_side_ever_dearer(data: ChartData) -> None:
    found = list(bars(axes_of(data)).values())
    heights = [height for _, _, height in found]
    assert heights == sorted(heights)
    ends = [start + width for start, width, _ in found]
    assert [start for start, _, _ in found[1:]] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(sum(row.takes for row in data.abatement))


def test_what_pays_for_itself_is_counted_and_ruled(data: ChartData) -> None:
    some = replace(data, abatement=rows((100.0, 50.0), (100.0, 100.0), (100.0, 300.0), (0.0, 40.0)))
    assert "2 measures cost no more" in abatement.summary(some, style())
    assert "2 cost more" in abatement.summary(some, style())
    assert "target" not in abatement.summary(some, style())  # there may have been none
    line = next(line for line in axes_of(some).lines if line.get_label() == "break-even")
    assert set(line.get_ydata()) == {1.0}
    cheap = replace(data, abatement=rows((100.0, 5.0)))
    assert "No measure costs more" in abatement.summary(cheap, style())
    assert not any(line.get_label() == "break-even" for line in axes_of(cheap).lines)


def test_the_list_has_the_numbers_of_the_bars(data: ChartData) -> None:
    some = replace(data, abatement=rows((100_000.0, 50_000.0), (200_000.0, 20_000.0), (0.0, 40_000.0)))
    lines = abatement.listed(some, style())
    assert [(line.number, line.id, line.amounts) for line in lines] == [
        ("1", "M.1", ("¥200k", "¥20.0k", "¥0.1")),
        ("2", "M.0", ("¥100k", "¥50.0k", "¥0.5")),
        ("", "M.2", ("–", "¥40.0k", "–")),
    ]
    texts = [text.get_text() for text in drawn(abatement.page(some, style()))]
    assert texts.count("1") == texts.count("2") == 2  # under the bar and in the list


def test_of_many_the_rest_is_one_line_and_nothing_is_lost(data: ChartData) -> None:
    many = replace(data, abatement=rows(*((1e5 * (n % 50), 1e4 * n) for n in range(55))))
    lines = abatement.listed(many, style())
    assert len(lines) == abatement.MOST
    gathered = ["28 others at ¥1 or less", "4 others above ¥1", "2 that take nothing off the average"]
    assert [line.title for line in lines[-3:]] == gathered
    assert len(bars(axes_of(many))) == 53


def test_the_list_lets_the_sentence_be_counted(data: ChartData) -> None:
    """What costs nothing is listed, however little it takes off; the others are on one side of break-even or the other."""
    many = [(1e6 + n, 2e5) for n in range(20)] + [(1.0 + n, 0.0) for n in range(5)] + [(5e5, 1e6 + n) for n in range(12)]
    some = replace(data, abatement=rows(*many))
    lines = abatement.listed(some, style())
    assert sum(line.amounts[1] == "¥0" for line in lines) == 5
    numbered = [line for line in lines if line.number]
    assert len(numbered) == abatement.MOST - 2
    assert [line.title for line in lines[-2:]] == ["3 others at ¥1 or less", "12 others above ¥1"]
    assert "25 measures cost no more" in abatement.summary(some, style())


def test_a_bar_past_the_scale_is_cut_and_says_so(data: ChartData) -> None:
    usual = [(100.0, 50.0)] * 20
    dear = replace(data, abatement=rows(*usual, (30.0, 3000.0)))
    axes = axes_of(dear)
    assert axes.get_ylim()[1] < 10
    assert any(str(line.get_label()) == "cut:M.20" for line in axes.lines)
    assert "past the top" in " ".join(text.get_text() for text in drawn(abatement.page(dear, style())))
    plain = replace(data, abatement=rows(*usual))
    assert not any(str(line.get_label()).startswith("cut:") for line in axes_of(plain).lines)


@pytest.mark.parametrize(("lang", "words"), [("ja", "順番"), ("en", "shared out evenly over all orders")])
def test_the_page_says_that_the_sharing_is_a_choice(data: ChartData, lang: str, words: str) -> None:
    said = "".join(text.get_text() for text in drawn(abatement.page(data, style(lang))))
    assert words.replace(" ", "") in said.replace(" ", "")


def test_places_in_a_row_keep_their_distance_and_their_order() -> None:
    draw = np.random.default_rng(3)
    for _ in range(50):
        n = int(draw.integers(1, 20))
        wanted = sorted(draw.uniform(0, 100, n).tolist())
        widths = draw.uniform(0.5, 5, n).tolist()
        places = spread(wanted, widths, 100.0)
        assert places[0] - widths[0] / 2 >= -1e-9
        assert places[-1] + widths[-1] / 2 <= 100 + 1e-9
        for left, right, one, other in zip(places, places[1:], widths, widths[1:], strict=False):
            assert right - left >= (one + other) / 2 - 1e-9
    assert spread([10.0, 50.0], [4.0, 4.0], 100.0) == [10.0, 50.0]


def test_what_adds_to_the_loss_is_refused(data: ChartData) -> None:
    with pytest.raises(ValueError, match="must not add"):
        replace(data, abatement=rows((-1.0, 5.0)))
