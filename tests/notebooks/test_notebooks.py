"""Each notebook is run from beginning to end with fewer years; what it shows is what the command says of the same years."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from running.commands import ROOT, run, shell_command
from running.forked import CAN_FORK
from tenbin.units import format_amount

if TYPE_CHECKING:
    from nbformat import NotebookNode

pytestmark = pytest.mark.slow
DOCS = ROOT / "docs"
SOURCES = {path.stem: path for path in sorted((DOCS / "notebooks").glob("*.py"))}
YEARS = 20_000
CASE = ROOT / "scenarios" / "machine-parts-sme"
MARK = "FIGURES "
WANTED = {
    "first_steps": """dict(today=today.metrics(), plan=answer.plan, risk=plan.metrics(), cost=plan.cost.per_year, beyond=beyond,
        interval=today.interval("tvar95"), first=new["measure"].tolist())""",
    "frontier_and_what_ifs": """dict(points=[(p.plan, p.value, p.cost.per_year) for p in front.points], found={
        name: (one.plan, one.risk.tvar(0.95), one.cost.per_year) for name, one in found.items()},
        budgets=budgets[["budget", "bad year, ¥M", "spent a year, ¥M"]].values.tolist(), target=TARGET, dearest=dearest)""",
    "uncertainty": """dict(plan=answer.plan, sure=sure.to_dict("records"), stress=table[["stress", "plan", "tvar95"]].values.tolist(),
        worths=[one.per_year for one in information.worths], everything=information.everything)""",
    "engagement": """dict(today={name: [len(risk.plan), risk.tvar(0.95), risk.cost.per_year] for name, risk in today.items()},
        result=result, quiet=quiet, marked=[cell.coordinate for cell in cells])""",
    "suppliers": """dict(points=points[["supplier", "target", "plan", "per_year", "tvar95", "today_tvar95"]].to_dict("records"),
        counts=[done.n_points, done.n_solved, again.n_done, again.n_solved], paid=paid.to_dict(), order=list(risk.index),
        ranks=ranks.to_dict("index"), revenue=revenue.to_dict())""",
}
"""What is looked at when a notebook has run, in its own names."""


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


with warnings.catch_warnings():  # of what Jupyter's own libraries import
    warnings.simplefilter("ignore")
    run_notebook: Callable[..., NotebookNode] = _load(DOCS / "run_notebooks.py").run_notebook


@dataclass(frozen=True)
class Ran:
    """A notebook that was run: its cells with their outputs, where it worked, what was looked at."""

    notebook: NotebookNode
    folder: Path
    figures: dict[str, Any]

    @property
    def shown(self) -> str:
        """Everything that its cells show, as text and as HTML."""
        return "\n".join(texts_of(self.notebook))


def texts_of(notebook: NotebookNode) -> list[str]:
    found = []
    for output in (one for cell in notebook.cells for one in cell.get("outputs", ())):
        found += [output["text"]] if output["output_type"] == "stream" else []
        found += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return found


def complaints(notebook: NotebookNode) -> list[str]:
    """What was written to stderr, warnings above all, and errors."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [str(one.get("text", one)) for one in outputs if one.get("name") == "stderr" or one["output_type"] == "error"]


def fork_commands(folder: Path) -> None:
    """What a notebook starts as ``python -X utf8 -m tenbin`` is forked from a process that has everything loaded, as other tests' commands."""
    python = folder / ".ipython" / "python"
    startup = folder / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    python.write_text(
        f'#!/bin/sh\nif [ "$3 $4" = "-m tenbin" ]; then shift 4; exec {shell_command()} "$@"; fi\n'
        f'exec {shlex.quote(sys.executable)} "$@"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    (startup / "fork.py").write_text(f"import sys\nsys.executable = {str(python)!r}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """Runs a notebook once for all the tests of this file."""
    known: dict[str, Ran] = {}

    def of(name: str) -> Ran:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            if CAN_FORK:
                fork_commands(folder)
            more = f"import json\nprint({MARK!r} + json.dumps({WANTED[name]}, default=float))"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of Jupyter's own libraries in this process; the kernel's come by stderr
                notebook = run_notebook(SOURCES[name], folder, small=True, last_cell=more)
            said = "".join(output.get("text", "") for output in notebook.cells.pop().outputs)
            known[name] = Ran(notebook, folder, json.loads(said.removeprefix(MARK)))
        return known[name]

    return of


def evaluated(case: Path, *plans: Mapping[str, str] | str) -> list[dict[str, Any]]:
    """What ``tenbin evaluate`` says of plans on the notebooks' years."""
    texts = [plan if isinstance(plan, str) else ",".join(f"{m}={level}" for m, level in plan.items()) for plan in plans]
    asked = [part for text in texts for part in ("--plan", text)]
    document = json.loads(run("evaluate", case, *asked, "--trials", YEARS, "--json")[0])
    return list(document["plans"].values())


def test_there_is_something_to_look_at_in_each() -> None:
    assert set(SOURCES) == set(WANTED)


@pytest.mark.parametrize("name", WANTED)
def test_it_runs_without_a_complaint(ran: Callable[[str], Ran], name: str) -> None:
    notebook = ran(name).notebook
    assert complaints(notebook) == []
    assert all(cell["execution_count"] for cell in notebook.cells if cell["cell_type"] == "code")
    assert "nan" not in re.sub(r"<[^>]*>", " ", ran(name).shown).lower().split()


@pytest.mark.parametrize("name", WANTED)
def test_it_tells_a_story(name: str) -> None:
    """A Japanese summary on top, a question, how sure, what to do; links lead somewhere, and no amount is written by hand."""
    source = SOURCES[name].read_text(encoding="utf-8")
    prose = "\n".join(line for line in source.splitlines() if line.startswith("# "))
    assert re.match(r"# # .+\n# > \*\*要約\*\* ", prose[prose.index("# # ") :])
    assert "**The question.**" in prose
    assert re.search(r"^# ## .*([Hh]ow sure|certain|worth finding out)", prose, re.M)
    assert re.search(r"^# ## .*[Ww]hat to do", prose, re.M)
    assert amounts_in(prose) == []
    for link in re.findall(r"\]\(([^)#]+)\)", prose):
        assert (SOURCES[name].parent / link).exists(), link


def amounts_in(prose: str) -> list[str]:
    """Amounts of money that somebody wrote: they would be wrong as soon as a figure of the case changes."""
    return re.findall(r"¥\s?\d[\d.,]*|\d[\d.,]*\s?(?:million|万円|億円)", prose)


def test_first_steps_are_what_the_command_says(ran: Callable[[str], Ran]) -> None:
    found = ran("first_steps")
    today, plan = evaluated(CASE, "current", found.figures["plan"])
    assert found.figures["today"] == pytest.approx(today["risk"], rel=1e-12)
    assert found.figures["risk"] == pytest.approx(plan["risk"], rel=1e-12)
    assert found.figures["cost"] == pytest.approx(plan["cost"]["per_year"], rel=1e-12)
    error = today["error"]["tvar95"]
    assert found.figures["interval"] == pytest.approx([error["low"], error["high"]], rel=1e-12)
    assert plan["risk"]["tvar95"] <= 0.75 * today["risk"]["tvar95"] * (1 + 1e-9)
    for risk in (today, plan):
        assert all(format_amount(value) in found.shown for value in risk["risk"].values())
    assert f"chance of {found.figures['beyond']:.1%}" in found.shown
    in_place = {entry["measure"] for entry in today["plan"]}
    assert found.figures["first"]
    assert {measure for measure in found.figures["plan"] if measure not in in_place} <= set(found.figures["first"])


def test_frontier_and_what_ifs_are_what_the_command_says(ran: Callable[[str], Ran]) -> None:
    figures = ran("frontier_and_what_ifs").figures
    points = figures["points"]
    today, *plans = evaluated(CASE, "current", *(plan for plan, _, _ in points))
    for (_, value, cost), plan in zip(points, plans, strict=True):
        assert (value, cost) == pytest.approx((plan["risk"]["tvar95"], plan["cost"]["per_year"]), rel=1e-12)
    assert [value for _, value, _ in points] == sorted((value for _, value, _ in points), reverse=True)
    assert [cost for *_, cost in points] == sorted(cost for *_, cost in points)
    limit = float(figures["target"].partition("=")[2])
    assert limit == pytest.approx(0.75 * today["risk"]["tvar95"], abs=1)
    found = figures["found"]
    less = found.pop("nowhere worse than today, for less")
    assert less[2] <= today["cost"]["per_year"]
    assert less[1] <= today["risk"]["tvar95"] * (1 + 1e-9)
    assert all(value <= limit * (1 + 1e-9) for _, value, _ in found.values())
    assert figures["dearest"] not in found[f"without {figures['dearest']}"][0]
    for budget, _, spent in figures["budgets"]:
        assert spent <= float(budget.partition("M")[0]) * (1 + 1e-9)
    same = [name for name in found if name == "as it is" or name.startswith("without")]
    for name, plan in zip(same, evaluated(CASE, *(found[name][0] for name in same)), strict=True):
        assert found[name][1:] == pytest.approx((plan["risk"]["tvar95"], plan["cost"]["per_year"]), rel=1e-12)


def test_uncertainty_is_what_the_commands_say(ran: Callable[[str], Ran]) -> None:
    figures = ran("uncertainty").figures
    plans = dict(zip(("today", "the plan"), evaluated(CASE, "current", figures["plan"]), strict=True))
    for row in figures["sure"]:
        plan, metric = plans[row["plan"]], row["metric"]
        error, between = plan["error"][metric], plan["between_worlds"][metric]
        said = (plan["risk"][metric], error["low"], error["high"], between["low"], between["high"])
        shown = [1e6 * value for key, value in row.items() if key not in ("plan", "metric")]
        assert shown == pytest.approx(said, rel=1e-9)
    text = ",".join(f"{m}={level}" for m, level in figures["plan"].items())
    document = json.loads(run("stress", CASE, "--plan", text, "--trials", YEARS, "--target", "tvar95=75%", "--json")[0])
    rows = [("normal", document["normal"]), *((one["stress"], one["plans"]) for one in document["stresses"])]
    said = [plan["risk"]["tvar95"] for _, plans_of in rows for plan in plans_of.values()]
    assert [value for *_, value in figures["stress"]] == pytest.approx(said, rel=1e-12)
    assert [name for name, *_ in figures["stress"][::2]] == [name for name, _ in rows]
    worths = figures["worths"]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] > 0
    assert worths[0] <= figures["everything"]


def test_the_engagement_is_what_the_commands_say(ran: Callable[[str], Ran]) -> None:
    found = ran("engagement")
    result, today = found.figures["result"], found.figures["today"]
    plan = {entry["measure"]: entry["level"] for entry in result["plan"]}
    before, chosen = evaluated(CASE, "current", plan)
    assert result["risk"]["residual"] == pytest.approx(chosen["risk"], rel=1e-12)
    for name, said in (("before", before), ("after", evaluated(found.folder / "client", "current")[0])):
        assert today[name] == pytest.approx([len(said["plan"]), said["risk"]["tvar95"], said["cost"]["per_year"]], rel=1e-12)
    assert today["after"][0] == today["before"][0] + 3
    assert today["after"][1] < today["before"][1]
    assert found.figures["quiet"]
    assert len(found.figures["marked"]) == 2
    assert "\x1b" not in found.shown
    assert "\n…" in found.shown  # the plan is shown by the workbook
    assert all(place in found.shown for place in ("scenarios!H4 frequency", "scenarios!J5 frequency_high"))


def test_suppliers_are_what_the_command_says(ran: Callable[[str], Ran]) -> None:
    found = ran("suppliers")
    points, revenue = found.figures["points"], found.figures["revenue"]
    n = len(points)
    assert found.figures["counts"] == [n, n, n, 0]
    assert n == len(revenue) * len({point["target"] for point in points})
    for name in revenue:
        own = [point for point in points if point["supplier"] == name]
        today, *plans = evaluated(found.folder / "suppliers" / name, "current", *(point["plan"] for point in own))
        assert found.figures["paid"][name] == pytest.approx(today["cost"]["per_year"], rel=1e-12)
        for point, plan in zip(own, plans, strict=True):
            said = (plan["cost"]["per_year"], plan["risk"]["tvar95"], today["risk"]["tvar95"])
            assert (point["per_year"], point["tvar95"], point["today_tvar95"]) == pytest.approx(said, rel=1e-12)
            share = float(point["target"].removeprefix("tvar95=").rstrip("%")) / 100
            assert point["tvar95"] <= share * point["today_tvar95"] * (1 + 1e-9)
        as_said, worse = found.figures["ranks"][name].values()
        assert as_said == pytest.approx(today["risk"]["tvar95"] / revenue[name], rel=1e-12)
        assert worse > as_said
    assert found.figures["order"] == sorted(revenue, key=lambda name: -found.figures["ranks"][name]["as the form says"])


def test_what_goes_wrong_in_a_notebook_is_seen(tmp_path: Path) -> None:
    """Negative controls: a cell that fails, one that warns, an amount written by hand."""
    bad = tmp_path / "bad.py"
    bad.write_text("# %%\nraise ValueError('loss')\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Exception, match="loss"):
            run_notebook(bad, tmp_path, small=True)
        bad.write_text("# %%\nimport warnings\nwarnings.warn('mind')\n", encoding="utf-8")
        assert any("mind" in text for text in complaints(run_notebook(bad, tmp_path, small=True)))
    assert amounts_in("# costs ¥2.9M, or 3 million; 290万円") == ["¥2.9", "3 million", "290万円"]


def test_the_kernel_is_this_python() -> None:
    """The kernel that runs them is of the environment that the tests run in."""
    from jupyter_client.kernelspec import KernelSpecManager

    assert Path(KernelSpecManager().get_kernel_spec("python3").resource_dir).is_relative_to(Path(sys.prefix).parent.parent)
