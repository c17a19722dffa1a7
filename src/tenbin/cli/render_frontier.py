"""A frontier's document → what people read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid
from tenbin.cli.language import say
from tenbin.cli.render import sample_line
from tenbin.cli.render_lines import differences, warnings
from tenbin.reporting.frontier_data import knee_gains
from tenbin.reporting.sentences import at_most, metric_title, spoken
from tenbin.units import format_amount

if TYPE_CHECKING:
    from tenbin.model import Case

__all__ = ["frontier_sentences", "marginal_price", "traced"]

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


def marginal_price(points: Sequence[tuple[float, float]], value: float) -> float | None:
    """What one more unit of risk taken away costs at a level of risk, along the lower hull of (value, cost) points.

    The hull, because single steps of whole measures cost now much and now nothing. None at the safe end, where nothing more
    can be bought.
    """
    hull: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda p: (-p[0], p[1])):
        while len(hull) > 1 and _price(hull[-2], hull[-1]) >= _price(hull[-2], point):
            hull.pop()
        hull.append(point)
    for before, after in pairwise(hull):
        if after[0] < value * (1 - 1e-9):
            return max(_price(before, after), 0.0)
    return None


def _price(before: tuple[float, float], after: tuple[float, float]) -> float:
    fall = before[0] - after[0]
    return (after[1] - before[1]) / fall if fall > 0 else math.inf


def metric_words(name: str, lang: str) -> str:
    """A metric with its scope as it stands within a sentence: ``loss of a bad year of L2``."""
    from tenbin.reporting.metric_words import metric_short

    scope, _, plain = name.rpartition(":")
    words = metric_short(plain, lang)
    return say("scoped_metric", lang, metric=words, scope=scope) if scope else words


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
        cells += [_certainty(point, document, lang), say("comma", lang).join(marks), _differs(point, n, lang)]
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


def _certainty(point: Document, document: Document, lang: str) -> str:
    """What is known of cheaper plans (at a budget: of plans with less risk)."""
    found = point["certificate"]
    if found["kind"] != "gap":
        return say(f"certainty_{found['kind']}", lang)
    gap = found["gap"]
    if gap is None or not math.isfinite(gap) or gap >= 1:
        return say("certainty_gap_unknown", lang)
    return say("certainty_gap" if document["by"] == "risk" else "certainty_gap_risk", lang, gap=at_most(gap))


def _differs(point: Document, n: int, lang: str) -> str:
    if n == 0:
        return say("differs_start", lang, n=len(point["plan"]))
    return differences(point["change"], lang)


def frontier_sentences(document: Document, lang: str) -> list[str]:
    """What today's level costs at best, where cost and loss together are least, where the knee is, what more safety costs."""
    return list(_sentences(document, lang))


def _sentences(document: Document, lang: str) -> Iterator[str]:
    def amount(value: float) -> str:
        return spoken(value, lang, document["currency"])

    points, today, metric = document["points"], document["today"], metric_words(document["metric"], lang)
    if today["plan"] and today["at_best"]:
        now, best = today["cost"]["per_year"], today["at_best"]["cost"]["per_year"]
        key = "frontier_at_best" if amount(best) != amount(now) and best < now else "frontier_at_best_already"
        values = {"now": amount(now), "metric": metric, "value": amount(today["value"])}
        yield say(key, lang, **values, **({"best": amount(best)} if key == "frontier_at_best" else {}))
    for key in ("least_total", "knee"):
        n = document[key]
        if n is None or document["status"] == "interrupted":
            continue
        point = points[n]
        values = {"n": str(n + 1), "cost": amount(point["cost"]["per_year"]), "value": amount(point["value"]), "metric": metric}
        more = {"total": amount(point["total_per_year"])} if key == "least_total" else {}
        yield say(f"frontier_{key}", lang, **values, **more) + (_gains(document, lang) if key == "knee" else "")
    yield from _prices(document, metric, lang)


def _gains(document: Document, lang: str) -> str:
    """What money takes off before and past the knee."""
    gains = knee_gains([(point["cost"]["per_year"], point["value"]) for point in document["points"]], document["knee"])
    if gains is None:
        return ""
    amounts = {name: spoken(getattr(gains, name), lang, document["currency"]) for name in ("unit", "before", "after")}
    return say("space", lang) + say("frontier_knee_gains", lang, **amounts)


def _prices(document: Document, metric: str, lang: str) -> Iterator[str]:
    """What one more round sum of risk taken away costs: at today's level (else at the cheap end), past the knee, at the end."""
    points = document["points"]
    if len(points) < 2:
        return
    curve = [(point["value"], point["cost"]["per_year"]) for point in points]
    span = curve[0][0] - curve[-1][0]
    if not span > 0:
        return
    unit = 10.0 ** math.floor(math.log10(span / 4))
    today = document["today"]
    best = today["at_best"]["value"] if today["at_best"] else today["value"]
    levels = {"today": min(best, today["value"])} if today["plan"] else {"start": curve[0][0]}
    if document["knee"] is not None:
        levels["knee"] = curve[document["knee"]][0]
    if document["knee"] != len(curve) - 2:
        levels["end"] = curve[-2][0]
    prices = {name: marginal_price(curve, level) for name, level in levels.items()}
    found = [
        say(f"price_{name}", lang, price=spoken(price * unit, lang, document["currency"]))
        for name, price in prices.items()
        if price is not None
    ]
    if found:
        money = spoken(unit, lang, document["currency"])
        yield say("frontier_price", lang, unit=money, metric=metric, prices=say("comma", lang).join(found))
