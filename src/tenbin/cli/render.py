"""Documents → what people read. Pure functions of the JSON document and the case's titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import make_table
from tenbin.cli.words import say
from tenbin.units import format_amount, format_frequency, format_share

if TYPE_CHECKING:
    from rich.table import Table

    from tenbin.model import Case
    from tenbin.studies import Result, RingTrue

__all__ = ["answer", "certificate", "compare_table", "metric_words", "plan_table", "ring_lines", "target_table"]

Document = Mapping[str, Any]
METRICS = ("aal", "var95", "tvar95", "var99", "tvar99")


def metric_words(name: str, lang: str) -> str:
    """A metric in words: ``tvar95`` is the loss of a bad year."""
    if name == "aal":
        return say("metric_aal", lang)
    kind = "tvar" if name.startswith("tvar") else "var"
    p = name.removeprefix(kind)
    return say(f"metric_{kind}", lang, p=p, q=f"{100 - float(p):g}")


def certificate(document: Document, lang: str) -> str:
    """What the certificate says, in words."""
    found = document["certificate"]
    n = f"{document['n_trials']:,}"
    if document["objective"] not in ("cost", "cost_and_loss"):
        words = {"proved": "proved_risk", "audited": "audited_risk", "gap": "gap_risk"}[found["kind"]]
        metric = metric_words(document["objective"], lang)
        text = say(words, lang, delta=_small(found["delta"]), gap=_small(found["gap"]), metric=metric)
    elif found["kind"] == "gap" and found["years_needed"]:
        years, tail = f"{found['years_needed']:,}", f"{found['tail_years']:,.0f}"
        text = say("gap_years", lang, gap=_small(found["gap"]), tail=tail, years=years)
    else:
        text = say(found["kind"], lang, delta=_small(found["delta"]), gap=_small(found["gap"]), n=n)
    return f"{text} {say('if_changed', lang)}" if lang == "en" else f"{text}{say('if_changed', lang)}"


def _small(share: float) -> str:
    return f"{100 * share:.2g}%"


def answer(document: Document, lang: str) -> str:
    """The answer in a sentence, with the certificate's own as the second."""
    amount = _amounts(document, lang)
    cost, risk = document["cost"], document["risk"]["residual"]
    name = _headline(document)
    before = document["current"]["risk"] if document["current"]["cost"]["npv"] else document["risk"]["inherent"]
    falls = risk[name] <= before[name]
    text = say(
        "answer" if falls else "answer_up",
        lang,
        per_year=amount(cost["per_year"]),
        first_year=amount(cost["first_year"]),
        metric=metric_words(name, lang),
        before=amount(before[name]),
        after=amount(risk[name]),
    )
    gap = " " if lang == "en" else ""
    if document["objective"] == "cost_and_loss":
        now = document["current"]
        total = say(
            "cost_and_loss",
            lang,
            total=amount(cost["per_year"] + risk["aal"]),
            today=amount(now["cost"]["per_year"] + now["risk"]["aal"]),
            proof=say("yes" if document["certificate"]["kind"] == "proved" else "no", lang),
        )
        return f"{text}{gap}{total}"
    return f"{text}{gap}{certificate(document, lang)}"


def _headline(document: Document) -> str:
    """The metric that the sentence speaks of: the first target's over the whole case, else TVaR95."""
    known = document["risk"]["residual"]
    if document["objective"] == "cost_and_loss":
        return "aal"
    for target in document["targets"]:
        name = target["target"].partition("=")[0]
        if name in known:
            return str(name)
    return "tvar95" if "tvar95" in known else "aal"


def _amounts(document: Document, lang: str) -> Callable[[float], str]:
    return lambda value: format_amount(value, lang, document["currency"])


def plan_table(result: Result, lang: str) -> Table:
    """The plan: each measure with its change, what it costs once and each year; shared capabilities and subsidies below."""
    from tenbin.studies.charting import cost_rows

    case, document = result.case, result.to_dict()
    amount = _amounts(document, lang)
    change = {entry["measure"]: kind for kind, entries in document["change"].items() for entry in entries}
    heads = [
        ("measure", "left"),
        ("title", "left"),
        ("level", "left"),
        ("change", "left"),
        ("once", "right"),
        ("yearly", "right"),
    ]
    table = make_table(*((say(name, lang), side) for name, side in heads), title=say("plan", lang))
    for row in cost_rows(case, result.plan, change):
        title = (row.label.title_ja if lang == "ja" else row.label.title_en) or row.label.title_en or row.label.title_ja
        word = say(row.change.value, lang) if row.change else ""
        if row.kind.value != "measure":
            title = say(row.kind.value, lang)
        yearly = row.yearly if not row.saved else -row.saved
        table.add_row(row.label.id, title, row.level, word, amount(row.capex), amount(yearly))
    return table


def target_table(document: Document, lang: str) -> Table:
    """Each target with its limit, the plan's value and what other years say."""
    amount = _amounts(document, lang)
    heads = [("target", "left"), ("limit", "right"), ("value", "right"), ("met", "left"), ("outside", "right")]
    table = make_table(*((say(name, lang), side) for name, side in heads))
    for row in document["targets"]:
        seen = document["out_of_sample"].get(row["target"])
        outside = f"{amount(seen['value'])} ({amount(seen['low'])} – {amount(seen['high'])})" if seen else ""
        met = say("yes" if row["met"] else "no", lang)
        table.add_row(row["target"], amount(row["limit"]), amount(row["value"]), met, outside)
    return table


def compare_table(columns: Mapping[str, Document], currency: str, lang: str) -> Table:
    """Risk and cost of several plans side by side; each document has ``risk`` and maybe ``cost`` and ``violations``."""
    table = make_table(("", "left"), *((name, "right") for name in columns))
    for name in METRICS:
        if all(name in column["risk"] for column in columns.values()):
            table.add_row(
                say(name, lang), *(format_amount(column["risk"][name], lang, currency) for column in columns.values())
            )
    for name in ("per_year", "first_year", "first_year_cash", "npv"):
        if any(column.get("cost") for column in columns.values()):
            cells = (
                format_amount(column["cost"][name], lang, currency) if column.get("cost") else "" for column in columns.values()
            )
            table.add_row(f"{say('cost', lang)}: {say(name, lang)}", *cells)
    for name in ("days_first_year", "days_per_year"):
        if any(column.get("cost") for column in columns.values()):
            table.add_row(say(name, lang), *(f"{c['cost'][name]:g}" if c.get("cost") else "" for c in columns.values()))
    if any(column.get("violations") for column in columns.values()):
        table.add_row(say("violations", lang), *("; ".join(column.get("violations", ())) for column in columns.values()))
    return table


def ring_lines(ring: RingTrue, case: Case, lang: str) -> list[str]:
    """Does this ring true? In words, with the three scenarios that matter most."""
    years = 1 / ring.incidents_per_year if ring.incidents_per_year else float("inf")
    shown = f"{years:.0f}" if years >= 2 else f"{years:.2g}"
    without = 10 * (1 - ring.share_of_years_above)
    lines = [
        say("ring", lang),
        say(
            "ring_text",
            lang,
            amount=format_amount(ring.threshold, lang, case.currency),
            years=shown,
            none=f"{without:.0f}" if 0.5 <= without <= 9.5 else f"{without:.1f}",
            aal=format_amount(ring.aal, lang, case.currency),
        ),
        say("ring_top", lang),
    ]
    for scenario, share, rate in ring.top:
        weight = say("of_loss", lang, share=format_share(share), frequency=format_frequency(rate, lang))
        lines.append(f"  {scenario} {case.scenario(scenario).title(lang)} ({weight})")
    return lines
