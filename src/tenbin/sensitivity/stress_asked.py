"""What is stressed: scenarios forced to happen, frequencies and losses times a factor, a supplier down for a month."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from tenbin.errors import InputError, Problem
from tenbin.inputs import parse_target
from tenbin.inputs.words import nearest, shown
from tenbin.model import Case, Scope
from tenbin.sensitivity.wording import said, say
from tenbin.studies.scopes import scope_flags
from tenbin.units import parse_amount, parse_number

__all__ = ["DOWN_DAYS", "DownBasis", "Stress", "StressKind", "parse_stresses", "supplier_scenario"]

DOWN_DAYS = 30
LARGEST = 1000.0


class StressKind(StrEnum):
    """What is done to a case."""

    FREQUENCY = "frequency"
    LOSS = "loss"
    FORCE = "force"
    DOWN = "down"


class DownBasis(StrEnum):
    """What a month without a supplier is taken to cost."""

    GIVEN = "given"
    REVENUE = "revenue"
    """Of 30 days."""
    CAP = "cap"
    """The scenario's ``loss_cap``, which the revenue of 30 days reaches."""
    TWENTIETH = "twentieth"
    """What one event in twenty exceeds."""


@dataclass(frozen=True, slots=True)
class Stress:
    """One thing that goes wrong.

    text : as it is asked for, ``frequency=3:L2``. scenarios : the numbers of those it is about. scope : "" for all of them.
    factor : of a frequency or a loss. amount : what one event of a supplier's failure costs; basis : why that.
    """

    text: str
    kind: StressKind
    scenarios: tuple[int, ...]
    scope: str = ""
    factor: float = 1.0
    amount: float | None = None
    basis: DownBasis = DownBasis.GIVEN

    @property
    def is_revenue(self) -> bool:
        """Whether a supplier's failure costs the revenue of 30 days."""
        return self.basis is DownBasis.REVENUE


def parse_stresses(
    case: Case, force: Sequence[str] = (), scale: Sequence[str] = (), down: Sequence[str] = ()
) -> tuple[Stress, ...]:
    """Read what is asked for, in the order scale, force, down.

    Parameters
    ----------
    force : scenarios' ids. scale : ``frequency=3``, ``loss=2:L2``, ``loss=3:S-L2-03``. down : a scenario's id, or ``ID=40M`` with
        what the month costs.

    Raises
    ------
    InputError : with all that is wrong.
    """
    problems: list[Problem] = []
    found: list[Stress] = []
    for texts, read in ((scale, _scale), (force, _force), (down, _down)):
        for text in texts:
            try:
                found.append(read(text.strip(), case))
            except InputError as error:
                problems.extend(error.problems)
    happening: set[int] = set()
    for stress in found:
        if stress.kind in (StressKind.FORCE, StressKind.DOWN):
            if stress.scenarios[0] in happening:
                place, name = f"--{stress.kind.value}", case.scenarios[stress.scenarios[0]].id
                problems.append(Problem(place, 0, "", said("must_once"), name, said("do_once")))
            happening.add(stress.scenarios[0])
    if problems:
        raise InputError(problems)
    return tuple(found)


def supplier_scenario(case: Case) -> str | None:
    """The scenario in which what a supplier delivers stops: the first of layer 1 whose title says so; None when none does."""
    words = {lang: [word.strip() for word in say("supplier_words", lang).split("/")] for lang in ("ja", "en")}
    stops = {lang: [word.strip() for word in say("stopping_words", lang).split("/")] for lang in ("ja", "en")}
    for scenario in case.scenarios:
        titles = {"ja": scenario.title_ja, "en": scenario.title_en.casefold()}
        for lang, title in titles.items():
            if scenario.layer == 1 and all(any(word in title for word in some[lang]) for some in (words, stops)):
                return scenario.id
    return None


def _refuse(flag: str, rule: str, value: object, remedy: str) -> NoReturn:
    raise InputError([Problem(flag, 0, "", rule, shown(value), remedy)])


def _number(name: str, case: Case, flag: str) -> int:
    ids = [scenario.id for scenario in case.scenarios]
    if name not in ids:
        _refuse(flag, said("must_scenario"), name, nearest(name, ids))
    return ids.index(name)


def _force(text: str, case: Case) -> Stress:
    return Stress(f"force={text}", StressKind.FORCE, (_number(text, case, "--force"),))


def _scale(text: str, case: Case) -> Stress:
    head, _, scope = (part.strip() for part in text.partition(":"))
    name, equals, number = (part.strip() for part in head.partition("="))
    if not equals or name.lower() not in ("frequency", "loss"):
        _refuse("--scale", said("must_scale"), text, said("do_scale"))
    factor = _read(parse_number, number.removeprefix("×").removeprefix("x"))
    if factor is None or not 0 < factor <= LARGEST:
        _refuse("--scale", said("must_factor", most=f"{LARGEST:,.0f}"), number, said("do_scale"))
    flags: tuple[bool, ...] = (True,) * len(case.scenarios)
    if scope:
        part: Scope = parse_target(f"{scope}:aal=0", case, "--scale").scope
        scope, flags = part.text, scope_flags(case, part)
        if not any(flags):
            _refuse("--scale", said("must_touch"), scope, said("do_scale"))
    kind = StressKind(name.lower())
    canonical = f"{kind.value}={factor:g}" + (f":{scope}" if scope else "")
    return Stress(canonical, kind, tuple(n for n, here in enumerate(flags) if here), scope, factor)


def _down(text: str, case: Case) -> Stress:
    name, equals, size = (part.strip() for part in text.partition("="))
    number = _number(name, case, "--down")
    severity = case.scenarios[number].severity
    if equals:
        amount = _read(parse_amount, size)
        if amount is None or not 0 < amount <= 1e15:
            _refuse("--down", said("must_down_amount"), text, said("do_down", name=name))
        return Stress(f"down={name}={amount:.10g}", StressKind.DOWN, (number,), amount=amount)
    revenue = case.organisation.annual_revenue
    if revenue:
        month = min(revenue * DOWN_DAYS / 365, severity.cap)
        basis = DownBasis.REVENUE if month < severity.cap else DownBasis.CAP
        return Stress(f"down={name}", StressKind.DOWN, (number,), amount=month, basis=basis)
    amount = severity.quantile(0.95)
    return Stress(f"down={name}", StressKind.DOWN, (number,), amount=amount, basis=DownBasis.TWENTIETH)


def _read(read: Callable[[str], float], text: str) -> float | None:
    try:
        value = read(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
