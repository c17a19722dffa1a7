"""Targets as text: ``[scope:]name=value[@year]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from tenbin.errors import InputError, Problem
from tenbin.inputs.cells import LARGEST, tidy
from tenbin.inputs.words import nearest, said, shown
from tenbin.model import Basis, Case, Coverage, Metric, Scope, Target
from tenbin.units import parse_amount
from tenbin.words import Said

__all__ = ["Names", "parse_target", "parse_targets", "read_target"]

CONFIDENCE = re.compile(r"(var|tvar)([0-9]{1,3}(?:\.[0-9]{1,6})?)")
PER_CENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})\s*%")
INHERENT = re.compile(r"(.*%)\s*of[-\s]*inherent", re.IGNORECASE)
REACHABLE = re.compile(r"(.*%)\s*of[-\s]*reachable", re.IGNORECASE)
METRICS = ("aal", "var95", "tvar95", "var99", "tvar99", "survive", "keep", "covers/STANDARD")
EXAMPLES = said("do_target")
VALUES = said("do_target_value")

Refuse = Callable[[Said, object, Said], NoReturn]


@dataclass(frozen=True, slots=True)
class Names:
    """What a target may refer to; None: not known, so nothing is refused for it."""

    layers: frozenset[int] | None
    components: frozenset[str] | None
    scenarios: frozenset[str] | None
    plans: frozenset[str] | None
    reserve: float | None
    references: Mapping[str, tuple[str, ...]] | None

    @classmethod
    def of(cls, case: Case) -> Names:
        """The names of a case."""
        return cls(
            layers=frozenset(layer.number for layer in case.catalogue.layers),
            components=frozenset(component.id for component in case.catalogue.components),
            scenarios=frozenset(scenario.id for scenario in case.scenarios),
            plans=frozenset({"current", *(plan.name for plan in case.plans)}),
            reserve=case.organisation.cash_reserve,
            references=case.crosswalk.references,
        )


def parse_target(text: str, case: Case, where: str = "--target") -> Target:
    """Read one target.

    Parameters
    ----------
    text : such as ``tvar95=60%``, ``L2/data:aal=3M``, ``survive=99%``, ``keep=current+5%``, ``covers/CIS-8.1=50%``.
    where : what its problems call the place it stands in.

    Raises
    ------
    InputError : with the rule that the text breaks.
    """
    return read_target(text, Names.of(case), where)


def parse_targets(texts: Iterable[str], case: Case, where: str = "--target") -> tuple[Target, ...]:
    """Read several targets.

    Raises
    ------
    InputError : with the problems of all of them.
    """
    names = Names.of(case)
    found: list[Target] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(read_target(text, names, where))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return tuple(found)


def read_target(text: str, names: Names, where: str, row: int = 0, column: str = "") -> Target:
    """Read one target against known names; ``InputError`` at that place otherwise."""

    def refuse(rule: Said, value: object, remedy: Said) -> NoReturn:
        raise InputError([Problem(where, row, column, rule, shown(value), remedy)])

    plain = tidy(text)
    left, equals, right = (part.strip() for part in plain.partition("="))
    if not equals or not left or not right:
        refuse(said("must_target"), plain, EXAMPLES)
    first, slash, standard = (part.strip() for part in left.partition("/"))
    if slash and first.lower() == "covers":
        covers, canonical = _covers(standard, right, names, refuse)
        return Target(canonical, covers=covers)
    value, at, year = (part.strip() for part in right.partition("@"))
    if at:
        if not year.isdecimal():
            refuse(said("must_target_year"), plain, said("do_leave_at_out"))
        refuse(said("must_target_without_year"), plain, said("do_leave_year_out", year=year))
    before, colon, after = (part.strip() for part in left.partition(":"))
    scope_text, name = (before, after.lower()) if colon else ("", left.lower())
    if colon and not before:
        refuse(said("must_target"), plain, said("do_leave_colon_out"))
    if colon and name.partition("/")[0].strip() == "covers":
        refuse(said("must_covers_without_scope"), plain, said("do_covers_without_scope", target=f"{after}={right}"))
    scope = _scope(scope_text, names, refuse) if scope_text else Scope()
    canonical = f"{scope.text}:{name}={value}" if scope_text else f"{name}={value}"
    if name == "survive":
        share = _per_cent(value)
        if share is None or not 0 < share < 1:
            refuse(said("must_survive"), value, said("do_survive"))
        if names.reserve is None:
            refuse(said("must_have_reserve"), plain, said("do_reserve"))
        return Target(canonical, Metric.VAR, share, names.reserve, scope=scope, survive=True)
    if name == "keep":
        plan, slack = _keep(value, names, refuse)
        return Target(canonical, scope=scope, keep=plan, slack=slack)
    metric, confidence = _metric(name, refuse)
    limit, basis = _value(value, refuse)
    return Target(canonical, metric, confidence, limit, basis, scope)


def _keep(text: str, names: Names, refuse: Refuse) -> tuple[str, float]:
    """A plan's name and the share by which its limits are loosened: ``current``, ``current+5%``."""
    name, plus, share = (part.strip() for part in text.partition("+"))
    if plus and PER_CENT.fullmatch(share) is None:
        is_bare = PER_CENT.fullmatch(f"{share}%") is not None
        remedy = said("did_you_mean", name=f"{name}+{share}%") if is_bare else said("do_keep", plan=name or "current")
        refuse(said("must_keep_slack"), text, remedy)
    if not plus and text.endswith("%"):
        remedy = said("do_keep_or_less")
        refuse(said("must_keep_slack"), text, remedy)
    if names.plans is not None and name not in names.plans:
        refuse(said("must_keep"), name, nearest(name, names.plans))
    return name, float(Decimal(share.rstrip("% ")) / 100) if plus else 0.0


def _covers(standard: str, text: str, names: Names, refuse: Refuse) -> tuple[Coverage, str]:
    """A share of a standard's references, or some of them by name; with the target's text."""
    if names.references is None:
        return Coverage(standard), f"covers/{standard}={text}"
    known = _same(standard, names.references)
    if known is None:
        refuse(said("must_covers"), standard, nearest(standard, names.references))
    references = names.references[known]
    parts = [part.strip() for part in re.split("[;,]", text)]
    reachable = REACHABLE.fullmatch(text)
    per_cent = reachable[1].strip() if reachable else text
    if PER_CENT.fullmatch(per_cent) is not None:
        share = Decimal(per_cent[:-1].strip()) / 100
        if not 0 < share <= 1:
            refuse(said("must_covers_share"), text, said("do_covers_share", n=len(references), standard=known))
        suffix = "of-reachable" if reachable else ""
        return Coverage(known, share, (), bool(reachable)), f"covers/{known}={(share * 100).normalize():f}%{suffix}"
    found: dict[str, None] = {}
    for part in filter(None, parts):
        reference = _same(part, references)
        if reference is None:
            is_share = len(parts) == 1 and re.fullmatch(r"(0?\.[0-9]+|1|1\.0+)", part) is not None
            meant = f"{(Decimal(part) * 100).normalize():f}%" if is_share else ""
            remedy = said("did_you_mean", name=meant) if is_share else nearest(part, references)
            refuse(said("must_references", standard=known), part, remedy)
        found[reference] = None
    if not found:
        refuse(said("must_references", standard=known), text, said("do_one_reference"))
    return Coverage(known, None, tuple(found)), f"covers/{known}={';'.join(found)}"


def _same(name: str, known: Iterable[str]) -> str | None:
    """The known name that this is, whatever the case of its letters and the number of its spaces; None when there is none."""
    names = tuple(known)
    if name in names:
        return name
    found = [one for one in names if _folded(one) == _folded(name)]
    return found[0] if len(found) == 1 else None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _metric(name: str, refuse: Refuse) -> tuple[Metric, Decimal | None]:
    if name == "aal":
        return Metric.AAL, None
    match = CONFIDENCE.fullmatch(name)
    if match is None:
        refuse(said("must_metric"), name, nearest(name, METRICS))
    per_cent = Decimal(match[2])
    if not 1 <= per_cent < 100:
        meant = f"{match[1]}{(per_cent * 100).normalize():f}"
        remedy = said("did_you_mean", name=meant) if 0 < per_cent < 1 else said("do_confidence")
        refuse(said("must_confidence"), name, remedy)
    return Metric(match[1]), per_cent / 100


def _per_cent(text: str) -> Decimal | None:
    """``99%`` or ``0.99`` as an exact decimal."""
    match = PER_CENT.fullmatch(text)
    if match is not None:
        return Decimal(match[1]) / 100
    return Decimal(text) if re.fullmatch(r"0?\.[0-9]{1,12}", text) else None


def _value(text: str, refuse: Refuse) -> tuple[float, Basis]:
    inherent = INHERENT.fullmatch(text)
    share_text = inherent[1].strip() if inherent else text
    if share_text.endswith("%"):
        if PER_CENT.fullmatch(share_text) is None:
            refuse(said("must_target_value"), text, VALUES)
        return float(Decimal(share_text[:-1].strip()) / 100), Basis.INHERENT if inherent else Basis.TODAY
    try:
        value = parse_amount(text)
    except ValueError:
        refuse(said("must_target_value"), text, VALUES)
    if 0 < value < 1:
        refuse(said("must_target_value"), text, said("did_you_mean", name=f"{value * 100:.10g}%"))
    if not 0 <= value <= LARGEST:
        refuse(said("must_target_range"), text, VALUES)
    return value, Basis.AMOUNT


def _scope(text: str, names: Names, refuse: Refuse) -> Scope:
    """A layer, a component, both, or a scenario; anything when the names are not known."""
    if names.layers is None or names.components is None or names.scenarios is None:
        return Scope()
    layers = {f"L{number}": number for number in names.layers}
    if text in names.scenarios:
        return Scope(scenario=text)
    first, slash, second = (part.strip() for part in text.partition("/"))
    if not slash and first.upper() in layers:
        return Scope(layer=layers[first.upper()])
    if not slash and first in names.components:
        return Scope(component=first)
    if slash and first.upper() in layers and second in names.components:
        return Scope(layer=layers[first.upper()], component=second)
    rule = said("must_scope")
    if slash and first.upper() in layers:
        refuse(rule, text, nearest(second, names.components))
    refuse(rule, text, nearest(text, [*names.components, *layers, *names.scenarios]))
