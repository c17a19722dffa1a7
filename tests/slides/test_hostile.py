"""Texts that would end an element, run as a formula, turn or burst a slide: text on it, within its box, cut or smaller."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from report.hostile import TEXTS
from slides.reading import notes_of, opened, outside, overfull, overlapping, texts_of
from tenbin.reporting.slides import write_slides
from tenbin.reporting.slides.charts import guarded
from tenbin.reporting.slides.texts import Box, cleaned, fitted

LANGS = ("ja", "en")
MARKS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
ENDS = "\u202c\u2069"


@pytest.fixture(scope="module")
def decks(hostile, tmp_path_factory):
    data, brand = hostile
    home = tmp_path_factory.mktemp("hostile-decks")
    return {lang: write_slides(data, home / f"{lang}.pptx", lang, brand=brand) for lang in LANGS}


@pytest.mark.parametrize("lang", LANGS)
def test_the_layout_holds(decks, lang):
    file = opened(decks[lang])
    assert len(file.slides) == 6
    assert outside(file) == []
    assert overfull(file) == []
    assert overlapping(file) == []


@pytest.mark.parametrize("lang", LANGS)
def test_texts_are_text(decks, lang):
    """No part is anything but well-formed, and what a text says of scripts, links and fields stands in it as letters."""
    with zipfile.ZipFile(decks[lang]) as packed:
        names = packed.namelist()
        assert not [name for name in names if "vba" in name.lower() or "activex" in name.lower()]
        for name in names:
            if name.endswith((".xml", ".rels")):
                content = packed.read(name)
                ElementTree.fromstring(content)
                assert b'TargetMode="External"' not in content
                assert b"hlinkClick" not in content
            if name.endswith(".xlsx"):
                book = load_workbook(io.BytesIO(packed.read(name)))
                cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
                assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    shown = "\n".join(text for slide in opened(decks[lang]).slides for text in [*texts_of(slide), notes_of(slide)])
    assert "</script>" in shown
    assert sum(text[:8] in shown for text in TEXTS) > len(TEXTS) / 2


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_turns_what_stands_beside_it(decks, lang):
    for slide in opened(decks[lang]).slides:
        for text in texts_of(slide):
            opening, closing = (sum(text.count(mark) for mark in marks) for marks in (MARKS, ENDS))
            assert opening == 0 or (text.count("\u2068") and text.endswith(("\u2069", "…", "\u2069…"))) or closing >= 1, ascii(
                text
            )


def test_what_a_text_may_hold():
    assert cleaned("a\x00b\x1bc\ud800d\ufffee\x0bf\tg\nh") == "abcdef\tg\nh"
    assert cleaned("</a:t>&lt;") == "</a:t>&lt;"
    assert cleaned("\u202eabc") == "\u2068\u202eabc\u2069"
    for text in ("=1+1", " +1", "-1", "@x", "＝1", "https://x.invalid", "mailto:x", "{=1}"):
        assert guarded(text) == f"\u200b{text}"
    assert guarded("L3.003 login") == "L3.003 login"


@pytest.mark.parametrize("text", [*TEXTS, "word " * 3000, "", "\n" * 200, "漢字かな交じり文。" * 900])
def test_a_text_is_smaller_or_cut(text):
    box = Box(0, 0, 3_000_000, 600_000)
    shown, size = fitted(text, box, 20, 9)
    assert 9 <= size <= 20
    whole = cleaned(text)
    assert shown == whole or (shown.rstrip("\u2069").endswith("…") and len(shown) < len(whole))
    wide = sum(
        1 if unicodedata.east_asian_width(letter) in "WF" else 0.4
        for letter in shown
        if unicodedata.category(letter)[0] in "LN"
    )
    assert wide * size**2 <= box.w * box.h / 12_700**2
