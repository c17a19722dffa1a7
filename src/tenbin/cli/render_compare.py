"""Runs side by side, in words and tables that fit 80 columns: each run has a letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tenbin.cli.console import Block, Grid
from tenbin.cli.render_lines import note_lines
from tenbin.inputs.words import shown
from tenbin.reporting.sentences import metric_title, percent
from tenbin.studies.run_words import outcome_words, question_words
from tenbin.units import format_amount, format_frequency
from tenbin.words import in_language, speaker

if TYPE_CHECKING:
    from tenbin.studies.comparing import ComparedRun, Comparison, Crossed
    from tenbin.studies.differing import Difference, MeasureRow

__all__ = ["LETTERS", "comparison"]

say = speaker("runs")
LETTERS = "ABCDEF"
COSTS = ("per_year", "first_year", "first_year_cash", "npv")
DAYS = ("days_first_year", "days_per_year")
MOST_DIFFERENCES = 24
LONGEST = 44
ABSENT = "—"
MONEY = frozenset(
    {"capex", "opex", "loss_p05", "loss_p95", "loss_cap", "deductible", "cap", "cash_reserve", "annual_revenue", "day_rate"}
)
SHARES = frozenset({"effect", "effect_low", "effect_high", "effect_scale", "probability", "share", "discount_rate"})


def comparison(found: Comparison, lang: str) -> Iterator[Block]:
    """Who is who; costs and risks; what is chosen; what was entered and asked otherwise; each plan on the others' figures."""
    runs = found.runs
    rows = [
        (
            letter,
            shown(run.run.id, 120),
            shown(run.manifest.get("finished", ""))[:10],
            _title(run, lang),
            _asked(run, lang),
        )
        for letter, run in zip(LETTERS, runs, strict=False)
    ]
    heads = ("", "run", "made_on", "case", "asked")
    yield Grid(tuple((say(head, lang) if head else "", "left") for head in heads), tuple(rows))
    yield from (in_language(run.trouble, lang) for run in runs if run.trouble)
    for letter, run in zip(LETTERS, runs, strict=False):
        if run.is_frontier and run.plan is not None:
            yield say("plan_of_frontier", lang, run=letter)
    yield _today_grid(runs, lang)
    yield numbers_grid(runs, lang)
    yield kept_words(found.measures, len(runs), lang)
    if grid := measure_grid(found.measures, runs, lang):
        yield grid
    yield from difference_blocks(found, lang)
    yield from note_lines(found.to_dict()["notes"], lang, LETTERS)
    yield from _crossed(found, lang)
    yield say("tax", lang)


def _asked(run: ComparedRun, lang: str) -> str:
    objective = "frontier" if run.is_frontier else str(run.document.get("objective", "cost"))
    asked = run.manifest.get("asked", {})
    return question_words(run.targets, objective, run.metric, asked, _currency(run), lang)


def _currency(run: ComparedRun) -> str:
    return str(run.document.get("currency", "JPY"))


def _title(run: ComparedRun, lang: str) -> str:
    return shown(run.case.title(lang) if run.case is not None else run.document.get("case", ""))


def _amounts(values: Sequence[float | None], runs: Sequence[ComparedRun], lang: str) -> list[str]:
    return [ABSENT if v is None else format_amount(v, lang, _currency(run)) for v, run in zip(values, runs, strict=True)]


def _today_grid(runs: Sequence[ComparedRun], lang: str) -> Grid:
    """What is in place costs and leaves: a column for each run, one for all where it is the same."""
    rows = [(say("cost_per_year", lang), *_amounts([run.today_cost.get("per_year") for run in runs], runs, lang))]
    for name in dict.fromkeys(name for run in runs for name in run.today_risk):
        rows.append((_risk_title(name, lang), *_amounts([run.today_risk.get(name) for run in runs], runs, lang)))
    heads = list(LETTERS[: len(runs)])
    if all(len(set(row[1:])) == 1 for row in rows):
        rows, heads = [row[:2] for row in rows], [say("all_runs", lang)]
    return Grid((("", "left"), *((head, "right") for head in heads)), tuple(rows), title=say("today", lang))


def _risk_title(name: str, lang: str) -> str:
    scope, _, plain = name.rpartition(":")
    title = metric_title(plain, lang)
    return say("metric_of", lang, metric=title, scope=scope) if scope else title


def numbers_grid(runs: Sequence[ComparedRun], lang: str) -> Grid:
    """Outcome, costs and risks of the plans, a column for each run."""
    rows = [[say("outcome", lang), *(outcome_words(run.status, run.certificate, lang) for run in runs)]]
    for name in COSTS:
        rows.append([say(f"cost_{name}", lang), *_amounts([(run.cost or {}).get(name) for run in runs], runs, lang)])
    for name in DAYS:
        days = [(run.cost or {}).get(name) for run in runs]
        rows.append([say(name, lang), *(ABSENT if n is None else f"{n:,.0f}" for n in days)])
    for name in dict.fromkeys(name for run in runs for name in (run.risk or {})):
        rows.append([_risk_title(name, lang), *_amounts([(run.risk or {}).get(name) for run in runs], runs, lang)])
    heads = (("", "left"), *((LETTERS[n], "right") for n in range(len(runs))))
    return Grid(heads, tuple(tuple(row) for row in rows), title=say("numbers", lang))


def kept_words(measures: Sequence[MeasureRow], n_runs: int, lang: str) -> str:
    """What every plan has."""
    same = [row for row in measures if row.is_everywhere]
    if not same:
        return say("same_none", lang)
    names = say("comma", lang).join(row.measure for row in same)
    return say("same", lang, n=len(same), runs=n_runs, measures=names)


def measure_grid(measures: Sequence[MeasureRow], runs: Sequence[ComparedRun], lang: str) -> Grid | None:
    """What some plans have and others not, or at another level."""
    rows = []
    for row in measures:
        if not row.is_everywhere:
            first, second = (row.title_ja, row.title_en) if lang == "ja" else (row.title_en, row.title_ja)
            title = first or second
            rows.append(
                (
                    f"{row.measure} {shown(title, 200) if title.strip() else ''}".strip(),
                    *(level or ABSENT for level in row.levels),
                )
            )
    if not rows:
        return None
    heads = ((say("measure", lang), "left"), *((LETTERS[n], "left") for n in range(len(runs))))
    return Grid(heads, tuple(rows), title=say("chosen_otherwise", lang))


def difference_blocks(found: Comparison, lang: str) -> Iterator[Block]:
    """What was entered, asked and drawn otherwise."""
    figures = [one for one in found.inputs or () if not one.is_wording]
    words = len(found.inputs or ()) - len(figures)
    everything = [*found.asked, *figures]
    yield _inputs_words(found, figures, lang)
    if everything:
        yield difference_grid(everything[:MOST_DIFFERENCES], found.runs, lang)
    if len(everything) > MOST_DIFFERENCES:
        yield say("more_differences", lang, n=len(everything) - MOST_DIFFERENCES)
    if words:
        yield say("wording_differs", lang, n=words)


def _inputs_words(found: Comparison, figures: Sequence[Difference], lang: str) -> str:
    """In which tables the figures differ, and whether it is them or the question that do."""
    if found.inputs is None:
        return say("inputs_unknown", lang)
    if not figures:
        return say("figures_same" if found.asked else "inputs_same", lang)
    counts = Counter(one.table for one in figures)
    places = say("comma", lang).join(
        say("in_table", lang, table=say(f"table_{table}", lang), n=n) for table, n in counts.items()
    )
    text = say("figures_differ", lang, places=places)
    return text if found.asked else "\n".join((text, say("asked_same", lang)))


def difference_grid(differences: Sequence[Difference], runs: Sequence[ComparedRun], lang: str) -> Grid:
    """Value by value, a column for each run."""
    currencies = [str(run.document.get("currency", "JPY")) for run in runs]
    rows = [
        (
            say(f"table_{one.table}", lang),
            " ".join(part for part in (one.key, _item(one, lang)) if part),
            *_values(one, currencies, lang),
        )
        for one in differences
    ]
    heads = ((say("where", lang), "left"), (say("what", lang), "left"), *((LETTERS[n], "left") for n in range(len(runs))))
    return Grid(heads, tuple(rows), title=say("entered_otherwise", lang))


def _item(one: Difference, lang: str) -> str:
    """What differs; in words where it is of the question."""
    key = f"item_{one.column}"
    return say(key, lang) if one.table in ("asked", "run") and key in say else one.column


def _values(one: Difference, currencies: Sequence[str], lang: str) -> list[str]:
    """The values as people write them; as they stand where that would make different ones look the same."""
    if not one.column and one.table not in ("losses", "case"):
        return [ABSENT if value is None else say("there", lang) for value in one.values]
    plain = [ABSENT if value is None else _cut(value) if value else say("blank", lang) for value in one.values]
    told = [
        text if not value else _told(one.column, value, currency, lang)
        for text, value, currency in zip(plain, one.values, currencies, strict=True)
    ]
    return told if len(set(told)) == len(set(one.values)) else plain


def _told(column: str, value: str, currency: str, lang: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return _cut(value)
    name = column.rpartition(".")[2]
    if name in MONEY:
        return format_amount(number, lang, currency, exact=True)
    if name.startswith("frequency"):
        return format_frequency(number, lang)
    if name in SHARES:
        return percent(number)
    return f"{number:,.10g}"


def _cut(text: str) -> str:
    return shown(text, LONGEST) if text.strip() else ""


def _crossed(found: Comparison, lang: str) -> Iterator[Block]:
    if not found.crossed:
        return
    rows = [_cross_row(one, found.runs[one.figures_of], lang) for one in found.crossed]
    heads = (
        ("plan_of", "left"),
        ("figures_of", "left"),
        ("cost_per_year", "right"),
        ("loss", "right"),
        ("its_targets", "left"),
    )
    yield Grid(tuple((say(name, lang), side) for name, side in heads), tuple(rows), title=say("crossed", lang))
    metrics = dict.fromkeys(found.runs[one.figures_of].metric for one in found.crossed)
    meanings = say("comma", lang).join(metric_title(name, lang) for name in metrics)
    yield say("crossed_note", lang, metrics=meanings)


def _cross_row(one: Crossed, home: ComparedRun, lang: str) -> tuple[str, ...]:
    letters = LETTERS[one.plan_of], LETTERS[one.figures_of]
    if one.cost is None or one.risk is None:
        return (*letters, ABSENT, ABSENT, say("missing", lang, measures=_cut(", ".join(one.missing))))
    currency = str(home.document.get("currency", "JPY"))
    loss = one.risk.get(home.metric)
    missed = dict.fromkeys(target.partition(" (")[0] for target in one.missed)
    kept = say("meets", lang) if one.targets else ABSENT
    verdict = say("misses", lang, targets=", ".join(missed)) if missed else kept
    if one.breaks:
        verdict += say("breaks", lang, n=one.breaks)
    shown = ABSENT if loss is None else format_amount(loss, lang, currency)
    return (*letters, format_amount(one.cost["per_year"], lang, currency), shown, verdict)
