"""Why the answer is as it is: the reasons asked for in a thread, while every tab that looks on sees them come in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tenbin.app.board import Answer
from tenbin.errors import TenbinError
from tenbin.studies.reasoning import WhyChosen, WhyNot
from tenbin.studies.wondering import PlanReasons

if TYPE_CHECKING:
    from tenbin.app.desk import Desk

__all__ = ["Known", "Wondering"]

log = logging.getLogger(__name__)

PATIENCE = 0.1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an answer's reasons by now.

    total : how many measures there is something to say about. annuity : what turns an npv into a cost per year. level : of a plan that no target
    asked for, its metric and value.
    """

    answer: Answer
    chosen: tuple[WhyChosen, ...] = ()
    others: tuple[WhyNot, ...] = ()
    total: int = 0
    annuity: float = 1.0
    level: tuple[str, float] | None = None
    error: TenbinError | None = field(default=None, compare=False)

    @property
    def done(self) -> int:
        """So many measures were asked about."""
        return len(self.chosen) + len(self.others)

    @property
    def is_whole(self) -> bool:
        """Whether every measure was asked about."""
        return 0 < self.total == self.done


class Wondering:
    """The reasons of one desk's answers; on_change is told ``"reasons"``."""

    def __init__(self, desk: Desk, on_change: Callable[[str], None]) -> None:
        self._desk, self._on_change = desk, on_change
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.known: Known | None = None

    @property
    def is_asking(self) -> bool:
        """Whether it is at work."""
        return self._thread is not None and not self._stop.is_set()

    @property
    def is_current(self) -> bool:
        """Whether what is known is of the answer on the scales."""
        answer, known = self._desk.board.answer, self.known
        if answer is None or known is None or answer.result is None or known.answer.result is None:
            return False
        return (
            answer.question == self._desk.question == known.answer.question
            and self._desk.live.is_of(answer, self._desk.case)
            and answer.case is known.answer.case
            and answer.result.plan == known.answer.result.plan
        )

    def ask(self) -> None:
        """Ask why the answer on the scales is as it is; what was being asked is left."""
        answer = self._desk.board.answer
        if answer is None or not answer.has_plan:
            return
        with self._lock:
            self._stop.set()
            self._stop = stop = threading.Event()
            self.known = Known(answer)
            self._thread = threading.Thread(target=self._run, args=(answer, stop), name="tenbin-why", daemon=True)
            self._thread.start()
        self._on_change("reasons")

    def stop(self) -> None:
        """Ask no further; what is known stays."""
        with self._lock:
            self._stop.set()
            self._thread = None
        self._on_change("reasons")

    def _checked(self, answer: Answer, stop: threading.Event) -> Answer:
        """The answer once it was searched for as long as needed: the first one may be another plan."""
        while not answer.is_checked and not stop.wait(PATIENCE):
            newer = self._desk.board.answer
            if newer is None or newer.question != answer.question or newer.case is not answer.case or not newer.has_plan:
                break
            answer = newer
        return answer

    def _run(self, answer: Answer, stop: threading.Event) -> None:
        try:
            answer = self._checked(answer, stop)
            self._put(stop, answer=answer)
            events = self._desk.live.events
            assert events is not None
            assert answer.result is not None
            if events.case is not answer.result.case:  # the case was changed meanwhile
                return
            reasons = PlanReasons(events, answer.result, answer.question.options())
            self._put(stop, total=reasons.n_reasons, annuity=reasons.annuity, level=reasons.level)
            while not stop.is_set() and (found := reasons.next(stop)) is not None:
                self._add(stop, found)
        except TenbinError as error:
            self._put(stop, error=error)
        except Exception:  # it is told, and the app goes on
            log.exception("the reasons of an answer could not be found")
            self._put(stop, error=TenbinError("internal"))
        finally:
            if self._stop is stop:
                self.stop()

    def _add(self, stop: threading.Event, found: WhyChosen | WhyNot) -> None:
        assert self.known is not None
        if isinstance(found, WhyChosen):
            self._put(stop, chosen=(*self.known.chosen, found))
        else:
            self._put(stop, others=(*self.known.others, found))

    def _put(self, stop: threading.Event, **more: object) -> None:
        with self._lock:
            if self._stop is not stop or self.known is None:
                return  # something newer is being asked
            self.known = replace(self.known, **more)  # type: ignore[arg-type]
        self._on_change("reasons")
