"""What is handed out and what is kept, in a real browser on the real server: every file opens."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pptx
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Download, Page, expect

import tenbin
from app.serving import Seen, Served, served, type_in
from report.browsing import WIDER
from report.browsing import opened as opened_page
from report.hostile import write_hostile_case
from running.commands import ROOT, start
from tenbin.inputs import write_case

PLACE = "/en/case/two-cells/files"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case computed by hand, asked for its bad years, with a Japanese title that no file can have."""
    frames = tenbin.to_frames(tenbin.load(ROOT / "scenarios" / "two-cells"))
    frames["case"]["study"] |= {"n_trials": 20_000}
    frames["case"] |= {"targets": {"tvar95": "75%"}, "title_ja": "部品工場／第2（「海」）:*?"}
    folder = tmp_path_factory.mktemp("cases") / "two-cells"
    write_case(tenbin.load(frames), folder)
    return folder


@pytest.fixture(scope="module")
def app(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("files"), home) as one:
        one.ask("GET", "/", cookie=one.cookie())  # the draft is made
        yield one


@pytest.fixture
def opened(app: Served, chromium: Browser) -> Iterator[tuple[Page, Seen]]:
    """The page with a plan; nothing may have been said or asked outside when the test ends."""
    with app.page(chromium, PLACE) as (page, seen):
        expect(page.get_by_role("button", name="Download: Report, English")).to_be_enabled()
        yield page, seen
        seen.assert_quiet(app.port)


def download(page: Page, name: str | re.Pattern[str], seconds: float = 60) -> tuple[str, bytes]:
    """What a button hands out: the file's name and its content."""
    with page.expect_download(timeout=1000 * seconds) as waiting:
        page.get_by_role("button", name=name).first.click()
    found: Download = waiting.value
    assert re.fullmatch(r"[\w.-]+", found.suggested_filename)
    return found.suggested_filename, Path(found.path()).read_bytes()


def test_the_report_in_both_languages(opened: tuple[Page, Seen], home: Path, chromium: Browser, tmp_path: Path) -> None:
    page, _ = opened
    found = tenbin.optimise(tenbin.load(home))
    for language, lang in (("English", "en"), ("日本語", "ja")):
        name, content = download(page, f"Download: Report, {language}")
        assert name.endswith(f"-report.{lang}.html")
        path = tmp_path / f"report.{lang}.html"
        path.write_bytes(content)
        with opened_page(chromium, path) as (report, watched):
            assert report.locator("html").get_attribute("lang") == lang
            cost = report.locator("data[data-path='cost.per_year']").first
            assert float(cost.get_attribute("value") or "nan") == found.cost.per_year
            watched.assert_quiet(path.as_uri())


def test_workbook_slides_and_charts_open(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    _, book = download(page, "Download: Workbook, English")
    assert len(openpyxl.load_workbook(io.BytesIO(book)).sheetnames) > 5
    name, slides = download(page, "Download: Slides, 日本語")
    assert "部品工場" in name
    assert len(pptx.Presentation(io.BytesIO(slides)).slides) > 3
    _, charts = download(page, "Download: Charts, English")
    names = zipfile.ZipFile(io.BytesIO(charts)).namelist()
    assert {"exceedance.en.png", "exceedance.en.svg", "heatmap.en.png"} <= set(names)


def test_a_pdf_where_a_browser_is_installed(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    _, printed = download(page, "Download: PDF, English", 120)
    assert len(pypdf.PdfReader(io.BytesIO(printed)).pages) > 1


def test_the_case_comes_back_as_it_is(app: Served, opened: tuple[Page, Seen], home: Path, tmp_path: Path) -> None:
    page, _ = opened
    _, book = download(page, "The case as a workbook")
    path = tmp_path / "case.xlsx"
    path.write_bytes(book)
    assert tenbin.load(path) == tenbin.load(home)
    _, blank = download(page, "A workbook to fill in")
    assert openpyxl.load_workbook(io.BytesIO(blank)).sheetnames
    box = page.get_by_label("Save as a folder: a new or empty one")
    expect(box).to_have_value("./cases/two-cells")
    box.press("Tab")
    page.keyboard.press("Enter")
    folder = app.folder / "cases" / "two-cells"
    expect(page.get_by_text(f"Saved in {folder}")).to_be_visible()
    assert tenbin.load(folder) == tenbin.load(home)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="must be a new or empty folder")).to_be_visible()


def test_every_answer_is_a_run_of_the_command_s(
    app: Served, opened: tuple[Page, Seen], chromium: Browser, tmp_path: Path
) -> None:
    page, _ = opened
    row = page.locator(".files-runs tbody tr")
    expect(row).to_have_count(1)
    expect(row.first).to_contain_text("tvar95=75%")
    out = app.folder / "results"
    listed = json.loads(start("runs", "list", "--out", out, "--json", code=0).stdout)["runs"]
    assert [entry["targets"] for entry in listed] == [["tvar95=75%"]]
    assert listed[0]["path"] in (row.locator("th").text_content() or "")
    kept = json.loads((out / listed[0]["id"] / "frontier.json").read_text(encoding="utf-8"))
    assert len(kept["points"]) > 1
    made = json.loads(start("report", "latest", "--out", out, "--json", code=0).stdout)
    with opened_page(chromium, Path(made["path"])) as (report, _):
        assert report.locator("#budget").count() == 1  # the frontier that the app traced
    app.go(page, "/en/case/two-cells/")
    expect(page.locator(".standing")).to_contain_text("two-cells-001")
    box = page.get_by_label("Amount, or a share of today such as 60%")
    for asked, number in (("50%", 2), ("75%", 1)):  # the first question once more: its run is there already
        type_in(box, asked)
        expect(page.locator(".standing")).to_contain_text(f"two-cells-00{number}")
    app.go(page, PLACE)
    expect(row).to_have_count(2)
    runs = [entry["id"] for entry in json.loads(start("runs", "list", "--out", out, "--json", code=0).stdout)["runs"]]
    assert len(runs) == 2
    beside = json.loads(start("compare", *runs, "--out", out, "--json", code=0).stdout)
    assert beside["runs"][0]["cost"] != beside["runs"][1]["cost"]
    name, content = download(page, re.compile("Download: .*-001, English"))
    assert name.endswith("-report.en.html")
    path = tmp_path / "kept.html"
    path.write_bytes(content)
    with opened_page(chromium, path) as (report, watched):
        assert report.locator("#budget").count() == 1
        watched.assert_quiet(path.as_uri())


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_for_axe_to_find(app: Served, chromium: Browser, lang: str, width: int) -> None:
    with app.page(chromium, f"/{lang}/case/two-cells/files", width=width) as (page, seen):
        expect(page.locator(".files-forms button").first).to_be_enabled()
        expect(page.locator(".files-runs tbody tr").first).to_be_visible()
        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(app.port)


def test_a_disk_that_refuses_is_told(home: Path, tmp_path: Path, chromium: Browser) -> None:
    (tmp_path / "results").write_text("a file where the folder should be", encoding="utf-8")
    with served(tmp_path, home) as one:
        one.ask("GET", "/", cookie=one.cookie())
        with one.page(chromium, PLACE) as (page, seen):
            expect(page.get_by_role("alert").filter(has_text="results").first).to_be_visible()
            download(page, "Download: Report, English")  # the rest goes on
            seen.assert_quiet(one.port)


def test_a_case_with_mistakes_and_hostile_texts(tmp_path: Path, chromium: Browser) -> None:
    home, _ = write_hostile_case(tmp_path)
    with served(tmp_path, home) as one:
        one.ask("GET", "/", cookie=one.cookie())
        with one.page(chromium, "/en/case/hostile/files") as (page, seen):
            button = page.get_by_role("button", name="Download: Report, English")
            expect(button).to_be_enabled()
            path = tmp_path / "report.html"
            path.write_bytes(download(page, "Download: Report, English")[1])
            with opened_page(chromium, path) as (report, watched):
                assert report.evaluate("() => window.hacked") is None
                watched.assert_quiet(path.as_uri())
            assert page.evaluate("() => window.hacked") is None
            assert page.evaluate(WIDER) == 0
            seen.assert_quiet(one.port)
        one.kill()
        measures = tmp_path / "drafts" / "hostile" / "measures.csv"
        measures.write_text(measures.read_text(encoding="utf-8").replace("L1.001", "L9.999", 1), encoding="utf-8")
        one.restart()
        with one.page(chromium, "/en/case/hostile/files") as (page, _):
            expect(page.get_by_text(re.compile("another look: a workbook needs a case without mistakes"))).to_be_visible()
            expect(page.get_by_role("button", name="The case as a workbook")).to_be_disabled()
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_text(re.compile("Saved in .*, with its"))).to_be_visible()
            checked = start("check", tmp_path / "cases" / "hostile")
            assert checked.returncode != 0
            assert b"L9.999" in checked.stdout + checked.stderr
