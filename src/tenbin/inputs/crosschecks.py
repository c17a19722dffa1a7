"""Rules between the case's own rows: ranges, losses, ids that must exist, triggers without a cycle."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from tenbin.errors import Problem
from tenbin.inputs.cells import BadCell
from tenbin.inputs.laws import mean_of, parse_law
from tenbin.inputs.tables import Parsed, Row
from tenbin.inputs.words import nearest, said
from tenbin.model import Bernoulli, Catalogue, Lognormal, LossModel
from tenbin.words import Said

__all__ = ["Tables", "check_case", "check_known", "check_range", "law_of", "samples_of"]

Tables = Mapping[str, Parsed]
LEAST_RATIO, GREATEST_RATIO = 1.004, 1e14


def check_case(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    """Add every broken rule of scenarios, effects, triggers and losses."""
    samples = samples_of(tables)
    for row in tables["scenarios"].rows:
        _scenario(row, tables, catalogue, problems)
        _loss(row, samples, problems)
    _effects(tables, catalogue, problems)
    _triggers(tables, problems)


def check_known(
    row: Row, column: str, known: Collection[str] | None, what: Said, problems: list[Problem], value: str | None = None
) -> bool:
    """Whether a cell's id is known; a problem when it is not. True as well when the ids are not known or the cell is blank."""
    found = row[column] if value is None else value
    if known is None or not row.has(column) or found in known:
        return True
    problems.append(row.problem(column, what, nearest(found, known), found))
    return False


def check_range(row: Row, name: str, problems: list[Problem]) -> None:
    """Low ≤ likely ≤ high, both ends or neither."""
    low, high = f"{name}_low", f"{name}_high"
    if not row.is_fine(low, high):
        return
    if row.has(low) != row.has(high):
        missing = high if row.has(low) else low
        problems.append(row.problem(missing, said("must_both_ends"), said("do_both_ends", low=low, high=high)))
    elif row.has(low, high, name):
        if not row[low] <= row[name]:
            problems.append(
                row.problem(low, said("must_at_most_other", name=name, value=row.text[name].strip()), said("do_order"))
            )
        if not row[name] <= row[high]:
            problems.append(
                row.problem(high, said("must_at_least_other", name=name, value=row.text[name].strip()), said("do_order"))
            )


def _scenario(row: Row, tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    if catalogue is not None:
        layers = {layer.number for layer in catalogue.layers}
        components = {component.id for component in catalogue.components}
        if row.has("layer") and row["layer"] not in layers:
            problems.append(row.problem("layer", said("must_layer", names=sorted(layers)), said("do_one_number")))
        for component in row["components"] or ():
            check_known(row, "components", components, said("must_components"), problems, component)
        if row.has("id") and (row["id"] in components or row["id"] in {f"L{number}" for number in layers}):
            problems.append(row.problem("id", said("must_own_name"), said("do_own_name")))
    if row.has("components") and not row["components"]:
        problems.append(row.problem("components", said("must_one_component"), said("do_semicolons")))
    if not row["title_ja"] and not row["title_en"]:
        problems.append(row.problem("title_en", said("must_title"), said("do_scenario_title")))
    check_known(row, "factor", tables["factors"].ids("id"), said("must_factor"), problems)
    check_range(row, "frequency", problems)
    if row.has("frequency_model") and isinstance(row["frequency_model"], Bernoulli):
        _at_most_one(row, problems)


def _at_most_one(row: Row, problems: list[Problem]) -> None:
    """A Bernoulli frequency is a probability, and no factor can multiply one."""
    for column in ("frequency", "frequency_low", "frequency_high"):
        if row.has(column) and row[column] > 1:
            problems.append(row.problem(column, said("must_probability_beside"), said("do_not_bernoulli")))
    if row.has("factor"):
        problems.append(row.problem("factor", said("must_blank_beside_bernoulli"), said("do_not_bernoulli")))


def _loss(row: Row, samples: Mapping[str, list[float]] | None, problems: list[Problem]) -> None:
    given = [name for name in ("loss_p05", "loss_p95") if name in row.text]
    if "loss_model" in row.text:
        if given:
            remedy = said("do_either_loss", names=given)
            problems.append(row.problem("loss_model", said("must_blank_beside_loss"), remedy))
            return
    elif not given:
        problems.append(row.problem("loss_p05", said("must_loss"), said("do_loss")))
    elif len(given) == 1:
        missing = "loss_p95" if given == ["loss_p05"] else "loss_p05"
        problems.append(row.problem(missing, said("must_filled_with", name=given[0]), said("do_both_losses")))
    if row.has("loss_cap") and row["loss_cap"] == 0:
        problems.append(row.problem("loss_cap", said("must_above_0"), said("do_no_cap")))
        return
    try:
        law = law_of(row, samples)
    except BadCell as error:
        column = "loss_model" if "loss_model" in row.text else "loss_p05" if error.value == "loss_p05" else "loss_p95"
        value = error.value if column == "loss_model" else None
        problems.append(row.problem(column, error.rule, error.remedy, value))
        return
    if law is None or not row.is_fine("deductible", "loss_cap"):
        return
    mean = mean_of(law, row["deductible"], math.inf if row["loss_cap"] is None else row["loss_cap"])
    column = "loss_model" if "loss_model" in row.text else "loss_p95"
    if not math.isfinite(mean):
        problems.append(row.problem(column, said("must_finite_mean"), said("do_finite_mean")))
    elif mean <= 0:
        problems.append(row.problem("deductible", said("must_below_loss"), said("do_lower")))


def law_of(row: Row, samples: Mapping[str, list[float]] | None) -> LossModel | None:
    """The law of a scenario's loss before deductible and cap; None when a cell's own problem is known.

    Raises
    ------
    BadCell : its ``value`` is the column for loss_p05 and loss_p95.
    """
    if "loss_model" in row.text:
        return parse_law(row["loss_model"], samples)
    if not row.has("loss_p05", "loss_p95"):
        return None
    low, high = row["loss_p05"], row["loss_p95"]
    remedy = said("do_loss_range")
    if low <= 0:
        raise BadCell(said("must_above_0"), remedy, "loss_p05")
    if high <= low:
        raise BadCell(said("must_above_p05", value=row.text["loss_p05"].strip()), remedy, "loss_p95")
    if not LEAST_RATIO <= high / low <= GREATEST_RATIO:
        raise BadCell(said("must_times_p05"), remedy, "loss_p95")
    return Lognormal.from_interval(low, high)


def samples_of(tables: Tables) -> dict[str, list[float]] | None:
    """The samples of losses.csv by name; None when some are not known."""
    parsed = tables["losses"]
    if not parsed.is_whole or any(not row.has("model", "loss") for row in parsed.rows):
        return None
    samples: dict[str, list[float]] = {}
    for row in parsed.rows:
        samples.setdefault(row["model"], []).append(row["loss"])
    return samples


def _effects(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    scenarios, priced = tables["scenarios"].ids("id"), tables["measures"].ids("measure")
    known = None if catalogue is None else catalogue.measure_ids
    for row in tables["effects"].rows:
        check_known(row, "scenario", scenarios, said("must_scenario"), problems)
        in_catalogue = check_known(row, "measure", known, said("must_measure"), problems)
        if in_catalogue and priced is not None and row.has("measure") and row["measure"] not in priced:
            remedy = said("do_add_cost", table=tables["measures"].label)
            problems.append(row.problem("measure", said("must_have_cost"), remedy))
        check_range(row, "effect", problems)


def _triggers(tables: Tables, problems: list[Problem]) -> None:
    scenarios = tables["scenarios"].ids("id")
    edges: dict[tuple[str, str], Row] = {}
    for row in tables["triggers"].rows:
        ends = [check_known(row, column, scenarios, said("must_scenario"), problems) for column in ("scenario", "triggers")]
        if not all(ends) or not row.has("scenario", "triggers"):
            continue
        if row["scenario"] == row["triggers"]:
            problems.append(row.problem("triggers", said("must_other_scenario"), said("do_no_self_trigger")))
        else:
            edges[row["scenario"], row["triggers"]] = row
    while cycle := _cycle(edges):
        last = max((edges.pop(edge) for edge in pairwise(cycle)), key=lambda row: row.number)
        path = " -> ".join(cycle)
        problems.append(last.problem("triggers", said("must_no_cycle"), said("do_no_cycle"), path))


def _cycle(edges: Mapping[tuple[str, str], Row]) -> list[str]:
    """A cycle of the triggers from its smallest id round to it again, empty when there is none."""
    graph: dict[str, list[str]] = {}
    for cause, effect in sorted(edges):
        graph.setdefault(effect, []).append(cause)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = [str(name) for name in error.args[1][:-1]]
        start = cycle.index(min(cycle))
        cycle = cycle[start:] + cycle[:start]
        return [*cycle, cycle[0]]
    return []
