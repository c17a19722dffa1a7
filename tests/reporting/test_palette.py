"""The palette can be read and told apart, also in grey."""

from __future__ import annotations

import colorsys
import itertools

import pytest

from tenbin.reporting import palette
from tenbin.reporting.palette import HEAT, INK, MARKS, PANEL, PAPER, SECONDARY, contrast, heat, layer_colour, readable_on


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == 1
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails


@pytest.mark.parametrize("ground", [PAPER, PANEL])
def test_text_reaches_four_and_a_half(ground: str) -> None:
    assert contrast(INK, ground) >= 4.5
    assert contrast(SECONDARY, ground) >= 4.5


@pytest.mark.parametrize("mark", MARKS)
def test_marks_reach_three(mark: str) -> None:
    assert contrast(mark, PAPER) >= 3


@pytest.mark.parametrize("name", ["INHERENT", "RESIDUAL", "TODAY"])
def test_curves_names_are_text_and_can_be_read(name: str) -> None:
    assert contrast(getattr(palette, name), PAPER) >= 4.5


def test_text_on_every_heat_can_be_read() -> None:
    assert min(contrast(readable_on(heat(n / 1000)), heat(n / 1000)) for n in range(1001)) >= 4.5


def test_ink_and_paper_alone_would_not_do() -> None:
    """The negative control: in the middle of the scale neither reaches 4.5, which is why black is there."""
    assert min(max(contrast(text, heat(n / 1000)) for text in (INK, PAPER)) for n in range(1001)) < 4.5


def test_heat_runs_from_paper_in_one_hue_ever_darker() -> None:
    assert (heat(0), heat(1), heat(-1), heat(2)) == (PAPER, HEAT, PAPER, HEAT)
    shades = [heat(n / 50) for n in range(51)]
    lightness = [palette.luminance(shade) for shade in shades]
    assert all(light > dark for light, dark in itertools.pairwise(lightness))
    hues = [colorsys.rgb_to_hsv(*(int(shade[n : n + 2], 16) / 255 for n in (1, 3, 5)))[0] for shade in shades[10:]]
    assert max(hues) - min(hues) < 0.01


def test_layers_past_the_third_have_a_colour_too() -> None:
    assert [layer_colour(n) for n in (0, 2, 3, 9)] == ["#4C6A92", "#9A5B8F", SECONDARY, SECONDARY]
