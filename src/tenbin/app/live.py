"""A case under study while somebody looks on: the question answered at once, then thoroughly, and the frontier traced in between.

One thread does one piece of work at a time, the most urgent first; a newer question stops whatever is being done. What was learned of
the years (the pool of cuts) stays, so that the next answer comes sooner.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tenbin.app.board import Answer, Board, Stage
from tenbin.app.question import Aim, Question
from tenbin.errors import TenbinError
from tenbin.model import Case
from tenbin.reporting.report.data import PlanView
from tenbin.simulation import EventTable
from tenbin.studies.compiling import is_first_time
from tenbin.studies.frontiers import Frontier
from tenbin.studies.fronting import Tracing
from tenbin.studies.optimising import optimise, pays_for_itself
from tenbin.studies.simulating import simulate_again
from tenbin.studies.telling import Teller

__all__ = ["Live"]

log = logging.getLogger(__name__)

QUICK_SECONDS = 0.2
FIRST_SECONDS = 1.0
POOR = 0.1
"""A plan that might be cheaper by more than this is not worth showing yet."""
SOON_SECONDS = 4.0
THOROUGH_SECONDS = 30.0
LEVEL_SECONDS = 2.0
POINTS = 20

Plan = tuple[tuple[str, str], ...]


class Live:
    """The study of one case, in a thread of its own.

    on_change : called from that thread with what changed: ``"board"``, ``"stage"`` or ``"saved"``. keep : writes a checked answer as a run.

    n_drawn : how often other years, or the same for another case, were taken up: one number is one ``events``.

    What fails after the first answer stands in ``failure`` until the next question: the answer stays as far as it is known, and nothing more
    is done about it until ``try_again``.
    """

    def __init__(
        self, on_change: Callable[[str], None], keep: Callable[[Answer, EventTable, threading.Event], None] | None = None
    ) -> None:
        self._on_change, self._keep = on_change, keep
        self._wake = threading.Condition()
        self._asked: tuple[Case, Question] | None = None
        self._version = self._answered = 0
        self._stop = threading.Event()
        self._closed = self._is_paused = False
        self.failure: TenbinError | None = None
        self._kept: set[tuple[int, Question, bool]] = set()
        self._saving: threading.Thread | None = None
        self._closing = threading.Event()
        self._long: tuple[int, Question] | None = None
        self._case: Case | None = None
        self.n_drawn = 0
        self.events: EventTable | None = None
        self._teller: Teller | None = None
        self._tracing: Tracing | None = None
        self._traced: tuple[Any, ...] | None = None
        self._views: dict[tuple[Plan, bool], PlanView] = {}
        self.board = Board()
        self.stage = Stage.IDLE
        self._thread = threading.Thread(target=self._run, name="tenbin-live", daemon=True)
        self._thread.start()

    # what others ask

    def ask(self, case: Case, question: Question) -> None:
        """Answer this from now on."""
        with self._wake:
            self._asked = (case, question)
            self._version += 1
            self.failure = None
            self._stop.set()
            self._wake.notify()

    def try_again(self) -> None:
        """Go on with what failed."""
        with self._wake:
            self.failure = None
            self._wake.notify()
        self._on_change("stage")

    def keep_again(self) -> None:
        """Write the answer as a run once more, which could not be written before."""
        with self._wake:
            self._kept.clear()
            self._wake.notify()

    def pause(self, paused: bool) -> None:
        """Trace the frontier no further, or go on with it; what is known of it stays."""
        with self._wake:
            self._is_paused = paused
            if paused and self.stage == Stage.TRACING:
                self._stop.set()
            self._wake.notify()
        self._on_change("stage")

    def close(self) -> None:
        """Stop and let go of the years."""
        with self._wake:
            self._closed = True
            self._stop.set()
            self._closing.set()
            self._wake.notify()
        self._thread.join(10)
        if (saving := self._saving) is not None:
            saving.join(10)

    def is_of(self, answer: Answer, case: Case | None) -> bool:
        """Whether an answer is of a case as it is: its own keeps how many worlds were drawn as well."""
        return case is not None and self._case is case and self.events is not None and answer.case is self.events.case

    @property
    def is_paused(self) -> bool:
        """Whether the frontier is left as it is."""
        return self._is_paused

    @property
    def traced(self) -> tuple[int, int]:
        """How many levels of the frontier are done, of how many."""
        tracing = self._tracing
        return (0, POINTS) if tracing is None else (tracing.done, tracing.n_points)

    @property
    def is_traced(self) -> bool:
        """Whether the frontier is whole."""
        return self._tracing is not None and self._tracing.is_over

    # the thread

    def _run(self) -> None:
        while True:
            with self._wake:
                job = self._next()
                while job is None and not self._closed:
                    self._set_stage(Stage.IDLE if self.failure is None else Stage.FAILED)
                    self._wake.wait()
                    job = self._next()
                if self._closed:
                    return
                self._stop = stop = threading.Event()
                version = self._version
            assert job is not None
            try:
                job(version, stop)
            except TenbinError as error:
                self._failed(version, error)
            except Exception:  # whatever goes wrong is told, and the next question is answered all the same
                log.exception("the study of a case failed")
                self._failed(version, TenbinError("internal"))

    def _next(self) -> Callable[[int, threading.Event], None] | None:
        """The most urgent piece of work; None where there is none."""
        if self._asked is None:
            return None
        if self._answered < self._version:
            return self._answer
        answer = self.board.answer
        if answer is None or answer.error is not None or self.failure is not None:
            return None
        if not answer.is_checked:
            return self._check
        is_traced = self._is_traced_beside(answer)
        is_final = answer.has_plan and (
            answer.result is None or answer.result.status != "feasible" or self._searched_long(answer)
        )
        if is_final and self._is_to_be_kept(answer, is_traced):
            return self._save
        if not self._is_paused and not is_traced:
            return self._trace
        if answer.has_plan and not is_final:
            return self._search
        return None

    def _is_traced_beside(self, answer: Answer) -> bool:
        return self._tracing is not None and self._tracing.is_over and self._traced == self._trace_of(answer)

    def _is_to_be_kept(self, answer: Answer, is_traced: bool) -> bool:
        """Whether a run is to be written now: as soon as the answer is final, and again with the whole frontier beside it."""
        is_busy = self._saving is not None and self._saving.is_alive()
        return self._keep is not None and not is_busy and (self._version, answer.question, is_traced) not in self._kept

    def _answer(self, version: int, stop: threading.Event) -> None:
        """The first answer, within a fraction of a second."""
        assert self._asked is not None
        case, question = self._asked
        if self._case is not case:
            self._set_stage(Stage.COMPILING if is_first_time() else Stage.DRAWING)
            try:
                events = simulate_again(case, self.events, stop=stop)
            except TenbinError as error:
                if not stop.is_set():
                    self._put(version, Answer(case, question, None, {}, error))
                return
            if self.events is None or events.blocks is not self.events.blocks or events.structure is not self.events.structure:
                self._views.clear()
            self.events, self._case, self._teller = events, case, None
            self.n_drawn += 1
        self._set_stage(Stage.ANSWERING)
        found = self._found(question, stop, QUICK_SECONDS)
        if found is not None and _gap(found) > POOR:
            found = self._found(question, stop, FIRST_SECONDS) or found  # of years that nothing is known of yet
        if found is not None and not stop.is_set():
            self._put(version, found)

    def _check(self, version: int, stop: threading.Event) -> None:
        """The answer searched for longer, and looked at on other years."""
        self._set_stage(Stage.CHECKING)
        self._again(version, stop, SOON_SECONDS)

    def _search(self, version: int, stop: threading.Event) -> None:
        """The search gone on with, where there may be a cheaper plan."""
        self._set_stage(Stage.SEARCHING)
        self._again(version, stop, THOROUGH_SECONDS)

    def _again(self, version: int, stop: threading.Event, seconds: float) -> None:
        before = self.board.answer
        assert before is not None
        found = self._found(before.question, stop, seconds, checked=True)
        if found is None:
            return
        if found.error is not None:
            raise found.error  # the answer of before stays
        if seconds == THOROUGH_SECONDS:
            self._long = (version, before.question)
        if before.has_plan and found.has_plan and before.is_checked and _gap(found) > _gap(before):
            return  # the longer search began anew and came less far: what is known stays
        self._put(version, found)

    def _searched_long(self, answer: Answer) -> bool:
        return self._long == (self._version, answer.question)

    def _found(self, question: Question, stop: threading.Event, seconds: float, checked: bool = False) -> Answer | None:
        """The answer, None where it was stopped."""
        assert self.events is not None
        case = self.events.case
        options: dict[str, Any] = {"time_limit": seconds, "stop": stop, "validate": checked}
        try:
            ask = pays_for_itself if question.aim is Aim.TOTAL else optimise
            result = ask(self.events, **question.options(), **options)
        except TenbinError as error:
            return None if stop.is_set() else Answer(case, question, None, {}, error, checked)
        if stop.is_set():
            return None
        return Answer(case, question, result, result.to_dict(how_sure=False), None, checked)

    def _trace(self, version: int, stop: threading.Event) -> None:
        """The next piece of the frontier."""
        answer = self.board.answer
        assert answer is not None
        assert self.events is not None
        self._set_stage(Stage.TRACING)
        wanted = self._trace_of(answer)
        if self._traced != wanted or self._tracing is None:
            rules = answer.question.rules()
            self._tracing = Tracing(self.events, answer.metric, POINTS, seconds_each=LEVEL_SECONDS, **rules)
            self._traced = wanted
        self._tracing.step(stop)
        if not stop.is_set() and version == self._version:
            self._put(version, answer)

    def _trace_of(self, answer: Answer) -> tuple[Any, ...]:
        return (self.n_drawn, answer.metric, repr(sorted(answer.question.rules().items())))

    def _save(self, version: int, stop: threading.Event) -> None:
        """Write the answer as a run, in a thread of its own: drawing its charts takes seconds, and nobody waits for them."""
        answer = self.board.answer
        assert answer is not None
        assert self._keep is not None
        assert self.events is not None
        keep, events = self._keep, self.events
        self._kept.add((version, answer.question, self._is_traced_beside(answer)))  # once, whatever comes of it

        def work() -> None:
            try:
                keep(answer, events, self._closing)
            except Exception:  # of one run that cannot be written the study must not end
                log.exception("a run could not be kept")
            self._on_change("saved")
            with self._wake:
                self._saving = None
                self._wake.notify()

        self._saving = threading.Thread(target=work, name="tenbin-save", daemon=True)
        self._saving.start()

    # what is known

    def _put(self, version: int, answer: Answer) -> None:
        """Show an answer with the plans beside it."""
        board = Board(answer=answer, version=version)
        if answer.has_plan:
            board = self._board(version, answer)
        elif self._tracing is not None and self._traced == self._trace_of(answer):
            board = replace(board, front=self._tracing.frontier())
        with self._wake:
            if version != self._version:
                return
            self._answered = version
            self.board = board
        self._on_change("board")

    def _board(self, version: int, answer: Answer) -> Board:
        assert answer.result is not None
        assert self.events is not None
        metric = answer.metric
        if self._teller is None or self._teller.metric != metric:
            shared = answer.result.inherent.evaluator
            self._teller, self._views = Teller(self.events, metric, shared), {}
        own = self._teller.own_view(answer.result, answer.document)
        front = self._tracing.frontier() if self._tracing is not None and self._traced == self._trace_of(answer) else None
        views = [own]
        for n, point in enumerate(front.points if front else ()):
            if point.plan != answer.result.plan:
                views.append(self._point_view(front, point, n))
        views.sort(key=lambda view: (view.per_year, -view.value))
        number = next(n for n, view in enumerate(views) if view is own)
        data = self._teller.told(
            views, number, answer.document, front if front and front.points else None, None, run="", made=""
        )
        return Board(answer, data, number, front, version)

    def _point_view(self, front: Frontier | None, point: Any, n: int) -> PlanView:
        """A plan of the frontier with all that is shown of it, worked out once."""
        assert front is not None
        assert self._teller is not None
        key = (tuple(point.plan.items()), point.outside is not None)
        if key not in self._views:
            self._views[key] = self._teller.point_view(front, point, f"points/{n}")
        found = self._views[key]
        document = self._teller.point_document(front, point)
        return found if found.document == document else replace(found, document=document)

    def _failed(self, version: int, error: TenbinError) -> None:
        with self._wake:
            if version != self._version or self._stop.is_set():
                return
            is_answered = self._answered == version
            if is_answered:
                self.failure = error
            assert self._asked is not None
            case, question = self._asked
        if not is_answered:
            self._put(version, Answer(case, question, None, {}, error))

    def _set_stage(self, stage: Stage) -> None:
        if stage != self.stage:
            self.stage = stage
            self._on_change("stage")


def _gap(answer: Answer) -> float:
    found = answer.document.get("certificate") or {}
    return float(found.get("gap") or 0.0) if found.get("kind") == "gap" else 0.0
