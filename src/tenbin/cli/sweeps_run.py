"""What ``sweep SPEC`` does: lay out, say how much it is, ask where it is very much, work, say what came of it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import DONE, INTERRUPTED, INVALID
from tenbin.cli.options import Options
from tenbin.cli.work import Progress, working
from tenbin.words import speaker

if TYPE_CHECKING:
    from tenbin.sweeps.planning import Estimate, Plan

__all__ = ["Asked", "run_spec", "span"]

say = speaker("sweeps")


@dataclass(frozen=True, slots=True)
class Asked:
    """How a sweep is to be run."""

    jobs: int | None = None
    scheduler: str | None = None
    yes: bool = False
    retry_failed: bool = False
    wait: bool = False


def run_spec(spec: Path, asked: Asked, options: Options) -> int:
    """Run a sweep, or the rest of it; return the exit code."""
    from tenbin.sweeps.planning import plan_sweep, refuse_too_many
    from tenbin.sweeps.spec import read_spec
    from tenbin.sweeps.sweeping import holding

    how = {"jobs": asked.jobs, "scheduler": asked.scheduler, "retry_failed": asked.retry_failed, "memory": options.memory}
    read = read_spec(spec)
    if not sys.stdin.isatty():  # nobody can be asked
        refuse_too_many(read, asked.yes)
    plan = plan_sweep(read, out=options.out, **how)  # type: ignore[arg-type]
    lang, quiet = options.lang, options.quiet
    try:
        with holding(plan, asked.wait) as running:
            estimate, stopped = working(lambda _, stop: (running.measure(stop), stop), lang, quiet, "sweep")
            if stopped.is_set():
                found = running.go(None, stopped)
            else:
                if not quiet:
                    _announce(plan, estimate, lang)
                if not _is_wanted(plan, asked, lang):
                    return INTERRUPTED
                found = working(lambda progress, stop: running.go(_Following(progress, lang), stop), lang, quiet, "sweep")
    finally:
        plan.close()
    if options.as_json:
        print_json(found.to_dict(), lang)
    else:
        place = shlex.quote(str(found.path))
        blocks = [say("swept", lang, n=found.n_solved, total=found.n_distinct, seconds=span(found.seconds, lang))]
        if found.n_failed:
            blocks.append(say("some_failed", lang, n=found.n_failed, place=place))
        if found.n_missing:
            blocks.append(say("some_missing", lang, n=found.n_missing))
        show([*blocks, say("swept_to", lang, path=found.path, place=place)])
    if found.is_interrupted:
        return INTERRUPTED
    return INVALID if found.n_failed == found.n_distinct else DONE


class _Following:
    """Passes progress on, and says it once when a cluster has no worker: nothing moves then."""

    def __init__(self, progress: Progress, lang: str) -> None:
        self.progress, self.lang, self.is_told = progress, lang, False

    def __call__(self, stage: str, done: float, total: float, detail: Mapping[str, float]) -> None:
        from tenbin.sweeps.sweeping import DESERTED

        if stage == DESERTED and not self.is_told:
            tell(say("so_deserted", self.lang))
        self.is_told = stage == DESERTED
        self.progress("sweep", done, total, detail)


def _announce(plan: Plan, estimate: Estimate, lang: str) -> None:
    """How many points, how many are done, how long the others take, what a worker may hold: on standard error."""
    from tenbin.units import format_memory

    sizes = [(axis.name, len(axis.values)) for axis in plan.points.axes if len(axis.values) > 1]
    tell(say("so_many", lang, n=estimate.n_points, axes=[f"{name} ({n})" for name, n in sizes] or ["-"]))
    if estimate.n_distinct < estimate.n_points:
        tell(say("so_distinct", lang, n=estimate.n_distinct))
    if estimate.n_done:
        tell(say("so_done", lang, n=estimate.n_done, failed=estimate.n_failed_before))
    if plan.broken:
        tell(say("so_broken", lang, n=len(plan.broken)))
    if estimate.n_todo:
        time = say("so_unknown", lang) if estimate.seconds is None else span(estimate.seconds, lang)
        memory = format_memory(estimate.memory)
        tell(
            say(
                "so_long",
                lang,
                n=estimate.n_todo,
                tables=estimate.n_tables,
                workers=estimate.n_workers,
                time=time,
                memory=memory,
            )
        )
    if plan.points.has_dates and plan.points.prices_on != date.today():
        tell(say("so_dated", lang, day=plan.points.prices_on.isoformat()))
    if plan.scheduler and plan.scheduler.startswith("tcp://") and not _is_loopback(plan.scheduler):
        tell(say("so_open", lang))


def _is_loopback(address: str) -> bool:
    host = address.removeprefix("tcp://").rpartition(":")[0].strip("[]")
    return host in ("localhost", "::1") or host.startswith("127.")


def _is_wanted(plan: Plan, asked: Asked, lang: str) -> bool:
    """Whether so many points are meant: asked, where they are very many."""
    from tenbin.sweeps.spec import ASKED_FROM

    if asked.yes or len(plan.keys) < ASKED_FROM:
        return True
    sys.stderr.write(say("go_on", lang, n=len(plan.keys)))
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", say("yes_word", lang))


def span(seconds: float, lang: str) -> str:
    """A time as people say it: 12 s, 3 min, 4 h."""
    for size, key in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return say(key, lang, n=f"{seconds / size:.0f}")
    return say("seconds", lang, n=f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}")
