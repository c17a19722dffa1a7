"""What is asked on the scales: a target or a budget, what has to be in and out; immutable, and kept beside the draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from tenbin.errors import InputError
from tenbin.inputs import parse_target
from tenbin.model import Case

__all__ = ["METRICS", "PERIODS", "Aim", "Question"]

METRICS = ("tvar95", "aal", "var95", "tvar99", "var99")
PERIODS = ("year", "first-year", "total")
FIGURES = {"year": "per_year", "first-year": "first_year_cash", "total": "npv"}
"""Which figure of a cost a budget of each kind is about."""
PLAIN = re.compile(r"(aal|t?var\d+(?:\.\d+)?)=(.+)")


class Aim(StrEnum):
    """What is held, while the other side of the scales is made as small as it can be."""

    RISK = "risk"
    BUDGET = "budget"
    LEVEL = "level"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the optimiser.

    metric, limit : the target of the aim "risk" (``"60%"``, ``"25M"``), and what a budget lowers. more : targets that hold besides, as
    typed. budget, period : of the aim "budget". level : a named one of the case. require, exclude : as in ``optimise``.
    """

    aim: Aim = Aim.RISK
    metric: str = "tvar95"
    limit: str = "75%"
    more: tuple[str, ...] = ()
    budget: str = ""
    period: str = "year"
    level: str = ""
    require: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_days: str = ""

    @classmethod
    def of(cls, case: Case) -> Question:
        """What a case asks itself: its own targets, the first of which the slider moves where it is one on a plain metric."""
        plain = next((match for text in case.targets if (match := PLAIN.fullmatch(text)) and match[1] in METRICS), None)
        if plain is not None:
            return cls(metric=plain[1], limit=plain[2], more=tuple(text for text in case.targets if text != plain[0]))
        if case.levels and not case.targets:
            return cls(aim=Aim.LEVEL, level=next(iter(case.levels)))
        return cls(limit="100%", more=case.targets)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets as the command line takes them."""
        if self.aim is Aim.RISK:
            return (f"{self.metric}={self.limit}", *self.more)
        return ()

    def options(self) -> dict[str, Any]:
        """What ``optimise`` is told; of the aim "total" without a target."""
        asked: dict[str, Any] = {"require": self.require, "exclude": self.exclude}
        if self.max_days:
            asked["max_days"] = self.max_days
        if self.aim is Aim.RISK:
            asked["targets"] = self.targets
        elif self.aim is Aim.BUDGET:
            asked |= {"budget": f"{self.budget}/{self.period}", "metric": self.metric}
        elif self.aim is Aim.LEVEL:
            asked["level"] = self.level
        return asked

    def rules(self) -> dict[str, Any]:
        """What holds for every plan of the frontier."""
        asked = {name: value for name, value in self.options().items() if name in ("require", "exclude", "max_days")}
        return asked | ({"targets": self.more} if self.aim is Aim.RISK and self.more else {})

    def kept(self) -> dict[str, Any]:
        """As in the file beside the draft."""
        return {name: list(value) if isinstance(value, tuple) else str(value) for name, value in asdict(self).items()}

    @classmethod
    def reopened(cls, kept: Mapping[str, Any], case: Case | None) -> Question:
        """What was kept; what does not suit it (another hand may have written in the file) is left as it is by itself."""
        found = Question.of(case) if case is not None else cls()
        values: dict[str, Any] = {}
        for one in fields(cls):
            value, is_list = kept.get(one.name), isinstance(getattr(found, one.name), tuple)
            if is_list and isinstance(value, list):
                values[one.name] = tuple(map(str, value))
            elif not is_list and isinstance(value, str):
                values[one.name] = value
        for name, known in (("aim", tuple(Aim)), ("metric", METRICS), ("period", PERIODS)):
            if values.get(name) not in known:
                values.pop(name, None)
        if "aim" in values:
            values["aim"] = Aim(values["aim"])
        return replace(found, **values)

    def pinned(self, measure: str, level: str = "") -> Question:
        """With a measure that has to be chosen."""
        text = f"{measure}={level}" if level else measure
        freed = self.freed(measure)
        return replace(freed, require=(*freed.require, text))

    def banned(self, measure: str) -> Question:
        """With a measure that is not to be chosen."""
        freed = self.freed(measure)
        return replace(freed, exclude=(*freed.exclude, measure))

    def freed(self, measure: str) -> Question:
        """With nothing said of a measure."""
        require = tuple(text for text in self.require if text.partition("=")[0] != measure)
        exclude = tuple(text for text in self.exclude if text.partition("=")[0] != measure)
        return replace(self, require=require, exclude=exclude)

    def regained(self, before: Question, after: Question) -> Question:
        """With what a change of the case took from the question (``before``) and left it without (``after``)."""
        named = {text.partition("=")[0] for text in (*self.require, *self.exclude)}
        lost: dict[str, Any] = {}
        for name in ("require", "exclude"):
            gone = [text for text in getattr(before, name) if text not in getattr(after, name)]
            back = tuple(text for text in gone if text.partition("=")[0] not in named)
            lost[name] = (*getattr(self, name), *back)
        more = (text for text in before.more if text not in after.more and text not in self.more)
        lost["more"] = (*self.more, *more)
        if before.aim is not after.aim and self.aim is after.aim:
            lost |= {"aim": before.aim, "level": before.level}
        return replace(self, **lost)

    def suited(self, case: Case) -> Question:
        """Without what a changed case does not have any more: measures, levels, targets."""
        rows = {row.measure for row in case.costs.rows}
        offered = rows | {f"{row.measure}={row.level}" for row in case.costs.rows}
        found = replace(
            self,
            require=tuple(text for text in self.require if text in offered),
            exclude=tuple(text for text in self.exclude if text.partition("=")[0] in rows),
            more=tuple(text for text in self.more if _is_target(text, case)),
        )
        if found.aim is Aim.LEVEL and found.level not in case.levels:
            found = replace(found, aim=Aim.RISK)
        return found


def _is_target(text: str, case: Case) -> bool:
    try:
        parse_target(text, case)
    except InputError:
        return False
    return True
