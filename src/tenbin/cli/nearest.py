"""A request that cannot be met → the nearest that can, as command lines to copy."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenbin.cli.options import Options
    from tenbin.studies import Result

__all__ = ["nearest_commands"]


def nearest_commands(
    result: Result, folder: Path, costs: Path | None, how: Mapping[str, Any], options: Options
) -> list[str | None]:
    """For each of the conflict's nearest requests the command that asks it; None where one number does not say it."""
    from tenbin.studies.easing import eased_requests

    commands: list[str | None] = []
    for eased in eased_requests(result):
        if eased is None:
            commands.append(None)
            continue
        budget, days = eased.budget or how.get("budget"), eased.max_days or how.get("max_days")
        words = ["tenbin", "optimise", str(folder), *_options(eased.targets, budget, days, costs, how, options)]
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
