"""Several runs side by side: what they chose, what they cost, what differs, and each plan on the others' figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tenbin
from tenbin.errors import InputError, Problem, StorageError
from tenbin.evaluation import Reduction
from tenbin.model import Case
from tenbin.reporting.sentences import headline_metric
from tenbin.storage import Run, find_run, read_json, results_root
from tenbin.studies.differing import Difference, MeasureRow, asked_differences, input_differences, measure_rows
from tenbin.studies.explaining import Note, explain_change
from tenbin.studies.loading import load
from tenbin.studies.reopening import CASE_FOLDER, Reopened, reopen
from tenbin.studies.results import Met
from tenbin.studies.scopes import Question
from tenbin.words import Said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_RUNS", "ComparedRun", "Comparison", "Crossed", "compare", "look_at"]

MOST_RUNS = 6


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A run as it is compared; of a frontier the plan at its knee.

    case : None, with ``trouble``, where the run does not keep it or it cannot be read. plan : None without one. metric : the headline's.
    """

    run: Run
    document: Mapping[str, Any] = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)
    case: Case | None = field(repr=False)
    trouble: str
    is_frontier: bool
    status: str
    metric: str
    certificate: Mapping[str, Any] | None
    cost: Mapping[str, float] | None
    risk: Mapping[str, float] | None
    today_risk: Mapping[str, float]
    today_cost: Mapping[str, float]
    plan: Mapping[str, str] | None

    @property
    def targets(self) -> tuple[str, ...]:
        """What was asked, as typed."""
        return tuple(str(row["target"]) for name in ("targets", "coverage") for row in self.document.get(name, ()))

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        return {
            "run": self.run.id,
            "path": str(self.run.path),
            "finished": self.manifest.get("finished"),
            "version": self.document.get("version"),
            "case": self.document.get("case"),
            "currency": self.document.get("currency"),
            "question": "frontier" if self.is_frontier else "optimise",
            "asked": dict(self.manifest.get("asked", {})),
            "targets": [dict(row) for row in self.document.get("targets", ())],
            "status": self.status,
            "certificate": dict(self.certificate) if self.certificate else None,
            "plan": None if self.plan is None else [{"measure": m, "level": level} for m, level in self.plan.items()],
            "cost": dict(self.cost) if self.cost else None,
            "risk": dict(self.risk) if self.risk else None,
            "today": {"cost": dict(self.today_cost), "risk": dict(self.today_risk)},
            "trouble": self.trouble,
        }


@dataclass(frozen=True, slots=True)
class Crossed:
    """One run's plan on another's figures, by their numbers.

    missing : choices that the other's cost table does not have: then nothing else is known. targets : the other's, whether met. breaks :
    how many of the other's rules are broken.
    """

    plan_of: int
    figures_of: int
    missing: tuple[str, ...] = ()
    cost: Mapping[str, float] | None = None
    risk: Mapping[str, float] | None = None
    targets: tuple[Met, ...] = ()
    unsupported: tuple[str, ...] = ()
    breaks: int = 0

    @property
    def missed(self) -> tuple[str, ...]:
        """The targets that are not met."""
        return (*(target.target for target in self.targets if not target.met), *self.unsupported)

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        return {
            "plan_of": self.plan_of,
            "figures_of": self.figures_of,
            "missing": list(self.missing),
            "cost": dict(self.cost) if self.cost else None,
            "risk": dict(self.risk) if self.risk else None,
            "targets": [target.to_dict() for target in self.targets],
            "missed": list(self.missed),
            "breaks": self.breaks,
        }


@dataclass(frozen=True)
class Comparison:
    """Runs side by side, in the order given.

    inputs : figures that differ; None where a run does not keep its case. asked : what was asked or drawn otherwise. crossed : each plan on
    the others' figures. notes : why figures of a later run have an effect that one would not expect, by the number of that run; against
    the first.
    """

    runs: tuple[ComparedRun, ...]
    measures: tuple[MeasureRow, ...]
    inputs: tuple[Difference, ...] | None
    asked: tuple[Difference, ...]
    crossed: tuple[Crossed, ...] = ()
    notes: tuple[tuple[int, Note], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The document of ``compare --json``."""
        return {
            "schema": 1,
            "version": tenbin.__version__,
            "runs": [run.to_dict() for run in self.runs],
            "measures": [row.to_dict() for row in self.measures],
            "inputs": None if self.inputs is None else [one.to_dict() for one in self.inputs],
            "asked": [one.to_dict() for one in self.asked],
            "crossed": [one.to_dict() for one in self.crossed],
            "notes": [{"from": 0, "to": number, **note.to_dict()} for number, note in self.notes],
        }

    def to_frame(self) -> pd.DataFrame:
        """One row per run: what was asked, the certificate, costs and risks."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "run": run.run.id,
                    "case": run.document.get("case"),
                    "targets": "; ".join(run.targets),
                    "status": run.status,
                    "certificate": (run.certificate or {}).get("kind"),
                    **{f"cost_{name}": value for name, value in (run.cost or {}).items()},
                    **dict(run.risk or {}),
                    "plan": dict(run.plan) if run.plan is not None else None,
                }
                for run in self.runs
            ]
        )


def compare(*runs: str | Path | Run, root: str | Path | None = None) -> Comparison:
    """Put runs side by side: plans, costs and risks, every figure that differs, and each plan on the others' figures.

    Parameters
    ----------
    runs : from 2 to 6, each a run's path, id, unique prefix of one, or ``latest``.
    root : the results folder that ids are of; ``TENBIN_RESULTS``, else ``./results``.

    Raises
    ------
    InputError : when there is no such run, or too few or too many are named.
    StorageError : when a run's documents are damaged. A run that only lacks its case is compared as far as its documents go.
    """
    if not 2 <= len(runs) <= MOST_RUNS:
        rule, remedy = Said("runs", "must_runs", most=MOST_RUNS), Said("runs", "do_runs")
        raise InputError([Problem("RUN", 0, "", rule, str(len(runs)), remedy)])
    looked = [look_at(run, root) for run in runs]
    found = side_by_side(looked)
    return Comparison(found.runs, found.measures, found.inputs, found.asked, tuple(_crossed(looked)), found.notes)


def side_by_side(runs: Sequence[ComparedRun]) -> Comparison:
    """The same without a plan on another's figures: only documents and tables are read."""
    cases = [run.case for run in runs]
    known = [case for case in cases if case is not None]
    return Comparison(
        runs=tuple(runs),
        measures=tuple(measure_rows([run.plan for run in runs], cases)),
        inputs=tuple(input_differences(known)) if len(known) == len(cases) else None,
        asked=tuple(asked_differences([run.manifest for run in runs], [run.document for run in runs])),
        notes=tuple((number, note) for number, run in enumerate(runs) if number for note in _notes(runs[0], run)),
    )


def _notes(first: ComparedRun, other: ComparedRun) -> list[Note]:
    """What is odd about another run's figures against the first's, where both keep their cases."""
    if first.case is None or other.case is None:
        return []
    inherent = [run.document["risk"]["inherent"] for run in (first, other) if "inherent" in (run.document.get("risk") or {})]
    worlds = (int(first.document.get("n_worlds", 1)), int(other.document.get("n_worlds", 1)))
    return explain_change(first.case, other.case, (inherent[0], inherent[1]) if len(inherent) == 2 else None, worlds)


def look_at(run: str | Path | Run, root: str | Path | None = None) -> ComparedRun:
    """Read what a run says of itself, and its case where it keeps one; nothing is simulated.

    Raises
    ------
    InputError : when there is no such run.
    StorageError : when its documents are damaged.
    """
    if not isinstance(run, Run):
        run = find_run(str(run), Path(root) if root else results_root(write=False))
    document, manifest = read_json(run), read_json(run, "manifest.json")
    case, trouble = _case(run)
    try:
        return _looked(run, document, manifest, case, trouble)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise StorageError(str(Said("runs", "damaged", run=run.path))) from error


def _case(run: Run) -> tuple[Case | None, str]:
    folder = run.path / CASE_FOLDER
    if not (folder / "case.toml").is_file():
        return None, Said("runs", "no_case", run=run.id)
    try:
        return load(folder), ""
    except InputError as error:
        return None, Said("runs", "bad_case", run=run.id, why=str(error.problems[0]) if error.problems else "")


def _looked(run: Run, document: Mapping[str, Any], manifest: Mapping[str, Any], case: Case | None, trouble: str) -> ComparedRun:
    status = str(document["status"])
    if "points" not in document:
        return ComparedRun(
            run, document, manifest, case, trouble, False, status,
            metric=headline_metric(document) if document["risk"]["residual"] else "tvar95",
            certificate=document["certificate"],
            cost=document["cost"],
            risk=document["risk"]["residual"],
            today_risk=document["current"]["risk"],
            today_cost=document["current"]["cost"],
            plan={row["measure"]: row["level"] for row in document["plan"]} if document["cost"] is not None else None,
        )  # fmt: skip
    points, marked = document["points"], document["knee"]
    if marked is None:
        marked = document["least_total"]
    point = points[marked or 0] if points else None
    return ComparedRun(
        run, document, manifest, case, trouble, True, status,
        metric=str(document["metric"]),
        certificate=point["certificate"] if point else None,
        cost=point["cost"] if point else None,
        risk=point["risk"] if point else None,
        today_risk={str(document["metric"]): document["today"]["value"]},
        today_cost=document["today"]["cost"],
        plan={row["measure"]: row["level"] for row in point["plan"]} if point else None,
    )  # fmt: skip


def _crossed(runs: Sequence[ComparedRun]) -> Iterator[Crossed]:
    """Each plan on the figures of each other run that can be opened again."""
    for number, home in enumerate(runs):
        guests = [n for n, run in enumerate(runs) if n != number and run.plan is not None]
        if home.case is None or not guests:
            continue
        try:
            again = reopen(home.run)
        except StorageError:
            continue  # a trouble of its own, told by the run
        for guest in guests:
            plan = runs[guest].plan
            assert plan is not None
            yield _on_figures(plan, guest, number, again)


def _on_figures(plan: Mapping[str, str], guest: int, home: int, again: Reopened) -> Crossed:
    offered = {(row.measure, row.level) for row in again.case.costs.rows}
    missing = tuple(f"{measure}={level}" for measure, level in plan.items() if (measure, level) not in offered)
    if missing:
        return Crossed(guest, home, missing)
    risk = again.evaluate(plan)
    question = Question(again.case, again.result.question if again.result else ())
    reduction = Reduction.of(again.case, again.events.worlds)
    limits = question.limits(risk.evaluator, reduction)
    values = risk.evaluator.values([limit.quantity for limit in limits], risk.phi, risk.gamma) if limits else []
    chosen = reduction.choice(plan)
    covers = [cover.label for cover in question.covers() if cover.supported(chosen) < cover.at_least]
    return Crossed(
        guest,
        home,
        cost=risk.cost.to_dict(),
        risk=risk.metrics(),
        targets=tuple(
            Met(limit.label, limit.limit, limit.limit, float(value)) for limit, value in zip(limits, values, strict=True)
        ),
        unsupported=tuple(covers),
        breaks=len(risk.violations),
    )
