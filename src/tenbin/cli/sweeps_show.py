"""What ``sweep show`` prints: how far a sweep is, what its points found, what went wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid, one_line, print_json, show
from tenbin.cli.failing import DONE
from tenbin.cli.options import Options
from tenbin.units import format_amount
from tenbin.words import speaker

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["show_sweep"]

say = speaker("sweeps")

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
