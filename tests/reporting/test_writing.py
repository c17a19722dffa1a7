"""Files are whole, the same each time, and say what was lost."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from reporting.fake import chart_data, frontier_data
from tenbin.reporting import ChartData, ChartFiles, Label, fonts, write_chart, write_charts
from tenbin.reporting.metric_words import metric_name, metric_short
from tenbin.words import table

NAMES = ("exceedance", "heatmap", "costs", "waterfall", "abatement", "cash-flow", "convergence")


@pytest.fixture(scope="module")
def data() -> ChartData:
    return chart_data(5000)


@pytest.fixture(scope="module")
def written(data: ChartData, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ChartFiles]:
    """Every chart in both languages, in a folder that was not there."""
    return {lang: write_charts(data, tmp_path_factory.mktemp(lang) / "new" / "charts", lang) for lang in ("ja", "en")}


@pytest.fixture
def no_japanese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENBIN_FONT", raising=False)
    monkeypatch.setattr(fonts, "_installed", dict)
    monkeypatch.setattr(fonts, "_packaged", lambda: "")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_chart_is_written_and_can_be_read(written: dict[str, ChartFiles], lang: str) -> None:
    files = written[lang]
    assert [path.name for path in files.paths] == [f"{name}.{lang}.{kind}" for name in NAMES for kind in ("png", "svg")]
    assert (files.advice, files.lang, set(files.summaries)) == ("", lang, set(NAMES))
    assert sorted(path.name for path in files.paths[0].parent.iterdir()) == sorted(path.name for path in files.paths)
    for path in files.paths:
        if path.suffix == ".png":
            pixels = np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("L"))
            assert pixels.shape[1] > 1400
            assert pixels.std() > 10
        else:
            root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
            assert not root.findall(".//{http://www.w3.org/2000/svg}text")
            assert "date" not in path.read_text(encoding="utf-8").lower().split("<defs>")[0]


def test_equal_data_give_equal_files(written: dict[str, ChartFiles], tmp_path: Path) -> None:
    again = write_charts(chart_data(5000), tmp_path, "ja").paths
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written["ja"].paths]


def test_equal_data_give_equal_pdfs_and_one_chart_is_the_same_alone(data: ChartData, tmp_path: Path) -> None:
    (one,) = write_charts(data, tmp_path, "ja", ("pdf",), ["cash-flow"]).paths
    (other,) = write_chart(data, "cash-flow", tmp_path / "x.pdf", "ja", "pdf").paths
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().startswith(b"%PDF")
    (changed,) = write_chart(replace(data, currency="USD"), "cash-flow", tmp_path / "y.pdf", "ja", "pdf").paths
    assert changed.read_bytes() != one.read_bytes()


def test_a_name_of_the_other_data_is_refused(data: ChartData, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a chart's name must be one of exceedance"):
        write_charts(data, tmp_path, "en", names=["frontier"])
    assert not list(tmp_path.iterdir())


def test_a_users_settings_change_nothing(data: ChartData, written: dict[str, ChartFiles], tmp_path: Path) -> None:
    import matplotlib

    plain = [path for path in written["en"].paths if path.suffix == ".svg"]
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9, "svg.fonttype": "none"}):
        styled = write_charts(data, tmp_path, "en", ("svg",)).paths
        assert matplotlib.rcParams["font.size"] == 30
    assert [path.read_bytes() for path in plain] == [path.read_bytes() for path in styled]


def test_a_write_that_fails_leaves_the_old_file(data: ChartData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exceedance.en.svg").write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_charts(data, tmp_path, "en", ("svg",))
    assert [path.name for path in tmp_path.iterdir()] == ["exceedance.en.svg"]
    assert (tmp_path / "exceedance.en.svg").read_text(encoding="utf-8") == "old"


@pytest.mark.usefixtures("no_japanese_font")
def test_without_a_font_the_charts_are_english_with_advice(data: ChartData, tmp_path: Path) -> None:
    files = write_charts(data, tmp_path, "ja", ("png",))
    assert files.lang == "en"
    assert files.advice == table("charts")["no_japanese_font"]["ja"]
    assert [path.name for path in files.paths] == [f"{name}.en.png" for name in NAMES]
    assert files.summaries["waterfall"].startswith("Loss of a bad year")
    traced = write_charts(frontier_data(4, 4), tmp_path, "ja", ("png",))
    assert [path.name for path in traced.paths] == ["frontier.en.png", "composition.en.png"]
    assert traced.advice == files.advice


@pytest.mark.usefixtures("no_japanese_font")
def test_without_a_font_a_title_only_in_japanese_gives_way_to_its_id(data: ChartData, tmp_path: Path) -> None:
    assert write_charts(data, tmp_path, "en", ("png",), ["heatmap"]).advice == ""
    lost = replace(data, title=Label("case-7", "機械部品"), sentence_en="")
    assert write_charts(lost, tmp_path, "en", ("png",), ["heatmap"]).advice == table("charts")["no_japanese_font"]["en"]


@pytest.mark.parametrize(("lang", "formats", "message"), [("fr", ("png",), "language"), ("ja", ("png", "bmp"), "bmp")])
def test_another_language_or_format_is_refused(
    data: ChartData, tmp_path: Path, lang: str, formats: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        write_charts(data, tmp_path / "none", lang, formats)
    assert not (tmp_path / "none").exists()


def test_both_languages_say_everything() -> None:
    import string

    for key, words in table("charts").items():
        assert set(words) == {"ja", "en"}, key
        assert all(words.values()), key
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in words.values()]
        metrics = [{name.lower() for name in some} - {"share", "part", "count"} for some in fields]
        assert metrics[0] == metrics[1], key


@pytest.mark.parametrize(
    ("metric", "ja", "en"),
    [
        ("tvar95", "悪い年の損失（最悪の5%の年の平均）", "loss of a bad year (average of the worst 5 of 100 years)"),
        ("tvar99.5", "悪い年の損失（最悪の0.5%の年の平均）", "loss of a bad year (average of the worst 5 of 1,000 years)"),
        ("var99", "100年に1回の損失（99%の年はこれ以下）", "1-in-100-year loss (99 of 100 years stay at or below it)"),
        ("aal", "年間の平均損失（すべての年の平均）", "average loss per year (average of all simulated years)"),
    ],
)
def test_metrics_in_words(metric: str, ja: str, en: str) -> None:
    assert (metric_name(metric, "ja"), metric_name(metric, "en")) == (ja, en)
    assert en.startswith(metric_short(metric, "en"))
