"""A run's folder → its result again, with everything that charts and pages need: the case, the years, the plans evaluated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, StorageError, reason_of, refusal
from tenbin.evaluation import Cost, Evaluator
from tenbin.inputs import parse_targets
from tenbin.model import Case, Target
from tenbin.optimisation import Certificate, CertificateKind
from tenbin.simulation import EventTable
from tenbin.storage import Run, find_run, keep_json, read_json
from tenbin.studies.evaluating import Risk, evaluate
from tenbin.studies.frontiers import Frontier, FrontierPlan
from tenbin.studies.loading import load
from tenbin.studies.results import Met, Result, Supported
from tenbin.studies.simulating import simulate
from tenbin.studies.validating import Checked
from tenbin.words import saying

__all__ = ["CASE_FOLDER", "Reopened", "keep_frontier", "reopen"]

said = saying("problems")

CASE_FOLDER = "case"
"""Where a run keeps the tables that it was made from."""
FRONTIER = "frontier.json"
SAME = 1e-9


@dataclass(frozen=True)
class Reopened:
    """A run as it was: its documents, its case, its years, and what they give again.

    document : ``result.json``. manifest : ``manifest.json``; ``asked`` holds the options of the question. result : of a run of
    ``optimise``, None for one of ``frontier``. frontier : the run's own, or the one kept beside its result; None when there is none.
    ``result.reasons``, ``.alternatives`` and ``.conflict`` are not rebuilt: their words stand in the document.
    """

    run: Run
    manifest: Mapping[str, Any] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    case: Case = field(repr=False)
    events: EventTable = field(repr=False)
    result: Result | None = field(repr=False)
    frontier: Frontier | None = field(repr=False)
    frontier_document: Mapping[str, Any] | None = field(repr=False)

    def evaluate(self, plan: Mapping[str, str]) -> Risk:
        """A plan on the run's own years."""
        evaluator = self.result.current.evaluator if self.result else None
        return evaluate(self.events, plan, evaluator=evaluator)


def reopen(run: Run | str | Path, root: Path | None = None) -> Reopened:
    """Read a run again and evaluate its plan on the same years.

    Parameters
    ----------
    run : a run, or its path, id, unique prefix of one, or ``latest``.
    root : the results folder that ids are of; ``TENBIN_RESULTS``, else ``./results``.

    Raises
    ------
    InputError : when there is no such run.
    StorageError : when the run keeps no case (it was made by an older tenbin), or its numbers are not its case's.
    """
    if not isinstance(run, Run):
        from tenbin.storage import results_root

        run = find_run(str(run), root or results_root(write=False))
    document, manifest = read_json(run), read_json(run, "manifest.json")
    folder = run.path / CASE_FOLDER
    if not (folder / "case.toml").is_file():
        raise StorageError(
            refusal(run.path, said("must_keep_case"), said("got_none_in", folder=f"{CASE_FOLDER}/"), said("do_run_again"))
        )
    try:
        case = load(folder)
        events = simulate(case, int(document["n_trials"]), int(document["seed"]), n_worlds=int(document.get("n_worlds", 1)))
        case = events.case  # amounts count as they did in these worlds
        evaluator = Evaluator(events)
        is_frontier = "points" in document
        result = None if is_frontier else _result(document, case, events, evaluator)
        fronts = document if is_frontier else _kept(run)
        front = _frontier(fronts, case) if fronts is not None else None
    except (InputError, KeyError, TypeError, ValueError) as error:
        what = error.problems[0] if isinstance(error, InputError) else reason_of(error)
        raise StorageError(refusal(run.path, said("must_be_run"), what, said("do_run_again"))) from error
    if result is not None:
        _check_same(run, document, result)
    return Reopened(run, manifest, document, case, events, result, front, fronts)


def keep_frontier(run: Run, front: Frontier) -> dict[str, Any]:
    """Keep a frontier beside a run's result, so that it is not traced twice; its document."""
    document = front.to_dict()
    keep_json(run, FRONTIER, document)
    return document


def _kept(run: Run) -> dict[str, Any] | None:
    return read_json(run, FRONTIER) if (run.path / FRONTIER).is_file() else None


def _plan(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["measure"]: row["level"] for row in rows}


def _certificate(document: Mapping[str, Any] | None) -> Certificate | None:
    if document is None:
        return None
    tail = document["tail_years"]
    return Certificate(
        **{**document, "kind": CertificateKind(document["kind"]), "tail_years": math.inf if tail is None else float(tail)}
    )


def _targets(document: Mapping[str, Any], case: Case) -> tuple[Target, ...]:
    return tuple(parse_targets([row["target"] for row in (*document["targets"], *document["coverage"])], case))


def _result(document: Mapping[str, Any], case: Case, events: EventTable, evaluator: Evaluator) -> Result:
    plan = _plan(document["plan"])
    found = document["cost"] is not None
    return Result(
        case=case,
        status=document["status"],
        objective=document["objective"],
        plan=plan,
        certificate=_certificate(document["certificate"]),
        risk=evaluate(events, plan, evaluator=evaluator) if found else None,
        current=evaluate(events, "current", evaluator=evaluator),
        inherent=evaluate(events, {}, evaluator=evaluator),
        targets=tuple(Met(t["target"], t["limit"], t["limit_solved"], t["value"]) for t in document["targets"]),
        outside=tuple(
            Checked(label, c["value"], c["low"], c["high"], c["limit"]) for label, c in document["out_of_sample"].items()
        ),
        reachable=dict(document["reachable"]),
        seconds=dict(document["seconds"]),
        warnings=tuple(document["warnings"]),
        tightenings=document["tightenings"],
        coverage=tuple(Supported(**{k: v for k, v in c.items() if k != "met"}) for c in document["coverage"]),
        coverage_adds=document["coverage_adds_npv"],
        n_trials=events.n_trials,
        n_worlds=events.n_worlds,
        seed=events.seed,
        question=_targets(document, case),
    )


def _point(document: Mapping[str, Any]) -> FrontierPlan:
    certificate, outside, change = _certificate(document["certificate"]), document["out_of_sample"], document["change"]
    assert certificate is not None
    return FrontierPlan(
        value=document["value"],
        cost=Cost(**document["cost"]),
        plan=_plan(document["plan"]),
        certificate=certificate,
        asked=document["asked"],
        risk=dict(document["risk"]),
        outside=None if outside is None else (outside["value"], outside["low"], outside["high"]),
        add=_plan(change["add"]),
        drop=_plan(change["drop"]),
        change={row["measure"]: (row["from"], row["to"]) for row in change["change"]},
        price=document["marginal_price"],
    )


def _frontier(document: Mapping[str, Any], case: Case) -> Frontier:
    today = document["today"]
    return Frontier(
        case=case,
        metric=document["metric"],
        by=document["by"],
        points=tuple(_point(point) for point in document["points"]),
        today_value=today["value"],
        today_cost=Cost(**today["cost"]),
        today_at_best=_point(today["at_best"]) if today["at_best"] else None,
        inherent_value=document["inherent"],
        knee=document["knee"],
        least_total=document["least_total"],
        n_trials=document["n_trials"],
        n_worlds=document.get("n_worlds", 1),
        seed=document["seed"],
        complete=document["status"] != "interrupted",
        seconds=dict(document["seconds"]),
        warnings=tuple(document["warnings"]),
    )


def _check_same(run: Run, document: Mapping[str, Any], result: Result) -> None:
    """The plan's cost and risk on these years are those of the document."""
    if result.risk is None:
        return
    pairs = [(document["cost"][name], value) for name, value in result.risk.cost.to_dict().items()]
    pairs += [(document["risk"]["residual"][name], value) for name, value in result.risk.metrics().items()]
    for stated, again in pairs:
        if not math.isclose(stated, again, rel_tol=SAME, abs_tol=SAME):
            got = said("got_other_numbers", stated=stated, again=again, version=document.get("version"))
            raise StorageError(refusal(run.path, said("must_hold_numbers"), got, said("do_run_again")))
