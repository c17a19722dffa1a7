"""What matters, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import Block, Grid
from tenbin.cli.render_lines import warnings
from tenbin.reporting.guess_words import GuessRow, guess_name, guess_span, guess_what, switch_words
from tenbin.reporting.sentences import metric_title, percent
from tenbin.units import format_amount
from tenbin.words import speaker

if TYPE_CHECKING:
    from tenbin.reporting.chart_data import Label
    from tenbin.sensitivity import WhatMatters
    from tenbin.sensitivity.swinging import Swing

__all__ = ["mattering", "plan_title", "titled"]

say = speaker("sensitivity")
ABSENT = "–"
FEW = 3


def titled(label: Label, lang: str) -> str:
    """A label's title in the language, else in the other, else its id."""
    first, second = (label.title_ja, label.title_en) if lang == "ja" else (label.title_en, label.title_ja)
    return first or second or label.id


def plan_title(name: str, lang: str) -> str:
    """A plan's name; today's measures in words."""
    return say("plan_today", lang) if name == "current" else name


def mattering(found: WhatMatters, plan: str, top: int, folder: Path | None, lang: str) -> Iterator[Block]:
    """What to find out first in a sentence; then worth, swings and shares; then what is left open."""
    case = found.case
    yield say(
        "asked_of",
        lang,
        title=case.title(lang),
        plan=plan_title(plan, lang),
        n=len(found.guesses),
        years=f"{found.tornado.n_trials:,}",
        seed=found.tornado.seed,
    )
    yield ""
    yield _first(found, lang)
    yield ""
    yield from _worth_grid(found, top, lang)
    yield from _swing_grid(found, plan, top, lang)
    yield from _cost_grid(found, top, lang)
    yield from _how_sure(found, lang)
    yield from warnings(case.warnings, lang)
    yield say("footer", lang)
    if folder is not None:
        yield say("kept", lang, path=folder)


def _row(found: WhatMatters, key: str) -> GuessRow:
    from tenbin.sensitivity.picturing import guess_row

    return guess_row(found.case, next(guess for guess in found.guesses if guess.key == key))


def _name(row: GuessRow, lang: str) -> str:
    return say("labelled", lang, id=row.label.id, title=titled(row.label, lang))


def _what(row: GuessRow, lang: str, currency: str, falling: bool = False) -> str:
    return say("ranged", lang, what=guess_what(row, lang), span=guess_span(row, lang, currency, falling))


def _first(found: WhatMatters, lang: str) -> str:
    """What to find out first, and what that is worth."""
    first = found.first
    if first is None:
        return say("first_none", lang)
    row, info = _row(found, first.guess.key), found.information
    currency = found.case.currency
    return say(
        "first",
        lang,
        guess=guess_name(row, titled(row.label, lang), lang),
        worth=format_amount(first.per_year, lang, currency),
        total=format_amount(first.per_year * info.annuity, lang, currency),
        years=found.case.organisation.horizon_years,
        everything=format_amount(info.everything, lang, currency),
    )


def _worth_grid(found: WhatMatters, top: int, lang: str) -> Iterator[Block]:
    from tenbin.sensitivity.picturing import switches_of

    currency, info = found.case.currency, found.information
    worths = [worth for worth in info.worths if worth.per_year > 0]
    if not worths:
        return
    rows = []
    for worth in worths[:top]:
        row = _row(found, worth.guess.key)
        switches = switch_words(row, switches_of(worth, info.plan), lang, currency)
        rows.append(
            (
                _name(row, lang),
                _what(row, lang, currency),
                format_amount(worth.per_year, lang, currency),
                format_amount(worth.error, lang, currency),
                "\n".join(switches) or ABSENT,
            )
        )
    heads = (("guess", "left"), ("range", "left"), ("worth", "right"), ("error", "right"), ("otherwise", "left"))
    yield Grid(tuple((say(name, lang), side) for name, side in heads), tuple(rows), title=say("find_out", lang))
    if len(worths) > top:
        yield say("worth_more", lang, n=len(worths) - top)
    n_nothing = len(info.worths) - len(worths)
    if n_nothing:
        yield say("worth_nothing", lang, n=n_nothing)
    yield say("worth_how", lang, plans=info.n_plans, worlds=f"{info.n_worlds:,}")


def _swing_grid(found: WhatMatters, plan: str, top: int, lang: str) -> Iterator[Block]:
    tornado, today, currency = found.tornado, found.today, found.case.currency
    scope, _, metric = tornado.metric.rpartition(":")
    words = metric_title(metric, lang)
    title = say("scoped", lang, metric=words, scope=scope) if scope else words
    yield say("moves", lang, metric=title, plan=plan_title(plan, lang), middle=format_amount(tornado.middle, lang, currency))
    shares = {one.guess.key: one for one in found.shares.shares}
    now: dict[str, Swing] = {swing.guess.key: swing for swing in today.swings} if today else {}
    rows = []
    for swing in tornado.swings[:top]:
        row, share = _row(found, swing.guess.key), shares[swing.guess.key].share
        cells = [_name(row, lang), _what(row, lang, currency, swing.low > swing.high), _ends(swing, lang, currency)]
        if today is not None:
            old = now.get(swing.guess.key)
            cells.append(_ends(old, lang, currency) if old else ABSENT)
        rows.append((*cells, percent(share) if share >= LEAST_SHARE else ABSENT))
    heads = [("guess", "left"), ("range", "left"), ("from_to", "left")]
    heads += [("from_to_today", "left")] if today is not None else []
    heads += [("share", "right")]
    yield Grid(tuple((say(name, lang), side) for name, side in heads), tuple(rows))
    left = len(tornado.swings) - top
    if left > 0:
        widest = format_amount(max(swing.width for swing in tornado.swings[top:]), lang, currency)
        yield say("swing_more", lang, n=left, amount=widest)
    if tornado.n_without:
        yield say("swing_without", lang, n=tornado.n_without)
    if any(swing.is_noise for swing in tornado.swings[:top]):
        yield say("swing_noise", lang)


LEAST_SHARE = 5e-4


def _ends(swing: Swing, lang: str, currency: str) -> str:
    low, high = sorted((swing.low, swing.high))
    text = say("span", lang, first=format_amount(low, lang, currency), second=format_amount(high, lang, currency))
    if swing.is_noise:
        return say("noisy", lang, span=text)
    return text


def _cost_grid(found: WhatMatters, top: int, lang: str) -> Iterator[Block]:
    tornado, currency = found.tornado, found.case.currency
    if not tornado.costs:
        return
    yield say("moves_cost", lang, middle=format_amount(tornado.cost, lang, currency))
    rows = []
    for swing in tornado.costs[:top]:
        row = _row(found, swing.guess.key)
        rows.append((_name(row, lang), _what(row, lang, currency), _ends(swing, lang, currency)))
    heads = (("guess", "left"), ("range", "left"), ("from_to", "left"))
    yield Grid(tuple((say(name, lang), side) for name, side in heads), tuple(rows))


def _how_sure(found: WhatMatters, lang: str) -> Iterator[str]:
    """How far the expected loss spreads between worlds, what explains that, and how a year splits into chance and not knowing."""
    shares, currency = found.shares, found.case.currency
    values = {name: format_amount(getattr(shares, name), lang, currency) for name in ("mean", "low", "high")}
    yield say("how_sure", lang, **values)
    most = [one for one in shares.shares if one.share >= LEAST_SHARE][:FEW]
    if most:
        parts = [
            say(
                "explains",
                lang,
                guess=_row(found, one.guess.key).label.id,
                what=guess_what(_row(found, one.guess.key), lang),
                share=percent(one.share),
            )
            for one in most
        ]
        yield say("explained", lang, parts=parts, together=percent(max(shares.together, 0.0)))
    if shares.not_knowing is not None:
        yield say("chance", lang, rest=percent(shares.not_knowing))
    else:
        yield say("chance_unknown", lang)
