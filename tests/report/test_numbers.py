"""Every number of the page is the run's: read out of the page and looked up in its documents; an altered page fails."""

from __future__ import annotations

import json
import math
import re
from html.parser import HTMLParser

import pytest

from tenbin.reporting.sentences import answer
from tenbin.units import format_amount


class Numbers(HTMLParser):
    """The ``<data>`` elements of a page: place, exact value, text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.open: tuple[str, str] | None = None
        self.text = ""

    def handle_starttag(self, tag, attrs):
        if tag == "data":
            given = dict(attrs)
            self.open, self.text = (given["data-path"], given["value"]), ""

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag == "data":
            assert self.open is not None
            self.found.append((*self.open, self.text))
            self.open = None


def numbers(page: str) -> list[tuple[str, str, str]]:
    reader = Numbers()
    reader.feed(page)
    return reader.found


def look_up(place: str, result: dict, frontier: dict | None) -> float:
    """``cost.per_year`` of result.json; ``frontier/points/3/cost.per_year`` of the frontier beside it."""
    found: object = result
    *folders, keys = place.split("/")
    if folders[:1] == ["frontier"]:
        found, folders = frontier, folders[1:]
    for key in (*folders, *keys.split(".")):
        found = found[int(key)] if isinstance(found, list) else found[key]
    assert isinstance(found, int | float)
    return float(found)


def differing(page: str, result: dict, frontier: dict | None, lang: str) -> list[str]:
    """The places whose value or text is not the document's."""
    found = []
    for place, value, text in numbers(page):
        if not place:
            continue
        stated = look_up(place, result, frontier)
        days = place.rpartition(".")[2].startswith("days_")
        allowed = {format_amount(stated, lang), format_amount(stated, lang, exact=True)}
        told = f"{stated:,.6g}" in text if days else text in allowed
        if not math.isclose(float(value), stated, rel_tol=1e-12) or not told:
            found.append(place)
    return found


@pytest.fixture(scope="module")
def documents(folder):
    return [json.loads((folder / name).read_text(encoding="utf-8")) for name in ("result.json", "frontier.json")]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_number_is_the_runs(pages, documents, lang):
    page = pages[lang].read_text(encoding="utf-8")
    assert differing(page, *documents, lang) == []
    places = {place for place, _, _ in numbers(page)}
    result, frontier = documents
    assert {f"cost.{key}" for key in result["cost"]} - {"cost.capex", "cost.opex", "cost.subsidy"} <= places
    assert {f"risk.{side}.{key}" for side in ("inherent", "residual") for key in result["risk"][side]} <= places
    assert {f"current.risk.{key}" for key in result["current"]["risk"]} <= places
    others = {n for n, point in enumerate(frontier["points"]) if point["plan"] != result["plan"]}
    assert {f"frontier/points/{n}/cost.per_year" for n in others} <= places
    assert {f"frontier/points/{n}/risk.tvar95" for n in others} <= places


def test_an_altered_number_is_found(pages, documents):
    page = pages["en"].read_text(encoding="utf-8")
    value = repr(documents[0]["cost"]["per_year"])
    assert differing(page.replace(f'value="{value}"', 'value="1.0"', 1), *documents, "en") == ["cost.per_year"]
    text = format_amount(documents[0]["cost"]["per_year"], "en")
    shown = re.compile(rf'(data-path="cost\.per_year"[^>]*>){re.escape(text)}<')
    assert shown.search(page)
    assert differing(shown.sub(r"\1¥9.99M<", page, count=1), *documents, "en") == ["cost.per_year"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_answer_is_the_commands_sentence(pages, documents, lang):
    page = pages[lang].read_text(encoding="utf-8")
    lead = re.search(r'<p class="lead">(.*?)</p>', page)
    assert lead is not None
    assert lead.group(1) == answer(documents[0], lang)


def test_what_is_bought_adds_up(data):
    for view in data.views:
        rows = [row for row in view.rows if row.takes is not None]
        before = data.today_value if data.has_today else data.inherent_value
        assert sum(row.takes for row in rows) == pytest.approx(view.value - before, rel=1e-9, abs=1.0)
        first = sum(row.once + row.yearly for row in view.rows)
        assert first == pytest.approx(view.document["cost"]["first_year"], rel=1e-9)
        assert view.heat.sum() == pytest.approx(view.document["risk"]["residual"]["aal"], rel=1e-9)
        assert view.scenario_losses.sum() == pytest.approx(view.document["risk"]["residual"]["aal"], rel=1e-9)
        assert view.years[0].total == pytest.approx(view.document["cost"]["first_year"], rel=1e-9)
