"""What notebooks show of tenbin's objects: the right figures, in the language asked for, and hostile texts as text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import tenbin
from report.hostile import write_hostile_case
from running.commands import ROOT
from tenbin.studies.markup import card, line, plain, table
from tenbin.units import format_amount

ALLOWED = {
    "caption",
    "circle",
    "details",
    "div",
    "g",
    "path",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "tr",
}
ATTRIBUTES = {
    *("aria-label", "class", "cx", "cy", "d", "fill", "font-size", "height", "opacity", "r", "role", "scope", "stroke"),
    *("stroke-width", "style", "text-anchor", "viewbox", "width", "x", "y"),
}


@dataclass
class Reading(HTMLParser):
    """Tags, attributes and cells of a piece of HTML."""

    strange: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.strange += [] if tag in ALLOWED else [tag]
        self.strange += [f"{tag} {name}" for name, _ in attrs if name not in ATTRIBUTES]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag != "circle" and tag != "path":
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("circle", "path"):
            self.strange += [] if self.open_tags and self.open_tags.pop() == tag else [f"/{tag}"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.open_tags and self.open_tags[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def read(html: str) -> Reading:
    found = Reading()
    found.feed(html)
    found.close()
    return found


def shown(case: tenbin.Case) -> dict[str, Any]:
    """One of each thing that is shown."""
    events = tenbin.simulate(case, n_trials=1000, n_worlds=4)
    result = tenbin.optimise(events, ["tvar95=70%"], time_limit=3)
    risk = tenbin.evaluate(events, result.plan)
    return {
        "case": case,
        "events": events,
        "risk": risk,
        "part": risk.scope("L2"),
        "result": result,
        "infeasible": tenbin.optimise(events, ["tvar95=1"], raise_infeasible=False, time_limit=3),
        "frontier": tenbin.frontier(events, n_points=5, time_limit=3),
    }


@pytest.fixture(scope="module")
def things() -> dict[str, Any]:
    return shown(tenbin.load(ROOT / "scenarios" / "machine-parts-sme"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder, _ = write_hostile_case(tmp_path_factory.mktemp("hostile"))
    case = tenbin.load(folder)
    return shown(
        replace(case, title_en="<img src=x onerror=window.hacked=1>" + case.title_en, title_ja="<b>&amp;\u202e悪意</b>")
    )


NAMES = ("case", "events", "risk", "part", "result", "infeasible", "frontier")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", NAMES)
def test_everything_is_shown_as_sound_html(
    things: dict[str, Any], name: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENBIN_LANG", lang)
    html = things[name]._repr_html_()
    found = read(html)
    assert (found.strange, found.open_tags) == ([], [])
    assert things["case"].title(lang) in "".join(found.texts)
    assert len(html) < 40_000


def test_figures_are_those_of_the_documents(things: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENBIN_LANG", "en")
    document = things["result"].to_dict(how_sure=False)
    rows = read(things["result"]._repr_html_()).rows
    risks = [document["risk"]["inherent"], document["current"]["risk"], document["risk"]["residual"]]
    for metric, row in zip(risks[0], rows[1:], strict=False):
        assert row[1:] == [format_amount(risk[metric]) for risk in risks]
    assert {row[0] for row in rows if row[-3:-2] and row[3:4] == ["keep"]} == {e["measure"] for e in document["change"]["keep"]}
    front = things["frontier"].to_frame()
    assert [row[3] for row in read(things["frontier"]._repr_html_()).rows[1:]] == [format_amount(v) for v in front["value"]]
    risk = things["risk"]
    assert [row[1] for row in read(risk._repr_html_()).rows[1:]] == [format_amount(v) for v in risk.metrics().values()]
    assert read(things["part"]._repr_html_()).rows[1][1] == format_amount(risk.scope("L2").aal)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_stay_text(hostile: dict[str, Any], name: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENBIN_LANG", lang)
    html = hostile[name]._repr_html_()
    found = read(html)
    assert (found.strange, found.open_tags) == ([], [])
    assert "\u202e" not in html
    assert len(html) < 60_000  # nor of any length


def test_no_browser_runs_them(
    hostile: dict[str, Any], chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a real browser nothing is asked of the network and no script runs; the same page with one text let through does."""

    def hacked(body: str) -> tuple[bool, list[str]]:
        path = tmp_path / "page.html"
        path.write_text(f"<!doctype html><meta charset=utf-8><body>{body}", encoding="utf-8")
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        found = bool(page.evaluate("() => Boolean(window.hacked)"))
        page.close()
        return found, asked[1:]

    monkeypatch.setenv("TENBIN_LANG", "en")
    assert hacked("".join(hostile[name]._repr_html_() for name in NAMES)) == (False, [])
    was_run, asked = hacked("<script>window.hacked=1</script><img src=x>")
    assert was_run
    assert len(asked) == 1


def test_texts_are_cut_and_escaped() -> None:
    assert plain("a\u202eb\n\tc" + "x" * 500, 10) == "a b cxxxx…"
    assert read(card("<i>", line("a & b"), table(["<b>"], [["</td>"]]))).strange == []
    assert read("<div><script>x</script></div>").strange == ["script"]  # the reading sees what is not let through


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_words_of_an_empty_case(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case without an organisation's figures, effects or plan in place; a year without any tail."""
    monkeypatch.setenv("TENBIN_LANG", lang)
    case = tenbin.load(ROOT / "scenarios" / "two-cells")
    bare = replace(
        case, title_en="", title_ja="", targets=(), organisation=replace(case.organisation, annual_revenue=None, employees=None)
    )
    assert read(bare._repr_html_()).strange == []  # type: ignore[attr-defined]
    risk = tenbin.evaluate(tenbin.simulate(bare, n_trials=10, n_worlds=1), {})
    assert len(read(risk.scope("L2")._repr_html_()).rows) == 3  # no year lies in the tail of tvar95
