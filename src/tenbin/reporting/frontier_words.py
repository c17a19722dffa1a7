"""A frontier's document as sentences: what today's level costs at best, where the knee is, what more safety costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tenbin.reporting.frontier_data import knee_gains
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.sentences import at_most, spoken
from tenbin.words import speaker

__all__ = ["certainty", "frontier_sentences", "marginal_price"]

Document = Mapping[str, Any]
say = speaker("commands")


def frontier_sentences(document: Document, lang: str) -> list[str]:
    """What today's level costs at best, where cost and loss together are least, where the knee is, what more safety costs."""
    return list(_sentences(document, lang))


def _sentences(document: Document, lang: str) -> Iterator[str]:
    def amount(value: float) -> str:
        return spoken(value, lang, document["currency"])

    points, today, metric = document["points"], document["today"], _metric(document["metric"], lang)
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


def certainty(certificate: Document, by: str, lang: str) -> str:
    """What is known of cheaper plans (where plans are found ``by`` budget: of plans with less risk), in a few words."""
    if certificate["kind"] != "gap":
        return say(f"certainty_{certificate['kind']}", lang)
    gap = certificate["gap"]
    if gap is None or not math.isfinite(gap) or gap >= 1:
        return say("certainty_gap_unknown", lang)
    return say("certainty_gap" if by == "risk" else "certainty_gap_risk", lang, gap=at_most(gap))


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


def _metric(name: str, lang: str) -> str:
    """A metric with its scope as it stands within a sentence: ``loss of a bad year of L2``."""
    scope, _, plain = name.rpartition(":")
    words = metric_short(plain, lang)
    return say("scoped_metric", lang, metric=words, scope=scope) if scope else words


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
