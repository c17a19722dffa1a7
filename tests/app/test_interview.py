"""The interview in a real browser: the same questions as on a terminal, the same case of the same answers, nothing answered lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import tenbin
from app.serving import Served, connected, served
from report.browsing import WIDER
from running.commands import start
from tenbin.interview import QUESTIONS
from tenbin.words import speaker

say = speaker("interview")
LONG = 60_000
expect.set_options(timeout=LONG)

TYPED = {
    "employees": "８５人",
    "revenue": "12億円",
    "days_down": "about 4 days",
    "machines": "nothing",
    "incidents": "2",
    "budget": "3M",
}
ANSWERS = """industry = "factory"
employees = 85
revenue = 1200000000
days_down = 4
remote_access = false
machines = 0
in_place = ["antivirus", "backup"]
incidents = 2
budget = 3000000
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("interview")) as one:
        yield one


def box(page: Page, key: str, lang: str = "en") -> object:
    """The field of a question."""
    return page.get_by_label(f"{say(f'ask_{key}', lang)} ({say(f'unit_{key}', lang)})")


def begin_anew(page: Page) -> None:
    """Forget every answer; the page is loaded again."""
    with page.expect_navigation():
        page.get_by_role("button", name="Begin anew").click()
    connected(page)


def part(page: Page, key: str, lang: str = "en") -> object:
    """A question with all that belongs to it."""
    return page.locator("fieldset", has=page.locator("legend", has_text=say(f"ask_{key}", lang)))


def give(page: Page) -> None:
    """Answer as a director would."""
    part(page, "industry").get_by_role("radio", name=say("choice_industry_factory", "en")).click()
    for key, typed in TYPED.items():
        box(page, key).fill(typed)
    part(page, "remote_access").get_by_role("radio", name=say("no", "en"), exact=True).click()
    for key in ("antivirus", "backup"):
        part(page, "in_place").get_by_role("checkbox", name=say(f"choice_in_place_{key}", "en"), exact=True).click()


def test_every_question_of_the_terminal_is_asked(app: Served, chromium: Browser) -> None:
    with app.page(chromium, "/en/interview") as (page, seen):
        for number, one in enumerate(QUESTIONS, start=1):
            expect(page.locator("legend", has_text=f"{number}. {say(f'ask_{one.key}', 'en')}")).to_be_visible()
            expect(part(page, one.key).get_by_text(say(f"help_{one.key}", "en"), exact=True)).to_be_visible()
        seen.assert_quiet(app.port)


def test_a_mistake_is_told_as_it_is_typed_and_what_is_assumed_follows(app: Served, chromium: Browser) -> None:
    with app.page(chromium, "/en/interview") as (page, seen):
        begin_anew(page)
        beside = part(page, "computers").locator(".interview-beside")
        before = beside.text_content() or ""
        assert "assumed" in before
        box(page, "employees").fill("4000")
        expect(beside).not_to_have_text(before)  # more people have more computers
        box(page, "employees").fill("many")
        expect(part(page, "employees").get_by_role("alert")).to_contain_text("whole number")
        box(page, "employees").fill("60")
        expect(part(page, "employees").locator(".interview-beside")).to_contain_text("60")
        seen.assert_quiet(app.port)


def test_the_case_is_the_command_s(app: Served, chromium: Browser, tmp_path: Path) -> None:
    with app.page(chromium, "/en/interview") as (page, seen):
        begin_anew(page)
        give(page)
        page.get_by_role("button", name="Make the case").click()
        expect(page.get_by_role("heading", name="The case is made")).to_be_visible()
        assert say("ask_cash", "en") in page.locator(".interview-assumed").text_content()
        page.get_by_role("link", name="To the scales").click()
        expect(page.locator(".sheet .lead")).to_be_visible()
        draft = page.url.rstrip("/").rpartition("/")[2].partition("?")[0]
        seen.assert_quiet(app.port)
    (tmp_path / "answers.toml").write_text(ANSWERS, encoding="utf-8")
    start("init", tmp_path / "same", "--answers", tmp_path / "answers.toml", code=0)
    made, same = tenbin.load(app.folder / "drafts" / draft), tenbin.load(tmp_path / "same")
    assert (made.scenarios, made.effects, made.status, made.organisation) == (
        same.scenarios,
        same.effects,
        same.status,
        same.organisation,
    )
    assert (made.costs.rows, made.targets) == (same.costs.rows, same.targets)
    answers = (app.folder / "drafts" / draft / "answers.toml").read_text(encoding="utf-8")
    assert "employees = 85" in answers


def test_a_killed_server_and_the_other_language_keep_the_answers(tmp_path: Path, chromium: Browser) -> None:
    with served(tmp_path) as one, one.page(chromium, "/en/interview") as (page, _):
        give(page)
        expect(part(page, "budget").locator(".interview-beside")).to_contain_text("3")
        deadline = 50
        while "backup" not in (kept := tmp_path / "drafts" / "interview-unfinished.toml").read_text(encoding="utf-8"):
            deadline -= 1
            assert deadline, kept
            page.wait_for_timeout(100)  # the last tick is on its way
        one.kill()
        one.restart()
        one.go(page, "/ja/interview")
        expect(box(page, "employees", "ja")).to_have_value("85人")
        expect(part(page, "industry", "ja").get_by_role("radio", name=say("choice_industry_factory", "ja"))).to_be_checked()
        backup = part(page, "in_place", "ja").get_by_role("checkbox", name=say("choice_in_place_backup", "ja"), exact=True)
        expect(backup).to_be_checked()
        expect(part(page, "in_place", "ja").get_by_role("checkbox", name=say("nothing", "ja"), exact=True)).not_to_be_checked()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_for_axe_to_find_and_nothing_sideways(app: Served, chromium: Browser, lang: str, width: int) -> None:
    with app.page(chromium, f"/{lang}/interview", width=width) as (page, seen):
        expect(page.locator("legend").first).to_be_visible()
        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        assert page.evaluate(WIDER) == 0
        seen.assert_quiet(app.port)
