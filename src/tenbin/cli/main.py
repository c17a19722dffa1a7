"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tenbin.cli.calibrating import calibrate_app
from tenbin.cli.completing import completion_of
from tenbin.cli.failing import DONE, INTERRUPTED, fail, fail_usage, interrupted
from tenbin.cli.language import asked_language, help_of, language, readable
from tenbin.cli.options import LANG, Options, command
from tenbin.cli.sweeping import sweep_app
from tenbin.cli.usage import ListsAlone, SpokenGroup

__all__ = ["app", "run"]

app = typer.Typer(
    name="tenbin",
    cls=SpokenGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with the values of variables would show the customer's data
    rich_markup_mode=None,
    help=help_of("tenbin", LANG),
)
catalogue_app = typer.Typer(cls=SpokenGroup, no_args_is_help=True, rich_markup_mode=None)
runs_app = typer.Typer(cls=ListsAlone, rich_markup_mode=None)


def _argument(key: str, **more: Any) -> Any:
    return typer.Argument(help=help_of(key, LANG), autocompletion=completion_of(key), **more)


def _option(flag: str, key: str, metavar: str, **more: Any) -> Any:
    return typer.Option(flag, help=help_of(key, LANG), metavar=metavar, autocompletion=completion_of(key), **more)


WRONG_USAGE: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What a wrong command line raises: newer versions of typer bring their own click."""

HERE = Path()
DEMO = "machine-parts-sme"
CaseFolder = Annotated[Path, _argument("arg_case", metavar="CASE", show_default=help_of("arg_here", LANG))]
Costs = Annotated[Path | None, _option("--costs", "costs", "PATH")]


def run() -> None:
    """The entry point: whatever is expected to go wrong becomes a message, a document and an exit code."""
    from tenbin.cli.console import prepare

    prepare()
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough (… | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    from tenbin.errors import TenbinError

    as_json, lang = "--json" in arguments, readable(language(asked_language(arguments)), sys.stderr)
    try:
        return int(app(args=arguments, prog_name="tenbin", standalone_mode=False) or DONE)
    except (TenbinError, MemoryError) as error:
        return fail(error, as_json, lang)
    except WRONG_USAGE as error:
        return fail_usage(error, as_json, lang)
    except (KeyboardInterrupt, typer.Abort):
        return interrupted(as_json, lang) if as_json else INTERRUPTED


def _version(asked: bool) -> None:
    if asked:
        from tenbin import __version__

        sys.stdout.write(f"tenbin {__version__}\n")
        raise typer.Exit


@app.callback()
def tenbin(
    version: Annotated[
        bool, typer.Option("--version", help=help_of("version", LANG), callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options of no command."""


@command(app, "demo", ("seed", "trials", "out", "no_charts"))
def demo(options: Options) -> None:
    """The main job on the bundled case."""
    from tenbin.cli.studying import optimise_case
    from tenbin.studies.examples import example_path

    raise typer.Exit(optimise_case(example_path(DEMO), options))


@command(app, "init")
def init(
    options: Options,
    folder: Annotated[Path, _argument("arg_dir", metavar="DIR")],
    name: Annotated[str | None, _option("--from", "from", "NAME|PATH")] = None,
    answers: Annotated[Path | None, _option("--answers", "answers", "FILE")] = None,
    workbook: Annotated[bool, typer.Option("--workbook", help=help_of("workbook", LANG))] = False,
) -> None:
    """Make a new case to edit."""
    from tenbin.cli.booking import init_case
    from tenbin.cli.interviewing import init_by_interview, is_asked

    as_workbook = workbook or folder.suffix.lower() == ".xlsx"
    if answers is not None or (name is None and not as_workbook and is_asked(options)):
        raise typer.Exit(init_by_interview(folder, answers, options, as_workbook))
    init_case(folder, name or DEMO, as_workbook, options)


@command(app, "check", ("seed", "trials"))
def check(
    options: Options,
    case: CaseFolder = HERE,
    costs: Costs = None,
    mark: Annotated[bool, typer.Option("--mark", help=help_of("mark", LANG))] = False,
) -> None:
    """Find every error of a case."""
    from tenbin.cli.booking import check_and_mark
    from tenbin.cli.commands import check_case

    (check_and_mark if mark else check_case)(case, costs, options)


@command(app, "simulate", ("seed", "trials"))
def simulate(options: Options, case: CaseFolder = HERE) -> None:
    """The risk."""
    from tenbin.cli.commands import simulate_case

    simulate_case(case, options)


@command(app, "evaluate", ("seed", "trials"))
def evaluate(
    options: Options,
    case: CaseFolder = HERE,
    plan: Annotated[list[str] | None, _option("--plan", "plan", "PLAN")] = None,
    costs: Costs = None,
    forms: Annotated[bool, typer.Option("--forms", help=help_of("forms", LANG))] = False,
) -> None:
    """Plans side by side."""
    from tenbin.cli.commands import evaluate_plans

    evaluate_plans(case, plan or (), costs, options, forms)


@command(app, "coverage")
def coverage(
    options: Options,
    case: CaseFolder = HERE,
    plan: Annotated[str, _option("--plan", "coverage_plan", "PLAN")] = "current",
    standard: Annotated[str | None, _option("--standard", "standard", "NAME")] = None,
    costs: Costs = None,
) -> None:
    """What a plan supports of standards."""
    from tenbin.cli.covering import coverage_of_plan

    coverage_of_plan(case, plan, standard, costs, options)


@command(app, "optimize", ("seed", "trials", "out", "no_charts"), words="optimise", hidden=True)
@command(app, "optimise", ("seed", "trials", "out", "no_charts"))
def optimise(
    options: Options,
    case: CaseFolder = HERE,
    target: Annotated[list[str] | None, _option("--target", "target", "T")] = None,
    level: Annotated[str | None, _option("--level", "level", "NAME")] = None,
    budget: Annotated[str | None, _option("--budget", "budget", "B")] = None,
    max_days: Annotated[str | None, _option("--max-days", "max_days", "D")] = None,
    require: Annotated[list[str] | None, _option("--require", "require", "M[=LEVEL]")] = None,
    exclude: Annotated[list[str] | None, _option("--exclude", "exclude", "M[=LEVEL]")] = None,
    costs: Costs = None,
    metric: Annotated[str, _option("--metric", "metric", "METRIC")] = "tvar95",
    delta: Annotated[float | None, _option("--delta", "delta", "SHARE")] = None,
    time_limit: Annotated[float | None, _option("--time-limit", "time_limit", "SECONDS")] = None,
    alternatives: Annotated[int, _option("--alternatives", "alternatives", "K")] = 0,
    reasons: Annotated[bool, typer.Option("--reasons", help=help_of("reasons", LANG))] = False,
    likely: Annotated[bool, typer.Option("--likely", help=help_of("likely", LANG))] = False,
    robust: Annotated[int | None, _option("--robust", "robust", "N")] = None,
    replications: Annotated[int | None, _option("--replications", "replications", "N")] = None,
) -> None:
    """The cheapest plan."""
    from tenbin.cli.beside import Beside
    from tenbin.cli.studying import optimise_case

    asked = {"targets": target or (), "level": level, "budget": budget, "max_days": max_days}
    rules = {"require": require or (), "exclude": exclude or (), "metric": metric, "delta": delta, "time_limit": time_limit}
    raise typer.Exit(
        optimise_case(case, options, costs, Beside(alternatives, reasons, robust, replications, likely), **asked, **rules)
    )


@command(app, "frontier", ("seed", "trials", "out", "no_charts"))
def frontier(
    options: Options,
    case: CaseFolder = HERE,
    metric: Annotated[str, _option("--metric", "frontier_metric", "METRIC")] = "tvar95",
    points: Annotated[int, _option("--points", "points", "N")] = 30,
    target: Annotated[list[str] | None, _option("--target", "frontier_target", "T")] = None,
    budgets: Annotated[list[str] | None, _option("--budgets", "budgets", "B,B,…")] = None,
    max_days: Annotated[str | None, _option("--max-days", "max_days", "D")] = None,
    require: Annotated[list[str] | None, _option("--require", "require", "M[=LEVEL]")] = None,
    exclude: Annotated[list[str] | None, _option("--exclude", "exclude", "M[=LEVEL]")] = None,
    costs: Costs = None,
    delta: Annotated[float | None, _option("--delta", "delta", "SHARE")] = None,
    time_limit: Annotated[float | None, _option("--time-limit", "frontier_time_limit", "SECONDS")] = None,
) -> None:
    """The cheapest plan at every level of risk."""
    from tenbin.cli.fronting import frontier_case

    asked = {"metric": metric, "targets": target or (), "max_days": max_days}
    rules = {"require": require or (), "exclude": exclude or (), "delta": delta, "time_limit": time_limit}
    raise typer.Exit(frontier_case(case, options, costs, points, budgets, **asked, **rules))


@command(app, "sensitivity", ("seed", "trials", "out"), without=("worlds", "precision"))
def sensitivity(
    options: Options,
    case: CaseFolder = HERE,
    plan: Annotated[str | None, _option("--plan", "sensitivity_plan", "PLAN", show_default="current")] = None,
    run: Annotated[str | None, _option("--run", "plan_of_run", "RUN")] = None,
    metric: Annotated[str, _option("--metric", "sensitivity_metric", "METRIC")] = "tvar95",
    top: Annotated[int, _option("--top", "top", "N")] = 15,
    costs: Costs = None,
) -> None:
    """Which guess matters most."""
    from tenbin.cli.sensing import sensitivity_of_case

    raise typer.Exit(sensitivity_of_case(case, plan, run, metric, top, costs, options))


@command(app, "stress", ("seed", "trials", "out"))
def stress(
    options: Options,
    case: CaseFolder = HERE,
    plan: Annotated[list[str] | None, _option("--plan", "stress_plan", "PLAN")] = None,
    run: Annotated[list[str] | None, _option("--run", "plan_of_run", "RUN")] = None,
    force: Annotated[list[str] | None, _option("--force", "force", "SCENARIO")] = None,
    scale: Annotated[list[str] | None, _option("--scale", "scale", "WHAT=FACTOR[:PART]")] = None,
    down: Annotated[list[str] | None, _option("--down", "down", "SCENARIO[=LOSS]")] = None,
    target: Annotated[list[str] | None, _option("--target", "stress_target", "T")] = None,
    costs: Costs = None,
) -> None:
    """Plans where something goes wrong."""
    from tenbin.cli.stressing import stress_case

    asked = {"force": force or (), "scale": scale or (), "down": down or (), "targets": target}
    raise typer.Exit(stress_case(case, plan or (), run or (), costs, options, **asked))


@command(app, "report", ("out",))
def report(
    options: Options,
    run: Annotated[str, _argument("arg_run", metavar="RUN")] = "latest",
    form: Annotated[str | None, _option("--format", "report_format", "html|xlsx|pptx|pdf")] = None,
    target: Annotated[Path | None, _option("--to", "report_to", "FILE")] = None,
    brand: Annotated[Path | None, _option("--brand", "report_brand", "FILE")] = None,
    template: Annotated[Path | None, _option("--template", "report_template", "FILE")] = None,
    points: Annotated[int, _option("--points", "points", "N")] = 12,
    frontier: Annotated[bool, typer.Option("--frontier/--no-frontier", help=help_of("report_frontier", LANG))] = True,
    open_it: Annotated[bool, typer.Option("--open", help=help_of("report_open", LANG))] = False,
) -> None:
    """A run's report."""
    from tenbin.cli.report_asked import ReportAsked
    from tenbin.cli.reporting_run import report_of_run

    raise typer.Exit(report_of_run(run, options, ReportAsked(form, target, points, frontier, open_it, brand, template)))


@command(app, "chart", ("out",))
def chart(
    options: Options,
    run: Annotated[str, _argument("arg_run", metavar="RUN")] = "latest",
    name: Annotated[str, _argument("arg_chart", metavar="NAME")] = "all",
    kind: Annotated[str | None, _option("--format", "chart_format", "svg|png|pdf")] = None,
    target: Annotated[Path | None, _option("--to", "chart_to", "FILE")] = None,
) -> None:
    """A run's charts."""
    from tenbin.cli.charting import charts_of_run

    raise typer.Exit(charts_of_run(run, name, options, kind, target))


@command(app, "compare", ("out",))
def compare(options: Options, runs: Annotated[list[str], _argument("arg_runs", metavar="RUN RUN …")]) -> None:
    """Several runs side by side."""
    from tenbin.cli.comparing import compare_runs

    compare_runs(runs, options)


@command(app, "app", ("no_charts",), without=("as_json", "quiet"))
def serve(
    options: Options,
    case: Annotated[Path | None, _argument("arg_app_case", metavar="CASE", show_default=False)] = None,
    port: Annotated[int | None, _option("--port", "port", "N", show_default=False)] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help=help_of("app_browser", LANG), show_default=False)
    ] = True,
    key: Annotated[str | None, _option("--key", "app_key", "TEXT", show_default=False)] = None,
) -> None:
    """The app in the browser."""
    from tenbin.cli.serving import serve_app

    raise typer.Exit(serve_app(case, port, browser, key, options))


@command(runs_app, "list", ("out",), words="runs_list")
def runs_list(options: Options) -> None:
    """The runs that were saved."""
    from tenbin.cli.saved_runs import list_runs_of

    list_runs_of(options)


@command(runs_app, "show", ("out",), words="runs_show")
def runs_show(options: Options, run: Annotated[str, _argument("arg_run", metavar="RUN")] = "latest") -> None:
    """One run."""
    from tenbin.cli.saved_runs import show_run

    show_run(run, options)


@command(runs_app, "diff", ("out",), words="runs_diff")
def runs_diff(
    options: Options,
    first: Annotated[str, _argument("arg_run", metavar="RUN")],
    second: Annotated[str, _argument("arg_run", metavar="RUN")] = "latest",
) -> None:
    """What is different between two runs."""
    from tenbin.cli.saved_runs import diff_runs

    diff_runs(first, second, options)


@command(app, "actions")
def actions(
    options: Options,
    results: Annotated[Path, _argument("arg_results", metavar="RESULTS.xlsx")],
    case: CaseFolder = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=help_of("dry_run", LANG))] = False,
) -> None:
    """What is done, taken over into a case's status."""
    from tenbin.cli.booking import actions_into

    actions_into(results, case, dry_run, options)


@command(app, "explain")
def explain(options: Options, term: Annotated[str | None, _argument("arg_term", metavar="TERM")] = None) -> None:
    """A term in plain words."""
    from tenbin.cli.terms import explain_term

    raise typer.Exit(explain_term(term, options.as_json, options.lang))


@command(catalogue_app, "list", words="catalogue_list")
def catalogue_list(
    options: Options,
    layer: Annotated[int | None, _option("--layer", "layer", "N")] = None,
    component: Annotated[str | None, _option("--component", "component", "NAME")] = None,
) -> None:
    """List the measures."""
    from tenbin.cli.framework import list_measures

    list_measures(layer, component, options.as_json, options.lang)


@command(catalogue_app, "show", words="catalogue_show")
def catalogue_show(options: Options, measure: Annotated[str, _argument("arg_measure", metavar="MEASURE")]) -> None:
    """Show one measure."""
    from tenbin.cli.framework import show_measure

    show_measure(measure, options.as_json, options.lang)


app.add_typer(runs_app, name="runs", help=help_of("runs", LANG), short_help=help_of("runs", LANG))
app.add_typer(calibrate_app, name="calibrate", help=help_of("calibrate", LANG), short_help=help_of("calibrate", LANG))
app.add_typer(sweep_app, name="sweep", help=help_of("sweep", LANG), short_help=help_of("sweep", LANG))
app.add_typer(catalogue_app, name="catalogue", help=help_of("catalogue", LANG), short_help=help_of("catalogue", LANG))
