"""The scales in a real browser, on the real server: every way to ask, and what becomes of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import tenbin
from app.serving import Seen, Served, served, type_in
from report.browsing import WIDER
from report.hostile import write_hostile_case
from running.commands import ROOT, start
from tenbin.inputs import write_case
from tenbin.units import format_amount

LONG = 30_000
expect.set_options(timeout=LONG)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case computed by hand, asked for its bad years."""
    frames = tenbin.to_frames(tenbin.load(ROOT / "scenarios" / "two-cells"))
    frames["case"]["study"] |= {"n_trials": 20_000}
    frames["case"] |= {
        "targets": {"tvar95": "75%"},
        "levels": {"standard": ["survive=99%"], "high": ["tvar95=50%"]},
    }
    folder = tmp_path_factory.mktemp("cases") / "two-cells"
    write_case(tenbin.load(frames), folder)
    return folder


@pytest.fixture(scope="module")
def app(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("scales"), home) as one:
        yield one


@pytest.fixture
def opened(app: Served, chromium: Browser) -> Iterator[tuple[Page, Seen]]:
    """The scales, settled; the question as the case asks it. Nothing may have been said or asked outside when the test ends."""
    with app.page(chromium) as (page, seen):
        lead(page)
        yield page, seen
        seen.assert_quiet(app.port)


def lead(page: Page) -> str:
    """The answer's sentence."""
    sentence = page.locator(".sheet .lead")
    expect(sentence).to_be_visible()
    return sentence.text_content() or ""


def settle(page: Page) -> None:
    """Wait until everything is worked out."""
    expect(page.locator(".doing")).to_contain_text(re.compile("Everything is worked out|計算はすべて終わりました"))


def put_price(page: Page, figure: str) -> None:
    """Type another price of the first measure that is offered, and wait for all that comes of it."""
    page.locator("summary", has_text="What if it were otherwise?").click()
    page.get_by_label("Which").click()
    page.get_by_role("option").first.click()
    type_in(page.get_by_label("To buy, once"), figure)
    settle(page)


def until(page: Page, what: Callable[[], bool]) -> None:
    """Wait until something is so that no page shows."""
    for _ in range(LONG // 100):
        if what():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not become so")


def shows(page: Page, place: str, value: float) -> None:
    """Wait until a figure of the scales is this one, to the last digit."""
    expect(page.locator(f".part-of-scales data[data-path='{place}']").first).to_have_attribute("value", repr(value))


def aim(page: Page, words: str) -> None:
    page.get_by_role("radio", name=words).click()


def ask_risk(page: Page, typed: str) -> None:
    """Type what may remain."""
    aim(page, "How much risk may remain")
    box = page.get_by_label("Amount, or a share of today such as 60%")
    type_in(box, typed)


def test_the_answer_is_the_command_s(opened: tuple[Page, Seen], home: Path, tmp_path: Path) -> None:
    page, _ = opened
    ask_risk(page, "70%")
    settle(page)
    found = json.loads(start("optimise", home, "--target", "tvar95=70%", "--json", "--out", tmp_path, code=0).stdout)
    shows(page, "cost.per_year", found["cost"]["per_year"])
    shows(page, "risk.residual.tvar95", found["risk"]["residual"]["tvar95"])
    assert page.locator(".certificate").first.text_content()


def test_the_slider_by_keyboard_and_a_second_tab(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    settle(page)
    first = lead(page)
    other, seen = app.tab(page.context.new_page(), page.url.partition(str(app.port))[2])
    assert lead(other) == first
    slider = page.get_by_label("Loss that may remain")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("PageDown")
    expect(page.locator(".sheet .lead")).not_to_have_text(first)
    box = page.get_by_label("Amount, or a share of today such as 60%")
    expect(box).not_to_have_value("75%")
    assert slider.get_attribute("aria-valuetext") == box.input_value()
    settle(page)
    expect(other.locator(".sheet .lead")).to_have_text(lead(page))
    expect(other.get_by_label("Amount, or a share of today such as 60%")).to_have_value(box.input_value())
    seen.assert_quiet(app.port)
    other.close()


def test_budget_level_and_least_total(opened: tuple[Page, Seen], home: Path) -> None:
    page, _ = opened
    aim(page, "What it may cost")
    box = page.get_by_label("Amount", exact=True)
    type_in(box, "2.5M")
    found = tenbin.optimise(tenbin.load(home), budget="2.5M/year")
    shows(page, "cost.per_year", found.cost.per_year)
    aim(page, "A named security level")
    shows(page, "cost.per_year", tenbin.optimise(tenbin.load(home), level="standard").cost.per_year)
    aim(page, "Least cost and loss together")
    expect(page.locator(".certificate").first).to_contain_text("proof")
    box = page.get_by_label("Amount", exact=True)
    assert not box.is_visible()


def test_a_typed_mistake_is_told_as_it_is_typed(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "70%")
    settle(page)
    before = lead(page)
    box = page.get_by_label("Amount, or a share of today such as 60%")
    box.fill("lots")
    expect(page.get_by_text(re.compile("must be an amount or a share; got lots"))).to_be_visible()
    box.press("Enter")
    assert lead(page) == before
    box.fill("70%")
    expect(page.get_by_text(re.compile("got lots"))).to_have_count(0)


def test_a_measure_in_and_out(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    settle(page)
    chosen = page.locator(".part-of-buy tbody .id").first.text_content() or ""
    page.locator("summary", has_text="In or out").click()
    page.get_by_role("combobox", name="Measure", exact=True).fill(chosen)
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Must be out").click()
    expect(page.get_by_role("button", name=re.compile(f"Leave it open again: {chosen}"))).to_be_visible()
    settle(page)
    assert chosen not in page.locator(".part-of-buy tbody .id").all_text_contents()
    page.get_by_role("button", name=re.compile("Leave it open again")).click()
    expect(page.locator(".part-of-buy tbody .id", has_text=chosen).first).to_be_visible()


def test_another_price_and_undo(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    settle(page)
    before = lead(page)
    chosen = page.locator(".part-of-buy tbody .id").first.text_content() or ""
    page.locator("summary", has_text="What if it were otherwise?").click()
    page.get_by_label("Which").fill(chosen)
    page.get_by_role("option").first.click()
    box = page.get_by_label("To buy, once")
    box.fill("-5")
    expect(page.get_by_text(re.compile("must be .*; got -5"))).to_be_visible()
    type_in(box, "9.99M")
    expect(page.locator(".sheet .lead")).not_to_have_text(before)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".sheet .lead")).to_have_text(before)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".sheet .lead")).not_to_have_text(before)
    page.get_by_role("button", name="Undo").click()


def test_what_cannot_be_and_what_can_be_instead(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "1")
    expect(page.get_by_role("heading", name="No plan does all of this")).to_be_visible()
    assert not page.locator(".sheet").is_visible()
    offer = page.get_by_role("button", name=re.compile("^Let .* remain$"))
    offer.first.click()
    assert lead(page)
    expect(page.get_by_role("heading", name="No plan does all of this")).to_have_count(0)


def test_the_work_beside_can_be_stopped_and_gone_on_with(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "82%")
    page.get_by_label("Measured by").click()
    page.get_by_role("option", name=re.compile("average loss", re.IGNORECASE)).first.click()
    stop = page.get_by_role("button", name="Stop here")
    stop.click()
    page.get_by_role("button", name="Go on").click()
    settle(page)
    page.get_by_label("Measured by").click()
    page.get_by_role("option", name=re.compile("worst 5 of 100")).first.click()
    settle(page)


def test_no_heading_stands_over_nothing(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    for typed in ("75%", "1", "80%"):
        ask_risk(page, typed)
        settle(page) if typed != "1" else expect(page.get_by_role("heading", name="No plan does all of this")).to_be_visible()
        empty = "() => [...document.querySelectorAll('.sheet section')].filter((s) => s.offsetParent && !s.querySelector('[data-slot]').innerHTML).length"
        assert page.evaluate(empty) == 0


def focused(page: Page) -> str:
    """What the keyboard is on: nothing is the body."""
    expect(page.locator("body:focus")).to_have_count(0)
    page.wait_for_timeout(200)
    return str(page.evaluate("() => document.activeElement.tagName"))


def test_slider_and_box_say_the_same_without_a_plan(opened: tuple[Page, Seen], home: Path) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    settle(page)
    ask_risk(page, "3%")
    expect(page.get_by_role("heading", name="No plan does all of this")).to_be_visible()
    (near,) = tenbin.optimise(tenbin.load(home), ["tvar95=3%"]).to_dict()["conflict"]["nearest"]
    slider = page.get_by_label("Loss that may remain")
    expect(slider).to_have_attribute("aria-valuetext", format_amount(near["asked"], "en"))
    ask_risk(page, "75%")
    settle(page)
    expect(slider).not_to_have_attribute("aria-valuetext", format_amount(near["asked"], "en"))


def test_another_metric_keeps_the_plan_that_an_amount_was_asked_for(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "25M")
    settle(page)
    before = lead(page)
    aal = float(page.locator("data[data-path='risk.residual.aal']").first.get_attribute("value") or "nan")
    page.get_by_label("Measured by").click()
    page.get_by_role("option", name=re.compile("average loss", re.IGNORECASE)).first.click()
    box = page.get_by_label("Amount, or a share of today such as 60%")
    expect(box).to_have_value(format_amount(aal, "en"))
    settle(page)
    shows(page, "risk.residual.aal", aal)
    assert lead(page) != before  # it speaks of the other metric
    page.get_by_label("Measured by").click()
    page.get_by_role("option", name=re.compile("worst 5 of 100")).first.click()
    ask_risk(page, "75%")
    settle(page)


def test_amounts_are_in_the_page_s_language(app: Served, opened: tuple[Page, Seen], chromium: Browser) -> None:
    page, _ = opened
    ask_risk(page, "25M")
    settle(page)
    other, _ = app.tab(page.context.new_page(), "/ja/case/two-cells/")
    box = other.get_by_label("金額、または今日に対する割合（例 60%）")
    expect(box).to_have_value("2,500万円")
    type_in(box, "3%")
    expect(other.get_by_text("最悪の5%の年の平均）が今日の3%以下")).to_be_visible()
    other.get_by_role("button", name=re.compile("まで残すことにする")).click()
    expect(box).to_have_value(re.compile("万円$"))
    assert focused(other) == "H1"
    other.close()
    ask_risk(page, "75%")
    settle(page)


def test_while_it_is_moved_the_plan_stays_and_the_old_target_is_gone(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    settle(page)
    assert page.locator(".sheet line.target").count() >= 1
    first = lead(page)
    move = """(slider) => { slider.value = slider.min; slider.dispatchEvent(new Event("input", {bubbles: true})) }"""
    page.get_by_label("Loss that may remain").evaluate(move)  # held: no change event
    expect(page.locator(".sheet .lead")).not_to_have_text(first)
    expect(page.locator(".sheet line.target")).to_have_count(0)
    page.get_by_label("Loss that may remain").evaluate("(slider) => slider.dispatchEvent(new Event('change', {bubbles: true}))")
    settle(page)
    expect(page.locator(".sheet line.target").first).to_be_attached()
    ask_risk(page, "75%")
    settle(page)


def test_two_figures_one_after_the_other(opened: tuple[Page, Seen], app: Served) -> None:
    page, _ = opened
    page.locator("summary", has_text="What if it were otherwise?").click()
    page.get_by_label("Which").fill("L3.016")
    page.get_by_role("option").first.click()
    first, second = page.get_by_label("To buy, once"), page.get_by_label("To run, each year")
    before = (first.input_value(), second.input_value())
    first.fill("345678")
    first.press("Tab")
    expect(second).to_be_focused()
    file = app.folder / "drafts" / "two-cells" / "measures.csv"
    # Quasar tells that a box was left by a timer: whoever types into the next one and presses Enter sooner puts that one in first
    until(page, lambda: "345678" in file.read_text(encoding="utf-8"))
    page.keyboard.press("Control+a")
    page.keyboard.type("23456")
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    settle(page)
    expect(first).to_have_value("345678")
    expect(second).to_have_value("23456")
    until(page, lambda: all(figure in file.read_text(encoding="utf-8") for figure in ("345678", ",23456,")))
    undo.click()
    expect(second).to_have_value(before[1])
    undo.click()
    expect(first).to_have_value(before[0])


def test_the_keyboard_stays_in_the_page(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    page.locator("summary", has_text="In or out").click()
    measure = page.get_by_role("combobox", name="Measure", exact=True)
    measure.fill("L3.016")
    page.get_by_role("option").first.click()
    out = page.get_by_role("button", name="Must be out")
    expect(out).to_be_enabled()
    out.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Leave it open again: L3.016"))).to_be_visible()
    expect(measure).to_be_focused()
    page.get_by_role("button", name=re.compile("Leave it open again")).press("Enter")
    expect(page.get_by_role("button", name=re.compile("Leave it open again"))).to_have_count(0)
    expect(measure).to_be_focused()


def test_further_conditions(opened: tuple[Page, Seen], home: Path) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    page.locator("summary", has_text="Further conditions").click()
    box = page.get_by_label("Amount or share, such as 3M or 60%")
    box.fill("lots")
    expect(page.get_by_text(re.compile("must be an amount or a share; got lots"))).to_be_visible()
    box.fill("40%")
    page.get_by_role("button", name="Add this condition").click()
    chip = page.get_by_role("button", name="No longer ask for average loss per year: at most 40% of today’s")
    expect(chip).to_be_visible()
    found = tenbin.optimise(tenbin.load(home), ["tvar95=75%", "aal=40%"])
    shows(page, "cost.per_year", found.cost.per_year)
    days = page.get_by_label("Days of your own people each year, at most")
    type_in(days, "0")
    none = page.get_by_role("heading", name="No plan does all of this")
    least = tenbin.optimise(tenbin.load(home), ["tvar95=75%", "aal=40%"], max_days="0/year")
    assert least.status == "infeasible"
    expect(none).to_be_visible()
    expect(page.locator(".notice li").first).to_have_text(re.compile("days a year|at most"))
    page.get_by_role("button", name="No longer ask for 0 days a year").press("Enter")
    shows(page, "cost.per_year", found.cost.per_year)
    expect(days).to_have_value("")
    chip.press("Enter")
    expect(chip).to_have_count(0)
    expect(box).to_be_focused()


def test_a_mistake_in_the_tables_leaves_the_answer(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "75%")
    settle(page)
    before = lead(page)
    tables, _ = app.tab(page.context.new_page(), "/en/case/two-cells/tables?table=measures")
    tables.locator(".ag-row[row-id='0'] [col-id='no']").click()
    expect(tables.locator(".tables-row")).to_contain_text("Row 1.")
    price = tables.get_by_label(re.compile("^To buy|capex|Buy", re.IGNORECASE)).last
    was = price.input_value()
    type_in(price, "lots")
    notice = page.locator(".notice.bad", has_text="entry of the tables needs another look")
    expect(notice).to_be_visible()
    expect(notice.locator("li")).to_have_text(re.compile("^measures, row 1, .*must be .*; got lots"))
    assert lead(page) == before
    ask_risk(page, "80%")  # it can be asked all the same
    settle(page)
    page.get_by_role("link", name="Compare").click()
    expect(page.locator(".compare-numbers")).to_be_visible()
    expect(page.locator(".notice.bad", has_text="another look")).to_be_visible()
    page.get_by_role("link", name="Files").click()
    expect(page.locator(".notice.bad", has_text="another look")).to_be_visible()
    type_in(price, was)
    expect(page.locator(".notice.bad", has_text="another look")).to_be_hidden()
    tables.close()


def test_a_draft_removed_in_another_tab(app: Served, chromium: Browser) -> None:
    made = app.folder / "drafts" / "to-be-removed"
    shutil.copytree(app.folder / "drafts" / "two-cells", made, ignore=shutil.ignore_patterns(".*"))
    with app.page(chromium, "/en/case/to-be-removed/") as (page, seen):
        assert lead(page)
        start_page, _ = app.tab(page.context.new_page(), "/en/")
        row = start_page.locator("li, tr", has=start_page.locator("a[href*='to-be-removed']")).first
        row.get_by_role("button", name=re.compile("Remove")).click()
        row.get_by_role("button", name=re.compile("Really|Remove")).click()
        expect(page.get_by_text("was removed, or opened anew, in another tab")).to_be_visible()
        expect(page.locator(".desk-page[inert]")).to_have_count(1)
        expect(row).to_be_hidden()
        assert not made.exists()
        page.get_by_role("link", name="To the start page").click()
        expect(page.locator("h1")).to_be_visible()
        seen.assert_quiet(app.port)


def test_the_draft_of_before_and_a_new_one(home: Path, tmp_path: Path, chromium: Browser) -> None:
    with served(tmp_path, home) as one, one.page(chromium) as (page, _):
        lead(page)
        expect(page.get_by_text("as you left it")).to_be_hidden()
        put_price(page, "777777")
        one.restart()
        one.go(page, "/")
        expect(page.get_by_text("as you left it")).to_be_visible()
        page.get_by_role("button", name="Begin anew from the files").click()
        expect(page).to_have_url(re.compile("two-cells-2"))
        expect(page.get_by_text("as you left it")).to_be_hidden()
        assert "777777" not in (tmp_path / "drafts" / "two-cells-2" / "measures.csv").read_text(encoding="utf-8")
        assert "777777" in (tmp_path / "drafts" / "two-cells" / "measures.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [375, 768, 1440])
def test_nothing_for_axe_to_find_and_nothing_sideways(app: Served, chromium: Browser, lang: str, width: int) -> None:
    with app.page(chromium, f"/{lang}/case/two-cells/", width=width) as (page, seen):
        lead(page)
        assert (page.locator("html").get_attribute("lang") or "").startswith(lang)
        for summary in page.locator("details.asked > summary").all():
            summary.click()
        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(app.port)


def test_axe_finds_what_is_there_to_find(app: Served, chromium: Browser) -> None:
    """The control of the one above."""
    with app.page(chromium) as (page, _):
        lead(page)
        page.evaluate("() => document.querySelector('.sheet').append(document.createElement('img'))")
        assert "image-alt" in [one["id"] for one in Axe().run(page).response["violations"]]


def test_the_other_language_shows_the_same(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    ask_risk(page, "77%")
    settle(page)
    page.get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_label("金額、または今日に対する割合（例 60%）")).to_have_value("77%")
    assert re.search("万円", lead(page))


def test_a_killed_server_loses_nothing(home: Path, tmp_path: Path, chromium: Browser) -> None:
    with served(tmp_path, home) as one, one.page(chromium) as (page, _):
        lead(page)
        ask_risk(page, "66%")
        put_price(page, "777777")
        one.kill()
        one.restart()
        expect(page.get_by_label("Amount, or a share of today such as 60%")).to_have_value("66%")  # it comes back by itself
        assert lead(page)
        kept = (tmp_path / "drafts" / "two-cells" / "measures.csv").read_text(encoding="utf-8")
        assert "777777" in kept
        assert "777777" not in (home / "measures.csv").read_text(encoding="utf-8")


def test_hostile_texts_stay_text(tmp_path: Path, chromium: Browser) -> None:
    home, put = write_hostile_case(tmp_path)
    with served(tmp_path, home) as one, one.page(chromium) as (page, seen):
        assert lead(page)
        assert put["case:title_en"] in (page.locator("h1").text_content() or "")
        assert page.evaluate("() => window.hacked") is None
        assert page.locator(".nicegui-content img").count() == 0
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(one.port)
