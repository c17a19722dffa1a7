"""Rules that hold between tables: ids that must exist, ranges, contradictions, cycles."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from tenbin.errors import Problem
from tenbin.inputs.tables import Parsed, Row, nearest
from tenbin.model import Catalogue

__all__ = ["check"]

Tables = dict[str, Parsed]


def check(tables: Tables, catalogue: Catalogue, problems: list[Problem]) -> None:
    """Add every broken rule between the tables to ``problems``."""
    scenario_ids = {row["id"] for row in tables["scenarios"].rows}
    # a scenario with a bad cell is still a known id: its own problem is enough
    priced = {row["measure"] for row in tables["measures"].rows}
    _scenarios(tables, catalogue, problems)
    _effects(tables, scenario_ids, priced, catalogue, problems)
    _measures(tables, catalogue, problems)
    _status(tables, priced, problems)
    _triggers(tables, scenario_ids, problems)
    _relations(tables, priced, problems)
    _plans(tables, priced, problems)


def _known(row: Row, column: str, known: set[str] | frozenset[str], what: str, problems: list[Problem]) -> bool:
    value = row[column]
    if value in known:
        return True
    problems.append(row.problem(column, f"a known {what}", nearest(value, known), value))
    return False


def _range(row: Row, name: str, problems: list[Problem]) -> None:
    likely, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if (low is None) != (high is None):
        column = f"{name}_low" if low is None else f"{name}_high"
        problems.append(row.problem(column, "given with its other end", "Fill both ends of the range, or neither."))
        return
    if low is not None and low > likely:
        problems.append(
            row.problem(f"{name}_low", f"at most the likely {name} ({likely:g})", "Check the order low, likely, high.")
        )
    if high is not None and high < likely:
        problems.append(
            row.problem(f"{name}_high", f"at least the likely {name} ({likely:g})", "Check the order low, likely, high.")
        )


def _scenarios(tables: Tables, catalogue: Catalogue, problems: list[Problem]) -> None:
    layers = {layer.number for layer in catalogue.layers}
    components = {component.id for component in catalogue.components}
    factors = {row["id"] for row in tables["factors"].rows}
    for row in tables["scenarios"].rows:
        if row["layer"] not in layers:
            shown = ", ".join(str(n) for n in sorted(layers))
            problems.append(row.problem("layer", f"a layer of the catalogue ({shown})", "Write one of these numbers."))
        for component in row["components"]:
            if component not in components:
                problems.append(
                    row.problem("components", "components of the catalogue", nearest(component, components), component)
                )
        if not row["title_ja"] and not row["title_en"]:
            problems.append(row.problem("title_ja", "filled (or title_en)", "Give the scenario a title."))
        if row["factor"]:
            _known(row, "factor", factors, "factor (factors.csv)", problems)
        _range(row, "frequency", problems)
        _losses(row, problems)


def _losses(row: Row, problems: list[Problem]) -> None:
    p05, p95, model = row["loss_p05"], row["loss_p95"], row["loss_model"]
    if model and (p05 is not None or p95 is not None):
        problems.append(
            row.problem("loss_model", "blank beside loss_p05 and loss_p95", "Give a loss model or the two amounts.")
        )
    elif not model and p05 is None and p95 is None:
        problems.append(row.problem("loss_p05", "filled, with loss_p95, or a loss_model", "Say what one event costs."))
    elif not model and (p05 is None or p95 is None):
        column = "loss_p05" if p05 is None else "loss_p95"
        problems.append(row.problem(column, "filled too", "Fill both loss_p05 and loss_p95."))
    elif not model and p05 <= 0:
        problems.append(row.problem("loss_p05", "above 0", "90 % of events cost between loss_p05 and loss_p95."))
    elif not model and p05 >= p95:
        problems.append(row.problem("loss_p05", f"below loss_p95 ({p95:,.0f})", "90 % of events cost between the two."))
    if row["loss_cap"] is not None and row["loss_cap"] <= 0:
        problems.append(row.problem("loss_cap", "above 0", "Leave it blank when there is no cap."))


def _effects(tables: Tables, scenarios: set[str], priced: set[str], catalogue: Catalogue, problems: list[Problem]) -> None:
    for row in tables["effects"].rows:
        _known(row, "scenario", scenarios, "scenario", problems)
        if _known(row, "measure", catalogue.measure_ids, "measure", problems) and priced and row["measure"] not in priced:
            problems.append(
                row.problem("measure", "a measure with a cost", "Add its row to measures.csv, or delete the effect.")
            )
        _range(row, "effect", problems)


def _measures(tables: Tables, catalogue: Catalogue, problems: list[Problem]) -> None:
    capabilities = {row["capability"] for row in tables["shared"].rows}
    subsidies = {row["subsidy"] for row in tables["subsidies"].rows}
    ranks: dict[tuple[str, float], Row] = {}
    for row in tables["measures"].rows:
        _known(row, "measure", catalogue.measure_ids, "measure", problems)
        for name in row["shared"]:
            if name not in capabilities:
                problems.append(row.problem("shared", "known capabilities (shared.csv)", nearest(name, capabilities), name))
        other = ranks.setdefault((row["measure"], row["effect_scale"]), row)
        if other is not row:
            remedy = f"Levels of a measure rank by effect_scale; level {other['level']} has the same."
            problems.append(
                row.problem("effect_scale", "another for each level of a measure", remedy, str(row["effect_scale"]))
            )
    for name in ("measures", "shared"):
        for row in tables[name].rows:
            if row["subsidy"]:
                _known(row, "subsidy", subsidies, "subsidy (subsidies.csv)", problems)


def _status(tables: Tables, priced: set[str], problems: list[Problem]) -> None:
    levels: dict[str, list[Row]] = {}
    for row in tables["measures"].rows:
        levels.setdefault(row["measure"], []).append(row)
    capabilities = {row["capability"] for row in tables["shared"].rows}
    in_place: dict[str, Row] = {}
    for row in tables["status"].rows:
        if row["id"] in capabilities:
            if row["level"]:
                problems.append(row.problem("level", "blank for a shared capability", "Delete the level."))
            if set(row["status"]) - {"in_place"}:
                problems.append(
                    row.problem("status", "in_place for a shared capability", "Put the measures that need it here.")
                )
            continue
        if not _known(row, "id", priced | capabilities, "measure of the cost table, or shared capability", problems):
            continue
        names = [level["level"] for level in levels[row["id"]]]
        if not row["level"]:
            if len(names) > 1 and row["status"] != ("excluded",):
                problems.append(row.problem("level", f"one of {', '.join(names)}", "Name the level."))
                continue
        elif row["level"] not in names:
            problems.append(row.problem("level", f"one of {', '.join(names)}", nearest(row["level"], names)))
            continue
        if {"mandatory", "excluded"} <= set(row["status"]):
            problems.append(row.problem("status", "either mandatory or excluded", "Delete one of the two words."))
        if "in_place" in row["status"]:
            other = in_place.setdefault(row["id"], row)
            if other is not row:
                remedy = f"Level {other['level']} is in place already (row {other.number})."
                problems.append(row.problem("status", "in_place for one level of a measure at most", remedy))


def _triggers(tables: Tables, scenarios: set[str], problems: list[Problem]) -> None:
    graph: dict[str, set[str]] = {}
    rows: dict[tuple[str, str], Row] = {}
    for row in tables["triggers"].rows:
        good = [_known(row, column, scenarios, "scenario", problems) for column in ("scenario", "triggers")]
        if not all(good):
            continue
        if row["scenario"] == row["triggers"]:
            problems.append(row.problem("triggers", "another scenario", "A scenario does not trigger itself."))
            continue
        graph.setdefault(row["triggers"], set()).add(row["scenario"])
        rows[row["scenario"], row["triggers"]] = row
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = [str(name) for name in error.args[1]]
        row = next(row for (a, b), row in rows.items() if a in cycle and b in cycle)
        problems.append(row.problem("triggers", "free of cycles", "Delete one of these triggers.", " → ".join(cycle)))


def _relations(tables: Tables, priced: set[str], problems: list[Problem]) -> None:
    required: dict[tuple[str, str], Row] = {}
    rows = tables["relations"].rows
    for row in rows:
        good = [_known(row, column, priced, "measure of the cost table", problems) for column in ("measure", "other")]
        if all(good) and row["measure"] == row["other"]:
            problems.append(row.problem("other", "another measure", "A measure is not related to itself."))
        if row["kind"] == "requires":
            required[row["measure"], row["other"]] = row
    for row in rows:
        if row["kind"] == "excludes":
            pair = required.get((row["measure"], row["other"])) or required.get((row["other"], row["measure"]))
            if pair is not None:
                remedy = f"Row {pair.number} says that one requires the other; delete one of the two rows."
                problems.append(row.problem("kind", "no contradiction of another row", remedy))
    _demands(tables, problems)


def _demands(tables: Tables, problems: list[Problem]) -> None:
    """What is mandatory must not exclude, or require what is excluded."""
    status = tables["status"].rows
    mandatory = {row["id"]: row for row in status if "mandatory" in row["status"]}
    excluded: dict[str, set[str]] = {}
    levels: dict[str, set[str]] = {}
    for row in tables["measures"].rows:
        levels.setdefault(row["measure"], set()).add(row["level"])
    for row in status:
        if "excluded" in row["status"]:
            excluded.setdefault(row["id"], set()).update({row["level"]} if row["level"] else levels.get(row["id"], set()))
    gone = {measure for measure, names in excluded.items() if names >= levels.get(measure, {""})}
    for relation in tables["relations"].rows:
        measure, other = relation["measure"], relation["other"]
        if relation["kind"] == "excludes" and measure in mandatory and other in mandatory:
            problems.append(
                relation.problem("other", "allowed together", f"{measure} and {other} are both mandatory (status).")
            )
        if relation["kind"] == "requires" and measure in mandatory and other in gone:
            problems.append(
                relation.problem("other", "allowed", f"{measure} is mandatory and requires {other}, which is excluded.")
            )


def _plans(tables: Tables, priced: set[str], problems: list[Problem]) -> None:
    levels: dict[str, list[str]] = {}
    for row in tables["measures"].rows:
        levels.setdefault(row["measure"], []).append(row["level"])
    for row in tables["plans"].rows:
        if row["plan"] == "current":
            problems.append(row.problem("plan", "another name than current", "current is what is in place (status.csv)."))
        if not _known(row, "measure", priced, "measure of the cost table", problems):
            continue
        names = levels[row["measure"]]
        if not row["level"] and len(names) > 1:
            problems.append(row.problem("level", f"one of {', '.join(names)}", "Name the level."))
        elif row["level"] and row["level"] not in names:
            problems.append(row.problem("level", f"one of {', '.join(names)}", nearest(row["level"], names)))
