"""What a user asks on the command line or in Python: targets, plans, budgets, days, single choices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tenbin.errors import InputError, Problem
from tenbin.inputs.tables import nearest
from tenbin.model import Basis, Budget, Case, Days, Metric, Period, Scope, Target, current_plan
from tenbin.units import parse_amount, parse_number

__all__ = ["parse_budget", "parse_choice", "parse_days", "parse_plan", "parse_target", "parse_targets"]

NAME = re.compile(r"^(var|tvar)(\d{1,2}(?:\.\d+)?)$")
PER_CENT = re.compile(r"^(\d+(?:\.\d+)?|\.\d+)\s*%\s*(of-inherent)?$")
EXAMPLE = "Write a target such as tvar95=60%, L2:aal=3M, survive=99% or keep=current."


def parse_targets(texts: Iterable[str], case: Case, where: str = "--target") -> tuple[Target, ...]:
    """Parse several targets; ``InputError`` with the problems of all."""
    found: list[Target] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(parse_target(text, case, where))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return tuple(found)


def parse_target(text: str, case: Case, where: str = "--target") -> Target:
    """Parse ``[scope:]name=value[@year]``; ``InputError`` says what it should be."""

    def bad(rule: str, value: str, remedy: str = EXAMPLE) -> InputError:
        return InputError([Problem(where, 0, "", rule, repr(value), remedy)])

    tidy = unicodedata.normalize("NFKC", str(text)).strip()
    left, equals, right = (part.strip() for part in tidy.partition("="))
    if not equals or not left or not right:
        raise bad("a target [scope:]name=value", str(text))
    right, at, year = (part.strip() for part in right.partition("@"))
    if at:
        raise bad("without a year for now", f"@{year}", "Leave @year out: planning over years is not there yet.")
    scope_text, colon, name = (part.strip() for part in left.partition(":"))
    if not colon:
        scope_text, name = "", left
    scope = _scope(scope_text, case, bad)
    name = name.lower()
    if name == "survive":
        return _survive(tidy, right, scope, case, bad)
    if name == "keep":
        known = {"current", *(plan.name for plan in case.plans)}
        if right not in known:
            raise bad("keep= and the name of a plan", right, nearest(right, known))
        return Target(tidy, scope=scope, keep=right)
    match = NAME.match(name)
    if name != "aal" and match is None:
        raise bad(
            "aal, var95, tvar95, survive or keep",
            name,
            nearest(name, ("aal", "var95", "tvar95", "var99", "tvar99", "survive", "keep")),
        )
    confidence = None if match is None else Decimal(match[2]) / 100
    if confidence is not None and not 0 < confidence < 1:
        raise bad("a confidence above 0 and below 100", name)
    value, basis = _value(right, bad)
    metric = Metric.AAL if match is None else Metric(match[1])
    return Target(tidy, metric, confidence, value, basis, scope)


def _value(text: str, bad: object) -> tuple[float, Basis]:
    assert callable(bad)
    if share := PER_CENT.match(text):
        return float(Decimal(share[1]) / 100), Basis.INHERENT if share[2] else Basis.TODAY
    try:
        value = parse_amount(text)
    except ValueError as error:
        raise bad("an amount, 60% or 60%of-inherent", text) from error
    if value < 0:
        raise bad("at least 0", text)
    return value, Basis.AMOUNT


def _survive(tidy: str, right: str, scope: Scope, case: Case, bad: object) -> Target:
    assert callable(bad)
    share = PER_CENT.match(right)
    if share is None or share[2] or not 0 < Decimal(share[1]) < 100:
        raise bad("survive= and a share such as 99%", right, "survive=99% allows 1 year in 100 to cost more than the reserve.")
    reserve = case.organisation.cash_reserve
    if reserve is None:
        remedy = "Write cash_reserve under [organisation] in case.toml: what one bad year may take."
        raise bad("asked of a case with a cash_reserve", tidy, remedy)
    return Target(tidy, Metric.VAR, Decimal(share[1]) / 100, reserve, Basis.AMOUNT, scope, survive=True)


def _scope(text: str, case: Case, bad: object) -> Scope:
    assert callable(bad)
    if not text:
        return Scope()
    ids = {scenario.id for scenario in case.scenarios}
    if text in ids:
        return Scope(scenario=text)
    layers = {f"L{layer.number}": layer.number for layer in case.catalogue.layers}
    components = {component.id for component in case.catalogue.components}
    first, slash, second = (part.strip() for part in text.partition("/"))
    if not slash and first.upper() in layers:
        return Scope(layer=layers[first.upper()])
    if not slash and first.lower() in components:
        return Scope(component=first.lower())
    if slash and first.upper() in layers and second.lower() in components:
        return Scope(layer=layers[first.upper()], component=second.lower())
    known = {*layers, *components, *ids}
    raise bad("a scope: a layer (L2), a component (data), both (L2/data) or a scenario's id", text, nearest(text, known))


def parse_plan(plan: str | Mapping[str, str], case: Case, where: str = "--plan") -> dict[str, str]:
    """A plan's name, ``current``, ``"L1.006=basic,L3.016"`` or a mapping → measure → level."""
    if isinstance(plan, str):
        name = plan.strip()
        if name == "current":
            return current_plan(case)
        for named in case.plans:
            if named.name == name:
                return {measure: level for measure, level, _ in named.choices}
        pairs = [parse_pair(part) for part in name.split(",") if part.strip()]
    else:
        pairs = [(str(measure), None if level in (None, "") else str(level)) for measure, level in plan.items()]
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for measure, level in pairs:
        choice = _choice(measure, level, case, where, problems, isinstance(plan, str))
        if measure in found:
            problems.append(Problem(where, 0, "", "a plan with each measure once", repr(measure), "Name one level of it."))
        elif choice is not None:
            found[measure] = choice
    if problems:
        raise InputError(problems)
    return found


def parse_pair(text: str) -> tuple[str, str | None]:
    """``M`` or ``M=LEVEL``."""
    measure, equals, level = (part.strip() for part in unicodedata.normalize("NFKC", text).partition("="))
    return measure, level if equals else None


def _choice(measure: str, level: str | None, case: Case, where: str, problems: list[Problem], offer_plans: bool) -> str | None:
    levels = [row.level for row in case.costs.levels(measure)]
    if not levels:
        known = {*case.costs.measures, *({plan.name for plan in case.plans} | {"current"} if offer_plans else set())}
        problems.append(Problem(where, 0, "", "a measure of the cost table", repr(measure), nearest(measure, known)))
        return None
    if level is None:
        if len(levels) > 1:
            problems.append(
                Problem(where, 0, "", f"{measure}= and one of {', '.join(levels)}", repr(measure), "Name the level.")
            )
            return None
        return levels[0]
    if level not in levels:
        problems.append(
            Problem(where, 0, "", f"a level of {measure} ({', '.join(levels)})", repr(level), nearest(level, levels))
        )
        return None
    return level


def parse_choice(text: str, case: Case, where: str = "--require/--exclude") -> tuple[str, str | None]:
    """``M`` (any level) or ``M=LEVEL``."""
    measure, level = parse_pair(text)
    problems: list[Problem] = []
    _choice(measure, level or next(iter(row.level for row in case.costs.levels(measure)), None), case, where, problems, False)
    if problems:
        raise InputError(problems)
    return measure, level


def parse_budget(text: str, where: str = "--budget") -> Budget:
    """``8M/first-year`` (cash), ``2M/year``, ``20M/total``; a bare amount is first-year cash."""
    amount, slash, period = (part.strip() for part in unicodedata.normalize("NFKC", text).partition("/"))
    try:
        value = parse_amount(amount)
        if value < 0:
            raise ValueError(text)
        return Budget(value, Period(period.lower()) if slash else Period.FIRST_YEAR)
    except ValueError as error:
        remedy = "Write 8M/first-year (cash), 2M/year or 20M/total."
        raise InputError([Problem(where, 0, "", "an amount, with /first-year, /year or /total", repr(text), remedy)]) from error


def parse_days(text: str, where: str = "--max-days") -> Days:
    """``60/first-year`` or ``30/year``; a bare number is the first year's."""
    days, slash, period = (part.strip() for part in unicodedata.normalize("NFKC", text).partition("/"))
    try:
        value = parse_number(days)
        kind = Period(period.lower()) if slash else Period.FIRST_YEAR
        if value < 0 or kind is Period.TOTAL:
            raise ValueError(text)
        return Days(value, kind)
    except ValueError as error:
        raise InputError(
            [Problem(where, 0, "", "days, with /first-year or /year", repr(text), "Write 60/first-year.")]
        ) from error
