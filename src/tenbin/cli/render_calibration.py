"""What a calibration found → what people read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from tenbin.calibration import CountFit, ExpertPool, FrequencyUpdate, LossFit
from tenbin.calibration.comparing import Figure, LawFit
from tenbin.calibration.wording import p_text
from tenbin.cli.console import Block, Grid, one_line
from tenbin.cli.render_lines import warnings
from tenbin.units import format_amount, format_frequency, format_share
from tenbin.words import in_language, speaker

__all__ = ["told"]

say = speaker("calibration")

ABSENT = "—"
DOUBTFUL = 0.05
LEAST_WEIGHT = 0.001
AMOUNTS = ("median", "mean", "scale", "minimum", "tail scale")
"""Parameters that are amounts of money."""


def told(
    found: LossFit | ExpertPool | CountFit | FrequencyUpdate, scenario: str | None, path: Path | None, lang: str
) -> Iterator[Block]:
    """The answer in sentences, what it rests on, and the row for the table."""
    if isinstance(found, LossFit):
        yield from _losses(found, lang)
    elif isinstance(found, ExpertPool):
        yield from _experts(found, lang)
    else:
        yield from _counts(found, lang) if isinstance(found, CountFit) else _update(found, lang)
    yield from warnings([str(in_language(text, lang)) for text in found.warnings], lang)
    yield from _row(found.row, scenario, path, lang)


def _row(row: Mapping[str, object], scenario: str | None, path: Path | None, lang: str) -> Iterator[Block]:
    hidden = "basis" if lang == "ja" else "basis_ja"
    cells = tuple((name, str(value)) for name, value in row.items() if value != "" and name != hidden)
    heads = ((say("column", lang), "left"), (say("cell", lang), "left"))
    yield Grid(heads, cells, say("row_title", lang))
    if path is None:
        return
    if scenario is not None:
        yield say("row_scenario", lang, scenario=scenario, path=path / "scenarios.csv")
    yield say("saved", lang, path=path)


def _law(law: str, lang: str) -> str:
    return say(f"law_{law}", lang)


def _losses(found: LossFit, lang: str) -> Iterator[Block]:
    def amount(value: float) -> str:
        return format_amount(value, lang, found.currency) if math.isfinite(value) else ABSENT

    chosen = found.chosen
    law, n = _law(chosen.name, lang), f"{len(found.losses):,}"
    best = found.laws[0] is chosen and len(found.laws) > 1
    yield say("losses_best" if best else "losses_asked", lang, law=law, n=n)
    low, middle, high, rare = (chosen.quantiles[p] for p in (0.05, 0.5, 0.95, 0.99))
    ends = {"p05": amount(low.value), "p50": amount(middle.value), "p95": amount(high.value), "p99": amount(rare.value)}
    yield say("losses_say", lang, **ends, low=amount(rare.low), high=amount(rare.high))
    key = "test_doubtful" if min(chosen.ad_p, chosen.ks_p) < DOUBTFUL else "test_passes"
    tests = {"ad": p_text(chosen.ad_p), "ks": p_text(chosen.ks_p)}
    yield say(key, lang, **tests, n=f"{found.n_bootstrap:,}")
    if found.above > 0:
        share = format_share(found.share_recorded)
        yield say("losses_recorded", lang, above=amount(found.above), share=share, divide=f"{found.share_recorded:.3g}")
    if chosen.name == "tail":
        yield from _tail(found, lang)
    yield _laws(found, lang)
    yield _parameters(chosen, found.currency, lang)
    for reason in found.left_out.values():
        yield say("left_out", lang, reason=reason)


def _tail(found: LossFit, lang: str) -> Iterator[Block]:
    """Where the tail begins, and how far the choice matters."""
    thresholds = found.thresholds
    if thresholds is None:
        return
    one = thresholds.candidates[thresholds.chosen]
    shapes = [candidate.shape for candidate in thresholds.candidates]
    values = {
        "start": format_amount(one.start, lang, found.currency),
        "n": one.n_above,
        "p": p_text(one.p),
        "shape": f"{one.shape:.2f}".replace("-", "−"),
        "se": f"{one.shape_se:.2f}",
        "least": f"{min(shapes):.2f}".replace("-", "−"),
        "most": f"{max(shapes):.2f}".replace("-", "−"),
        "hill": f"{one.hill:.2f}",
    }
    key = "tail_given" if thresholds.is_given else "tail_chosen" if thresholds.passes else "tail_highest"
    yield say(key, lang, **values, candidates=len(thresholds.candidates))


def _laws(found: LossFit, lang: str) -> Grid:
    heads = (
        ("law", "left"),
        ("loss_model", "left"),
        ("weight", "right"),
        ("aic", "right"),
        ("ks_p", "right"),
        ("ad_p", "right"),
        ("mean", "right"),
        ("one_in_20", "right"),
        ("one_in_100", "right"),
    )
    rows = []
    for law in found.laws:
        document = law.to_dict()
        amounts = [
            format_amount(value, lang, found.currency) if math.isfinite(value) else ABSENT
            for value in (law.mean, law.quantiles[0.95].value, law.quantiles[0.99].value)
        ]
        numbers = [_weight(law.weight), f"{law.aic:.1f}", p_text(law.ks_p), p_text(law.ad_p)]
        rows.append((_law(law.name, lang), str(document["loss_model"]), *numbers, *amounts))
    return Grid(tuple((say(f"head_{name}", lang), side) for name, side in heads), tuple(rows), say("laws_title", lang))


def _weight(weight: float) -> str:
    return format_share(weight) if weight >= LEAST_WEIGHT else f"<{format_share(LEAST_WEIGHT)}"


def _parameters(law: LawFit, currency: str, lang: str) -> Grid:
    """The chosen law's parameters with what they may be."""

    def shown(name: str, value: float) -> str:
        if not math.isfinite(value):
            return ABSENT
        return format_amount(value, lang, currency) if name in AMOUNTS else f"{value:.3g}"

    def row(name: str, figure: Figure) -> tuple[str, ...]:
        return (name, *(shown(name, value) for value in (figure.value, figure.se, figure.low, figure.high)))

    heads = (("parameter", "left"), ("value", "right"), ("se", "right"), ("low", "right"), ("high", "right"))
    names = tuple((say(f"head_{name}", lang), side) for name, side in heads)
    rows = tuple(row(name, figure) for name, figure in law.parameters.items())
    return Grid(names, rows, say("parameters_title", lang, law=_law(law.name, lang)))


def _experts(found: ExpertPool, lang: str) -> Iterator[Block]:
    def shown(value: float) -> str:
        if found.quantity == "frequency":
            return format_frequency(value, lang)
        return format_amount(value, lang, found.currency)

    low, middle, high = (shown(point) for point in found.pool)
    key = "experts_frequency" if found.quantity == "frequency" else "experts_loss"
    yield say(key, lang, n=len(found.experts), low=low, middle=middle, high=high)
    if found.chosen is not None:
        yield say("experts_law", lang, law=_law(found.chosen.name, lang), x=f"{found.chosen.off:.2f}")
    if found.factor > 1:
        yield say("experts_widened", lang, factor=f"{found.factor:.3g}")
    heads = (("expert", "left"), ("weight", "right"), ("p05", "right"), ("p50", "right"), ("p95", "right"))
    rows: list[tuple[str, ...]] = [
        (one_line(one.name), format_share(one.weight), shown(one.p05), shown(one.p50), shown(one.p95)) for one in found.experts
    ]
    rows.append((say("pool", lang), "", *(shown(point) for point in found.pool)))
    rows.append((say("log_pool", lang), "", *(shown(point) for point in found.logarithmic)))
    if found.chosen is not None:
        law = found.chosen.law
        rows.append((_law(found.chosen.name, lang), "", *(shown(law.quantile(p)) for p in (0.05, 0.5, 0.95))))
    yield Grid(tuple((say(f"head_{name}", lang), side) for name, side in heads), tuple(rows))


def _counts(found: CountFit, lang: str) -> Iterator[Block]:
    rates = {name: format_frequency(getattr(found, name), lang) for name in ("frequency", "low", "high")}
    yield say("counts_say", lang, n=found.total, years=f"{found.time:g}", **rates)
    model = say(f"model_{found.name}", lang)
    yield say("counts_model", lang, model=model, why=found.chosen_by)
    if math.isfinite(found.dispersion):
        yield say("counts_dispersion", lang, x=f"{found.dispersion:.2f}", p=p_text(found.dispersion_p))


def _update(found: FrequencyUpdate, lang: str) -> Iterator[Block]:
    points = (found.prior.to_dict(), found.posterior.to_dict())
    before, after = ([point[name] for name in ("p05", "p50", "p95")] for point in points)
    if not found.is_gamma:
        before, after = list(found.widened), list(found.integrated)
    middle = {"before": format_frequency(before[1], lang), "after": format_frequency(after[1], lang)}
    yield say("update_say", lang, n=found.incidents, years=f"{found.years:g}", **middle)
    if found.factor > 1:
        yield say("update_widened", lang, factor=f"{found.factor:.3g}")
    rows = [
        (say("asked", lang), *(format_frequency(value, lang) for value in found.widened)),
        (say("before", lang), *(format_frequency(value, lang) for value in before)),
        (say("after", lang), *(format_frequency(value, lang) for value in after)),
    ]
    heads = ("belief", "p05", "p50", "p95")
    sides = ("left", "right", "right", "right")
    yield Grid(tuple((say(f"head_{name}", lang), side) for name, side in zip(heads, sides, strict=True)), tuple(rows))
    if found.is_gamma:
        yield say(
            "update_gamma",
            lang,
            shape=_two_figures(found.prior.shape),
            years=_two_figures(found.prior.years),
            x=f"{found.misses:.2f}",
        )


def _two_figures(value: float) -> str:
    """Two significant figures, never with an exponent."""
    return f"{float(f'{value:.2g}'):,.10g}"
