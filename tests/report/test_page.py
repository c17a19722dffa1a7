"""The page in a real browser, from the disk: quiet, usable by keyboard, readable by machines, nothing on anything, on paper."""

from __future__ import annotations

import io
from pathlib import Path
from unicodedata import normalize

import axe_playwright_python
import pytest
from pypdf import PdfReader

from report.browsing import OVERLAPS, SHOW_ALL, WIDER, opened

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WIDTHS = (375, 768, 1440)
LANGS = ("ja", "en")
SURE = {"ja": "どこまで確かか", "en": "How sure is this?"}
FIRST = {"ja": "まず何をするか", "en": "What to do first"}


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_asked_and_nothing_is_said(chromium, pages, lang):
    with opened(chromium, pages[lang]) as (page, seen):
        page.locator("#budget").focus()
        for key in ("End", "Home"):
            page.keyboard.press(key)
        seen.assert_quiet(pages[lang].as_uri())


def test_a_request_or_a_script_of_someone_else_is_refused(chromium, pages, tmp_path):
    text = pages["en"].read_text(encoding="utf-8")
    path = tmp_path / "altered.html"
    added = '<script>alert(1)</script><img src="https://example.invalid/x.png" onerror="alert(2)"></body>'
    path.write_text(text.replace("</body>", added), encoding="utf-8")
    with opened(chromium, path) as (_, seen):
        assert seen.dialogs == []
        assert len(seen.console) >= 2  # the browser says what it refused
        with pytest.raises(AssertionError):
            seen.assert_quiet(path.as_uri())


@pytest.mark.parametrize("lang", LANGS)
def test_the_keyboard_moves_the_slider_and_the_page_follows(chromium, pages, data, lang):
    with opened(chromium, pages[lang]) as (page, _):
        slider = page.locator("#budget")
        own = int(slider.input_value())
        assert own == data.own

        def shown() -> list[str]:
            slots = ("answer", "scales", "frontier", "buy", "curve", "heat", "waterfall", "cash", "appendix")
            return [page.locator(f'[data-slot="{name}"]').inner_html() for name in slots]

        before, words = shown(), page.locator("#stop").inner_text()
        while page.evaluate("document.activeElement.id") != "budget":
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        assert int(slider.input_value()) == own + 1
        after = shown()
        assert all(one != other for one, other in zip(before, after, strict=True))
        assert page.locator("#stop").inner_text() != words
        assert slider.get_attribute("aria-valuetext") == page.locator("#stop").inner_text()
        here = page.locator('[data-slot="scales"] .big data').first
        assert float(here.get_attribute("value")) == data.views[own + 1].per_year
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "own"
        page.keyboard.press("Enter")
        assert shown() == before


def test_the_keyboard_opens_every_detail(chromium, pages):
    with opened(chromium, pages["en"]) as (page, _):
        page.evaluate(SHOW_ALL)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
        count = page.locator("details").count()
        assert count >= 5
        for n in range(count):
            summary = page.locator("details > summary").nth(n)
            summary.focus()
            page.keyboard.press("Enter")
        assert page.evaluate("[...document.querySelectorAll('details')].every((one) => one.open)")


def test_an_open_table_stays_open_when_the_slider_moves(chromium, pages):
    with opened(chromium, pages["en"]) as (page, _):
        page.locator('details[data-key="cash"] > summary').click()
        page.locator("#budget").press("End")
        assert page.evaluate("document.querySelector('details[data-key=cash]').open")
        assert not page.evaluate("document.querySelector('details[data-key=waterfall]').open")


@pytest.mark.parametrize("lang", LANGS)
def test_axe_finds_nothing_serious(chromium, pages, lang):
    for width in (375, 1440):
        with opened(chromium, pages[lang], width) as (page, _):
            page.evaluate(SHOW_ALL)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run()")
            bad = [
                (one["id"], one["nodes"][0]["html"][:200], len(one["nodes"]))
                for one in found["violations"]
                if one["impact"] in ("serious", "critical")
            ]
            assert bad == []
            assert len(found["passes"]) > 20


def test_axe_finds_what_is_bad(chromium, pages, tmp_path):
    path = tmp_path / "bad.html"
    text = pages["en"].read_text(encoding="utf-8").replace('<label for="budget">', '<label for="other">')
    path.write_text(text, encoding="utf-8")
    with opened(chromium, path) as (page, _):
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")
        assert "label" in {one["id"] for one in found["violations"]}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_lies_on_another_and_nothing_is_wider_than_the_window(chromium, pages, lang, width):
    with opened(chromium, pages[lang], width) as (page, _):
        page.evaluate(SHOW_ALL)
        stops = int(page.locator("#budget").get_attribute("max")) + 1
        for stop in range(stops):
            page.locator("#budget").fill(str(stop))
            assert page.evaluate(OVERLAPS) == [], f"plan {stop + 1}"
            assert page.evaluate(WIDER) <= 0, f"plan {stop + 1}"


def test_texts_on_each_other_are_found(chromium, pages):
    with opened(chromium, pages["en"]) as (page, _):
        page.evaluate("""() => {
          const text = document.querySelector("svg.curve text");
          text.parentNode.appendChild(text.cloneNode(true));
        }""")
        assert page.evaluate(OVERLAPS) != []


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_page_is_one_sheet_of_paper(chromium, pages, lang):
    with opened(chromium, pages[lang]) as (page, _):
        page.locator("#budget").press("End")
        page.locator("#own").press("Enter")
        sheets = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
        sure = page.locator('[data-slot="sure"] li').last.inner_text()
    texts = ["".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]  # ligatures as letters
    assert "".join(SURE[lang].split()) in texts[0]
    assert "".join(normalize("NFKC", sure).split())[-12:] in texts[0]
    assert "".join(FIRST[lang].split()) in texts[1]
    assert len(sheets) < 40
    for sheet, text in zip(sheets, texts, strict=True):
        assert (round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) in ((595, 842), (594, 842))
        assert len(text) > 60
    tax = {"ja": "消費税を含みません", "en": "excludeconsumptiontax"}[lang]
    assert all(tax in text for text in texts)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_cut_off_on_paper(chromium, pages, lang):
    with opened(chromium, pages[lang], 688) as (page, _):  # an A4 sheet within its margins
        page.emulate_media(media="print")
        page.evaluate(SHOW_ALL)
        wide = page.evaluate("""() => [...document.querySelectorAll("main *")].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.width && box.right > document.documentElement.clientWidth + 1 && !one.closest("svg, .unseen");
        }).map((one) => one.outerHTML.slice(0, 80))""")
        assert wide == []
        assert page.evaluate(OVERLAPS) == []


def test_everything_is_there_without_scripts(chromium, pages):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(pages["en"].as_uri())
        assert page.locator("noscript").inner_text().strip()
        for name in ("answer", "scales", "frontier", "buy", "sure", "first", "curve", "heat", "appendix"):
            assert page.locator(f'[data-slot="{name}"]').text_content().strip()
        assert page.locator("main template").count() == 0
    finally:
        context.close()
