"""A request that cannot be met → the nearest that can, as command lines to copy."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenbin.cli.options import Options
    from tenbin.model import Case, Target

__all__ = ["eased_target", "nearest_commands", "plain_amount"]

FIGURES = 3


def nearest_commands(
    conflict: Mapping[str, Any],
    targets: Sequence[Target],
    case: Case,
    folder: Path,
    costs: Path | None,
    how: Mapping[str, Any],
    options: Options,
) -> list[str | None]:
    """For each of the conflict's nearest requests the command that asks it; None where one number does not say it."""
    commands: list[str | None] = []
    for near in conflict["nearest"]:
        texts, budget, days = [target.text for target in targets], how.get("budget"), how.get("max_days")
        if near["demand"].startswith("budget/"):
            budget = plain_amount(near["value"]) + "/" + near["demand"].partition("/")[2]
        elif near["demand"].startswith("max-days/"):
            days = f"{math.ceil(near['value'] * 10 * (1 - 1e-12)) / 10:g}/" + near["demand"].partition("/")[2]
        else:
            n = next(
                (n for n, t in enumerate(targets) if near["demand"] in (t.text,) or near["demand"].startswith(f"{t.text} (")),
                None,
            )
            eased = eased_target(targets[n], near, case) if n is not None else None
            if n is None or eased is None:
                commands.append(None)
                continue
            texts[n] = eased
        words = ["tenbin", "optimise", str(folder), *_options(texts, budget, days, costs, how, options)]
        commands.append(" ".join(word if word.startswith("--") else shlex.quote(word) for word in words))
    return commands


def _options(
    texts: Sequence[str], budget: object, days: object, costs: Path | None, how: Mapping[str, Any], options: Options
) -> Iterator[str]:
    for text in texts:
        yield from ("--target", text)
    given = {"--budget": budget, "--max-days": days, "--costs": costs}
    given |= {
        "--seed": options.seed,
        "--trials": options.trials,
        "--worlds": options.worlds,
        "--memory": options.memory,
        "--precision": options.precision,
    }
    for flag, value in given.items():
        if value is not None:
            yield from (flag, str(value))
    for flag, name in (("--require", "require"), ("--exclude", "exclude")):
        for choice in how.get(name) or ():
            yield from (flag, choice)


def eased_target(target: Target, near: Mapping[str, Any], case: Case) -> str | None:
    """The target with the value that can be met: an amount rounded up, for ``keep`` more slack, for a standard a smaller share."""
    name = target.text.partition("=")[0]
    if target.covers is not None:
        if target.covers.share is None:
            return None
        share = math.floor(1000 * near["value"] / len(case.crosswalk.references[target.covers.standard])) / 10
        return f"{name}={share:g}%" if share > 0 else None
    if target.keep:
        if near["asked"] <= 0:
            return None
        slack = (1 + target.slack) * near["value"] / near["asked"] - 1
        return f"{name}={target.keep}+{math.ceil(1000 * slack) / 10:g}%"
    scope = f"{target.scope.text}:" if target.scope.text else ""
    return f"{scope}{target.metric_name}={plain_amount(near['value'])}"


def plain_amount(value: float) -> str:
    """An amount no smaller than ``value``, as short as it can be typed: ``9.37M``, ``144k``."""
    if value <= 0:
        return "0"
    unit = 10.0 ** (math.floor(math.log10(value)) - FIGURES + 1)
    size = math.ceil(value / unit * (1 - 1e-12)) * unit if unit > 1 else math.ceil(value)
    for factor, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= factor:
            return f"{round(size / factor, FIGURES):.10g}{letter}"
    return f"{size:.10g}"
