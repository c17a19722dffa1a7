"""The palette can be read and told apart, also in grey."""

from __future__ import annotations

import colorsys
import itertools

import numpy as np
import pytest

from tenbin.reporting import palette
from tenbin.reporting.palette import (
    COST_PARTS,
    HEAT,
    INHERENT,
    INK,
    LAYERS,
    MARKS,
    PANEL,
    PAPER,
    RESIDUAL,
    SAVED,
    SECONDARY,
    TODAY,
    contrast,
    heat,
    layer_colour,
    readable_on,
)
from tenbin.units.colours import luminance


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
    lightness = [luminance(shade) for shade in shades]
    assert all(light > dark for light, dark in itertools.pairwise(lightness))
    hues = [colorsys.rgb_to_hsv(*(int(shade[n : n + 2], 16) / 255 for n in (1, 3, 5)))[0] for shade in shades[10:]]
    assert max(hues) - min(hues) < 0.01


def test_layers_past_the_third_have_a_colour_too() -> None:
    assert [layer_colour(n) for n in (0, 2, 3, 9)] == ["#4C6A92", "#703464", SECONDARY, SECONDARY]


EYES = {
    "all three cones": np.eye(3),
    "without red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "without green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "without blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What an eye makes of linear sRGB: Machado, Oliveira & Fernandes (2009), severity 1."""

TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
WHITE = np.array([0.95047, 1.0, 1.08883])
APART = 12.0
"""Differences in CIELAB from about 2.3 on are seen side by side; thin marks apart from each other need several times that."""

SIDE_BY_SIDE = {
    "the curves": (INHERENT, TODAY, RESIDUAL),
    "the steps": (TODAY, SAVED, RESIDUAL, INHERENT),
    "the layers": LAYERS,
    "the parts of a cost": (*COST_PARTS, TODAY),
}


def lab(colour: str, eye: np.ndarray) -> np.ndarray:
    """A colour as an eye sees it, in CIELAB."""
    shares = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    x, y, z = TO_XYZ @ np.clip(eye @ linear, 0, 1) / WHITE
    fx, fy, fz = (c ** (1 / 3) if c > 216 / 24389 else (24389 / 27 * c + 16) / 116 for c in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def distance(one: str, other: str, eye: np.ndarray) -> float:
    return float(np.linalg.norm(lab(one, eye) - lab(other, eye)))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("name", SIDE_BY_SIDE)
def test_every_eye_tells_apart_what_stands_side_by_side(name: str, eye: str) -> None:
    for one, other in itertools.combinations(SIDE_BY_SIDE[name], 2):
        assert distance(one, other, EYES[eye]) >= APART, (one, other)


def test_the_first_choice_of_layers_would_not_do() -> None:
    """The negative control: to an eye without red the first and the third of these are one colour."""
    assert distance("#4C6A92", "#9A5B8F", EYES["without red"]) < 2


def test_distances_are_those_of_cielab() -> None:
    assert distance("#000000", "#FFFFFF", EYES["all three cones"]) == pytest.approx(100, abs=0.01)
    assert lab("#FF0000", EYES["all three cones"]) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)  # the textbook's red
