"""A frontier's document → what people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid
from tenbin.cli.language import say
from tenbin.cli.render import sample_line
from tenbin.cli.render_lines import warnings
from tenbin.reporting.frontier_words import certainty, frontier_sentences
from tenbin.reporting.reason_words import differences
from tenbin.reporting.sentences import metric_title
from tenbin.units import format_amount

if TYPE_CHECKING:
    from tenbin.model import Case

__all__ = ["traced"]

Document = Mapping[str, Any]


def traced(document: Document, case: Case, lang: str) -> Iterator[Block]:
    """A frontier: its plans as a table, then what it says in sentences."""
    yield sample_line(document, case, lang)
    if document["status"] == "interrupted":
        yield say("frontier_interrupted" if document["points"] else "interrupted_empty", lang)
    if not document["points"]:
        if document["status"] != "interrupted":
            yield say("frontier_empty", lang)
        return
    yield _table(document, lang)
    yield from warnings(document["warnings"], lang)
    yield from frontier_sentences(document, lang)
    yield say("tax", lang)


def _table(document: Document, lang: str) -> Grid:
    def amount(value: float) -> str:
        return format_amount(value, lang, document["currency"])

    scope, _, plain = document["metric"].rpartition(":")
    title = metric_title(plain, lang)
    heads = [("number", "right"), ("", "right"), ("cost_a_year", "right"), ("first_cash", "right")]
    heads += [("average_loss", "right")] if plain != "aal" or scope else []
    heads += [("certainty", "left"), ("mark", "left"), ("differs", "left")]
    names = tuple((say(key, lang) if key else f"{scope}:{title}" if scope else title, side) for key, side in heads)
    with_loss = plain != "aal" or bool(scope)
    rows = []
    for n, point in enumerate(document["points"]):
        marks = [say(f"mark_{key}", lang) for key in ("knee", "least_total") if document[key] == n]
        cost = point["cost"]
        cells = [str(n + 1), amount(point["value"]), amount(cost["per_year"]), amount(cost["first_year_cash"])]
        cells += [amount(point["risk"]["aal"])] if with_loss else []
        cells += [
            certainty(point["certificate"], document["by"], lang),
            say("comma", lang).join(marks),
            _differs(point, n, lang),
        ]
        rows.append((cost["per_year"], point["value"], tuple(cells)))
    today = document["today"]
    if today["plan"]:
        cost = today["cost"]
        cells = ["", amount(today["value"]), amount(cost["per_year"]), amount(cost["first_year_cash"])]
        cells += [""] if with_loss else []
        rows.append((cost["per_year"], today["value"], (*cells, "", say("mark_today", lang), "")))
    rows.sort(key=lambda row: (row[0], -row[1]))
    heading = say("frontier_plans" if document["by"] == "risk" else "frontier_budgets", lang)
    return Grid(names, tuple(cells for _, _, cells in rows), heading)


def _differs(point: Document, n: int, lang: str) -> str:
    if n == 0:
        return say("differs_start", lang, n=len(point["plan"]))
    return differences(point["change"], lang)
