"""Plans, single choices, budgets and days as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenbin.errors import InputError, Problem
from tenbin.inputs.cells import BadCell, amount, tidy
from tenbin.inputs.schema import DAYS
from tenbin.inputs.words import nearest, said, shown
from tenbin.model import Budget, Case, Days, Period, current_plan
from tenbin.words import Said

__all__ = ["parse_budget", "parse_choice", "parse_days", "parse_plan"]


def parse_plan(plan: str | Mapping[str, str], case: Case, where: str = "--plan") -> dict[str, str]:
    """Read a plan: measure → level for everything that is chosen.

    Parameters
    ----------
    plan : ``current``, a name of the case's plans, ``"L1.006=basic,L3.016"`` (no level: its only one), or a mapping;
        blank text and ``{}`` are nothing at all.

    Raises
    ------
    InputError : for unknown plans, measures or levels, with the problems of all.
    """
    offered = list(case.costs.measures)
    if isinstance(plan, str):
        name = tidy(plan)
        for named in case.plans:
            if named.name == name:
                return {measure: level for measure, level, _ in named.choices}
        if name == "current":
            return current_plan(case)
        pairs = [_pair(part) for part in name.split(",") if part.strip()]
        if len(pairs) == 1 and "=" not in name:
            offered += ["current", *(named.name for named in case.plans)]
    else:
        pairs = [(tidy(str(measure)), tidy(str(level or ""))) for measure, level in plan.items()]
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for measure, level in pairs:
        if measure in found:
            got = said("got_named_twice", name=measure)
            problems.append(Problem(where, 0, measure, said("must_named_once"), got, said("do_one_level")))
        elif _is_choice(measure, level, case, where, problems, offered):
            levels = [row.level for row in case.costs.levels(measure)]
            if not level and len(levels) > 1:
                rule, remedy = said("must_named_level", levels=levels), said("do_choice", choice=f"{measure}={levels[0]}")
                problems.append(Problem(where, 0, measure, rule, measure, remedy))
            found[measure] = level or levels[0]
    if problems:
        raise InputError(problems)
    return found


def parse_choice(text: str, case: Case, where: str = "--require/--exclude") -> tuple[str, str | None]:
    """Read ``M`` (any level: None) or ``M=LEVEL``.

    Raises
    ------
    InputError : for an unknown measure or level.
    """
    measure, level = _pair(tidy(text))
    problems: list[Problem] = []
    if not _is_choice(measure, level, case, where, problems, case.costs.measures):
        raise InputError(problems)
    return measure, level or None


def _pair(text: str) -> tuple[str, str]:
    measure, _, level = text.partition("=")
    return measure.strip(), level.strip()


def _is_choice(
    measure: str, level: str, case: Case, where: str, problems: list[Problem], offered: list[str] | tuple[str, ...]
) -> bool:
    """Whether the measure has a cost row and the level, unless blank, is one of its levels."""
    levels = [row.level for row in case.costs.levels(measure)]
    if not levels:
        what = said("must_priced" if "current" not in offered else "must_plan_or_priced")
        problems.append(Problem(where, 0, "", what, shown(measure), nearest(measure, offered)))
    elif level and level not in levels:
        rule = said("must_level", measure=measure, levels=levels)
        problems.append(Problem(where, 0, "", rule, shown(level), nearest(level, levels)))
    else:
        return True
    return False


def _of_period(
    text: str, where: str, rule: Said, remedy: Said, read: Callable[[str], float], periods: tuple[Period, ...]
) -> tuple[float, Period]:
    size, slash, word = (part.strip() for part in tidy(text).partition("/"))
    try:
        period = Period(word.lower()) if slash else Period.FIRST_YEAR
        if period not in periods:
            raise ValueError(word)
        return read(size), period
    except (BadCell, ValueError):
        raise InputError([Problem(where, 0, "", rule, shown(text), remedy)]) from None


def parse_budget(text: str, where: str = "--budget") -> Budget:
    """Read ``8M/first-year`` (cash), ``2M/year`` or ``20M/total`` (npv); a bare amount is first-year cash.

    Raises
    ------
    InputError : when it is none of these.
    """
    rule, remedy = said("must_budget"), said("do_budget")
    return Budget(*_of_period(text, where, rule, remedy, amount, (Period.FIRST_YEAR, Period.YEAR, Period.TOTAL)))


def parse_days(text: str, where: str = "--max-days") -> Days:
    """Read ``60/first-year`` or ``30/year``; a bare number is the first year's.

    Raises
    ------
    InputError : when it is neither.
    """
    rule, remedy = said("must_budget_days"), said("do_budget_days")
    return Days(*_of_period(text, where, rule, remedy, DAYS.convert, (Period.FIRST_YEAR, Period.YEAR)))
