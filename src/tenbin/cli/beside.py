"""What ``optimise`` is asked beside the plan: other plans, reasons, how steady it is, an interval for the true cost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.cli.language import said

if TYPE_CHECKING:
    from tenbin.cli.work import Progress
    from tenbin.model import Case
    from tenbin.simulation import EventTable
    from tenbin.studies import Result

__all__ = ["Beside"]

EXAMPLE = said("do_target_with_it")


@dataclass(frozen=True, slots=True)
class Beside:
    """alternatives : next-best plans. reasons : why each measure is, or is not, in the plan. likely : the plan for the likely values
    alone. robust, replications : runs, samples; None: not asked.
    """

    alternatives: int = 0
    reasons: bool = False
    robust: int | None = None
    replications: int | None = None
    likely: bool = False

    @property
    def takes_long(self) -> bool:
        """Whether something follows the optimisation."""
        return self.likely or self.robust is not None or self.replications is not None

    @property
    def options(self) -> dict[str, Any]:
        """What ``optimise`` itself is told; nothing where nothing is asked."""
        return {"alternatives": self.alternatives, "reasons": self.reasons} if self.alternatives or self.reasons else {}

    def check(self, case: Case, how: Mapping[str, Any]) -> None:
        """Refuse, before any long work, numbers that are none and what needs a target where none is asked."""
        from tenbin.errors import InputError, Problem
        from tenbin.studies.asking import check_request

        problems: list[Problem] = []
        try:
            check_request(case, **how)
        except InputError as error:
            problems.extend(error.problems)
        numbers = {
            "--alternatives": (self.alternatives, 0),
            "--robust": (self.robust, 1),
            "--replications": (self.replications, 1),
        }
        for flag, (number, least) in numbers.items():
            if number is not None and number < least:
                usual = "5" if flag == "--alternatives" else "20"
                problems.append(Problem(flag, 0, "", said("must_from", n=least), str(number), said("do_usual", n=usual)))
        own = case.targets if how.get("budget") is None else ()
        if not (how.get("targets") or how.get("level") is not None or own):
            asked = {"--alternatives": self.alternatives, "--reasons": self.reasons, **{"--replications": self.replications}}
            if how.get("budget") is None:
                asked["--robust"] = self.robust
            got = said("got_budget_alone" if how.get("budget") is not None else "got_no_target")
            problems += [Problem(flag, 0, "", said("must_with_target"), got, EXAMPLE) for flag, is_on in asked.items() if is_on]
        if problems:
            raise InputError(problems)

    def follow(
        self, events: EventTable, result: Result, how: Mapping[str, Any], progress: Progress, stop: threading.Event
    ) -> dict[str, dict[str, Any]]:
        """Ask again for the likely values, on other years: the documents of ``likely``, ``robust`` and ``interval``."""
        from tenbin.studies import beside_likely, replicate, robust

        question = {name: value for name, value in how.items() if name not in ("time_limit", "delta")}
        if how.get("delta") is not None:
            question["delta"] = how["delta"]
        found: dict[str, dict[str, Any]] = {}
        if self.likely and not stop.is_set():
            found["likely"] = beside_likely(events, result, on_progress=progress, stop=stop, **how).to_dict()
        if self.robust is not None and not stop.is_set():
            steady = robust(events, n_runs=self.robust, on_progress=progress, stop=stop, **question)
            found["robust"] = steady.to_dict()
        if self.replications is not None and not stop.is_set():
            between = replicate(events, n_replications=self.replications, on_progress=progress, stop=stop, **question)
            found["interval"] = between.to_dict()
        return found
