"""Whose name stands on a report: read from a case or a file, checked by content, and back again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import tenbin
from reporting.pictures import jpeg, png, svg
from tenbin.errors import InputError
from tenbin.inputs import read_brand, write_case
from tenbin.inputs.cells import BadCell
from tenbin.inputs.logos import MOST_BYTES, logo_of
from tenbin.model import Brand, LogoKind
from tenbin.units.colours import contrast, readable_shade
from tenbin.words import in_language

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    '=cmd|"/C calc"!A0',
    "\u202eeci\u202c",
    "💥" * 200,
    "a\\b\"c'''\n\ttwo lines",
)
FULL = """
client = "顧客株式会社"
author = "A. Author"
company = "Advisers Ltd"
logo = "our logo.png"
accent = "#1f6f8b"
version = "1.2"
date = 2026-11-24
confidentiality = "社外秘"
disclaimer = "An estimate."
"""


def problems_of(path: Path) -> list:
    with pytest.raises(InputError) as caught:
        read_brand(path)
    return list(caught.value.problems)


@pytest.mark.parametrize("head", ["", "[report]"])
def test_a_brands_file_is_read_whole(tmp_path, head):
    (tmp_path / "our logo.png").write_bytes(png())
    (tmp_path / "brand.toml").write_text(head + FULL, encoding="utf-8")
    brand = read_brand(tmp_path / "brand.toml")
    assert (brand.client, brand.company, brand.accent, brand.date) == ("顧客株式会社", "Advisers Ltd", "#1F6F8B", "2026-11-24")
    assert brand.logo.content == png()
    assert (brand.logo.kind, brand.logo.width, brand.logo.height) == (LogoKind.PNG, 40, 20)
    assert brand.logo.media_type == "image/png"


def test_every_problem_is_said_at_once_with_its_line(tmp_path):
    text = '[report]\nclient = "ok"\nacent = "#000000"\naccent = "#FFD700"\ndate = "soon"\nlogo = "none.png"\nauthor = ["a"]\n'
    long = f'disclaimer = "{"x" * 2001}"\nversion = "a\\u0007b"\ncompany = "{"y" * 201}"\n'
    (tmp_path / "brand.toml").write_text(text + long, encoding="utf-8")
    found = {(p.row, p.column): p for p in problems_of(tmp_path / "brand.toml")}
    assert sorted(found) == [
        (3, "acent"),
        (4, "accent"),
        (5, "date"),
        (6, "report.logo"),
        (7, "author"),
        (8, "disclaimer"),
        (9, "version"),
        (10, "company"),
    ]
    assert "accent" in found[3, "acent"].remedy
    assert "2,001" in found[8, "disclaimer"].remedy
    assert re.search("[ぁ-ん]", str(in_language(found[4, "accent"].remedy, "ja")))


def test_a_pale_accent_gets_a_darker_one_that_passes(tmp_path):
    (tmp_path / "brand.toml").write_text('accent = "#FFD700"', encoding="utf-8")
    (problem,) = problems_of(tmp_path / "brand.toml")
    assert "1.3:1" in problem.remedy or "1.4:1" in problem.remedy
    offered = re.search("#[0-9A-F]{6}", problem.remedy)[0]
    assert contrast(offered, "#FFFFFF") >= 4.5
    (tmp_path / "brand.toml").write_text(f'accent = "{offered}"', encoding="utf-8")
    assert read_brand(tmp_path / "brand.toml").accent == offered


def test_contrast_by_hand():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=1e-3)  # the well-known grey that just fails
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.542, abs=1e-3)
    assert readable_shade("#777777") == "#767676"


@pytest.mark.parametrize(
    ("content", "kind"), [(png(), "png"), (jpeg(), "jpeg"), (svg(), "svg"), (svg(head='viewBox="0 0 4 2"'), "svg")]
)
def test_pictures_are_known_by_their_content(content, kind):
    logo = logo_of(content)
    assert (logo.kind, logo.width / logo.height) == (kind, 2)


LINK = '<rect width="9" height="9"/>'
EVIL = {
    "script": svg("<script>alert(1)</script>"),
    "script in another space": svg('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
    "event": svg('<rect onload="alert(1)"/>'),
    "event in capitals": svg('<rect ONCLICK="alert(1)"/>'),
    "outer picture": svg('<image href="https://example.com/a.png"/>'),
    "outer picture, old way": svg('<image xlink:href="//example.com/a.png"/>'),
    "picture that is an SVG": svg('<image href="data:image/svg+xml;base64,AAAA"/>'),
    "outer copy": svg('<use href="other.svg#a"/>'),
    "outer fill": svg('<rect fill="url(https://example.com/#a)"/>'),
    "outer style": svg("<style>@import 'https://example.com/a.css';</style>"),
    "outer style, escaped": svg(r"<style>rect{fill:u\72l(https://example.com)}</style>"),
    "style attribute": svg('<rect style="background:url( //example.com )"/>'),
    "link": svg('<a href="javascript:alert(1)"><rect/></a>'),
    "foreign": svg("<foreignObject/>"),
    "animated link": svg('<set attributeName="href" to="javascript:alert(1)"/>'),
    "base": svg(LINK, 'width="40" height="20" xml:base="https://example.com" onload="x"'),
    "doctype": b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg(),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"),
    "style sheet": b'<?xml-stylesheet href="https://example.com/a.css"?>' + svg(),
    "copies of copies": svg('<g id="a"><use href="#b"/></g><g id="b"><rect/></g><use href="#a"/>'),
    "no svg": b'<html xmlns="http://www.w3.org/1999/xhtml"/>',
    "not closed": svg()[:-3],
    "no size": svg(head=""),
    "huge": svg(head='width="90000" height="20"'),
    "cut PNG": png()[:-20],
    "PNG of 4 billion": png()[:16] + b"\xff" * 8 + png()[24:],
    "bent PNG": png().replace(b"IDAT", b"IDAX"),
    "thin PNG": png(17, 900),
    "tiny PNG": png(3, 3),
    "cut JPEG": jpeg()[:-2],
    "a name's ending only": b"GIF89a" + b"\0" * 100,
    "nothing": b"",
    "large": png() + b"\0" * MOST_BYTES,
}


@pytest.mark.parametrize("name", EVIL)
def test_what_is_no_plain_picture_is_refused_with_words(name):
    with pytest.raises(BadCell) as caught:
        logo_of(EVIL[name])
    for text in (caught.value.rule, caught.value.remedy):
        assert str(in_language(text, "ja")) != str(text)


def test_an_ordinary_drawing_passes():
    """The refusals above do not refuse everything."""
    inside = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#123456"/></linearGradient><g id="a"><rect/></g></defs>'
        "<style>.a{fill:url(#g)}</style>"
        '<rect class="a" style="fill:url(#g)"/><use xlink:href="#a"/><image href="data:image/png;base64,AAAA"/>'
        '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:about="x"/></metadata>'
    )
    assert logo_of(svg(inside)).kind is LogoKind.SVG
    assert logo_of(b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<!-- a -->" + svg()).kind is LogoKind.SVG


def branded(**more):
    case = tenbin.load(ROOT / "scenarios" / "two-cells")
    return replace(case, brand=Brand(client=HOSTILE[0], author=HOSTILE[1], company=HOSTILE[2], version=HOSTILE[3], **more))


@pytest.mark.parametrize("content", [png(), svg(), jpeg()])
def test_a_case_keeps_its_brand_in_files_and_frames(tmp_path, content):
    case = branded(disclaimer=HOSTILE[4], logo=logo_of(content), accent="#1F6F8B", date="2026-11-24")
    write_case(case, tmp_path / "a")
    again = tenbin.load(tmp_path / "a")
    assert again.brand == case.brand
    assert again == replace(case, costs=again.costs)
    assert tenbin.load(tenbin.to_frames(case)).brand == case.brand
    assert {path.suffix for path in (tmp_path / "a").iterdir()} == {".toml", ".csv", f".{case.brand.logo.kind}"}


def test_a_case_without_one_has_none(tmp_path):
    case = tenbin.load(ROOT / "scenarios" / "two-cells")
    assert case.brand is None
    write_case(case, tmp_path / "a")
    assert "[report]" not in (tmp_path / "a" / "case.toml").read_text(encoding="utf-8")


def test_a_cases_brand_is_checked_with_the_case(tmp_path):
    write_case(replace(branded(), brand=None), tmp_path / "a")
    settings = tmp_path / "a" / "case.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[report]\naccent = "#EEEEEE"\nlogo = "../no.png"\ncolour = "red"\n')
    with pytest.raises(InputError) as caught:
        tenbin.load(tmp_path / "a")
    assert {p.column for p in caught.value.problems} == {"report.accent", "report.logo", "report.colour"}
    assert all(p.row for p in caught.value.problems)


def test_the_file_wins_field_by_field():
    both = Brand(client="file").over(Brand(client="case", author="case"))
    assert both == Brand(client="file", author="case")
    assert Brand(client="file").over(None) == Brand(client="file")


@pytest.mark.parametrize("text", ["", "not = [toml", "[report]\n"])
def test_a_brands_file_that_is_none(tmp_path, text):
    (tmp_path / "brand.toml").write_text(text, encoding="utf-8")
    if text.startswith("[report]"):
        assert read_brand(tmp_path / "brand.toml") == Brand()
    else:
        assert problems_of(tmp_path / "brand.toml")
    assert problems_of(tmp_path / "nowhere.toml")
