"""The commands. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenbin.cli.words import language, say

if TYPE_CHECKING:
    from tenbin.model import Case
    from tenbin.simulation import EventTable
    from tenbin.studies import Result

__all__ = ["app", "run"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="tenbin (天秤): the cheapest set of security measures that meets a target level of risk, with a certificate.",
)
catalogue_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The framework's measures.")
app.add_typer(catalogue_app, name="catalogue")

CaseArgument = Annotated[Path, typer.Argument(help="A case's folder.", show_default="the current folder")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Another seed than the case's.")]
Trials = Annotated[int | None, typer.Option("--trials", help="Simulated years.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where results go (default ./results or TENBIN_RESULTS).")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no messages.")]
Lang = Annotated[str | None, typer.Option("--lang", help="ja or en.")]
Costs = Annotated[Path | None, typer.Option("--costs", help="Another cost table's folder.")]
Targets = Annotated[list[str] | None, typer.Option("--target", help='Such as "tvar95=60%", "L2:aal=3M", "survive=99%".')]
Requires = Annotated[list[str] | None, typer.Option("--require", help="A measure that must be chosen: M or M=LEVEL.")]
Excludes = Annotated[list[str] | None, typer.Option("--exclude", help="A measure that must not be chosen: M or M=LEVEL.")]
HERE = Path()
DEMO_SECONDS = 6.0
"""The demo answers quickly, on a slow machine with a gap where the search has no end by then."""


def run() -> None:
    """The entry point: every expected error becomes a message and an exit code."""
    from tenbin.cli.console import prepare
    from tenbin.errors import Infeasible, InputError, SolverFailed, StorageError, TenbinError

    prepare()
    as_json = "--json" in sys.argv
    try:
        app(standalone_mode=True)
    except InputError as error:
        _refuse(error.problems, str(error), as_json)
        sys.exit(2)
    except StorageError as error:
        _refuse((), str(error), as_json)
        sys.exit(2)
    except Infeasible as error:
        _complain(str(error))
        sys.exit(3)
    except SolverFailed as error:
        _complain(str(error))
        sys.exit(4)
    except KeyboardInterrupt:
        sys.exit(130)
    except TenbinError as error:
        _complain(str(error))
        sys.exit(130 if "stopped" in str(error) else 4)


def _complain(message: str) -> None:
    from tenbin.cli.console import error_console

    error_console().print(message)


def _refuse(problems: Any, message: str, as_json: bool) -> None:
    from tenbin.cli.console import print_json

    _complain(message)
    if problems:
        _complain(say("problems", language(), n=len(problems)))
    if as_json:
        listed = [problem.to_dict() for problem in problems]
        if not listed:
            listed = [{"file": "", "row": 0, "column": "", "rule": message, "value": "", "remedy": ""}]
        print_json({"schema": 1, "status": "invalid", "problems": listed})


def _prepare_code(quiet: bool, lang: str) -> None:
    """Say a word when the compiled code has to be made first."""
    import os

    if quiet:
        return
    import tenbin.simulation.kernels as kernels

    index = Path(kernels.__file__).parent / "__pycache__"
    if not os.environ.get("NUMBA_CACHE_DIR") and not any(index.glob("kernels.*.nbi")):
        _complain(say("compiling", lang))


def _load(case: Path, costs: Path | None = None) -> Case:
    import tenbin

    return tenbin.load(case, costs)


def _simulate(case: Case, trials: int | None, seed: int | None, lang: str, quiet: bool) -> EventTable:
    from tenbin.cli.work import working
    from tenbin.studies import simulate

    _prepare_code(quiet, lang)
    return working(lambda **how: simulate(case, trials, seed, **how), lang, quiet)


def _inputs(case_folder: Path, costs: Path | None) -> list[Path]:
    """The files that a run depends on, for its manifest."""
    import re

    found = [case_folder]
    text = (case_folder / "case.toml").read_text(encoding="utf-8-sig") if (case_folder / "case.toml").is_file() else ""
    named = re.search(r'^\s*cost_tables\s*=\s*"([^"]+)"', text, re.MULTILINE)
    if costs is not None:
        found.append(costs)
    elif named:
        found.append((case_folder / named[1]).resolve())
    return found


@app.command()
def demo(
    as_json: Json = False, seed: Seed = None, trials: Trials = None, out: Out = None, quiet: Quiet = False, lang: Lang = None
) -> None:
    """The main job on the bundled case: the cheapest plan for its targets."""
    from tenbin.studies.examples import example_path

    _optimise(example_path("machine-parts-sme"), as_json, seed, trials, out, quiet, language(lang), time_limit=DEMO_SECONDS)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    name: Annotated[str, typer.Option("--from", help="The bundled case to start from.")] = "machine-parts-sme",
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Make a new case to edit, from a bundled one."""
    from tenbin.cli.console import out_console, print_json
    from tenbin.studies.examples import copy_example

    made = copy_example(name, folder)
    if as_json:
        print_json({"schema": 1, "status": "made", "path": str(made)})
    elif not quiet:
        out_console().print(say("made", language(lang), path=made))


@app.command()
def check(
    case: CaseArgument = HERE,
    costs: Costs = None,
    as_json: Json = False,
    seed: Seed = None,
    trials: Trials = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Find every error of a case at once, and say what its figures mean."""
    from tenbin.cli.console import out_console, print_json
    from tenbin.cli.render import ring_lines
    from tenbin.studies import ring_true

    speech = language(lang)
    found = _load(case, costs)
    ring = ring_true(_simulate(found, trials, seed, speech, quiet or as_json))
    if as_json:
        print_json(
            {"schema": 1, "status": "valid", "case": found.name, "warnings": list(found.warnings), "ring_true": ring.to_dict()}
        )
        return
    console = out_console()
    counts = {"scenarios": len(found.scenarios), "effects": len(found.effects), "rows": len(found.costs.rows)}
    console.print(say("good_case", speech, title=found.title(speech), **counts))
    for warning in found.warnings:
        console.print(f"{say('warning', speech)}: {warning}")
    console.print()
    for line in ring_lines(ring, found, speech):
        console.print(line)


@app.command()
def simulate(
    case: CaseArgument = HERE,
    as_json: Json = False,
    seed: Seed = None,
    trials: Trials = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """The risk: with nothing in place, and today."""
    from tenbin.cli.console import out_console, print_json
    from tenbin.cli.render import compare_table
    from tenbin.studies import evaluate

    speech = language(lang)
    found = _load(case)
    events = _simulate(found, trials, seed, speech, quiet or as_json)
    views = {"inherent": evaluate(events, {}), "today": evaluate(events, "current")}
    if as_json:
        risk = {name: view.metrics() for name, view in views.items()}
        print_json(
            {
                "schema": 1,
                "case": found.name,
                "currency": found.currency,
                "warnings": list(found.warnings),
                "risk": risk,
                "n_trials": events.n_trials,
                "seed": events.seed,
                "n_events": events.n_events,
            }
        )
        return
    columns = {say(name, speech): {"risk": view.metrics()} for name, view in views.items()}
    out_console().print(compare_table(columns, found.currency, speech))


@app.command()
def evaluate(
    case: CaseArgument = HERE,
    plan: Annotated[list[str] | None, typer.Option("--plan", help='A plan\'s name or "L1.006=basic,L3.016".')] = None,
    costs: Costs = None,
    as_json: Json = False,
    seed: Seed = None,
    trials: Trials = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """What plans cost and leave, side by side."""
    from tenbin.cli.console import out_console, print_json
    from tenbin.cli.render import compare_table
    from tenbin.inputs import parse_plan
    from tenbin.studies import evaluate as evaluate_plan

    speech = language(lang)
    found = _load(case, costs)
    names = plan or ["current"]
    plans = {name: parse_plan(name, found) for name in names}
    events = _simulate(found, trials, seed, speech, quiet or as_json)
    results = {name: evaluate_plan(events, chosen).to_dict() for name, chosen in plans.items()}
    if as_json:
        document = {"schema": 1, "case": found.name, "currency": found.currency, "plans": results}
        print_json({**document, "n_trials": events.n_trials, "seed": events.seed, "warnings": list(found.warnings)})
        return
    out_console().print(compare_table(results, found.currency, speech))


@app.command()
def optimise(
    case: CaseArgument = HERE,
    target: Targets = None,
    level: Annotated[str | None, typer.Option("--level", help="A named level of the case.")] = None,
    budget: Annotated[str | None, typer.Option("--budget", help="8M/first-year (cash), 2M/year or 20M/total.")] = None,
    max_days: Annotated[str | None, typer.Option("--max-days", help="60/first-year or 30/year.")] = None,
    require: Requires = None,
    exclude: Excludes = None,
    costs: Costs = None,
    metric: Annotated[str, typer.Option("--metric", help="What a budget alone minimises.")] = "tvar95",
    delta: Annotated[
        float | None, typer.Option("--delta", help="How near to the targets cheaper plans are checked, at least.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option("--time-limit", help="Seconds for the search.")] = None,
    as_json: Json = False,
    seed: Seed = None,
    trials: Trials = None,
    out: Out = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """The cheapest plan that meets the targets, or the lowest risk that a budget buys."""
    how = {
        "targets": target or (),
        "level": level,
        "budget": budget,
        "max_days": max_days,
        "require": require or (),
        "exclude": exclude or (),
        "metric": metric,
        "delta": delta,
        "time_limit": time_limit,
    }
    _optimise(case, as_json, seed, trials, out, quiet, language(lang), costs, **how)


app.command("optimize", hidden=True)(optimise)


def _optimise(
    folder: Path,
    as_json: bool,
    seed: int | None,
    trials: int | None,
    out: Path | None,
    quiet: bool,
    lang: str,
    costs: Path | None = None,
    **how: Any,
) -> None:
    import time

    from tenbin.cli.answers import report
    from tenbin.cli.work import working
    from tenbin.storage import results_root
    from tenbin.studies import optimise as optimise_case
    from tenbin.studies import suggest
    from tenbin.studies.optimising import check_request

    began = time.perf_counter()
    silent = quiet or as_json
    case = _load(folder, costs)
    check_request(case, **how)
    root = results_root(out)
    read = time.perf_counter() - began
    events = _simulate(case, trials, seed, lang, silent)
    drawn = time.perf_counter() - began - read
    nothing = not how.get("targets") and how.get("level") is None and how.get("budget") is None and not case.targets
    results: dict[str, Result]
    if nothing:
        kept = {name: value for name, value in how.items() if name not in ("targets", "level", "budget", "metric")}
        results = working(lambda **more: suggest(events, validate=True, **kept, **more), lang, silent)
    else:
        results = {"": working(lambda **more: optimise_case(events, validate=True, **how, **more), lang, silent)}
    seconds = {"read": read, "simulate": drawn}
    code = report(
        {name: r.with_seconds(**seconds) for name, r in results.items()}, root, _inputs(folder, costs), as_json, quiet, lang
    )
    raise typer.Exit(code)


@app.command()
def runs(out: Out = None, as_json: Json = False, lang: Lang = None) -> None:
    """The runs under results/."""
    from tenbin.cli.console import out_console, print_json
    from tenbin.storage import list_runs, results_root

    root = results_root(out)
    found = list_runs(root)
    if as_json:
        print_json({"schema": 1, "runs": [{"id": entry.id, "path": str(entry.path)} for entry in found]})
        return
    for entry in found:
        out_console().print(entry.id)
    if not found:
        out_console().print(say("no_runs", language(lang), path=root))


@app.command()
def explain(
    term: Annotated[str | None, typer.Argument(help="A term such as tvar95; all of them without one.")] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """A word of tenbin's, in plain words."""
    from tenbin.cli.terms import explain_term

    raise typer.Exit(explain_term(term, as_json, language(lang)))


@catalogue_app.command("list")
def catalogue_list(
    layer: Annotated[int | None, typer.Option("--layer", help="1, 2 or 3.")] = None,
    component: Annotated[str | None, typer.Option("--component", help="Such as thing or data.")] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """The measures, of one layer or component on wish."""
    from tenbin.cli.framework import list_measures

    list_measures(layer, component, as_json, language(lang))


@catalogue_app.command("show")
def catalogue_show(
    measure: Annotated[str, typer.Argument(help="A measure's id, such as L2.006.")], as_json: Json = False, lang: Lang = None
) -> None:
    """One measure with the risk that it answers, and what its layer protects."""
    from tenbin.cli.framework import show_measure

    show_measure(measure, as_json, language(lang))
