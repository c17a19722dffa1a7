"""A draft on its desk: what is typed, asked, looked at and saved while other things happen; nothing stale, nothing lost."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from running.commands import ROOT
from tenbin.app import keeping
from tenbin.app.board import Stage
from tenbin.app.desk import Desk
from tenbin.app.desks import Desks
from tenbin.app.drafts import open_draft
from tenbin.app.keeping import ChangedElsewhere
from tenbin.app.landing import keep_run
from tenbin.app.opening import begin_anew, open_case
from tenbin.app.question import Aim, Question
from tenbin.errors import InputError, TenbinError
from tenbin.reporting import PLAN_CHARTS
from tenbin.storage import list_runs

LONG = 60.0
TWO_CELLS = ROOT / "scenarios" / "two-cells"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENBIN_DRAFTS", str(tmp_path / "drafts"))
    monkeypatch.setenv("TENBIN_RESULTS", str(tmp_path / "results"))
    return tmp_path


class Sitting:
    """A desk with its listener, that waits until something is so."""

    def __init__(self, keep: Callable[..., Any] | None = None) -> None:
        self.changed = threading.Condition()
        self.topics: list[str] = []
        draft = open_case(TWO_CELLS).draft
        self.desk = Desk(keeping.hold(draft), lambda work: work(), keep)
        self.desk.subscribe(self._told)

    def _told(self, topic: str) -> None:
        with self.changed:
            self.topics.append(topic)
            self.changed.notify_all()

    def until(self, what: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(what, LONG), self.topics

    def settle(self) -> None:
        """Until everything is worked out for what is asked now."""
        desk = self.desk
        self.until(
            lambda: (
                desk.live.stage in (Stage.IDLE, Stage.FAILED)
                and desk.board.answer is not None
                and desk.board.answer.question == desk.question
                and desk.live.is_of(desk.board.answer, desk.case)
            )
        )


@pytest.fixture
def sitting() -> Iterator[Sitting]:
    one = Sitting()
    yield one
    one.desk.close()


# what is saved


def test_a_run_that_came_late_is_not_beside_another_answer(monkeypatch: pytest.MonkeyPatch, sitting: Sitting) -> None:
    sitting.settle()
    desk = sitting.desk
    answer, events = desk.board.answer, desk.live.events
    run = SimpleNamespace(id="a-run")
    monkeypatch.setattr(desk, "_keep_run", lambda *_: run)
    desk._save_run(answer, events, threading.Event())  # type: ignore[arg-type]
    assert desk.run is run
    desk.ask(replace(desk.question, limit="61%"))
    assert desk.run is None
    desk._save_run(answer, events, threading.Event())  # type: ignore[arg-type]
    assert desk.run is None

    def refuse(*_: object) -> None:
        raise TenbinError("no")

    monkeypatch.setattr(desk, "_keep_run", refuse)
    desk._save_run(answer, events, threading.Event())  # type: ignore[arg-type]
    assert desk.unsaved is None
    sitting.settle()
    desk._save_run(desk.board.answer, events, threading.Event())  # type: ignore[arg-type]
    assert desk.unsaved is not None


def test_a_run_has_its_charts_as_the_command_s() -> None:
    one = Sitting(keep_run)
    try:
        one.until(lambda: one.desk.run is not None)
        assert one.desk.run is not None
        found = {path.name.partition(".")[0] for path in (one.desk.run.path / "charts").iterdir()}
        assert found == set(PLAN_CHARTS)
    finally:
        one.desk.close()


def test_nothing_is_saved_while_the_files_are_not_the_draft_s() -> None:
    one = Sitting(partial(keep_run, draw=None))
    try:
        desk = one.desk
        one.until(lambda: desk.run is not None)
        one.settle()
        n = len(list_runs_here())
        (desk.holding.path / "plans.csv").write_text("plan,measure,level\n", encoding="utf-8")  # another program
        desk.change(lambda draft: draft.with_cell("measures", 0, "capex", "123456"))
        assert isinstance(desk.trouble, ChangedElsewhere)
        one.settle()
        assert desk.run is None
        assert len(list_runs_here()) == n
        desk.keep_again(over=True)
        one.until(lambda: desk.run is not None)
        assert len(list_runs_here()) == n + 1
        kept = desk.run
        desk.change(lambda draft: draft.with_cell("measures", 0, "capex", "654321"))
        one.until(lambda: desk.run is not None and desk.run is not kept)
        assert desk.run is not None
        assert kept is not None
        assert desk.run.id != kept.id  # other prices: another run
        desk.undo()
        one.until(lambda: desk.run is not None and desk.run.id == kept.id)  # the same as before: the same run
    finally:
        one.desk.close()


def list_runs_here() -> list[Any]:
    from tenbin.storage import results_root

    return list(list_runs(results_root()))


def test_a_check_that_fails_is_told_and_nothing_is_called_checked(
    monkeypatch: pytest.MonkeyPatch, sitting: Sitting, caplog: pytest.LogCaptureFixture
) -> None:
    from tenbin.app import live

    sitting.settle()
    kept: list[object] = []
    desk = sitting.desk
    monkeypatch.setattr(desk.live, "_keep", lambda *_: kept.append(1))
    real = live.optimise

    def fails(*args: Any, **options: Any) -> Any:
        if options["validate"]:
            raise RuntimeError("broken on purpose")
        return real(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(live, "optimise", fails)
        desk.ask(replace(desk.question, limit="62%"))
        sitting.until(lambda: desk.live.failure is not None)
        sitting.settle()
    answer = desk.board.answer
    assert answer is not None
    assert (answer.has_plan, answer.is_checked, answer.question.limit) == (True, False, "62%")
    assert desk.live.stage is Stage.FAILED
    assert not desk.live.is_paused
    assert kept == []
    assert "broken on purpose" in caplog.text
    desk.live.try_again()
    sitting.until(lambda: desk.board.answer is not None and desk.board.answer.is_checked and kept)
    assert desk.live.failure is None


# what is looked at


def test_a_plan_stays_on_the_screen_while_others_are_found_and_until_the_next_answer(sitting: Sitting) -> None:
    desk = sitting.desk
    sitting.settle()
    board = desk.board
    assert board.data is not None
    other = next(n for n in range(len(board.data.views)) if n != board.number)
    plan = board.data.views[other].plan
    desk.look_at(other)
    assert desk.shown == other
    desk.live._put(board.version, board.answer)  # type: ignore[arg-type]  # as each traced level does
    assert desk.board is not board
    assert desk.is_looking
    assert desk.board.data is not None
    assert desk.shown is not None
    assert desk.board.data.views[desk.shown].plan == plan
    desk.ask(replace(desk.question, limit="61%"))
    assert desk.is_looking  # nothing jumps before the answer is there
    sitting.settle()
    assert not desk.is_looking
    assert desk.shown == desk.board.number


# what is typed


def test_while_something_is_wrong_the_tables_of_before_are_answered_for(sitting: Sitting) -> None:
    desk = sitting.desk
    sitting.settle()
    case = desk.case
    desk.change(lambda draft: draft.with_cell("measures", 0, "capex", "lots"))
    assert desk.problems
    assert desk.case is case
    desk.ask(replace(desk.question, limit="61%"))
    sitting.settle()
    assert desk.board.answer is not None
    assert desk.board.answer.has_plan
    desk.undo()
    assert desk.problems == ()
    assert desk.case == case


def test_undo_gives_back_what_the_question_lost(sitting: Sitting) -> None:
    desk = sitting.desk
    measures = [row.measure for row in desk.case.costs.rows]  # type: ignore[union-attr]
    pinned, banned = measures[0], measures[-1]
    desk.ask(desk.question.pinned(pinned).banned(banned))
    n_rows = len(desk.draft.tables["measures"].rows)
    gone = [n for n in range(n_rows) if desk.draft.cell("measures", n, "measure") in (pinned, banned)]

    def without(draft: Any) -> Any:
        for n in reversed(gone):
            draft = draft.without_row("measures", n)
        for table in ("effects", "status", "plans", "requires"):
            held = draft.tables.get(table)
            for n in reversed(range(len(held.rows) if held else 0)):
                if {pinned, banned} & set(held.rows[n]):
                    draft = draft.without_row(table, n)
        return draft

    desk.change(without)
    assert desk.problems == ()
    assert (desk.question.require, desk.question.exclude) == ((), ())
    desk.ask(replace(desk.question, limit="66%"))  # what is asked meanwhile stays
    desk.undo()
    assert (desk.question.require, desk.question.exclude, desk.question.limit) == ((pinned,), (banned,), "66%")
    desk.redo()
    assert (desk.question.require, desk.question.exclude) == ((), ())


def test_what_was_lost_comes_back_only_where_nothing_else_was_said() -> None:
    before = Question(require=("A", "B=high"), exclude=("C",), more=("aal=1M",), aim=Aim.LEVEL, level="high")
    after = Question(require=(), exclude=(), more=(), aim=Aim.RISK)
    assert after.regained(before, after) == replace(
        after, require=("A", "B=high"), exclude=("C",), more=("aal=1M",), aim=Aim.LEVEL, level="high"
    )
    meanwhile = replace(after, exclude=("B",), aim=Aim.BUDGET, budget="1M")
    found = meanwhile.regained(before, after)
    assert (found.require, found.exclude, found.aim) == (("A",), ("B", "C"), Aim.BUDGET)


# other tabs, other programs


def test_a_draft_that_was_put_away_tells_its_tabs_and_does_nothing_more(sitting: Sitting) -> None:
    desk = sitting.desk
    desk.close()
    assert "closed" in sitting.topics
    before = (desk.draft, desk.question, desk.shelf)
    files = {path.name: path.read_bytes() for path in desk.holding.path.iterdir()}
    desk.change(lambda draft: draft.with_cell("measures", 0, "capex", "1"))
    desk.ask(replace(desk.question, limit="1%"))
    desk.put_aside("x", {})
    desk.undo()
    desk.keep_again()
    assert (desk.draft, desk.question, desk.shelf) == before
    assert {path.name: path.read_bytes() for path in desk.holding.path.iterdir()} == files


def test_what_another_program_wrote_is_read_and_what_was_on_the_screen_is_a_step_back(sitting: Sitting) -> None:
    desk = sitting.desk
    ours = desk.draft.with_cell("measures", 0, "capex", "111111")
    theirs = (desk.holding.path / "measures.csv").read_text(encoding="utf-8").replace("400000", "222222", 1)
    (desk.holding.path / "measures.csv").write_text(theirs, encoding="utf-8")
    desk.change(lambda _: ours)
    assert isinstance(desk.trouble, ChangedElsewhere)
    desk.read_again()
    assert desk.trouble is None
    assert "222222" in {cell for row in desk.draft.tables["measures"].rows for cell in row}
    assert desk.draft == open_draft(desk.holding.path)[0]
    desk.undo()
    assert desk.draft == ours
    assert open_draft(desk.holding.path)[0] == ours


def test_what_is_written_right_after_us_is_noticed(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, real = sitting.desk, keeping._write
    other = desk.holding.path / "measures.csv"

    def write(*args: Any) -> None:
        real(*args)
        other.write_text(other.read_text(encoding="utf-8").replace("400000", "222222", 1), encoding="utf-8")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_write", write)
        desk.change(lambda draft: draft.with_cell("plans", 0, "plan", "mine"))
    assert desk.trouble is None
    desk.change(lambda draft: draft.with_cell("plans", 0, "plan", "mine too"))
    assert isinstance(desk.trouble, ChangedElsewhere)
    assert "222222" in other.read_text(encoding="utf-8")


def opened(desks: Desks, draft: str) -> Desk:
    """A draft's desk, opened where a loop runs: in a thread of its own, for this one may have a browser's."""

    async def open_it() -> Desk:
        return desks.open(draft)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, open_it()).result()


def test_a_desk_that_is_closed_is_free_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desks = Desks(open_case(TWO_CELLS))
    slow = threading.Event()
    first = opened(desks, "two-cells")
    real = first.live.close
    monkeypatch.setattr(first.live, "close", lambda: (slow.wait(LONG), real()))
    first.ask(replace(first.question, limit="63%"))
    desks.close("two-cells")
    second = opened(desks, "two-cells")  # while the first one's work has not ended yet
    assert second is not first
    assert second.question.limit == "63%"
    slow.set()
    desks.close_all()
    assert second.is_closed


def test_a_folder_that_was_taken_away_is_no_draft_any_more() -> None:
    desks = Desks(open_case(TWO_CELLS))
    first = opened(desks, "two-cells")
    assert opened(desks, "two-cells") is first
    copy = first.holding.path.with_name("copy")
    shutil.copytree(first.holding.path, copy)
    shutil.rmtree(first.holding.path)
    with pytest.raises(InputError):
        opened(desks, "two-cells")
    assert first.is_closed
    copy.rename(first.holding.path)  # another one of its name is another draft
    second = opened(desks, "two-cells")
    assert second is not first
    shutil.rmtree(second.holding.path)
    shutil.copytree(TWO_CELLS, second.holding.path)
    third = opened(desks, "two-cells")
    assert third is not second
    desks.close_all()


def test_the_draft_of_before_says_that_it_is() -> None:
    first = open_case(TWO_CELLS)
    assert first.resumed is None
    assert open_case(TWO_CELLS) == first  # nothing was changed: nothing to say
    held = keeping.hold(first.draft)
    held.keep(held.draft.with_cell("measures", 0, "capex", "1"), held.question)
    held.release()
    again = open_case(TWO_CELLS)
    assert (again.draft, again.resumed) == (first.draft, TWO_CELLS.resolve())
    anew = begin_anew(TWO_CELLS)
    assert anew != first.draft
    assert open_draft(keeping.drafts_root() / anew)[0] == open_draft(TWO_CELLS)[0]
    assert open_case(TWO_CELLS).draft == anew
