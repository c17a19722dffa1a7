"""``tenbin sweep``: its commands as people type them. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tenbin.cli.completing import completion_of
from tenbin.cli.language import help_of
from tenbin.cli.options import LANG, Options, command
from tenbin.cli.usage import SpokenGroup

__all__ = ["sweep_app"]


class RunsAlone(SpokenGroup):
    """``tenbin sweep SPEC`` is ``tenbin sweep run SPEC``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where a file or options follow."""
        named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named or not args else ["run", *args])


sweep_app = typer.Typer(cls=RunsAlone, no_args_is_help=True, rich_markup_mode=None)


def _option(flag: str, key: str, metavar: str, **more: Any) -> Any:
    return typer.Option(flag, help=help_of(key, LANG), metavar=metavar, autocompletion=completion_of(key), **more)


def _flag(flag: str, key: str) -> Any:
    return typer.Option(flag, help=help_of(key, LANG))


Which = Annotated[str, typer.Argument(help=help_of("arg_sweep", LANG), metavar="SWEEP")]
Metric = Annotated[str, _option("--metric", "sweep_metric", "METRIC")]


@command(sweep_app, "run", ("out", "memory"), words="sweep_run")
def run(
    options: Options,
    spec: Annotated[Path, typer.Argument(help=help_of("arg_spec", LANG), metavar="SPEC.toml")],
    jobs: Annotated[int | None, _option("--jobs", "jobs", "N", show_default=False)] = None,
    scheduler: Annotated[str | None, _option("--scheduler", "scheduler", "ADDRESS")] = None,
    yes: Annotated[bool, _flag("--yes", "sweep_yes")] = False,
    retry_failed: Annotated[bool, _flag("--retry-failed", "retry_failed")] = False,
    wait: Annotated[bool, _flag("--wait", "sweep_wait")] = False,
) -> None:
    """Ask every point."""
    from tenbin.cli.sweeps_run import Asked, run_spec

    raise typer.Exit(run_spec(spec, Asked(jobs, scheduler, yes, retry_failed, wait), options))


@command(sweep_app, "show", ("out",), words="sweep_show")
def show(
    options: Options,
    sweep: Which = "latest",
    to: Annotated[Path | None, _option("--to", "sweep_to", "FILE")] = None,
    metric: Metric = "tvar95",
) -> None:
    """What was found so far."""
    from tenbin.cli.sweeps_show import show_sweep

    raise typer.Exit(show_sweep(sweep, to, metric, options))


@command(sweep_app, "plot", ("out",), words="sweep_plot")
def plot(
    options: Options,
    sweep: Which = "latest",
    metric: Metric = "tvar95",
    kind: Annotated[str, _option("--format", "chart_format", "svg|png|pdf")] = "png",
    to: Annotated[Path | None, _option("--to", "sweep_plot_to", "FOLDER")] = None,
    regret: Annotated[bool, typer.Option("--regret/--no-regret", help=help_of("sweep_with_regret", LANG))] = True,
) -> None:
    """Charts of a sweep."""
    from tenbin.cli.sweeps_show import plot_sweep

    raise typer.Exit(plot_sweep(sweep, metric, kind, to, regret, options))


@command(sweep_app, "regret", ("out",), words="sweep_regret")
def regret(
    options: Options,
    sweep: Which = "latest",
    to: Annotated[Path | None, _option("--to", "sweep_to", "FILE")] = None,
    metric: Annotated[str | None, _option("--metric", "sweep_regret_metric", "METRIC")] = None,
) -> None:
    """Each plan under every other assumption."""
    from tenbin.cli.sweeps_show import regret_of_sweep

    raise typer.Exit(regret_of_sweep(sweep, to, metric, options))
