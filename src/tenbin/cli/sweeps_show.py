"""What ``sweep show`` prints: how far a sweep is, what its points found, what went wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid, one_line, print_json, show, tell
from tenbin.cli.failing import DONE
from tenbin.cli.options import Options
from tenbin.cli.work import working
from tenbin.units import format_amount
from tenbin.words import saying, speaker

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["plot_sweep", "regret_of_sweep", "show_sweep"]

say = speaker("sweeps")
said = saying("sweeps")

SHOWN = 40
ABSENT = "—"


def show_sweep(sweep: str, to: Path | None, metric: str, options: Options) -> int:
    """Show a sweep, or write its table to a file."""
    from tenbin.sweeps.reading import axes_of, frame_of
    from tenbin.sweeps.store import find_sweep, need
    from tenbin.sweeps.tables import check_metric, write_frame

    need("pyarrow")
    check_metric(metric)
    store = find_sweep(sweep, options.out)
    frame = frame_of(store)
    if to is not None:
        write_frame(frame, to)
    counts = dict(Counter(frame["status"]))
    varied = [name for name in axes_of(frame) if frame[name].nunique() > 1]
    if options.as_json:
        points = frame.drop(columns=["error_ja"]).astype(object).where(frame.notna(), None)
        head = {"schema": 1, "sweep": store.path.name, "path": str(store.path), "points": len(frame), "statuses": counts}
        print_json({**head, "axes": axes_of(frame), "rows": points.to_dict("records")}, options.lang)
        return DONE
    show(_told(store.path, frame, varied, counts, metric, options.lang))
    return DONE


def _told(path: Path, frame: pd.DataFrame, varied: list[str], counts: dict[str, int], metric: str, lang: str) -> list[Block]:
    said = [say("counted", lang, status=say(f"status_{name}", lang), n=n) for name, n in sorted(counts.items())]
    blocks: list[Block] = [say("is_at", lang, name=path.name, n=len(frame), path=path), say("statuses", lang, parts=said)]
    if damaged := frame.attrs["damaged_parts"]:
        blocks.append(say("damaged", lang, n=damaged))
    heads = [(name, "left") for name in varied]
    heads += [(say(name, lang), "left") for name in ("status",)]
    heads += [
        (say("per_year", lang), "right"),
        (metric, "right"),
        (say("gap", lang), "right"),
        (say("measures", lang), "right"),
    ]
    rows = tuple(_row(record, varied, metric, lang) for record in frame.head(SHOWN).to_dict("records"))
    blocks.append(Grid(tuple(heads), rows))
    if len(frame) > SHOWN:
        blocks.append(say("more_rows", lang, n=len(frame) - SHOWN))
    column = "error_ja" if lang == "ja" else "error"
    errors = Counter(text for text in frame.loc[frame["status"] == "error", column])
    blocks += [say("error_of", lang, n=n, error=one_line(text, 300)) for text, n in errors.most_common(10)]
    return blocks


def _row(record: dict[Any, Any], varied: list[str], metric: str, lang: str) -> tuple[str, ...]:
    def amount(name: str) -> str:
        value = record[name]
        return format_amount(value, lang, record["currency"]) if value == value and value is not None else ABSENT

    gap, n = record["gap"], record["n_measures"]
    return (
        *(one_line(record[name]) for name in varied),
        say(f"status_{record['status']}", lang),
        amount("per_year"),
        amount(metric),
        f"{100 * gap:.1f}%" if gap == gap and gap is not None else ABSENT,
        f"{n:.0f}" if n == n and n is not None else ABSENT,
    )


def plot_sweep(sweep: str, metric: str, kind: str, to: Path | None, with_regret: bool, options: Options) -> int:
    """Draw a sweep's charts into its folder, or another."""
    from tenbin.errors import InputError, Problem, reason_of
    from tenbin.reporting import CHART_FORMATS
    from tenbin.reporting.writing import write_charts
    from tenbin.sweeps.plotting import curves_data, regret_data, surface_data
    from tenbin.sweeps.reading import frame_of
    from tenbin.sweeps.store import find_sweep, need
    from tenbin.sweeps.tables import check_metric

    need("pyarrow")
    check_metric(metric)
    if kind not in CHART_FORMATS:
        raise InputError([Problem("--format", 0, "", said("must_format", names=CHART_FORMATS), kind, said("do_format"))])
    store = find_sweep(sweep, options.out)
    frame = frame_of(store)
    curves, surface = curves_data(frame, metric, store.path.name), surface_data(frame, metric, store.path.name)
    works: list[Any] = [curves] if surface is None else [curves, surface]
    if with_regret:
        works.append(regret_data(_regret(store.path, None, options), store.path.name, curves.currency))
    folder = to or store.path / "charts"
    try:
        files = [write_charts(data, folder, options.lang, (kind,)) for data in works]
    except OSError as error:
        raise InputError([Problem(str(folder), 0, "", said("must_writable"), reason_of(error), said("do_space"))]) from error
    paths = [path for one in files for path in one.paths]
    for message in dict.fromkeys(one.advice for one in files if one.advice and not options.quiet):
        tell(message)
    if options.as_json:
        print_json({"schema": 1, "status": "made", "sweep": store.path.name, "charts": [str(path) for path in paths]})
    else:
        show([text for one in files for text in one.summaries.values()] + [f"  {path}" for path in paths])
    return DONE


def regret_of_sweep(sweep: str, to: Path | None, metric: str | None, options: Options) -> int:
    """Show the regret of each plan, or write the whole table to a file."""
    from tenbin.sweeps.store import find_sweep, need
    from tenbin.sweeps.tables import write_frame

    need("pyarrow")
    store = find_sweep(sweep, options.out)
    frame = _regret(store.path, metric, options)
    if to is not None:
        write_frame(frame, to)
    if options.as_json:
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        print_json({"schema": 1, "sweep": store.path.name, "rows": rows}, options.lang)
        return DONE
    show(_regretted(frame, options.lang))
    return DONE


def _regret(path: Path, metric: str | None, options: Options) -> pd.DataFrame:
    from tenbin.sweeps.regret import sweep_regret

    def work(progress: Any, stop: Any) -> pd.DataFrame:
        return sweep_regret(path, metric=metric, memory=options.memory, on_progress=progress, stop=stop)

    return working(work, options.lang, options.quiet, "regret")


def _regretted(frame: pd.DataFrame, lang: str) -> list[Block]:
    """A row a plan: what it was planned for, how often it misses, its largest regret where it does not."""
    if not len(frame):
        return [say("no_plans", lang)]
    columns = list(frame.columns)
    asked = columns[: columns.index("plan")]
    assumed = [name for name in columns[columns.index("is_own") + 1 : columns.index("per_year")] if frame[name].nunique() > 1]
    heads = [(name, "left") for name in (*asked, *assumed)]
    heads += [(say(name, lang), "right") for name in ("planned_for", "missed", "regret_at_most", "short_at_most")]
    rows = []
    for _, own in frame.groupby([*asked, "plan"], sort=False):
        home = own[own["is_own"]].iloc[0]
        met = own[own["met"] == True]  # noqa: E712 - blank where the plan is none
        most = float(met["regret"].max())
        worst = format_amount(max(most, 0.0), lang) if most == most else ABSENT
        cells = [one_line(home[name]) for name in (*asked, *assumed)]
        short = own["short"].max()
        n = int(home["n_planned_for"])
        rows.append((*cells, f"{n:,}", f"{int((own['met'] == False).sum()):,}", worst, f"{100 * short:.1f}%"))  # noqa: E712
    title = say("regret_of", lang, n=frame["plan"].nunique(), assumptions=frame["point"].nunique())
    blocks: list[Block] = [title, Grid(tuple(heads), tuple(rows[:SHOWN])), say("regret_words", lang)]
    if n_hopeless := int(frame.groupby("point")["best_per_year"].apply(lambda best: best.isna().all()).sum()):
        blocks.append(say("regret_hopeless", lang, n=n_hopeless))
    if "case" in assumed:
        blocks.append(say("regret_of_cases", lang))
    return [*blocks, say("more_rows", lang, n=len(rows) - SHOWN)] if len(rows) > SHOWN else blocks
