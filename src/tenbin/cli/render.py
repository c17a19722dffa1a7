"""Documents → what people read: pure functions of the JSON document and the case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid
from tenbin.cli.language import say
from tenbin.cli.render_lines import contradiction, note_lines, warnings
from tenbin.cli.render_sure import between_worlds, give_or_take, interval_words
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.sentences import answer, certificate, headline_metric, metric_title, percent, verdict
from tenbin.units import format_amount
from tenbin.words import in_language

if TYPE_CHECKING:
    from tenbin.model import Case
    from tenbin.reporting import CostRow

__all__ = ["compared", "evaluated", "not_found", "optimised", "plan_grid", "simulated", "target_blocks"]

Document = Mapping[str, Any]

COSTS = ("per_year", "first_year", "first_year_cash", "npv")
CHANGES = ("add", "raise", "lower", "keep", "drop")
KNOWN_FORMS = tuple(
    f"form_{name}" for name in ("productivity", "response", "replacement", "fines", "competitive", "reputation")
)
MOST_TARGETS, MOST_BANDS = 8, 4


def simulated(document: Document, case: Case, lang: str) -> Iterator[Block]:
    """The risk with nothing in place, and today's with what it costs."""
    yield sample_line(document, case, lang)
    columns = {say("inherent", lang): _of(document, "inherent")}
    if document["current"]["plan"]:
        columns[say("today", lang)] = document["current"]
    yield compared(columns, document["currency"], lang)
    yield from _sure(columns, "tvar95", document["currency"], lang)
    yield from note_lines(document.get("notes", ()), lang)
    yield say("tax", lang)


def _of(document: Document, plan: str) -> Document:
    """A plan's risk with how sure it is, where the document says so (older ones do not)."""
    parts = {name: document.get(name) or {} for name in ("error", "between_worlds")}
    return {"risk": document["risk"][plan], **{name: part.get(plan) for name, part in parts.items()}}


def _sure(columns: Mapping[str, Document], metric: str, currency: str, lang: str, most: int = 1) -> Iterator[str]:
    """What ± means, and what a metric is between the worlds: of the last columns, which matter most."""
    yield from interval_words(columns, lang)
    for where, document in list(columns.items())[-most:]:
        yield from between_worlds(document, metric, where, currency, lang)


def evaluated(document: Document, case: Case, lang: str) -> Iterator[Block]:
    """What plans cost and leave, side by side, and the rules they break."""
    yield sample_line(document, case, lang)
    yield compared(document["plans"], document["currency"], lang)
    yield from _sure(document["plans"], "tvar95", document["currency"], lang, MOST_BANDS)
    yield from note_lines(document.get("notes", ()), lang)
    for name, plan in document["plans"].items():
        if "forms" in plan:
            yield _forms(name, plan["forms"], document["currency"], lang)
    broken = [
        say(
            "breaks", lang, plan=name, rules=say("semicolon", lang).join(in_language(rule, lang) for rule in plan["violations"])
        )
        for name, plan in document["plans"].items()
        if plan["violations"]
    ]
    yield from broken or [say("breaks_nothing", lang)]
    yield say("tax", lang)


def days(number: float) -> str:
    """Days to a tenth."""
    return f"{round(number, 1):,.10g}"


def _forms(name: str, forms: Sequence[Document], currency: str, lang: str) -> Grid:
    """What each form of loss takes of the expected loss and of the bad years."""
    rows = []
    for loss in forms:
        key = f"form_{loss['form']}"
        title = say(key, lang) if key in KNOWN_FORMS else loss["form"] or say("form_unknown", lang)
        tail = format_amount(loss["tvar95"], lang, currency) if loss["tvar95"] is not None else ""
        rows.append((title, format_amount(loss["aal"], lang, currency), tail))
    heads = ((say("loss_form", lang), "left"), *((metric_title(metric, lang), "right") for metric in ("aal", "tvar95")))
    return Grid(heads, tuple(rows), say("by_form", lang, plan=name))


def optimised(document: Document, case: Case, lang: str) -> Iterator[Block]:
    """An optimisation: what it rests on first; then the answer in a sentence and the plan."""
    if document["cost"] is None:
        yield from not_found(document, lang)
        return
    yield sample_line(document, case, lang)
    if document["status"] == "interrupted":
        yield say("interrupted", lang)
    has_today = bool(document["change"]["keep"] or any(document["change"].get(kind) for kind in ("raise", "lower", "drop")))
    columns: dict[str, Document] = {say("inherent", lang): _of(document, "inherent")}
    if has_today:
        columns[say("today", lang)] = document["current"]
    columns[say("after", lang)] = {**_of(document, "residual"), "cost": document["cost"]}
    yield compared(columns, document["currency"], lang, say("risk_and_cost", lang))
    yield from _sure(columns, headline_metric(document), document["currency"], lang)
    if document.get("cost_range"):
        figure = document["cost_range"]["per_year"]
        amounts = {name: format_amount(figure[name], lang, document["currency"]) for name in ("likely", "low", "high")}
        yield say("cost_between", lang, **amounts)
    yield from target_blocks(document, lang)
    yield from warnings(document["warnings"], lang)
    yield _changes(document, lang)
    yield ""
    yield f"{answer(document, lang)}{say('space', lang)}{certificate(document, lang)}"
    yield ""
    yield from plan_grid(document, case, lang)
    yield say("tax", lang)


def not_found(document: Document, lang: str) -> Iterator[Block]:
    """That there is no plan, and what can be reached."""
    if document["status"] == "interrupted":
        yield say("interrupted_empty", lang)
    elif document["status"] != "infeasible":
        yield f"{say('failed', lang)} {say('failed_hint', lang)}"
    else:
        if document.get("conflict") or document["reachable"]:
            yield say("infeasible", lang)
        if document.get("conflict"):
            yield from contradiction(document, lang)
        if document["reachable"]:
            amount = _amounts(document, lang)
            yield say("reachable", lang)
            for target, value in list(document["reachable"].items())[:MOST_TARGETS]:
                best = say("at_most_references", lang, n=value) if target.startswith("covers/") else amount(value)
                yield f"  {target}{say('colon', lang)}{best}"
            if (hidden := len(document["reachable"]) - MOST_TARGETS) > 0:
                yield say("reachable_more", lang, n=hidden)
        if not document.get("conflict"):
            yield say("ease" if document["reachable"] else "no_plan_allowed", lang)


def compared(columns: Mapping[str, Document], currency: str, lang: str, title: str = "") -> Grid:
    """Risk and cost of several plans side by side; each document has ``risk`` and maybe ``cost`` and ``plan``."""
    rows = []
    documents = list(columns.values())
    for name in documents[0]["risk"]:
        cells = [
            format_amount(d["risk"][name], lang, currency) + give_or_take(d, name) if name in d["risk"] else ""
            for d in documents
        ]
        rows.append((metric_title(name, lang), *cells))
    if any(d.get("cost") for d in documents):
        costs: list[Document] = [d.get("cost") or {} for d in documents]
        for name in COSTS:
            rows.append((say(f"cost_{name}", lang), *(format_amount(c[name], lang, currency) if c else "" for c in costs)))
        for name in ("days_first_year", "days_per_year"):
            rows.append((say(name, lang), *(days(c[name]) if c else "" for c in costs)))
        both = [
            format_amount(c["per_year"] + d["risk"]["aal"], lang, currency) if c else ""
            for c, d in zip(costs, documents, strict=True)
        ]
        rows.append((say("together", lang), *both))
    if all("plan" in d for d in documents):
        rows.insert(0, (say("n_measures", lang), *(str(len(d["plan"])) for d in documents)))
    heads = (("", "left"), *((name, "right") for name in columns))
    return Grid(heads, tuple(rows), title)


def target_blocks(document: Document, lang: str) -> Iterator[Block]:
    """Whether the targets are met, on the years used to choose and on others."""
    if document["targets"]:
        yield _target_grid(document, lang)
        if (hidden := len(document["targets"]) - MOST_TARGETS) > 0:
            yield say("targets_more", lang, n=hidden)
        if not document["out_of_sample"]:
            yield say("not_checked", lang)
    if document.get("tightenings"):
        yield say("tightened", lang, n=document["tightenings"])
    yield from _on_other_years(document, lang)


def _verdict(there: Document) -> str:
    """What other years say of a target."""
    return verdict(there["value"], there["low"], there["limit"])


def _on_other_years(document: Document, lang: str) -> Iterator[str]:
    """The targets that are not surely met on other years; without one, what those years say of the metric made lowest."""
    from tenbin.studies.validating import TIMES

    amount, years = _amounts(document, lang), f"{document['n_trials'] * TIMES:,}"
    asked = {row["target"] for row in document["targets"]}
    found: dict[str, list[str]] = {"missed": [], "unclear": []}
    for text, there in document["out_of_sample"].items():
        if text in asked:
            found.setdefault(_verdict(there), []).append(text)
            continue
        values = {name: amount(there[name]) for name in ("value", "low", "high")}
        metric = say("metric_in_sentence", lang, metric=metric_short(text, lang))
        yield say("metric_outside", lang, years=years, metric=metric, chosen=amount(there["limit"]), **values)
    for outcome in ("missed", "unclear"):
        if targets := found[outcome]:
            yield say(f"{outcome}_outside", lang, years=years, targets=say("comma", lang).join(targets))


def _target_grid(document: Document, lang: str) -> Grid:
    """Each target with its limit, the plan's value, and the same on other years; of many, those nearest to their limit."""
    amount = _amounts(document, lang)
    heads = [("target", "left"), ("limit", "right"), ("value", "right"), ("met", "left")]
    seen_any = any(row["target"] in document["out_of_sample"] for row in document["targets"])
    if seen_any:
        heads += [("outside", "right"), ("outside_limit", "right"), ("outside_verdict", "left")]
    ranked = sorted(document["targets"], key=lambda row: -row["value"] / row["limit"] if row["limit"] else -math.inf)
    shown = [row for row in document["targets"] if row in ranked[:MOST_TARGETS]]
    rows = []
    for row in shown:
        cells = [row["target"], amount(row["limit"]), amount(row["value"]), say("yes" if row["met"] else "no", lang)]
        seen = document["out_of_sample"].get(row["target"])
        if seen:
            is_exact = seen["low"] == seen["high"]
            spread = say("exact", lang) if is_exact else f"{amount(seen['low'])} – {amount(seen['high'])}"
            text = say("brackets", lang, text=amount(seen["value"]), more=spread)
            cells += [text, amount(seen["limit"]), say(f"outside_{_verdict(seen)}", lang)]
        elif seen_any:
            cells += ["", "", ""]
        rows.append(tuple(cells))
    return Grid(tuple((say(name, lang), side) for name, side in heads), tuple(rows), say("targets", lang))


def _changes(document: Document, lang: str) -> str:
    counts = {kind: len(document["change"].get(kind, ())) for kind in CHANGES}
    parts = [say(f"change_{kind}", lang, n=n) for kind, n in counts.items() if n]
    return say("changes", lang, changes=say("comma", lang).join(parts) or say("change_none", lang))


def plan_grid(document: Document, case: Case, lang: str) -> Iterator[Block]:
    """The plan: each measure with its change and what it costs, what is new first; then what is shared, and subsidies.

    The columns add up to the first year's cost and to that of each later year.
    """
    from tenbin.studies.charting import cost_rows

    plan = {entry["measure"]: entry["level"] for entry in document["plan"]}
    change = {entry["measure"]: kind for kind, entries in document["change"].items() for entry in entries}
    rows = cost_rows(case, plan, change)
    if not rows:
        yield say("plan_empty", lang)
        return
    amount = _amounts(document, lang)
    heads = ("measure", "title", "level", "change", "year_1", "later_years")
    sides = ("left", "left", "left", "left", "right", "right")
    cells = []
    for row in sorted(rows, key=_rank):
        later = say("saves", lang, amount=amount(row.saved)) if row.saved else amount(row.yearly)
        first = amount(row.capex + row.yearly)
        word = say(row.change.value, lang) if row.change else ""
        cells.append((row.label.id, _title(row, lang), row.level, word, first, "" if row.kind.value == "subsidy" else later))
    yearly = sum(row.yearly for row in rows)
    total = (say("total", lang), "", "", "", amount(document["cost"]["first_year"]), amount(yearly))
    columns = tuple((say(name, lang), side) for name, side in zip(heads, sides, strict=True))
    yield Grid(columns, tuple(cells), say("plan", lang), total)
    yield say(
        "spread",
        lang,
        years=case.organisation.horizon_years,
        rate=percent(case.organisation.discount_rate),
        per_year=amount(document["cost"]["per_year"]),
        first=days(document["cost"]["days_first_year"]),
        later=days(document["cost"]["days_per_year"]),
    )


def _rank(row: CostRow) -> tuple[int, int]:
    kinds = {"measure": 0, "shared": 1, "subsidy": 2}
    return kinds[row.kind.value], CHANGES.index(row.change.value) if row.change else 0


def _title(row: CostRow, lang: str) -> str:
    label = row.label
    first, second = (label.title_ja, label.title_en) if lang == "ja" else (label.title_en, label.title_ja)
    title = first or second
    if row.kind.value == "measure":
        return title
    kind = say(row.kind.value, lang)
    return say("kind_titled", lang, kind=kind, title=title) if title else kind


def sample_line(document: Document, case: Case, lang: str) -> str:
    worlds = document.get("n_worlds", 1)
    key = "sample_worlds" if worlds > 1 and case.is_uncertain else "sample"
    values = {"years": f"{document['n_trials']:,}", "seed": document["seed"]}
    return say(key, lang, title=case.title(lang), **values, **({"worlds": worlds} if key == "sample_worlds" else {}))


def _amounts(document: Document, lang: str) -> Any:
    return lambda value: format_amount(value, lang, document["currency"])
