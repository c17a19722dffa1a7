"""What can be looked at while a case is studied: the answer, the plans beside it, what is being done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tenbin.app.question import Question
from tenbin.errors import TenbinError
from tenbin.model import Case
from tenbin.reporting.report import ReportData
from tenbin.reporting.sentences import headline_metric
from tenbin.studies import Result
from tenbin.studies.frontiers import Frontier

__all__ = ["Answer", "Board", "Stage"]


class Stage(StrEnum):
    """What is being done."""

    IDLE = "idle"
    COMPILING = "compiling"
    DRAWING = "drawing"
    ANSWERING = "answering"
    CHECKING = "checking"
    TRACING = "tracing"
    SEARCHING = "searching"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    result : None where there is none, then ``error`` says why. is_checked : looked at on other years, and searched for as long as needed.
    """

    case: Case = field(repr=False)
    question: Question
    result: Result | None = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    error: TenbinError | None = None
    is_checked: bool = False

    @property
    def has_plan(self) -> bool:
        """Whether some plan is the answer."""
        return self.result is not None and self.result.risk is not None

    @property
    def metric(self) -> str:
        """The metric that it speaks of."""
        return headline_metric(self.document) if self.has_plan else self.question.metric


@dataclass(frozen=True, slots=True)
class Board:
    """What can be looked at: the answer, and the plans beside it.

    data : None before the first plan. number : which of its plans is the answer; None: it has no plan. front : the frontier as far as it is traced.
    version : of the case and question that it belongs to.
    """

    answer: Answer | None = None
    data: ReportData | None = field(default=None, repr=False)
    number: int | None = None
    front: Frontier | None = field(default=None, repr=False)
    version: int = 0
