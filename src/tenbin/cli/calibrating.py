"""``tenbin calibrate``: its commands as people type them. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tenbin.cli.language import help_of
from tenbin.cli.options import LANG, Options, command
from tenbin.cli.usage import SpokenGroup

__all__ = ["calibrate_app"]

calibrate_app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, rich_markup_mode=None)

HERE = Path()


def _option(flag: str, key: str, metavar: str, **more: Any) -> Any:
    return typer.Option(flag, help=help_of(key, LANG), metavar=metavar, **more)


def _file(key: str) -> Any:
    return typer.Argument(help=help_of(key, LANG), metavar="FILE.csv")


Scenario = Annotated[str | None, _option("--scenario", "calibrate_scenario", "ID")]
InCase = Annotated[Path, _option("--case", "calibrate_case", "CASE", show_default=help_of("arg_here", LANG))]
Currency = Annotated[str | None, _option("--currency", "calibrate_currency", "CODE", show_default="JPY")]
Overconfidence = Annotated[str | None, _option("--overconfidence", "overconfidence", "1.5|70%")]


@command(calibrate_app, "losses", ("seed", "out"), words="calibrate_losses")
def losses(
    options: Options,
    file: Annotated[Path, _file("arg_losses")],
    column: Annotated[str | None, _option("--column", "calibrate_column", "NAME")] = None,
    law: Annotated[str, _option("--law", "losses_law", "best|lognormal|gamma|weibull|pareto|tail")] = "best",
    above: Annotated[str | None, _option("--above", "calibrate_above", "AMOUNT")] = None,
    tail_from: Annotated[str | None, _option("--tail-from", "tail_from", "AMOUNT")] = None,
    bootstrap: Annotated[int, _option("--bootstrap", "bootstrap", "N")] = 1000,
    currency: Currency = None,
    scenario: Scenario = None,
    case: InCase = HERE,
) -> None:
    """A law fitted to own losses."""
    from tenbin.calibration import fit_losses
    from tenbin.cli.calibrated import Into, calibrated

    into = Into.of(scenario, case, currency)
    seed = 1 if options.seed is None else options.seed
    asked = {"column": column, "law": law, "above": above, "tail_from": tail_from, "n_bootstrap": bootstrap}
    raise typer.Exit(
        calibrated(lambda: fit_losses(file, seed=seed, currency=into.currency, **asked), [file], options, into, asked)  # type: ignore[arg-type]
    )


@command(calibrate_app, "experts", ("out",), words="calibrate_experts")
def experts(
    options: Options,
    file: Annotated[Path, _file("arg_experts")],
    quantity: Annotated[str, _option("--for", "calibrate_for", "loss|frequency")] = "loss",
    law: Annotated[str, _option("--law", "experts_law", "best|lognormal|gamma|weibull|pareto|mixture")] = "best",
    overconfidence: Overconfidence = None,
    currency: Currency = None,
    scenario: Scenario = None,
    case: InCase = HERE,
) -> None:
    """Experts' quantiles put together."""
    from tenbin.calibration import pool_experts
    from tenbin.cli.calibrated import Into, calibrated

    into = Into.of(scenario, case, currency)
    asked = {"quantity": quantity, "law": law, "overconfidence": overconfidence}
    raise typer.Exit(
        calibrated(lambda: pool_experts(file, currency=into.currency, **asked), [file], options, into, asked)  # type: ignore[arg-type]
    )


@command(calibrate_app, "counts", ("seed", "out"), words="calibrate_counts")
def counts(
    options: Options,
    file: Annotated[Path, _file("arg_counts")],
    model: Annotated[str, _option("--model", "counts_model", "best|poisson|negative_binomial|bernoulli")] = "best",
    scenario: Scenario = None,
    case: InCase = HERE,
) -> None:
    """A frequency fitted to yearly numbers."""
    from tenbin.calibration import fit_counts
    from tenbin.cli.calibrated import Into, calibrated

    into = Into.of(scenario, case)
    seed = 1 if options.seed is None else options.seed
    raise typer.Exit(calibrated(lambda: fit_counts(file, model=model, seed=seed), [file], options, into, {"model": model}))


@command(calibrate_app, "update", ("out",), words="calibrate_update")
def update(
    options: Options,
    incidents: Annotated[int, _option("--incidents", "update_incidents", "N")],
    years: Annotated[str, _option("--years", "update_years", "YEARS")],
    frequency: Annotated[str | None, _option("--frequency", "update_frequency", "1/10")] = None,
    low: Annotated[str | None, _option("--low", "update_low", "1/30")] = None,
    high: Annotated[str | None, _option("--high", "update_high", "1/3")] = None,
    overconfidence: Overconfidence = None,
    scenario: Scenario = None,
    case: InCase = HERE,
) -> None:
    """A frequency updated with own incidents."""
    from tenbin.calibration import update_frequency
    from tenbin.cli.calibrated import Into, calibrated

    into = Into.of(scenario, case)
    believed = into.believed(frequency, low, high)
    how = {"incidents": incidents, "years": years, "overconfidence": overconfidence}
    asked = {"frequency": frequency, "low": low, "high": high, **how}
    raise typer.Exit(calibrated(lambda: update_frequency(*believed, **how), [], options, into, asked))  # type: ignore[arg-type]
