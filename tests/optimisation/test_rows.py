"""The master's rows, constraint by constraint, as the solver's own text: golden files, read and changed by hand only."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tenbin.evaluation import CostModel, Evaluator, Quantity, Reduction
from tenbin.model import (
    ActsOn,
    Budget,
    Capability,
    Case,
    CostTable,
    Days,
    Effect,
    MeasureLevel,
    Metric,
    Period,
    Range,
    Relation,
    RelationKind,
    Status,
    Subsidy,
)
from tenbin.optimisation import Cover, Limit, Problem, Rules
from tenbin.simulation import simulate_case

GOLDEN = Path(__file__).with_name("golden")


def base() -> Case:
    """Two scenarios, three measures, one of them with two levels."""
    from benchmarks.generate import generate_case

    case = generate_case(3, 2, 0, per_scenario=2)
    rows = (
        MeasureLevel("M000", "basic", 100_000.0, 10_000.0, effect_scale=0.5),
        MeasureLevel("M000", "high", 300_000.0, 20_000.0, effect_scale=1.0),
        MeasureLevel("M001", "basic", 200_000.0, 0.0, 4, 2),
        MeasureLevel("M002", "basic", 400_000.0, 50_000.0),
    )
    effects = (
        Effect("S000", "M000", ActsOn.FREQUENCY, Range(0.5)),
        Effect("S000", "M001", ActsOn.SEVERITY, Range(0.25)),
        Effect("S001", "M002", ActsOn.FREQUENCY, Range(0.75)),
    )
    return replace(case, effects=effects, costs=CostTable("golden", rows))


def costs(case: Case, **changes: object) -> Case:
    return replace(case, costs=replace(case.costs, **changes))  # type: ignore[arg-type]


def priced(case: Case, measure: str, **changes: object) -> Case:
    """The case with one measure's rows changed."""
    rows = tuple(replace(r, **changes) if r.measure == measure else r for r in case.costs.rows)  # type: ignore[arg-type]
    return costs(case, rows=rows)


def _subsidy() -> Case:
    case = costs(base(), subsidies=(Subsidy("S", 0.5, 80_000.0, date(2099, 1, 1)),))
    return priced(case, "M002", subsidy="S")


def _overlap() -> Case:
    case = base()
    effects = [replace(e, overlap_group="g") if e.scenario == "S000" else e for e in case.effects]
    effects[1] = Effect("S000", "M001", ActsOn.FREQUENCY, Range(0.4), "g")
    return replace(case, effects=tuple(sorted(effects, key=lambda e: (e.scenario, e.measure, e.acts_on))))


CONSTRAINTS: dict[str, Callable[[], Rules]] = {
    "levels": lambda: Rules(base()),
    "requires": lambda: Rules(costs(base(), relations=(Relation(RelationKind.REQUIRES, "M000", "M001"),))),
    "excludes": lambda: Rules(costs(base(), relations=(Relation(RelationKind.EXCLUDES, "M000", "M002"),))),
    "shared": lambda: Rules(priced(costs(base(), capabilities=(Capability("C", 50_000.0, 5_000.0),)), "M001", shared=("C",))),
    "subsidy": lambda: Rules(_subsidy()),
    "overlap": lambda: Rules(_overlap()),
    "mandatory": lambda: Rules(replace(base(), status=(Status("M000", "high", mandatory=True),))),
    "excluded": lambda: Rules(replace(base(), status=(Status("M000", "high", excluded=True),))),
    "in_place": lambda: Rules(replace(base(), status=(Status("M000", "basic", in_place=True),))),
    "require": lambda: Rules(base(), require=(("M002", None),)),
    "exclude": lambda: Rules(base(), exclude=(("M002", None),)),
    "budget_first_year": lambda: Rules(base(), budget=Budget(500_000.0, Period.FIRST_YEAR)),
    "budget_total": lambda: Rules(base(), budget=Budget(500_000.0, Period.TOTAL)),
    "days": lambda: Rules(base(), days=Days(5.0, Period.FIRST_YEAR)),
    "covers": lambda: Rules(base(), covers=(Cover("covers/X=50%", ((0, 1), (2,), ()), 2),)),
    "beyond": lambda: Rules(base(), beyond=((0, 2),)),
}


def written(rules: Rules, tmp_path: Path) -> str:
    """The master of a target on TVaR95 and one on the expected loss, a tangent and a superset cut in it."""
    case = rules.case
    evaluator = Evaluator(simulate_case(case, 100, 1))
    flags = (True,) * len(case.scenarios)
    limits = [
        Limit(Quantity(Metric.TVAR, Decimal("0.95"), flags), 1_000_000.0, "t"),
        Limit(Quantity(Metric.AAL, None, flags), 500_000.0, "a"),
    ]
    import tenbin.optimisation.mip as mip

    kept = mip.has_highs
    mip.has_highs = lambda: False  # PuLP's own text holds rows added later only where it is the solver's only copy
    try:
        problem = Problem(evaluator, CostModel.of(case, date(2026, 1, 1)), rules, limits)
    finally:
        mip.has_highs = kept
    ones = np.ones((1, len(flags)))
    master = problem.master
    master.scales[:] = [1_000_000.0, 500_000.0]  # type: ignore[index]
    slope = problem.layers.expand(np.concatenate((4e5 * ones, 2e5 * ones), axis=None))
    master.add_tangent(0, slope, 2_000_000.0)
    master.add_superset([1, 3])
    path = tmp_path / "master.lp"
    master.problem.writeLP(str(path))
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_master_is_as_written_down(name: str, tmp_path: Path) -> None:
    text = written(CONSTRAINTS[name](), tmp_path)
    golden = GOLDEN / f"{name}.lp"
    if os.environ.get("TENBIN_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_each_constraint_leaves_a_row_of_its_own() -> None:
    """The control: every golden file but the plain one says something that the plain one does not."""
    plain = (GOLDEN / "levels.lp").read_text(encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.lp"))]
    assert len(texts) == len(CONSTRAINTS)
    assert len(set(texts)) == len(texts)
    assert sum(text == plain for text in texts) == 1
    assert Reduction.of(base()).n_rows == 4
