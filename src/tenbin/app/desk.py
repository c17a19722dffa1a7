"""A draft on the desk: what is typed, undone and asked, by however many tabs look at it; everything is kept as it changes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tenbin.app.board import Answer, Board
from tenbin.app.live import Live
from tenbin.app.question import Question
from tenbin.app.wondering import Wondering
from tenbin.errors import StorageError, TenbinError

if TYPE_CHECKING:
    from tenbin.app.drafts import Draft, DraftProblem
    from tenbin.app.keeping import Holding
    from tenbin.model import Case
    from tenbin.simulation import EventTable
    from tenbin.storage import Run

__all__ = ["Desk", "Shelved"]

log = logging.getLogger(__name__)

MOST_STEPS = 200
MOST_SHELVED = 8

Done = TypeVar("Done")
Schedule = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Step:
    """A change that can be taken back: the draft before it, and the question on either side of it, which may have lost something."""

    draft: Draft
    before: Question
    after: Question


@dataclass(frozen=True, slots=True)
class Shelved:
    """A plan put aside to be compared: what it was called, and its measures."""

    name: str
    plan: Mapping[str, str]


class Desk:
    """One opened draft.

    holding : the folder that it is kept in. schedule : runs a function on the thread that the pages live on. keep_run : writes a checked
    answer under results; then ``run`` is where, or ``unsaved`` why not. lang : of the page that was opened last.

    While something is wrong in the tables, ``case`` is what they were before, and everything is answered for that.

    Listeners are told ``"draft"`` (tables, problems, undo), ``"question"``, ``"board"`` (an answer, a plan of the frontier, another plan
    looked at), ``"stage"`` (what is being done), ``"saved"``, ``"shelf"``, ``"trouble"``, ``"reasons"``, ``"closed"`` (the draft was put
    away: nothing more is done with it here).
    """

    def __init__(self, holding: Holding, schedule: Schedule, keep_run: Callable[..., Run | None] | None = None) -> None:
        self.holding, self._schedule = holding, schedule
        self.id = holding.id
        self._lock = threading.RLock()
        self._undo: list[Step] = []
        self._redo: list[Draft] = []
        self.is_closed = False
        self.resumed: Path | None = None
        self._listeners: dict[int, Callable[[str], None]] = {}
        self._numbers = count()
        self.draft: Draft = holding.draft
        self.case: Case | None = None
        self.problems: tuple[DraftProblem, ...] = ()
        self.trouble: StorageError | None = None
        self.run: Run | None = None
        self.unsaved: TenbinError | None = None
        self.lang = "en"
        self._looked_at: tuple[int, Mapping[str, str]] | None = None
        self._hand = ThreadPoolExecutor(1, "tenbin-hand")
        self._turn = asyncio.Lock()
        self._check()
        self.question = Question.reopened(holding.question, self.case)
        self.shelf = _shelf_of(holding.question)
        self._keep_run = keep_run
        self.live = Live(self._changed, self._save_run if keep_run else None)
        self.wondering = Wondering(self, self._changed)
        self._ask()

    # who looks on

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Tell a listener what changes; what ends it."""
        number = next(self._numbers)
        self._listeners[number] = listener
        return lambda: self._listeners.pop(number, None) and None

    @property
    def n_listeners(self) -> int:
        """How many tabs look on."""
        return len(self._listeners)

    def _changed(self, topic: str) -> None:
        self._schedule(lambda: self._tell(topic))

    def _tell(self, topic: str) -> None:
        for listener in list(self._listeners.values()):
            try:
                listener(topic)
            except Exception:  # a tab that is going must not keep the others from hearing
                log.exception("a page could not follow")

    async def do(self, work: Callable[..., Done], *arguments: Any) -> Done | None:
        """Do something to the draft beside the thread of the pages; None when it is being closed.

        What is asked first comes first, and the pages are told of it before the next begins: they draw what has changed.
        """
        async with self._turn:
            try:
                future = self._hand.submit(work, *arguments)
            except RuntimeError:
                return None
            return await asyncio.wrap_future(future)

    # the draft

    def change(self, edit: Callable[[Draft], Draft]) -> None:
        """Change the draft; it can be undone."""
        with self._lock:
            found = edit(self.draft)
            if found == self.draft or self.is_closed:
                return
            self._redo = []
            self._step(found)

    def undo(self) -> None:
        """Take the last change back, and what the question lost by it."""
        with self._lock:
            if self._undo and not self.is_closed:
                step = self._undo.pop()
                self._redo.append(self.draft)
                self._take(step.draft, self.question.regained(step.before, step.after))
                self._follow()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        with self._lock:
            if self._redo and not self.is_closed:
                self._step(self._redo.pop())

    def read_again(self) -> None:
        """Take what another program wrote in the folder; what was on the screen is one step back.

        Raises
        ------
        InputError : when nothing of it can be read.
        """
        with self._lock:
            if not self.is_closed:
                self._step(self.holding.read_again())

    @property
    def steps(self) -> tuple[int, int]:
        """How many changes can be taken back, how many made again."""
        return len(self._undo), len(self._redo)

    def _step(self, draft: Draft) -> None:
        """Take up a draft so that the one before it can be had again."""
        before, question = self.draft, self.question
        self._take(draft, question)
        self._undo = [*self._undo[-MOST_STEPS:], Step(before, question, self.question)]
        self._follow()

    def _take(self, draft: Draft, question: Question) -> None:
        self.draft = draft
        self._check()
        self.question = question.suited(self.case) if self.case is not None else question

    def _follow(self) -> None:
        """Keep what was taken up, answer it and tell of it; what can be undone is known by now."""
        self._keep()
        if not self.problems:
            self._ask()
        self._changed("draft")
        self._changed("question")

    def _check(self) -> None:
        from tenbin.app.drafts import check_draft

        case, self.problems = check_draft(self.draft)
        if case is not None and case != self.case:
            self.case = case

    def _keep(self) -> None:
        kept = self.question.kept() | {"shelf": [{"name": one.name, "plan": dict(one.plan)} for one in self.shelf]}
        kept |= {name: value for name, value in self.holding.question.items() if name == "origin"}
        before = self.trouble
        try:
            self.holding.keep(self.draft, kept)
            self.trouble = None
        except StorageError as error:
            self.trouble = error
        if self.trouble is not before:
            self._changed("trouble")
            if self.trouble is None:
                self.live.keep_again()

    def keep_again(self, over: bool = False) -> None:
        """Try again to keep what could not be kept; over : what another program wrote there meanwhile is moved aside."""
        with self._lock:
            if self.is_closed:
                return
            if over:
                self.holding.take_over()
            self._keep()

    # the question

    def ask(self, question: Question) -> None:
        """Ask something else."""
        with self._lock:
            if question == self.question or self.is_closed:
                return
            self.question = question
            self._ask()
            self._changed("question")
            self._hand.submit(self._keep_now)

    def _keep_now(self) -> None:
        with self._lock:
            if not self.is_closed:
                self._keep()

    def _ask(self) -> None:
        self.run = self.unsaved = None
        if self.case is not None:
            self.live.ask(self.case, self.question)

    # what is looked at

    @property
    def board(self) -> Board:
        """The answer and the plans beside it."""
        return self.live.board

    @property
    def shown(self) -> int | None:
        """The number of the plan on the screen: the one looked at, else the answer."""
        board, plan = self.board, self._plan_looked_at
        views = board.data.views if board.data is not None and plan is not None else ()
        return next((n for n, view in enumerate(views) if view.plan == plan), board.number)

    @property
    def is_looking(self) -> bool:
        """Whether another plan than the answer may be on the screen: until the next answer comes."""
        return self._plan_looked_at is not None

    @property
    def _plan_looked_at(self) -> Mapping[str, str] | None:
        version, plan = self._looked_at or (None, None)
        return plan if version == self.board.version else None

    def look_at(self, number: int) -> None:
        """Show another plan of the board, however many more are found beside it, until the next answer."""
        board = self.board
        if board.data is not None and 0 <= number < len(board.data.views):
            is_shown = self.is_looking and self.shown == number
            self._looked_at = (board.version, board.data.views[number].plan)
            if not is_shown:
                self._changed("board")

    def dismiss(self) -> None:
        """It has been seen that this is the draft of before (``resumed``: of which case)."""
        self.resumed = None
        self._changed("draft")

    def put_aside(self, name: str, plan: Mapping[str, str]) -> None:
        """Put a plan on the shelf, to be compared; the oldest gives way."""
        with self._lock:
            if self.is_closed:
                return
            others = [one for one in self.shelf if dict(one.plan) != dict(plan)]
            self.shelf = (*others, Shelved(name, dict(plan)))[-MOST_SHELVED:]
            self._keep()
        self._changed("shelf")

    def take_away(self, number: int) -> None:
        """Take a plan off the shelf."""
        with self._lock:
            if self.is_closed:
                return
            self.shelf = tuple(one for n, one in enumerate(self.shelf) if n != number)
            self._keep()
        self._changed("shelf")

    def _save_run(self, answer: Answer, events: EventTable, stop: threading.Event) -> None:
        assert self._keep_run is not None
        found: Run | None = None
        unsaved: TenbinError | None = None
        try:
            found = self._keep_run(self, answer, events, stop)
        except TenbinError as error:
            unsaved = error
        except Exception:  # of one run that cannot be written the study must not end
            log.exception("a run could not be kept")
            unsaved = TenbinError("internal")
        with self._lock:
            if answer.question == self.question and self.live.is_of(answer, self.case):  # it may be another by now
                self.run, self.unsaved = found, unsaved

    def put_away(self) -> None:
        """Keep the question, let go of the folder, and do nothing more; another desk may then be made of the draft at once."""
        with self._lock:
            if self.is_closed:
                return
            if self.trouble is None and self.holding.is_there:
                self._keep()  # a question asked a moment ago may not be written yet
            self.is_closed = True
            self.holding.release()
        self._changed("closed")

    def close(self) -> None:
        """Put it away and end its work, which may take some seconds."""
        self.put_away()
        self.wondering.stop()
        self.live.close()
        self._hand.shutdown()


def _shelf_of(kept: Mapping[str, Any]) -> tuple[Shelved, ...]:
    """The plans put aside, as kept; another hand may have written there."""
    found = []
    for one in kept.get("shelf") or ():
        if isinstance(one, Mapping) and isinstance(one.get("plan"), Mapping):
            found.append(Shelved(str(one.get("name", "")), {str(m): str(level) for m, level in one["plan"].items()}))
    return tuple(found[-MOST_SHELVED:])
