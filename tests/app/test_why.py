"""The reasons for an answer, in a real browser on the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import tenbin
from app.serving import Seen, Served, served, type_in
from report.browsing import WIDER
from report.hostile import write_hostile_case
from running.commands import ROOT
from tenbin.inputs import write_case
from tenbin.reporting.reason_words import enters, why_chosen
from tenbin.studies import Result
from tenbin.studies.wondering import PlanReasons

PLACE = "/en/case/two-cells/why"
SCALES = "/en/case/two-cells/"
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case computed by hand, asked for its bad years."""
    frames = tenbin.to_frames(tenbin.load(ROOT / "scenarios" / "two-cells"))
    frames["case"]["study"] |= {"n_trials": 20_000}
    frames["case"] |= {"targets": {"tvar95": "75%"}}
    folder = tmp_path_factory.mktemp("cases") / "two-cells"
    write_case(tenbin.load(frames), folder)
    return folder


@pytest.fixture(scope="module")
def app(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("why"), home) as one:
        one.ask("GET", "/", cookie=one.cookie())  # the draft is made
        yield one


@pytest.fixture
def opened(app: Served, chromium: Browser) -> Iterator[tuple[Page, Seen]]:
    """The page with every reason; nothing may have been said or asked outside when the test ends."""
    with app.page(chromium, PLACE) as (page, seen):
        ask(page)
        yield page, seen
        seen.assert_quiet(app.port)


def ask(page: Page) -> None:
    """Ask why, where that is not known yet, and wait for the last reason."""
    done = page.get_by_text(re.compile("All .* measures were asked about|対策すべてを調べました"))
    button = page.get_by_role("button", name=re.compile("Ask why|Ask again|理由を調べる|調べ直す"))
    expect(done.or_(page.locator("button:enabled:visible", has_text=re.compile("Ask|調べ"))).first).to_be_visible()
    if button.is_visible():
        button.click()
    expect(done).to_be_visible()
    expect(page.get_by_text("These are the reasons for an earlier answer")).not_to_be_visible()


def test_the_keyboard_stays_where_it_was(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    row = page.locator(".why-table tbody tr").first
    row.get_by_role("button").first.press("Enter")
    open_again = page.get_by_role("button", name=re.compile("^Leave it open"))
    expect(open_again).to_be_visible()
    expect(open_again).to_be_focused()
    open_again.press("Enter")
    expect(open_again).to_have_count(0)
    expect(page.locator(".why-buttons button:focus")).to_have_count(1)


def annuity(case: tenbin.Case) -> float:
    rate = case.organisation.discount_rate
    return sum((1 + rate) ** -year for year in range(case.organisation.horizon_years))


def test_the_reasons_are_those_of_optimise(opened: tuple[Page, Seen], home: Path) -> None:
    page, _ = opened
    case = tenbin.load(home)
    found = tenbin.optimise(case, ["tvar95=75%"], validate=True, reasons=True).reasons
    assert found is not None
    assert found.chosen
    assert found.others
    years = annuity(case)
    shown = page.locator(".why-list > li")
    expect(shown).to_have_count(len(found.chosen))
    for item, why in zip(shown.all(), found.chosen, strict=True):
        assert why.measure in (item.get_by_role("heading").text_content() or "")
        told = why_chosen(why.to_dict(), case.currency, years, why.measure in {r.id for r in case.status if r.mandatory}, "en")
        assert " ".join(told) == item.locator("p").first.text_content()
    rows = page.locator(".why-table tbody tr")
    expect(rows).to_have_count(len(found.others))
    prices = {why.measure: enters(why.to_dict(), case.currency, years, "en") for why in found.others}
    for row in rows.all():
        measure = (row.locator("th").text_content() or "").split()[0]
        assert row.locator("td").first.text_content() == prices.pop(measure)
    assert prices == {}


def test_one_at_a_time_is_all_at_once(home: Path) -> None:
    events = tenbin.simulate(tenbin.load(home))
    result = tenbin.optimise(events, ["tvar95=75%"], reasons=True)
    assert result.reasons is not None
    assert (
        tuple(_each(PlanReasons(events, result, {"targets": ["tvar95=75%"]}))) == result.reasons.chosen + result.reasons.others
    )
    other = tenbin.optimise(events, ["tvar95=50%"])
    assert (
        tuple(_each(PlanReasons(events, other, {"targets": ["tvar95=50%"]}))) != result.reasons.chosen + result.reasons.others
    )


def test_a_budget_has_reasons_of_the_level_that_it_buys(home: Path) -> None:
    events = tenbin.simulate(tenbin.load(home))
    bought: Result = tenbin.optimise(events, budget="2.5M/year", metric="tvar95")
    reasons = PlanReasons(events, bought, {"budget": "2.5M/year", "metric": "tvar95"})
    assert bought.risk is not None
    assert reasons.level == ("tvar95", bought.risk.metrics()["tvar95"])
    for why in _each(reasons):
        if hasattr(why, "instead") and why.instead is not None:
            assert why.instead.extra_npv >= -1e-6  # nothing cheaper reaches it
            assert next(iter(why.instead.values.values())) <= reasons.level[1] * (1 + 1e-9)


def _each(reasons: PlanReasons) -> Iterator[object]:
    while (found := reasons.next()) is not None:
        yield found


def test_what_is_settled_is_asked_and_the_reasons_are_told_to_be_old(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    other, seen = app.tab(page.context.new_page(), PLACE)
    expect(other.locator(".why-list > li").first).to_be_visible()  # the other tab has the reasons without asking
    first = page.locator(".why-list > li").first
    first.get_by_role("button", name=re.compile("^Must be out: ")).focus()
    page.keyboard.press("Enter")
    for tab in (page, other):
        expect(tab.get_by_text("Must be out.", exact=True)).to_be_visible()
        expect(tab.get_by_text("These are the reasons for an earlier answer")).to_be_visible()
        expect(tab.get_by_role("button", name="Ask again, of the answer now")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Leave it open again: ")).click()
    expect(page.get_by_text("These are the reasons for an earlier answer")).not_to_be_visible()
    seen.assert_quiet(app.port)
    other.close()


def test_a_question_without_a_plan(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    scales, seen = app.tab(page.context.new_page(), SCALES)
    box = scales.get_by_label("Amount, or a share of today such as 60%")
    type_in(box, "1")
    expect(page.get_by_role("heading", name="No plan does all of this")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Ask ")).first).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Let .* remain$")).first.click()
    expect(page.get_by_role("heading", name="No plan does all of this")).not_to_be_visible()
    ask(page)
    type_in(box, "75%")
    expect(scales.locator(".doing")).to_contain_text("Everything is worked out")
    seen.assert_quiet(app.port)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_for_axe_to_find(app: Served, chromium: Browser, lang: str, width: int) -> None:
    with app.page(chromium, f"/{lang}/case/two-cells/why", width=width) as (page, seen):
        ask(page)
        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(app.port)


def test_asking_can_be_stopped_and_hostile_texts_stay_text(tmp_path: Path, chromium: Browser) -> None:
    home, _ = write_hostile_case(tmp_path)
    with served(tmp_path, home) as one:
        one.ask("GET", "/", cookie=one.cookie())
        with one.page(chromium, "/en/case/hostile/why") as (page, seen):
            page.get_by_role("button", name="Ask why").click()
            expect(page.locator(".why-list > li").nth(2)).to_be_visible()
            page.get_by_role("button", name="Stop here").click()
            expect(page.get_by_text(re.compile("measures were asked about; the others were not"))).to_be_visible()
            n = page.locator(".why-list > li").count()
            assert 3 <= n < 55
            expect(page.get_by_text(re.compile(r"Acts on: .*#\d+ ")).first).to_be_visible()
            assert page.evaluate("() => window.hacked") is None
            assert page.locator(".nicegui-content img").count() == 0
            assert page.evaluate(WIDER) == 0
            seen.assert_quiet(one.port)
