"""The tables in a real browser, on the real server: what is typed is checked, kept, undone, and seen on the scales."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from app.serving import Seen, Served, connected, served, type_in
from report.browsing import WIDER
from running.commands import ROOT
from tenbin.app.drafts import open_draft, write_draft
from tenbin.inputs.schema import TABLES, TEXT

LONG = 60_000
expect.set_options(timeout=LONG)

HOSTILE = (
    "<img src=x onerror=\"alert('cell')\">",
    "=cmd|'/c calc'!A0",
    "{{constructor.constructor('alert(1)')()}} ${7*7}",
    "\"'`;--\\ </textarea></script><script>alert(2)</script>",
    "a" * 10_000,
    "\u202eright to left\u202c \u200f\u2067x\u2069",
    ":onclick=alert(3) v-html=x @click=alert(4)",
)
draft = ""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("cases") / "two-cells"
    typed, _ = open_draft(ROOT / "scenarios" / "two-cells")  # as it is typed
    write_draft(typed.with_setting("study.n_trials", "5_000"), home)  # the tables are tried here, not the answers
    with served(tmp_path_factory.mktemp("tables"), home) as one:
        one.ask("GET", "/", cookie=one.cookie())
        yield one


@pytest.fixture
def opened(app: Served, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, Seen]]:
    """The tables of a draft of the test's own. Nothing may have been said or asked outside when the test ends."""
    copy(app, request.node.name)
    with app.page(chromium) as (page, seen):
        to(app, page, "scenarios")
        yield page, seen
        seen.assert_quiet(app.port)


def copy(app: Served, name: str) -> None:
    """Make a draft of the case as it came, and let the helpers below mean it."""
    global draft
    draft = re.sub(r"[^a-z0-9]+", "-", name)
    shutil.copytree(app.folder / "drafts" / "two-cells", kept(app), ignore=shutil.ignore_patterns(".*"))


def to(app: Served, page: Page, table: str, lang: str = "en") -> None:
    """Open a table by its address."""
    app.go(page, f"/{lang}/case/{draft}/tables?table={table}")
    expect(page.locator(".tables-settings:visible .tables-field, .ag-root").first).to_be_visible()


def kept(app: Served) -> Path:
    return app.folder / "drafts" / draft


def cell(page: Page, row: int, column: str) -> Locator:
    """A cell of the grid, by the row's number from 1 and the column's heading."""
    heading = page.get_by_role("columnheader", name=column, exact=True)
    place = heading.get_attribute("col-id")
    return page.locator(f".ag-row[row-id='{row - 1}'] [col-id='{place}']")


def choose(page: Page, row: int) -> None:
    """Choose a row; the form shows it."""
    cell(page, row, "Row").click()
    expect(page.locator(".tables-row")).to_contain_text(f"Row {row}.")


def field(page: Page, label: str) -> Locator:
    return page.locator(".tables-row").get_by_label(label, exact=True)


def fill(page: Page, label: str, text: str) -> None:
    type_in(field(page, label), text)


def undo(page: Page, name: str = "Undo") -> None:
    """Press undo, and wait until it is done."""
    before = page.locator(".tables-page").inner_text()
    page.get_by_role("button", name=name).click()
    page.wait_for_function("(before) => document.querySelector('.tables-page').innerText !== before", arg=before)


def wrongs(page: Page) -> Locator:
    return page.locator(".tables-problems li:visible")


def lead(page: Page) -> str:
    sentence = page.locator(".sheet .lead")
    expect(sentence).to_be_visible()
    return sentence.text_content() or ""


def test_a_mistake_stands_at_its_cell_until_it_is_mended(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    scales, seen = app.tab(page.context.new_page(), f"/en/case/{draft}/")
    before = lead(scales)
    expect(wrongs(page)).to_have_count(0)
    choose(page, 1)
    frequency = field(page, "* Frequency (events a year)")
    was = frequency.input_value()
    frequency.fill("often")
    remedy = page.locator(".tables-row .q-field__messages").get_by_text("a number of events a year above 0")
    expect(remedy).to_be_visible()  # as one types
    assert "often" not in (kept(app) / "scenarios.csv").read_text("utf-8")
    frequency.press("Enter")
    bad = cell(page, 1, "* Frequency (events a year)")
    expect(bad).to_have_attribute("aria-invalid", "true")
    expect(bad).to_have_attribute("aria-description", re.compile("^Must be a number of events a year above 0; got often. "))
    expect(wrongs(page)).to_have_text(
        [re.compile("^scenarios, row 1, Frequency .*: must be a number of events a year above 0; got often. ")]
    )
    expect(page.locator(".tables-list a[aria-current]")).to_contain_text("1 to mend")
    assert "often" in (kept(app) / "scenarios.csv").read_text("utf-8")
    page.reload()  # nothing is lost
    connected(page)
    expect(cell(page, 1, "* Frequency (events a year)")).to_have_attribute("aria-invalid", "true")
    to(app, page, "effects")
    wrongs(page).get_by_role("button").click()  # from another table too
    expect(cell(page, 1, "* Frequency (events a year)")).to_be_focused()
    expect(page).to_have_url(re.compile("table=scenarios$"))
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("1/12")
    page.keyboard.press("Enter")
    expect(wrongs(page)).to_have_count(0)
    expect(cell(page, 1, "* Frequency (events a year)")).to_have_text("1/12")
    expect(cell(page, 1, "* Frequency (events a year)")).not_to_have_attribute("aria-invalid", "true")
    assert was != "1/12"
    expect(scales.locator(".sheet .lead")).not_to_have_text(before)  # in the other tab
    seen.assert_quiet(app.port)
    scales.close()


def test_undo_and_redo_reach_every_tab(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    other, seen = app.tab(page.context.new_page(), f"/en/case/{draft}/tables?table=scenarios")
    choose(page, 1)
    was = field(page, "Title (English)").input_value()
    fill(page, "Title (English)", "Another title")
    expect(cell(other, 1, "Title (English)")).to_have_text("Another title")
    page.keyboard.press("Control+z")  # still in the box: nothing is typed in it that is not kept
    expect(field(page, "Title (English)")).to_have_value(was)
    expect(cell(other, 1, "Title (English)")).to_have_text(was)
    page.keyboard.press("Control+Shift+z")
    expect(field(page, "Title (English)")).to_have_value("Another title")
    undo(other)
    expect(cell(page, 1, "Title (English)")).to_have_text(was)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    undo(other, "Redo")
    expect(cell(page, 1, "Title (English)")).to_have_text("Another title")
    field(page, "Title (English)").fill("half a")
    page.keyboard.press("Escape")
    expect(field(page, "Title (English)")).to_have_value("Another title")
    seen.assert_quiet(app.port)
    other.close()


def test_rows_come_and_go(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    to(app, page, "factors")
    expect(page.locator(".ag-overlay-no-rows-center")).to_be_visible()
    page.get_by_role("button", name="Add a row").click()
    page.locator(".tables-new").get_by_label("* Id").fill("weather")
    page.locator(".tables-new").get_by_role("button", name="Add", exact=True).click()
    expect(cell(page, 1, "* Id")).to_have_text("weather")
    expect(wrongs(page)).to_have_text([re.compile("factors, row 1, .*CV.*: must be filled")])
    fill(page, "* Variation (CV)", "0.5")
    expect(wrongs(page)).to_have_count(0)
    page.get_by_role("button", name="Duplicate").click()
    expect(cell(page, 2, "* Id")).to_have_text("weather")
    expect(wrongs(page)).to_have_text([re.compile("factors, row 2, Id: must be ")])
    expect(page.locator(".tables-row")).to_contain_text("Row 2.")
    fill(page, "* Id", "staff")
    expect(wrongs(page)).to_have_count(0)
    assert "staff" in (kept(app) / "factors.csv").read_text("utf-8")
    page.get_by_label("Show rows with this text").fill("staff")
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(1)
    page.get_by_label("Show rows with this text").fill("")
    choose(page, 1)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Row 1 is deleted.")).to_be_visible()
    expect(cell(page, 1, "* Id")).to_have_text("staff")
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(1)
    expect(page.locator(".tables-list a[aria-current]")).to_contain_text("1 row")
    undo(page)
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(2)
    expect(cell(page, 1, "* Id")).to_have_text("weather")


def test_settings(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    page.locator(".tables-list a", has_text="Settings").click()
    expect(page).to_have_url(re.compile("table=case$"))
    trials = page.get_by_label("Simulated years")
    trials.fill("many")
    expect(page.locator(".tables-settings .q-field__messages").get_by_text("a whole number")).to_be_visible()
    trials.press("Enter")
    expect(wrongs(page)).to_have_text([re.compile("Settings, Simulated years: must be a whole number.*got many")])
    type_in(trials, "20000")
    expect(wrongs(page)).to_have_count(0)
    page.get_by_label("Another target, such as tvar95").fill("var95")
    type_in(page.get_by_label("Its value").first, "80%")
    expect(page.get_by_label("At most (var95)")).to_have_value("80%")
    type_in(page.get_by_label("At most (var95)"), "a lot")
    expect(wrongs(page)).to_have_text([re.compile("Settings, Target var95: must be ")])
    page.get_by_role("button", name="Remove var95").click()
    expect(wrongs(page)).to_have_count(0)
    expect(page.get_by_label("At most (var95)")).to_have_count(0)
    page.go_back()
    expect(page.locator(".tables-title")).to_have_text("scenarios")


def test_what_is_typed_stays_text(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    typed: dict[tuple[str, str], str] = {}
    for table in ("scenarios", "effects", "measures"):
        to(app, page, table)
        page.get_by_role("checkbox", name="Show all columns").click()
        fields = page.locator(".tables-row .tables-field")
        columns = list(TABLES[table].columns)
        expect(fields).to_have_count(len(columns))
        choose(page, 1)
        for n, column in enumerate(columns):
            if TABLES[table].columns[column] is not TEXT or column == "loss_model":
                continue
            box = fields.nth(n).locator("input, textarea")
            text = HOSTILE[len(typed) % len(HOSTILE)]
            type_in(box, text)
            expect(box).to_have_attribute("data-kept", text if len(text) < 500 else "")
            typed[table, column] = text
    assert set(typed.values()) == set(HOSTILE)
    expect(wrongs(page)).to_have_count(0)
    found, problems = open_draft(kept(app))
    assert problems == ()
    assert {key: found.cell(key[0], 0, key[1]) for key in typed} == typed
    to(app, page, "scenarios")
    shown = {column: text for (table, column), text in typed.items() if table == "scenarios"}
    expect(cell(page, 1, "Title (English)")).to_have_text(shown["title_en"])
    expect(cell(page, 1, "Description (English)")).to_have_text(shown["description_en"])
    assert page.locator(".tables-page img, .tables-page script").count() == 0
    scales, seen = app.tab(page.context.new_page(), f"/en/case/{draft}/")
    lead(scales)
    expect(scales.locator(".doing")).to_contain_text("Everything is worked out")
    assert scales.locator("img[src='x']").count() == 0
    seen.assert_quiet(app.port)
    scales.close()


def test_by_keyboard_alone(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    page.get_by_label("Show rows with this text").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.ag-row') !== null"):
            break
    expect(page.locator(".ag-cell:focus")).to_have_count(1)
    expect(page.locator(".tables-row")).to_contain_text("Row 1.")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".tables-row")).to_contain_text("Row 2.")
    target = cell(page, 2, "Title (English)")
    for _ in range(30):
        page.keyboard.press("ArrowRight")
        if target.evaluate("(cell) => cell === document.activeElement"):
            break
    expect(target).to_be_focused()
    page.keyboard.type("By keys")  # typing begins to edit
    expect(field(page, "Title (English)")).to_have_value("By keys")  # the form shows what is typed
    page.keyboard.press("Enter")
    expect(target).to_have_text("By keys")
    target.focus()
    page.keyboard.press("Control+z")
    expect(target).not_to_have_text("By keys")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [1440, 375])
def test_axe_finds_nothing(app: Served, chromium: Browser, lang: str, width: int) -> None:
    copy(app, f"axe-{lang}-{width}")
    with app.page(chromium, width=width) as (page, seen):
        to(app, page, "scenarios", lang)
        page.locator(".ag-row[row-id='0'] [col-id='no']").click()
        frequency = page.locator(".tables-row .tables-field input").nth(3)
        expect(frequency).to_have_value("1/10")
        type_in(frequency, "often")
        expect(page.locator(".ag-cell[aria-invalid]")).to_have_count(1)
        page.locator(".tables-tools button").nth(2).click()
        expect(page.locator(".tables-new")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate(WIDER) == 0
        page.locator(".tables-tools button").first.click()
        expect(page.locator(".tables-problems")).to_be_hidden()
        page.locator(".tables-list a").first.click()
        expect(page.locator(".tables-settings .tables-field").first).to_be_visible()
        assert axe(page) == []
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(app.port)


def axe(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]
