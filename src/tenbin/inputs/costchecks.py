"""Rules of the cost table, and of what refers to it: status, relations, plans."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tenbin.errors import Problem
from tenbin.inputs.crosschecks import Tables, check_known
from tenbin.inputs.tables import Row
from tenbin.model import Catalogue

__all__ = ["check_costs", "expanded", "levels_of"]

Levels = Mapping[str, tuple[str, ...]]
PRICED = "a measure of the cost table"


@dataclass(slots=True)
class Wish:
    """What status says of one level, from however many rows; ``row`` is the last of them."""

    row: Row
    words: set[str]


def check_costs(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    """Add every broken rule of the cost tables, of status and of plans."""
    _measures(tables, catalogue, problems)
    _capabilities(tables, catalogue, problems)
    levels = levels_of(tables)
    _relations(tables, levels, problems)
    _status(tables, levels, problems)
    _plans(tables, levels, catalogue, problems)


def levels_of(tables: Tables) -> Levels | None:
    """Each measure's levels, lowest rank first; None when they are not all known."""
    parsed = tables["measures"]
    if not parsed.is_whole or any(not row.has("measure", "level") for row in parsed.rows):
        return None
    found: dict[str, list[tuple[float, str]]] = {}
    for row in parsed.rows:
        scale = row["effect_scale"]
        found.setdefault(row["measure"], []).append((1.0 if scale is None else scale, row["level"]))
    return {measure: tuple(dict.fromkeys(level for _, level in sorted(ranked))) for measure, ranked in found.items()}


def _measures(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    known = None if catalogue is None else catalogue.measure_ids
    capabilities = tables["shared"].ids("capability")
    ranks: dict[tuple[str, float], Row] = {}
    for row in tables["measures"].rows:
        check_known(row, "measure", known, "a measure of the catalogue", problems)
        for name in row["shared"] or ():
            check_known(row, "shared", capabilities, "capabilities of shared.csv", problems, name)
        if row.has("measure", "level") and row.is_fine("effect_scale"):
            other = ranks.setdefault((row["measure"], row["effect_scale"]), row)
            if other["level"] != row["level"]:
                remedy = f"Levels rank by effect_scale: give {row['level']} another than {other['level']} (row {other.number})."
                value = row.text.get("effect_scale", "1").strip()
                problems.append(row.problem("effect_scale", "different for each level of a measure", remedy, value))
    subsidies = tables["subsidies"].ids("subsidy")
    for name in ("measures", "shared"):
        for row in tables[name].rows:
            check_known(row, "subsidy", subsidies, "a subsidy of subsidies.csv", problems)


def _capabilities(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    for row in tables["shared"].rows:
        if catalogue is not None and row.has("capability") and row["capability"] in catalogue.measure_ids:
            problems.append(row.problem("capability", "no measure's id", "Give the capability a name of its own."))


def _relations(tables: Tables, levels: Levels | None, problems: list[Problem]) -> None:
    required: dict[tuple[str, str], Row] = {}
    good = []
    for row in tables["relations"].rows:
        ends = [check_known(row, column, levels, PRICED, problems) for column in ("measure", "other")]
        if not all(ends) or not row.has("kind", "measure", "other"):
            continue
        if row["measure"] == row["other"]:
            problems.append(
                row.problem("other", "another measure", f"A measure cannot {row['kind'][:-1]} itself: delete the row.")
            )
            continue
        good.append(row)
        if row["kind"] == "requires":
            required[row["measure"], row["other"]] = row
    for row in good:
        pair = (row["measure"], row["other"])
        other = required.get(pair) or required.get(pair[::-1])
        if row["kind"] == "excludes" and other is not None:
            remedy = f"Row {other.number} says that {other['measure']} requires {other['other']}: delete one of the two."
            problems.append(row.problem("kind", "free of contradictions", remedy))


def expanded(tables: Tables, levels: Levels) -> Iterator[tuple[Row, str]]:
    """Each row of status with the level it means; a blank level of a measure is its only one or, when excluded, each."""
    for row in tables["status"].rows:
        if not row.has("id", "status") or not row.is_fine("level"):
            continue
        if row["id"] not in levels or row["level"]:
            yield row, row["level"]
        else:
            yield from ((row, level) for level in levels[row["id"]])


def _status(tables: Tables, levels: Levels | None, problems: list[Problem]) -> None:
    capabilities = tables["shared"].ids("capability")
    sound = True
    for row in tables["status"].rows:
        if row.has("status") and not row["status"]:
            problems.append(row.problem("status", "one or more of in_place, mandatory, excluded", "Write one of these words."))
        if levels is None or capabilities is None or not row.has("id"):
            sound = False
        elif row["id"] in capabilities:
            _capability_status(row, problems)
        elif check_known(row, "id", {*levels, *capabilities}, f"{PRICED} or a shared capability", problems):
            sound &= _level(row, levels[row["id"]], problems)
        if row.has("status") and {"mandatory", "excluded"} <= set(row["status"]):
            problems.append(row.problem("status", "either mandatory or excluded", "Delete one of the two words."))
            sound = False
    if levels is not None and sound:
        _wishes(tables, levels, problems)


def _capability_status(row: Row, problems: list[Problem]) -> None:
    if row.has("level"):
        problems.append(row.problem("level", "blank for a shared capability", "Empty the cell."))
    if row.has("status") and set(row["status"]) - {"in_place"}:
        remedy = "Write mandatory or excluded for the measures that need the capability."
        problems.append(row.problem("status", "in_place for a shared capability", remedy))


def _level(row: Row, levels: Collection[str], problems: list[Problem]) -> bool:
    """Whether the row's level is clear."""
    if not row.is_fine("level"):
        return False
    if row["level"]:
        return check_known(row, "level", levels, f"a level of {row['id']} ({', '.join(levels)})", problems)
    if len(levels) > 1 and row.has("status") and tuple(row["status"]) != ("excluded",):
        remedy = "Name the level; only excluded may leave it blank, and then means every level."
        problems.append(row.problem("level", f"a level of {row['id']} ({', '.join(levels)})", remedy))
        return False
    return True


def _wishes(tables: Tables, levels: Levels, problems: list[Problem]) -> None:
    """Contradictions between rows of status, and between status and relations."""
    wishes: dict[tuple[str, str], Wish] = {}
    in_place: dict[str, tuple[Row, str]] = {}
    for row, level in expanded(tables, levels):
        wish = wishes.setdefault((row["id"], level), Wish(row, set()))
        wish.row, wish.words = row, wish.words | set(row["status"])
        if "in_place" in row["status"] and row["id"] in levels:
            first, other = in_place.setdefault(row["id"], (row, level))
            if other != level:
                remedy = f"{other} is in place already (row {first.number}): keep the higher of the two."
                problems.append(row.problem("status", "in_place at one level of a measure", remedy, f"{row['id']}={level}"))
    gone = {m for m, names in levels.items() if all("excluded" in wishes[m, n].words for n in names if (m, n) in wishes)}
    gone = {m for m in gone if all((m, name) in wishes for name in levels[m])}
    mandatory: dict[str, Row] = {}
    for measure, names in levels.items():
        asked = [n for n, name in enumerate(names) if (measure, name) in wishes and "mandatory" in wishes[measure, name].words]
        if not asked:
            continue
        row = mandatory[measure] = wishes[measure, names[asked[-1]]].row
        allowed = [name for name in names[asked[-1] :] if "excluded" not in getattr(wishes.get((measure, name)), "words", ())]
        if not allowed:
            remedy = f"Allow {measure} at this level or a higher one, or do not demand it."
            value = f"{measure}={names[asked[-1]]}, which is excluded with every level above it"
            problems.append(row.problem("status", "possible when mandatory", remedy, value))
            gone.discard(measure)
    _demanded(tables, mandatory, gone, problems)


def _demanded(tables: Tables, mandatory: Mapping[str, Row], gone: Collection[str], problems: list[Problem]) -> None:
    """What is mandatory must not require what is excluded, nor exclude what else is demanded."""
    relations = [row for row in tables["relations"].rows if row.has("kind", "measure", "other")]
    needs: dict[str, list[str]] = {}
    for row in relations:
        if row["kind"] == "requires":
            needs.setdefault(row["measure"], []).append(row["other"])
    paths: dict[str, tuple[str, ...]] = {measure: (measure,) for measure in sorted(mandatory)}
    queue = list(paths)
    while queue:
        measure = queue.pop(0)
        for other in needs.get(measure, ()):
            if other not in paths:
                paths[other] = (*paths[measure], other)
                queue.append(other)
    for measure in sorted(set(paths) & set(gone)):
        path = paths[measure]
        remedy = f"Allow a level of {measure}, or do not demand {path[0]}, or delete the relation."
        value = f"{' requires '.join(path)}, which is excluded"
        problems.append(mandatory[path[0]].problem("status", "possible when mandatory", remedy, value))
    for row in relations:
        if row["kind"] == "excludes" and row["measure"] in paths and row["other"] in paths and row["measure"] != row["other"]:
            because = {paths[row["measure"]][0], paths[row["other"]][0]}
            remedy = f"Mandatory ({', '.join(sorted(because))}, status) demands both: delete the relation or the demand."
            problems.append(row.problem("kind", "possible beside what is mandatory", remedy))


def _plans(tables: Tables, levels: Levels | None, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    measures = frozenset() if catalogue is None else catalogue.measure_ids
    for row in tables["plans"].rows:
        if row.has("plan") and row["plan"] == "current":
            remedy = "The plan named current is what status.csv says is in place: rename this one."
            problems.append(row.problem("plan", "another name than current", remedy))
        if row.has("plan") and row["plan"] in measures:
            problems.append(row.problem("plan", "no measure's id", "Rename the plan."))
        if levels is None or not row.has("measure"):
            continue
        if not check_known(row, "measure", levels, PRICED, problems) or not row.is_fine("level"):
            continue
        names = levels[row["measure"]]
        rule = f"a level of {row['measure']} ({', '.join(names)})"
        if row["level"]:
            check_known(row, "level", names, rule, problems)
        elif len(names) > 1:
            problems.append(row.problem("level", rule, "Name the level."))
