"""Texts that would run, turn or burst a page: shown as text, in every field that a user writes."""

from __future__ import annotations

import unicodedata

import pytest

from report.browsing import OVERLAPS, SHOW_ALL, WIDER, opened
from report.hostile import SCRIPT, TEXTS, write_hostile_case
from report.runs import run_with_frontier, write_pages
from tenbin.studies import reopen
from tenbin.studies.telling import report_data

TALL = "document.documentElement.scrollHeight"
WIDTHS = (375, 768, 1440)
SHOWN = ("scenarios", "measures", "shared", "subsidies", "status", "effects", "triggers")
"""The tables whose bases stand in the report."""
TOLD = {"ja": ("basis_ja", "note_ja"), "en": ("basis", "note")}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return write_hostile_case(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile(case, tmp_path_factory):
    """Its report in both languages, through the command and the frontier kept beside the run."""
    home, _ = case
    place = tmp_path_factory.mktemp("hostile-runs")
    run = reopen(run_with_frontier(home, place, 4))
    assert run.case.brand is not None
    return write_pages(report_data(run), place, run.case.brand)


def squeezed(text: str) -> str:
    return "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) != "Cf")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nothing_runs_and_the_layout_holds(chromium, hostile, pages, lang):
    for width in WIDTHS:
        with opened(chromium, pages[lang], width) as (page, _):
            page.evaluate(SHOW_ALL)
            scripts, ordinary = page.locator("script").count(), page.evaluate(TALL)
        with opened(chromium, hostile[lang], width) as (page, seen):
            page.evaluate(SHOW_ALL)
            assert page.evaluate("window.hacked") is None
            assert page.locator("script").count() == scripts
            assert page.locator("img:not(.logo), iframe, object, [onload], [onerror], a[href^='javascript']").count() == 0
            stops = int(page.locator("#budget").get_attribute("max")) + 1
            for stop in range(stops):
                page.locator("#budget").fill(str(stop))
                assert page.evaluate(WIDER) <= 0
                assert page.evaluate(OVERLAPS) == []
            assert page.evaluate("getComputedStyle(document.body).display") == "block"
            seen.assert_quiet(hostile[lang].as_uri())
            assert page.evaluate(TALL) < 3 * ordinary, "a long text makes the page long only where it is opened"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_text_is_shown_as_it_was_written(chromium, hostile, case, lang):
    """In what was entered they stand whole; the title of the other language does not."""
    _, put = case
    with opened(chromium, hostile[lang]) as (page, _):
        text = squeezed(page.locator("body").text_content())
    whole, looked = [], 0
    for place, written in put.items():
        table, _, column = place.partition(":")[0], *place.rpartition(":")[1:]
        if table in SHOWN and column in (*TOLD[lang], f"title_{lang}"):
            looked += 1
            whole += [place] if squeezed(written) not in text else []
    assert looked > 200
    assert whole == []
    for key in ("client", "author", "company", "confidentiality", "disclaimer", "version"):
        assert squeezed(put[f"case:{key}"]) in text, key
    assert squeezed(f"#99999 {TEXTS[0]}") not in text  # the control: what nobody wrote


def test_unescaped_it_would_be_seen(chromium, hostile, tmp_path):
    """The control: the same page with the first text put in as markup."""
    text = hostile["en"].read_text(encoding="utf-8")
    path = tmp_path / "unescaped.html"
    loose = text.replace("script-src", "script-src 'unsafe-inline' 'unsafe-hashes' ").replace("</body>", f"{TEXTS[0]}</body>")
    path.write_text(loose.replace("'sha256-", "'sha512-"), encoding="utf-8")
    with opened(chromium, path) as (page, seen):
        assert page.locator("script").count() > 1
        assert seen.console or seen.dialogs
        assert SCRIPT in text  # as text
