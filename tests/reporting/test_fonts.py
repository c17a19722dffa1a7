"""Fonts are found in order, and their lack is said rather than drawn as boxes."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tenbin.reporting import fonts
from tenbin.reporting.fonts import covers_japanese, resolve


def packaged() -> Path:
    spec = find_spec("matplotlib_fontja")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "fonts" / "ipaexg.ttf"


def test_a_font_for_japanese_is_told_from_one_that_is_none(tmp_path: Path) -> None:
    from matplotlib.font_manager import fontManager

    no_font = tmp_path / "no.ttf"
    no_font.write_text("no font", encoding="utf-8")
    assert covers_japanese(packaged())
    assert not covers_japanese(fontManager.findfont("DejaVu Sans"))
    assert not covers_japanese(no_font)
    assert not covers_japanese(tmp_path / "missing.ttf")


def test_the_named_file_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", dict)
    monkeypatch.setattr(fonts, "_packaged", lambda: "")
    found = resolve("ja", {"TENBIN_FONT": str(packaged())})
    assert (found.families, found.lang, found.advice) == (("IPAexGothic", "DejaVu Sans"), "ja", "")


def test_installed_families_come_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    files = dict.fromkeys(["MS Gothic", "Noto Sans JP", "Meiryo"], str(packaged()))
    monkeypatch.setattr(fonts, "_installed", lambda: files)
    assert resolve("ja", {}).japanese == "Noto Sans JP"
    assert resolve("ja", {"TENBIN_FONT": "Meiryo"}).japanese == "Meiryo"


def test_an_installed_family_without_japanese_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.font_manager import fontManager

    monkeypatch.setattr(fonts, "_installed", lambda: {"Meiryo": fontManager.findfont("DejaVu Sans")})
    assert resolve("ja", {}).japanese == "IPAexGothic"


def test_english_draws_latin_first_and_japanese_where_it_must() -> None:
    found = resolve("en", {})
    assert found.families[0] == "DejaVu Sans"
    assert found.covers("漏えい対策 − Tenbin")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_named_font_that_is_none_is_said(lang: str) -> None:
    found = resolve(lang, {"TENBIN_FONT": "/nowhere/font.ttf"})
    assert found.japanese
    assert "/nowhere/font.ttf" in found.advice
    assert "\n" not in found.advice


def test_without_any_font_the_language_is_english_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", dict)
    monkeypatch.setattr(fonts, "_packaged", lambda: "")
    japanese, english = resolve("ja", {}), resolve("en", {})
    assert (japanese.lang, japanese.families) == ("en", ("DejaVu Sans",))
    assert "TENBIN_FONT" in japanese.advice
    assert "\n" not in japanese.advice
    assert english.advice == ""
    assert not english.covers("漏")


def test_matplotlib_fontja_and_pyplot_are_never_imported(tmp_path: Path) -> None:
    """In a process of its own: the package changes matplotlib's settings when it is imported."""
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
import tenbin.reporting
assert "matplotlib" not in sys.modules, "importing the room must be cheap"
from pathlib import Path
from reporting.fake import chart_data
tenbin.reporting.write_charts(chart_data(2000), Path({str(tmp_path)!r}), "ja", ("svg",))
import matplotlib
assert "matplotlib_fontja" not in sys.modules
assert "matplotlib.pyplot" not in sys.modules
assert matplotlib.rcParams["svg.hashsalt"] is None, "the user's settings must come back"
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
