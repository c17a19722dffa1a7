"""Six slides: native charts that hold the run's numbers, text that is text, under the right name, every digit in the notes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE

from slides.reading import charts_of, colours_of, notes_of, opened, outside, overfull, overlapping, texts_of
from tenbin.model import Brand, Logo, LogoKind
from tenbin.reporting import palette
from tenbin.reporting.sentences import answer
from tenbin.reporting.slides import write_slides
from tenbin.reporting.slides.units import Unit, unit_of
from tenbin.units import format_amount

LANGS = ("ja", "en")
ALL = ("ja", "en", "ja-brand", "en-brand")
SIX = 6
UNIT = {"ja": 1e4, "en": 1e6}
TODAY, AFTER = {"ja": "現在", "en": "Today"}, {"ja": "対策後", "en": "After the plan"}
AMOUNT = {"ja": re.compile(r"[−-]?[\d,.]+[万億]?円"), "en": re.compile(r"[−-]?¥[\d,.]+[kMB]?")}
"""Amounts as a language writes them in tables; sentences of the answer are looked at as a whole."""


def numbers_in(document: Any) -> list[float]:
    """Every number of a document."""
    if isinstance(document, dict):
        return [one for value in document.values() for one in numbers_in(value)]
    if isinstance(document, list):
        return [one for value in document for one in numbers_in(value)]
    return [float(document)] if isinstance(document, int | float) and not isinstance(document, bool) else []


@pytest.mark.parametrize("name", ALL)
def test_six_slides_lie_within_their_bounds(decks, name):
    file = opened(decks[name])
    assert len(file.slides) == SIX
    assert outside(file) == []
    assert overfull(file) == []
    assert overlapping(file) == []
    for slide in file.slides:
        assert slide.shapes.title.text
        assert all(text == text.strip("\ufffd") for text in texts_of(slide))
        assert notes_of(slide)


@pytest.mark.parametrize("lang", LANGS)
def test_charts_are_native_and_hold_the_runs_numbers(decks, documents, lang):
    result, frontier = documents["result"], documents["frontier"]
    slides = opened(decks[lang]).slides
    counts = [len(charts_of(slide)) for slide in slides]
    assert counts == [2, 1, 0, 1, 1, 0]
    cost, loss = charts_of(slides[0])
    today, own = result["current"], result
    assert [row[1] * UNIT[lang] for row in cost.rows[1:]] == pytest.approx(
        [today["cost"]["per_year"], own["cost"]["per_year"]], rel=1e-12
    )
    assert [row[1] * UNIT[lang] for row in loss.rows[1:]] == pytest.approx(
        [today["risk"]["tvar95"], own["risk"]["residual"]["tvar95"], own["targets"][0]["limit"]], rel=1e-12
    )
    (front,) = charts_of(slides[1])
    drawn = {(x, y) for x, y in (row[:2] for row in front.rows) if isinstance(x, int | float) and isinstance(y, int | float)}
    for point in frontier["points"]:
        at = (point["cost"]["per_year"] / UNIT[lang], point["risk"]["tvar95"] / UNIT[lang])
        assert any(pytest.approx(at, rel=1e-9) == one for one in drawn)
    (curve,) = charts_of(slides[3])
    assert {TODAY[lang], AFTER[lang]} <= set(curve.series)
    chances = [row[1] for row in curve.rows if isinstance(row[1], int | float)]
    assert chances
    assert all(0 < chance <= 1 for chance in chances)


@pytest.mark.parametrize("lang", LANGS)
def test_bars_say_what_the_sentences_say(decks, documents, data, lang):
    """The label at a bar is a number format, which holds while the number is the run's and gives way when it is edited."""
    result = documents["result"]
    said = [form for chart in charts_of(opened(decks[lang]).slides[0]) for form in chart.forms]
    amounts = [result["current"]["cost"]["per_year"], result["cost"]["per_year"], result["current"]["risk"]["tvar95"]]
    amounts += [result["risk"]["residual"]["tvar95"], result["targets"][0]["limit"]]
    assert len(said) == len(amounts)
    for form, amount in zip(said, amounts, strict=True):
        below, near, above = form.split(";")
        assert f'"{format_amount(amount, lang)}"' in near
        low, high = (float(re.match(r"\[<([\d.]+)\]", part)[1]) for part in (below, near))
        assert low < amount / UNIT[lang] < high
        assert "0" in above
        assert format_amount(amount, lang) not in (below, above)


def test_a_format_never_hides_what_is_edited():
    unit = Unit(1e4, "", "万円")
    assert unit.form(2945.2, "2,950万円").endswith(';#,##0"万円"')
    assert unit.form(-12.5, "−12.5万円") == '0.0"万円"'
    assert unit.form(3.0, 'a "quoted" word') == '0.00"万円"'
    assert unit.form(0.0, "0円").startswith("[<-0.0000005]")
    assert (unit_of(3e7, "en", "JPY").size, unit_of(3e7, "ja", "JPY").words, unit_of(3e7, "en", "EUR").size) == (
        1e6,
        "万円",
        1e6,
    )


@pytest.mark.parametrize("lang", LANGS)
def test_every_amount_on_the_slides_is_the_runs(decks, documents, data, lang):
    view = data.views[data.own]
    known = [*numbers_in(documents), data.day_rate, data.today_value, data.today_per_year, data.inherent_value]
    for row in view.rows:
        known += [row.once + row.yearly, row.yearly, row.once, row.takes or 0.0]
    known += [sum(row.yearly for row in view.rows), data.today_value - view.value]
    known += [float(data.heat_before.sum()), float(view.heat.sum())]
    if view.outside is not None:
        known += [*view.outside, view.outside_limit or 0.0]
    allowed = {format_amount(abs(amount), lang).lstrip("−-") for amount in known}
    looked = 0
    for n, slide in enumerate(opened(decks[lang]).slides):
        texts = texts_of(slide)
        if n == 0:
            assert texts[0] == answer(documents["result"], lang)
            texts = texts[1:]
        for text in texts:
            for found in AMOUNT[lang].findall(text):
                looked += 1
                assert found.lstrip("−-").rstrip(",.") in allowed or "1,000" in found or "1万円" in found, (n, text)
    assert looked > 40
    assert format_amount(123_456_789.0, lang) not in allowed  # the control


@pytest.mark.parametrize("lang", LANGS)
def test_the_notes_have_every_digit_and_its_place(decks, documents, lang):
    result, frontier = documents["result"], documents["frontier"]
    places = {}
    for slide in opened(decks[lang]).slides:
        assert documents["result"]["version"] in notes_of(slide)
        places |= dict(re.findall(r"^(.+?) = (\S+)$", notes_of(slide), re.MULTILINE))
    for name, amount in result["cost"].items():
        assert float(places[f"cost.{name}"]) == amount
    assert float(places["current.cost.per_year"]) == result["current"]["cost"]["per_year"]
    for n, point in enumerate(frontier["points"]):
        if point["plan"] == result["plan"]:
            continue
        (number,) = [re.search(r"\[(\d+)\]", key)[1] for key in places if key.startswith(f"frontier/points/{n}: cost.per_year")]
        assert float(places[f"frontier/points/{n}: cost.per_year [{number}]"]) == point["cost"]["per_year"]
        assert float(places[f"frontier/points/{n}: tvar95 [{number}]"]) == point["risk"]["tvar95"]


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_bought_is_in_the_table_or_the_notes(decks, documents, lang):
    slide = opened(decks[lang]).slides[2]
    shown = "\n".join([*texts_of(slide), notes_of(slide)])
    for row in documents["result"]["plan"]:
        assert row["measure"] in shown
    for row in documents["result"]["change"]["add"]:
        name = row["measure"] if isinstance(row, dict) else row
        assert name in "\n".join(texts_of(slide)), "what is added stands on the slide itself"


@pytest.mark.parametrize("lang", LANGS)
def test_the_name_it_goes_out_under(decks, brand, lang):
    own, plain = opened(decks[f"{lang}-brand"]), opened(decks[lang])
    for n, slide in enumerate(own.slides, start=1):
        texts = "\n".join(texts_of(slide))
        for said in (brand.client, brand.author, brand.company, brand.version, brand.date, brand.confidentiality):
            assert said in texts, (n, said)
        logos = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
        assert len(logos) == 1
        assert logos[0].width / logos[0].height == pytest.approx(brand.logo.width / brand.logo.height, rel=0.01)
        assert logos[0]._element.xpath(".//p:cNvPr/@descr") == [brand.company]
        assert brand.accent.removeprefix("#") in colours_of(slide)
    assert brand.disclaimer in "\n".join(texts_of(own.slides[-1]))
    about = own.core_properties
    assert (about.author, about.subject, str(about.created.date())) == (brand.author, brand.client, brand.date)
    assert plain.core_properties.author == "tenbin"
    for slide in plain.slides:
        assert not [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
        assert brand.accent.removeprefix("#") not in colours_of(slide)


def test_a_drawn_logo_is_beside_a_picture_for_those_who_cannot_draw_it(decks, brand):
    from PIL import Image

    with zipfile.ZipFile(decks["en-brand"]) as packed:
        names = [name for name in packed.namelist() if name.startswith("ppt/media/")]
        assert [packed.read(name) for name in names if name.endswith(".svg")] == [brand.logo.content]
        (picture,) = [name for name in names if not name.endswith(".svg")]
        with packed.open(picture) as file, Image.open(file) as image:
            assert image.width / image.height == pytest.approx(4, rel=0.02)
            assert image.convert("RGBA").getextrema()[3][1] == 255


def test_without_a_browser_the_logo_is_the_companys_name(data, brand, tmp_path, monkeypatch):
    monkeypatch.setenv("TENBIN_BROWSER", str(tmp_path / "none"))
    for company in (brand.company, "天秤 🎉 $x$", ""):
        own = Brand(company=company, logo=brand.logo)
        path = write_slides(data, tmp_path / f"{len(company)}.pptx", "en", brand=own)
        with zipfile.ZipFile(path) as packed:
            assert sum(name.endswith(".png") for name in packed.namelist() if "media" in name) == 1


def test_a_photographed_logo_is_put_in_as_it_is(data, tmp_path):
    import io

    from PIL import Image

    packed = io.BytesIO()
    Image.new("RGB", (300, 100), (10, 60, 90)).save(packed, "JPEG")
    path = write_slides(data, tmp_path / "jpeg.pptx", "ja", brand=Brand(logo=Logo(LogoKind.JPEG, packed.getvalue(), 300, 100)))
    with zipfile.ZipFile(path) as deck:
        assert [deck.read(name) for name in deck.namelist() if "media" in name] == [packed.getvalue()]


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_thing_has_the_same_colour(decks, lang):
    answer_slide, _, _, curve, change, _ = opened(decks[lang]).slides
    assert {colour.removeprefix("#") for colour in (palette.COST, palette.RESIDUAL, palette.TODAY)} <= colours_of(answer_slide)
    assert palette.RESIDUAL.removeprefix("#") in colours_of(curve)
    assert palette.SAVED.removeprefix("#") in colours_of(change)


@pytest.mark.parametrize("lang", LANGS)
def test_fonts_are_the_themes_and_have_japanese(decks, lang):
    with zipfile.ZipFile(decks[lang]) as packed:
        theme = packed.read("ppt/theme/theme1.xml").decode()
        assert theme.count('<a:ea typeface="Yu Gothic"/>') == 2
        for name in packed.namelist():
            if re.match(r"ppt/(slides|charts)/[^/]+\.xml", name):
                assert "<a:latin" not in packed.read(name).decode(), "a theme that is changed changes the slides"


def test_charts_and_tables_are_told_to_those_who_do_not_see_them(decks):
    for slide in opened(decks["en"]).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert len(shape._element.xpath(".//p:cNvPr/@descr")[0]) > 10


def test_the_number_of_a_slide_is_a_field(decks):
    for n, slide in enumerate(opened(decks["ja"]).slides, start=1):
        fields = slide._element.xpath(".//a:fld[@type='slidenum']/a:t")
        assert [field.text for field in fields] == [str(n)]


ORDER = {
    "dLbl": "idx delete layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotSource protection chart spPr txPr externalData",
    "scaling": "logBase orientation max min",
    "tcPr": "lnL lnR lnT lnB noFill solidFill",
    "fld": "rPr pPr t",
    "rPr": "ln noFill solidFill latin ea cs sym hlinkClick",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls trendline errBars cat val xVal yVal smooth",
    "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h",
}
"""The order in which ECMA-376 has what we put in by hand: PowerPoint repairs, or refuses, a file that has another."""


def out_of_order(path: Path) -> list[str]:
    found = []
    for slide in opened(path).slides:
        elements = [slide._element, *(shape.chart._chartSpace for shape in slide.shapes if shape.has_chart)]
        for one in (one for element in elements for one in element.iter() if isinstance(one.tag, str)):
            name = one.tag.rpartition("}")[2]
            if name in ORDER:
                order = ORDER[name].split()
                places = [order.index(child.tag.rpartition("}")[2]) for child in one]
                found += [name] if places != sorted(places) else []
    return found


@pytest.mark.parametrize("name", ALL)
def test_elements_stand_in_the_order_of_the_standard(decks, name):
    assert out_of_order(decks[name]) == []


def test_another_order_is_found(decks, tmp_path):
    file = opened(decks["en"])
    (label, *_) = [
        one for shape in file.slides[0].shapes if shape.has_chart for one in shape.chart._chartSpace.xpath(".//c:dLbl")
    ]
    label.append(label[0])
    file.save(tmp_path / "wrong.pptx")
    assert out_of_order(tmp_path / "wrong.pptx") == ["dLbl"]


def test_equal_runs_are_equal_slides(data, decks, tmp_path):
    """But for the embedded workbooks, whose makers write the hour."""
    again = write_slides(data, tmp_path / "again.pptx", "en")
    with zipfile.ZipFile(decks["en"]) as one, zipfile.ZipFile(again) as other:
        assert one.namelist() == other.namelist()
        assert [name for name in one.namelist() if not name.endswith(".xlsx") and one.read(name) != other.read(name)] == []


def test_without_a_frontier_there_are_six_slides_too(folder, tmp_path):
    from dataclasses import replace

    from tenbin.studies import reopen
    from tenbin.studies.telling import report_data

    alone = report_data(replace(reopen(folder), frontier=None, frontier_document=None))
    file = opened(write_slides(alone, tmp_path / "alone.pptx", "en"))
    assert len(file.slides) == SIX
    assert "Where this plan stands" in file.slides[1].shapes.title.text
    assert charts_of(file.slides[1])[0].series
    assert "--no-frontier" in "\n".join(texts_of(file.slides[1]))
