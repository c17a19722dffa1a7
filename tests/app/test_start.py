"""The start page in a real browser, on the real server: drafts, examples, workbooks good and bad; and the command's own case."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from playwright.sync_api import Browser, Locator, Page, expect

import tenbin
from app.serving import Seen, Served, connected, served
from report.browsing import WIDER
from running.commands import ROOT, start
from tenbin.app import opening
from tenbin.app.drafts import open_draft, write_draft
from tenbin.workbooks.casebook import write_workbook
from tenbin.workbooks.layout import columns
from workbooks.hostile_books import streamed

LONG = 60_000
expect.set_options(timeout=LONG)

SOURCE = ROOT / "scenarios" / "two-cells"
HOSTILE = "<img src=x onerror=\"alert('title')\"> '\"><script>alert(1)</script>"
REFUSED = "must be a workbook that can be read (.xlsx); got "
TOO_LARGE = "That is not a workbook (.xlsx), or it is larger than 20 MB."


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("start")) as one:
        yield one


@pytest.fixture
def opened(app: Served, chromium: Browser) -> Iterator[tuple[Page, Seen]]:
    """The start page, without drafts. Nothing may have been said or asked outside when the test ends."""
    shutil.rmtree(app.folder / "drafts", ignore_errors=True)
    with app.page(chromium, "/en/") as (page, seen):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_function("window.socket?.connected")
        yield page, seen
        seen.assert_quiet(app.port)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good workbook."""
    return write_workbook(tenbin.load(SOURCE), tmp_path_factory.mktemp("books") / "good.xlsx", "en")


@pytest.fixture(scope="module")
def wrong_book(book: Path) -> Path:
    """The same with three cells that cannot be."""
    made = load_workbook(book)
    for table, column, value in (
        ("scenarios", "frequency", "often"),
        ("scenarios", "layer", HOSTILE),
        ("effects", "effect", 7),
    ):
        letter = get_column_letter([one.key for one in columns(table)].index(column) + 1)
        made[table][f"{letter}4"] = value
    path = book.with_name("wrong.xlsx")
    made.save(path)
    return path


def drafts(app: Served) -> list[str]:
    folder = app.folder / "drafts"
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith(".")) if folder.is_dir() else []


def keep(app: Served, name: str, days_ago: float = 0, **titles: str) -> None:
    """A draft of before."""
    folder = app.folder / "drafts" / name
    draft, _ = open_draft(SOURCE)
    for key, title in titles.items():
        draft = draft.with_setting(key, title)
    write_draft(draft, folder)
    then = time.time() - days_ago * 86_400
    for path in folder.iterdir():
        os.utime(path, (then, then))


def upload(page: Page, path: Path) -> None:
    """Choose a file as people do."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a workbook").click()
    chooser.value.set_files(path)


def told(page: Page) -> Locator:
    return page.locator(".page > [role=status]")


def axe(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]


def test_each_example_opens_on_the_scales(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    expect(page.get_by_role("heading", name="Go on with")).to_have_count(0)
    examples = opening.examples()
    assert len(examples) == 3
    for number, one in enumerate(examples, start=1):
        button = page.get_by_role("button", name=one.titles["en"])
        button.dblclick()  # as many do: one draft
        expect(page).to_have_url(re.compile(rf"/en/case/{one.name}/$"))
        expect(page.get_by_role("heading", level=1)).to_have_text(one.titles["en"])
        assert len(drafts(app)) == number
        page.get_by_role("link", name="tenbin").click()
        expect(page.get_by_role("link", name=one.titles["en"])).to_have_attribute("href", f"/en/case/{one.name}/")
    expect(page.locator(".start-list li")).to_have_count(3)


def test_drafts_of_before(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    for number in range(8):
        keep(app, f"case-{number}", days_ago=number, title_en=f"Case {number}")
    keep(app, "hostile", days_ago=0.5, title_en=HOSTILE)
    page.reload()
    connected(page)
    rows = page.locator(".start-list > li")
    shown = ["Case 0", HOSTILE, "Case 1", "Case 2", "Case 3", "Case 4"]
    visible = page.locator(".start-list > li a:visible")
    expect(visible).to_have_text(shown)
    expect(rows.nth(1)).to_contain_text("· hostile")
    expect(page.get_by_text(f"Kept in {app.folder / 'drafts'}")).to_be_visible()
    page.get_by_text("3 more").click()
    expect(visible).to_have_text([*shown, "Case 5", "Case 6", "Case 7"])
    assert page.locator(".page img, .page script").count() == 0
    page.get_by_role("button", name="Remove: Case 1").click()
    page.get_by_role("button", name=f"Remove: {HOSTILE}").click()  # another: the first is not asked about any more
    expect(page.get_by_role("button", name="Remove: Case 1", exact=True)).to_be_visible()
    assert len(drafts(app)) == 9
    page.get_by_role("button", name=re.compile("^Really remove")).click()
    expect(told(page)).to_have_text(f"{HOSTILE} is in the trash folder now: {app.folder / 'drafts' / '.trash'}")
    expect(rows).to_have_count(8)
    assert "hostile" not in drafts(app)
    (gone,) = (app.folder / "drafts" / ".trash").iterdir()
    assert gone.name.startswith("hostile-")
    assert open_draft(gone)[0].title("en") == HOSTILE
    page.get_by_role("link", name="Case 7").click()
    expect(page).to_have_url(re.compile("/en/case/case-7/$"))


def test_what_cannot_be_removed_is_said(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    keep(app, "there")
    page.reload()
    connected(page)
    shutil.rmtree(app.folder / "drafts" / "there")  # by another hand
    button = page.locator(".start-list button")
    button.click()
    expect(button).to_have_text(re.compile("Really remove"))
    button.click()
    expect(told(page)).to_contain_text("must be the folder of a draft; got there.")


def test_a_new_draft_is_not_mistaken_for_an_old_one(opened: tuple[Page, Seen], app: Served, tmp_path: Path) -> None:
    page, _ = opened
    keep(app, "mistaken", title_en="Old")
    page.reload()
    connected(page)
    page.get_by_role("link", name="Old").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Old")
    page.get_by_role("link", name="tenbin").click()
    shutil.rmtree(app.folder / "drafts" / "mistaken")  # by another hand, while the server has it open
    upload(page, write_workbook(replace(tenbin.load(SOURCE), name="mistaken"), tmp_path / "new.xlsx", "en"))
    expect(page).to_have_url(re.compile(r"/en/case/mistaken/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Two cells (computed by hand)")


def test_a_good_workbook(opened: tuple[Page, Seen], app: Served, book: Path) -> None:
    page, _ = opened
    upload(page, book)
    expect(page).to_have_url(re.compile(r"/en/case/[^/]+/$"))
    expect(page.locator(".sheet .lead")).to_be_visible()
    (name,) = drafts(app)
    assert tenbin.load(app.folder / "drafts" / name).scenarios == tenbin.load(book).scenarios
    assert list((app.folder / "drafts" / ".uploads").iterdir()) == []


def test_a_workbook_with_wrong_cells(opened: tuple[Page, Seen], app: Served, wrong_book: Path, tmp_path: Path) -> None:
    page, _ = opened
    *lines, _ = start("check", wrong_book, code=2, lang="en").stderr.decode("utf-8").splitlines()
    assert len(lines) == 3
    upload(page, wrong_book)
    expect(told(page).get_by_role("listitem")).to_have_text(lines)
    assert [one.text_content() for one in told(page).get_by_role("listitem").all()] == lines
    expect(told(page)).to_contain_text("wrong.xlsx: 3 entries need another look.")
    assert drafts(app) == []
    with page.expect_download() as marked:
        page.get_by_role("button", name="Download a copy with the cells marked").click()
    assert marked.value.suggested_filename == "wrong-marked.xlsx"
    marked.value.save_as(tmp_path / "marked.xlsx")
    copy = load_workbook(tmp_path / "marked.xlsx")
    notes = [
        cell.comment.text
        for sheet in copy
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb[-6:] == "F6D9CF"
    ]
    assert len(notes) == 3
    assert any("this is often" in note for note in notes)
    page.get_by_role("button", name="Open it all the same").click()
    expect(page).to_have_url(re.compile(r"/en/case/[^/]+/tables$"))
    expect(page.locator(".tables-problems li:visible")).to_have_count(3)
    (name,) = drafts(app)
    assert open_draft(app.folder / "drafts" / name)[0].cell("scenarios", 1, "frequency") == "often"
    assert list((app.folder / "drafts" / ".uploads").iterdir()) == []


def text(path: Path, _: Path) -> None:
    path.write_text("id,layer\nA,1\n", encoding="utf-8")


def empty(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def copied(path: Path, book: Path) -> None:
    shutil.copyfile(book, path)


def bomb(path: Path, book: Path) -> None:
    streamed(book, path, "xl/media/image1.png", (b"\0" * (1 << 20) for _ in range(150)))


def large(path: Path, book: Path) -> None:
    path.write_bytes(book.read_bytes() + b"\0" * 25_000_000)


WRONG: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "text.xlsx": (text, f"text.xlsx: {REFUSED}a damaged file."),
    "macros.xlsm": (copied, TOO_LARGE),
    "bomb.xlsx": (bomb, f"bomb.xlsx: {REFUSED}a file that unpacks to far too much."),
    "empty.xlsx": (empty, f"empty.xlsx: {REFUSED}a damaged file."),
    "large.xlsx": (large, TOO_LARGE),
    "<img src=x onerror=alert(1)>.xlsx": (text, f"_img src=x onerror=alert(1)_.xlsx: {REFUSED}a damaged file."),
    "価" * 80 + ".xlsx": (text, f"価.xlsx: {REFUSED}a damaged file."),
}


def test_wrong_files_are_refused_in_words(opened: tuple[Page, Seen], app: Served, book: Path, tmp_path: Path) -> None:
    page, _ = opened
    for name, (make, words) in WRONG.items():
        make(tmp_path / name, book)
        upload(page, tmp_path / name)
        expect(told(page)).to_contain_text(words)
        expect(told(page).get_by_role("button")).to_have_count(0)
        assert drafts(app) == []
        assert list((app.folder / "drafts").glob(".uploads/*")) == []
        assert page.locator(".page img").count() == 0
    expect(page).to_have_url(re.compile("/en/$"))
    upload(page, book)  # the next one works
    expect(page).to_have_url(re.compile(r"/en/case/[^/]+/$"))


def test_what_is_sent_without_the_page(opened: tuple[Page, Seen], app: Served, book: Path) -> None:
    page, _ = opened
    url = page.evaluate("getElement(Number(document.querySelector('.start-upload').id.slice(1))).computed_url")
    own = {"cookie": app.cookie(), "origin": f"http://127.0.0.1:{app.port}"}

    def send(name: str) -> int:
        head = f'--x\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + book.read_bytes() + b"\r\n--x--\r\n"
        return app.ask("POST", url, body, content_type="multipart/form-data; boundary=x", **own)[0]

    assert app.ask("POST", url, b"", content_length="25000000", **own)[0] == 413
    assert send("book.xlsm") == 200
    expect(told(page)).to_contain_text("Open it and save it as an Excel workbook (.xlsx).")
    assert send("book.exe") == 200
    expect(told(page)).to_contain_text("must be an Excel workbook (.xlsx); got .exe.")
    assert drafts(app) == []
    before = {path.name for path in app.folder.parent.iterdir()}
    assert send("../../../x.xlsx") == 200
    expect(page).to_have_url(re.compile(r"/en/case/[^/]+/$"))
    assert {path.name for path in app.folder.parent.iterdir()} == before
    assert {path.name for path in app.folder.iterdir()} <= {"drafts", "results"}


def test_the_workbook_to_fill_in(opened: tuple[Page, Seen], tmp_path: Path) -> None:
    page, _ = opened
    with page.expect_download() as blank:
        page.get_by_role("button", name="A workbook to fill in").click()
    path = tmp_path / blank.value.suggested_filename
    blank.value.save_as(path)
    start("check", path, code=0)


def test_by_keyboard_alone(opened: tuple[Page, Seen], app: Served, book: Path) -> None:
    page, _ = opened
    keep(app, "mine", title_en="Mine")
    keep(app, "yours", title_en="Yours")
    page.reload()
    connected(page)
    page.wait_for_function("window.socket?.connected")

    def tab_to(target: Locator) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if target.evaluate("(one) => one === document.activeElement"):
                return
        raise AssertionError(target)

    tab_to(page.get_by_role("button", name="Remove: Mine"))
    page.keyboard.press("Enter")
    sure = page.get_by_role("button", name=re.compile("^Really remove.*: Mine"))
    expect(sure).to_be_focused()
    page.keyboard.press("Enter")
    expect(sure).to_have_count(0)
    assert drafts(app) == ["yours"]
    expect(page.get_by_role("heading", name="Go on with")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Yours")).to_be_focused()
    with page.expect_file_chooser() as chooser:  # the browser is told to wait for it some time before the key is pressed
        tab_to(page.get_by_role("button", name="Choose a workbook"))
        page.keyboard.press("Enter")
    chooser.value.set_files(book)
    expect(page).to_have_url(re.compile(r"/en/case/[^/]+/$"))
    page.go_back()
    tab_to(page.get_by_role("button", name=re.compile("^Two cells")))
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/en/case/two-cells[^/]*/$"))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [1440, 375])
def test_axe_finds_nothing(app: Served, chromium: Browser, wrong_book: Path, lang: str, width: int) -> None:
    for number in range(8):
        keep(app, f"axe-{number}", title_en="A" * 90, title_ja="長い題" * 30)
    with app.page(chromium, f"/{lang}/", width=width) as (page, seen):
        page.wait_for_function("window.socket?.connected")
        page.locator("summary").click()
        page.locator(".start-list button").first.click()
        with page.expect_file_chooser() as chooser:
            page.locator(".start-choose").click()
        chooser.value.set_files(wrong_book)
        expect(told(page).get_by_role("listitem")).to_have_count(3)
        assert axe(page) == []
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(app.port)


def first_page(one: Served) -> str:
    return one.ask("GET", "/", cookie=one.cookie())[1]["location"]


def test_the_commands_case(tmp_path: Path, chromium: Browser) -> None:
    case = tmp_path / "case"
    draft, _ = open_draft(SOURCE)
    write_draft(draft, case)
    old, new = (tmp_path / "drafts" / ".uploads" / name for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 90_000,) * 2)
    with served(tmp_path, "case") as one:
        assert (old.exists(), new.exists()) == (False, True)
        first = first_page(one)
        assert first == "/en/case/two-cells/"
        one.restart()
        assert first_page(one) == first  # unchanged
        assert drafts(one) == ["two-cells"]
        one.end()
        write_draft(draft.with_cell("scenarios", 0, "frequency", "often"), case)
        one.start()
        assert first_page(one) == "/en/case/two-cells-2/tables"  # changed
        assert "scenarios.csv:2 frequency: must be a number of events a year above 0; got often." in one.text()
        one.restart()
        assert first_page(one) == "/en/case/two-cells-2/tables"
        with one.page(chromium) as (page, seen):
            expect(page.locator(".tables-problems li:visible")).to_have_count(1)
            seen.assert_quiet(one.port)
        shutil.rmtree(one.folder / "drafts" / "two-cells-2")
        assert first_page(one) == "/en/"


def test_a_case_that_is_none_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "case.toml").write_text("a = [", encoding="utf-8")
    (tmp_path / "text.xlsx").write_text("id,layer\n", encoding="utf-8")
    for name, words in (("none", "none/case.toml:1: must be TOML"), ("text.xlsx", f"text.xlsx: {REFUSED}a damaged file.")):
        done = start("app", name, "--no-browser", cwd=tmp_path, code=2, env={"TENBIN_DRAFTS": str(tmp_path / "drafts")})
        said = done.stderr.decode("utf-8")
        assert words in said
        assert "tenbin is ready" not in said
        assert not (tmp_path / "drafts").exists()
