"""The charts of guesses and of stress: bars and marks are the data's own, and every text can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reporting.texts import check_no_overlap, check_on_page, drawn
from tenbin.reporting.chart_data import Label
from tenbin.reporting.charts import find_out, stress, tornado
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.guess_words import GuessRow, SwitchRow, guess_name, guess_span, switch_words
from tenbin.reporting.matters_data import StressData, StressMark, StressRow, SwingRow, TornadoData, WorthData, WorthRow
from tenbin.reporting.style import Style

TITLE = Label("case", "機械部品メーカー（60名）", "Machine-parts maker (60 people)")
SCENARIO = Label("S-L1-01", "VPN機器経由のランサムウェアによる基幹系の停止", "Ransomware through the VPN stops core systems")
MEASURE = Label("L3.012", "IoT機器、サーバ等に導入するソフトウェアの管理", "Control of the software on IoT devices and servers")


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


def style(lang: str = "en") -> Style:
    return Style(resolve(lang, {}))


def often(n: int = 0, low: float = 0.01, high: float = 0.0625) -> GuessRow:
    return GuessRow(f"frequency/{n}", "frequency", replace(SCENARIO, id=f"S-L1-{n:02}"), 0.025, low, high)


def effect(n: int = 0) -> GuessRow:
    on = replace(SCENARIO, id=f"S-L1-{n:02}")
    return GuessRow(f"effect/{n}", "effect", MEASURE, 0.35, 0.2, 0.5, on=on, acts_on="severity")


def price() -> GuessRow:
    return GuessRow("opex", "cost", Label("siem", "監視", "SIEM"), 7e5, 4e5, 1.4e6, amount="opex")


def swings() -> tuple[SwingRow, ...]:
    found = [SwingRow(often(n), 20e6 + n * 2e5, 27e6 - n * 4e5, 2e5, 3e5) for n in range(6)]
    found += [SwingRow(effect(n), 24e6 - n * 1e5, 21e6 + n * 1e5, 1e5, 1e5) for n in range(6)]
    return (*found, SwingRow(often(20), 22.4e6, 23.9e6, 9e5, 2.5e6, is_noise=True))


def tornado_data(**changes: object) -> TornadoData:
    data = TornadoData(TITLE, Label("first-steps"), "tvar95", "", 22.6e6, swings(), 40, 7e5, 100, 100_000)
    return replace(data, **changes)  # type: ignore[arg-type]


def worth_data() -> WorthData:
    many = tuple(SwitchRow(0.01 * n, 0.01 * (n + 1), ((f"L1.00{n}", "basic"),), ("L3.012",)) for n in range(1, 5))
    rows = [
        WorthRow(often(1), 14e3, 400.0, many),
        WorthRow(effect(), 3e3, 200.0, (SwitchRow(None, 0.29, (), ("L3.012",)),)),
        WorthRow(price(), 1e3, 0.0, (SwitchRow(9e5, None, (("L1.001", ""),)),)),
    ]
    return WorthData(TITLE, tuple(rows), 43e3, 30, 220, 5, 4.8)


def stress_data(n_plans: int = 2) -> StressData:
    def marks(value: float) -> tuple[StressMark, ...]:
        return tuple(StressMark(value * 0.8**n) for n in range(n_plans))

    rows = [
        StressRow("normal", Label(""), marks(33e6)),
        StressRow("frequency", Label(""), marks(64e6), 3.0),
        StressRow("loss", Label("L2"), marks(70e6), 0.5),
        StressRow("force", SCENARIO, marks(119e6)),
        StressRow("down", SCENARIO, marks(124e6), amount=98e6),
        StressRow("all", Label(""), marks(250e6), parts=4),
    ]
    plans = tuple(Label("" if n == 0 else f"plan-{n}") for n in range(n_plans))
    return StressData(TITLE, "tvar95", plans, tuple(rows), 25e6, 100_000)


def bars(axes: Axes, kind: str) -> dict[str, tuple[float, float]]:
    found = {str(patch.get_gid()): patch for patch in axes.patches if str(patch.get_gid()).startswith(kind)}
    return {gid: (bar.get_x(), bar.get_x() + bar.get_width()) for gid, bar in found.items()}


def check(figure: Figure) -> None:
    figure.canvas.draw()
    check_no_overlap(figure)
    check_on_page(figure)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_text_can_be_read(lang: str) -> None:
    none = tornado_data(rows=(), n_others=0)
    costs = tornado_data(rows=(SwingRow(price(), 5e6, 7e6),), middle=6e6, is_cost=True, n_others=0)
    for data in (tornado_data(scope="L2/data"), costs, none):
        check(tornado.page(data, style(lang)))
    for worth in (worth_data(), replace(worth_data(), rows=())):
        check(find_out.page(worth, style(lang)))
    for n_plans in (1, 3):
        check(stress.page(stress_data(n_plans), style(lang)))


def test_bars_go_from_the_middle_to_the_ends() -> None:
    data = tornado_data()
    axes = tornado.page(data, style()).axes[0]
    found = bars(axes, "swing-")
    for row in data.rows:
        left, right = found[f"swing-{row.guess.key}-left"], found[f"swing-{row.guess.key}-right"]
        assert {round(end) for end in (*left, *right)} == {round(v) for v in (row.low, data.middle, row.high)}
    middle = next(line for line in axes.lines if line.get_label() == "middle")
    assert set(middle.get_xdata()) == {22.6e6}
    # whiskers are 1.96 standard errors of the difference from the middle
    line = next(line for line in axes.lines if line.get_label() == "error:frequency/0:left")
    assert list(line.get_xdata()) == pytest.approx([20e6 - 1.96 * 2e5, 20e6 + 1.96 * 2e5])


def test_noise_is_hatched_and_said() -> None:
    figure = tornado.page(tornado_data(), style())
    patches = {str(patch.get_gid()): patch for patch in figure.axes[0].patches}
    assert patches["swing-frequency/20-right"].get_hatch()
    assert not patches["swing-frequency/0-right"].get_hatch()
    said = " ".join(text.get_text() for text in drawn(figure))
    assert "Hatched" in said
    quiet = tornado.page(tornado_data(rows=swings()[:-1]), style())
    assert "Hatched" not in " ".join(text.get_text() for text in drawn(quiet))


def test_the_left_end_of_a_range_belongs_to_the_left_end_of_the_bar() -> None:
    said = [text.get_text() for text in drawn(tornado.page(tornado_data(), style()))]
    assert "how often: once in 100 – once in 16 years" in said  # less often, less loss
    assert "share off a loss of S-L1-00: 50% – 20%" in said  # more taken off, less loss


def test_worths_and_where_one_would_choose_otherwise() -> None:
    data = worth_data()
    figure = find_out.page(data, style())
    found = bars(figure.axes[0], "worth-")
    assert [found[f"worth-{row.guess.key}"][1] for row in data.rows] == [row.per_year for row in data.rows]
    said = " ".join(text.get_text() for text in drawn(figure))
    assert "2 more" in said
    assert "below 29%: −L3.012" in said
    assert "above ¥900k: +L1.001" in said
    assert "worth about ¥14.0k a year (¥67.2k over 5 years)" in find_out.summary(data, style())


def test_words_of_a_guess() -> None:
    assert guess_span(often(), "en") == "once in 100 – once in 16 years"
    assert guess_span(often(low=0.5, high=3.0), "en") == "once in 2 years – 3 times a year"
    assert guess_span(effect(), "ja", falling=True) == "50%～20%"
    assert guess_name(effect(), "管理", "ja") == "対策「管理」（L3.012）がS-L1-00の損失を減らす割合"
    stretch = (SwitchRow(0.0125, 0.025, (("L1.003", "basic"),), ("L3.012",)),)
    assert switch_words(often(), stretch, "en") == ["once in 80 to 40 years: +L1.003=basic −L3.012"]


def test_marks_of_a_stress_chart_are_its_plans() -> None:
    data = stress_data(3)
    axes = stress.page(data, style()).axes[0]
    for level, row in enumerate(data.rows):
        for n, mark in enumerate(row.marks):
            line = next(line for line in axes.lines if line.get_label() == f"mark:{level}:{n}")
            assert list(line.get_xdata()) == [mark.value]
    assert "all 4 at once" in stress.summary(data, style())
    assert "first 5 plans" in " ".join(text.get_text() for text in drawn(stress.page(stress_data(6), style())))


def test_what_no_chart_could_show_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        tornado_data(rows=(SwingRow(often(), float("nan"), 1.0),))
    with pytest.raises(ValueError, match="each plan"):
        replace(stress_data(2), plans=(Label(""),))
