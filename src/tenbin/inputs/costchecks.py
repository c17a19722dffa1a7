"""Rules of the cost table, and of what refers to it: status, relations, plans."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tenbin.errors import Problem
from tenbin.inputs.crosschecks import Tables, check_known, check_range
from tenbin.inputs.tables import Row
from tenbin.inputs.words import said
from tenbin.model import AMOUNTS, Catalogue

__all__ = ["check_costs", "expanded", "levels_of"]

Levels = Mapping[str, tuple[str, ...]]
PRICED = said("must_priced")


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
        check_known(row, "measure", known, said("must_measure"), problems)
        for name in row["shared"] or ():
            check_known(row, "shared", capabilities, said("must_capabilities"), problems, name)
        if row.has("measure", "level") and row.is_fine("effect_scale"):
            other = ranks.setdefault((row["measure"], row["effect_scale"]), row)
            if other["level"] != row["level"]:
                remedy = said("do_other_scale", level=row["level"], other=other["level"], row=other.number)
                value = row.text.get("effect_scale", "1").strip()
                problems.append(row.problem("effect_scale", said("must_other_scale"), remedy, value))
    subsidies = tables["subsidies"].ids("subsidy")
    for name in ("measures", "shared"):
        for row in tables[name].rows:
            check_known(row, "subsidy", subsidies, said("must_subsidy"), problems)
            for amount in AMOUNTS:
                _amount_range(row, amount, problems)


def _amount_range(row: Row, name: str, problems: list[Problem]) -> None:
    """The range of an amount: worlds draw it in its logarithm, so neither the amount nor its low end is 0."""
    low, high = f"{name}_low", f"{name}_high"
    given = [end for end in (low, high) if end in row.text]
    if given and row.is_fine(name) and row[name] == 0:
        problems.append(row.problem(given[0], said("must_blank_beside_nought", name=name), said("do_likely_amount", name=name)))
    elif row.has(low) and row[low] == 0:
        problems.append(row.problem(low, said("must_above_0"), said("do_low_amount")))
    else:
        check_range(row, name, problems)


def _capabilities(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    for row in tables["shared"].rows:
        if catalogue is not None and row.has("capability") and row["capability"] in catalogue.measure_ids:
            problems.append(row.problem("capability", said("must_no_measure"), said("do_capability_name")))


def _relations(tables: Tables, levels: Levels | None, problems: list[Problem]) -> None:
    required: dict[tuple[str, str], Row] = {}
    good = []
    for row in tables["relations"].rows:
        ends = [check_known(row, column, levels, PRICED, problems) for column in ("measure", "other")]
        if not all(ends) or not row.has("kind", "measure", "other"):
            continue
        if row["measure"] == row["other"]:
            remedy = said("do_no_self_require" if row["kind"] == "requires" else "do_no_self_exclude")
            problems.append(row.problem("other", said("must_other_measure"), remedy))
            continue
        good.append(row)
        if row["kind"] == "requires":
            required[row["measure"], row["other"]] = row
    for row in good:
        pair = (row["measure"], row["other"])
        other = required.get(pair) or required.get(pair[::-1])
        if row["kind"] == "excludes" and other is not None:
            remedy = said("do_one_relation", row=other.number, measure=other["measure"], other=other["other"])
            problems.append(row.problem("kind", said("must_no_contradiction"), remedy))


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
            problems.append(row.problem("status", said("must_status"), said("do_one_word")))
        if levels is None or capabilities is None or not row.has("id"):
            sound = False
        elif row["id"] in capabilities:
            _capability_status(row, problems)
        elif check_known(row, "id", {*levels, *capabilities}, said("must_priced_or_capability"), problems):
            sound &= _level(row, levels[row["id"]], problems)
        if row.has("status") and {"mandatory", "excluded"} <= set(row["status"]):
            problems.append(row.problem("status", said("must_either_status"), said("do_delete_word")))
            sound = False
    if levels is not None and sound:
        _wishes(tables, levels, problems)


def _capability_status(row: Row, problems: list[Problem]) -> None:
    if row.has("level"):
        problems.append(row.problem("level", said("must_blank_for_capability"), said("do_empty")))
    if row.has("status") and set(row["status"]) - {"in_place"}:
        problems.append(row.problem("status", said("must_in_place_capability"), said("do_status_of_measures")))


def _level(row: Row, levels: Collection[str], problems: list[Problem]) -> bool:
    """Whether the row's level is clear."""
    if not row.is_fine("level"):
        return False
    if row["level"]:
        return check_known(row, "level", levels, said("must_level", measure=row["id"], levels=list(levels)), problems)
    if len(levels) > 1 and row.has("status") and tuple(row["status"]) != ("excluded",):
        remedy = said("do_name_status_level")
        problems.append(row.problem("level", said("must_level", measure=row["id"], levels=list(levels)), remedy))
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
                remedy = said("do_one_in_place", level=other, row=first.number)
                problems.append(row.problem("status", said("must_one_in_place"), remedy, f"{row['id']}={level}"))
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
            remedy = said("do_allow_level", measure=measure)
            value = said("got_excluded_level", choice=f"{measure}={names[asked[-1]]}")
            problems.append(row.problem("status", said("must_possible"), remedy, value))
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
        remedy = said("do_allow_needed", measure=measure, first=path[0])
        value = said("got_excluded_needed", path=path)
        problems.append(mandatory[path[0]].problem("status", said("must_possible"), remedy, value))
    for row in relations:
        if row["kind"] == "excludes" and row["measure"] in paths and row["other"] in paths and row["measure"] != row["other"]:
            because = {paths[row["measure"]][0], paths[row["other"]][0]}
            remedy = said("do_relation_or_demand", names=sorted(because))
            problems.append(row.problem("kind", said("must_possible_beside"), remedy))


def _plans(tables: Tables, levels: Levels | None, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    measures = frozenset() if catalogue is None else catalogue.measure_ids
    for row in tables["plans"].rows:
        if row.has("plan") and row["plan"] == "current":
            problems.append(row.problem("plan", said("must_not_current"), said("do_not_current")))
        if row.has("plan") and row["plan"] in measures:
            problems.append(row.problem("plan", said("must_no_measure"), said("do_rename_plan")))
        if levels is None or not row.has("measure"):
            continue
        if not check_known(row, "measure", levels, PRICED, problems) or not row.is_fine("level"):
            continue
        names = levels[row["measure"]]
        rule = said("must_level", measure=row["measure"], levels=list(names))
        if row["level"]:
            check_known(row, "level", names, rule, problems)
        elif len(names) > 1:
            problems.append(row.problem("level", rule, said("do_name_level")))
