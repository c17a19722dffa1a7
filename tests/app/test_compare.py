"""Two plans beside each other, in a real browser on the real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import tenbin
from app.serving import Seen, Served, served, type_in
from report.browsing import OVERLAPS, WIDER
from report.hostile import write_hostile_case
from running.commands import ROOT, start
from tenbin.inputs import write_case

PLACE = "/en/case/two-cells/compare"
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case computed by hand, asked for its bad years, with a reserve."""
    frames = tenbin.to_frames(tenbin.load(ROOT / "scenarios" / "two-cells"))
    frames["case"] |= {
        "targets": {"tvar95": "75%"},
        "organisation": {**frames["case"]["organisation"], "cash_reserve": 20e6},
    }
    folder = tmp_path_factory.mktemp("cases") / "two-cells"
    write_case(tenbin.load(frames), folder)
    return folder


@pytest.fixture(scope="module")
def app(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("compare"), home) as one:
        one.ask("GET", "/", cookie=one.cookie())  # the draft is made
        yield one


@pytest.fixture
def opened(app: Served, chromium: Browser) -> Iterator[tuple[Page, Seen]]:
    """The page with both plans; nothing may have been said or asked outside when the test ends."""
    with app.page(chromium, PLACE) as (page, seen):
        expect(page.locator(".compare-numbers")).to_be_visible()
        yield page, seen
        seen.assert_quiet(app.port)


def choose(page: Page, letter: str, name: str | re.Pattern[str]) -> None:
    """Choose a plan on a side, of the tab that is looked at: one behind another draws no list. Quasar gives the keyboard back to
    the box as the list goes, and once more a quarter of a second later by the page's clock."""
    page.bring_to_front()
    box = page.get_by_role("combobox", name=f"Plan {letter}")
    box.click()
    page.get_by_role("option", name=name).first.click()
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.evaluate("() => new Promise(done => setTimeout(done, 500))")


def number(page: Page, path: str) -> float:
    return float(page.locator(f"data[data-path='{path}']").get_attribute("value") or "nan")


def shows(page: Page, path: str, value: float) -> None:
    expect(page.locator(f"data[data-path='{path}']")).to_have_attribute("value", repr(float(value)))


def test_the_numbers_are_those_of_evaluate(opened: tuple[Page, Seen], home: Path) -> None:
    page, _ = opened
    case = tenbin.load(home)
    answer = tenbin.optimise(case)
    chosen = ",".join(f"{measure}={level}" for measure, level in answer.plan.items())
    nothing = {"left": "Nothing at all", "right": re.compile("The answer on the scales")}
    choose(page, "A", nothing["left"])
    choose(page, "B", nothing["right"])
    told = json.loads(start("evaluate", home, "--plan", "current", "--plan", chosen, "--json", code=0).stdout)
    plans = {"left": tenbin.evaluate(case, {}).to_dict(), "right": told["plans"][chosen]}
    for side, found in plans.items():
        for name in ("per_year", "first_year", "first_year_cash", "npv", "days_first_year", "days_per_year"):
            shows(page, f"{side}.cost.{name}", found["cost"][name])
        for name, value in found["risk"].items():
            shows(page, f"{side}.risk.{name}", value)
        shows(page, f"{side}.total", found["cost"]["per_year"] + found["risk"]["aal"])
    shows(page, "left.over_reserve", tenbin.evaluate(case, {}).exceedance(20e6))
    shows(page, "right.check.tvar95=75%", answer.risk.metrics()["tvar95"])
    assert number(page, "left.over_reserve") > number(page, "right.over_reserve")
    expect(page.locator(".compare-met")).to_have_text("✓ met")
    expect(page.locator(".compare-missed")).to_have_text("✗ missed")
    lead = page.locator(".compare-lead")
    expect(lead).to_have_text(re.compile(r"Plan B costs .* more a year and takes .* off the loss of a bad year"))
    bought = page.get_by_role("region", name=re.compile("Only in plan B")).locator("th .id").all_text_contents()
    assert set(answer.plan) <= {text.strip() for text in bought}


def test_a_plan_put_aside_is_there_to_be_compared(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    other, seen = app.tab(page.context.new_page(), PLACE)
    choose(page, "A", "Nothing at all")
    choose(page, "B", re.compile("The answer on the scales"))
    page.get_by_role("button", name="Put plan B aside").press("Enter")
    expect(page.get_by_role("button", name="No longer keep plan B aside")).to_be_focused()  # it stays under the hand
    choose(other, "A", re.compile("Put aside: "))  # the other tab has it at once
    expect(other).to_have_url(re.compile("left=shelf-"))
    expect(other.locator(".compare-lead")).to_have_text("Both are the same plan.")
    other.reload()
    expect(other.locator(".compare-lead")).to_have_text("Both are the same plan.")
    page.get_by_role("button", name="No longer keep plan B aside").click()
    expect(page.get_by_role("button", name="Put plan B aside")).to_be_visible()
    seen.assert_quiet(app.port)
    other.close()


def test_a_plan_becomes_the_question(app: Served, opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    choose(page, "A", "Nothing at all")
    button = page.get_by_role("button", name=re.compile("Ask for what plan A leaves: at most "))
    before = page.locator(".compare-lead").text_content()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Put plan A aside")).to_be_focused()  # the one that was pressed is gone
    expect(page.locator(".compare-lead")).not_to_have_text(before or "")
    app.go(page, "/en/case/two-cells/")
    box = page.get_by_label("Amount, or a share of today such as 60%")
    expect(box).not_to_have_value("75%")
    type_in(box, "75%")
    expect(page.locator(".doing")).to_contain_text("Everything is worked out")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_for_axe_to_find(app: Served, chromium: Browser, lang: str, width: int) -> None:
    with app.page(chromium, f"/{lang}/case/two-cells/compare?left=nothing&right=answer", width=width) as (page, seen):
        expect(page.locator(".compare-numbers")).to_be_visible()
        for summary in page.locator("details > summary").all():
            summary.click()
        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        assert page.evaluate(WIDER) == 0
        assert page.evaluate(OVERLAPS) == []
        seen.assert_quiet(app.port)


def test_hostile_texts_stay_text(tmp_path: Path, chromium: Browser) -> None:
    home, put = write_hostile_case(tmp_path)
    name = put["case:title_en"]
    with served(tmp_path, home) as one:
        one.ask("GET", "/", cookie=one.cookie())
        kept = tmp_path / "drafts" / "hostile" / "scales.json"
        shelf = [{"name": name, "plan": {}}, {"name": "<img src=x onerror='window.hacked=1'>", "plan": {"no": "such"}}]
        kept.write_text(json.dumps({**json.loads(kept.read_text(encoding="utf-8")), "shelf": shelf}), encoding="utf-8")
        with one.page(chromium, "/en/case/hostile/compare?left=nothing&right=today") as (page, seen):
            expect(page.locator(".compare-numbers")).to_be_visible()
            expect(page.locator(".compare-lines th").filter(has_text=re.compile(r"#\d+ ")).first).to_be_attached()
            choose(page, "A", re.compile("Put aside: #"))
            expect(page.locator(".compare-lead")).to_contain_text("Plan B")
            choose(page, "A", re.compile("Put aside: <img"))  # of a measure that the case does not have
            expect(page.get_by_role("alert").filter(has_text="no")).to_be_visible()
            assert page.evaluate("() => window.hacked") is None
            assert page.locator(".nicegui-content img").count() == 0
            assert page.evaluate(WIDER) == 0
            seen.assert_quiet(one.port)
