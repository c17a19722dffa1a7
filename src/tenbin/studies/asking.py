"""What is asked of a case, parsed before any long work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.inputs import parse_budget, parse_choice, parse_days, parse_target, parse_targets
from tenbin.model import Budget, Case, Days, Target
from tenbin.optimisation import Rules
from tenbin.studies.scopes import metric_quantity
from tenbin.words import saying

__all__ = ["Request", "check_request", "enough_years", "enough_years_for", "texts_of"]

said = saying("problems")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, parsed."""

    targets: tuple[Target, ...]
    rules: Rules


def check_request(
    case: Case,
    targets: Sequence[str] = (),
    *,
    level: str | None = None,
    budget: str | float | None = None,
    max_days: str | float | None = None,
    require: Sequence[str] = (),
    exclude: Sequence[str] = (),
    metric: str = "tvar95",
    delta: float | None = None,
    time_limit: float | None = None,
    own_targets: bool = True,
) -> Request:
    """Parse everything that is asked of a case, before any long work; ``InputError`` with all that is wrong."""
    problems: list[Problem] = []
    texts = _asked(case, targets, level, own_targets and budget is None, problems)
    parsed = _collect(problems, lambda: parse_targets(texts, case), ())
    money: Budget | None = _collect(problems, lambda: parse_budget(str(budget)) if budget is not None else None, None)
    days: Days | None = _collect(problems, lambda: parse_days(str(max_days)) if max_days is not None else None, None)
    must = tuple(
        _collect(problems, lambda text=text: parse_choice(text, case, "--require"), ("", None)) for text in texts_of(require)
    )
    ban = tuple(
        _collect(problems, lambda text=text: parse_choice(text, case, "--exclude"), ("", None)) for text in texts_of(exclude)
    )
    _collect(problems, lambda: metric_quantity(case, metric), None)
    if delta is not None and not 0 <= delta < 1:
        problems.append(Problem("--delta", 0, "", said("must_share_below"), str(delta), said("do_usual", n=0.005)))
    if time_limit is not None and not time_limit > 0:
        problems.append(Problem("--time-limit", 0, "", said("must_seconds"), str(time_limit), said("do_seconds")))
    if problems:
        raise InputError(problems)
    return Request(tuple(parsed), Rules(case, must, ban, money, days))


def _collect(problems: list[Problem], parse: Any, otherwise: Any) -> Any:
    try:
        return parse()
    except InputError as error:
        problems.extend(error.problems)
        return otherwise


def texts_of(asked: Iterable[str]) -> list[str]:
    """What was asked, text by text: a single one may stand alone."""
    return [asked] if isinstance(asked, str) else list(asked)


def _asked(case: Case, targets: Iterable[str], level: str | None, own: bool, problems: list[Problem]) -> list[str]:
    texts = texts_of(targets)
    if level is not None:
        if level in case.levels:
            texts.extend(case.levels[level])
        else:
            rule = said("must_named", names=list(case.levels)) if case.levels else said("must_named_none")
            problems.append(Problem("--level", 0, "", rule, level, said("do_name_one")))
    if not texts and own and level is None:
        texts.extend(case.targets)
    return texts


def enough_years(targets: Sequence[Any], n_trials: int) -> None:
    """Refuse a sample too short for a target: ``InputError`` with how many years it takes."""
    problems = []
    for target in targets:
        if target.confidence is not None and (1 - target.confidence) * n_trials < 1:
            needed = int(1 / (1 - target.confidence)) + 1
            problems.append(
                Problem(
                    "--trials",
                    0,
                    "",
                    said("must_years_for", n=needed, target=target.text),
                    f"{n_trials:,}",
                    said("do_more_years"),
                )
            )
    if problems:
        raise InputError(problems)


def enough_years_for(metric: str, case: Case, n_trials: int) -> None:
    """The same for a metric that is made lowest."""
    metric_quantity(case, metric)
    enough_years([dataclass_replace(parse_target(f"{metric}=0", case, "--metric"), text=metric)], n_trials)
