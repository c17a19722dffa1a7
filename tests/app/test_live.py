"""The study in the background: an answer at once, a better one after it, the frontier in between; nothing stale is ever shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import tenbin
from tenbin.app.board import Answer, Stage
from tenbin.app.live import Live
from tenbin.app.question import Aim, Question
from tenbin.model import Case
from tenbin.simulation import EventTable

LONG = 120.0


class Watch:
    """Waits until something is so, told of every change."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.topics: list[str] = []
        self.kept: list[Answer] = []

    def told(self, topic: str) -> None:
        with self.changed:
            self.topics.append(topic)
            self.changed.notify_all()

    def keep(self, answer: Answer, events: EventTable, stop: threading.Event) -> None:
        self.kept.append(answer)

    def until(self, what: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(what, LONG), self.topics


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def live(watch: Watch) -> Iterator[Live]:
    one = Live(watch.told, watch.keep)
    yield one
    one.close()


@pytest.fixture(scope="module")
def case() -> Case:
    return tenbin.load("scenarios/two-cells")


def answered(live: Live, question: Question) -> Callable[[], bool]:
    return lambda: live.board.answer is not None and live.board.answer.question == question


def test_first_an_answer_then_a_checked_one_then_the_frontier_and_a_run(case: Case, live: Live, watch: Watch) -> None:
    question = Question(limit="70%")
    live.ask(case, question)
    watch.until(answered(live, question))
    watch.until(lambda: live.board.answer is not None and live.board.answer.is_checked)
    found = tenbin.optimise(tenbin.simulate(case), ["tvar95=70%"], validate=True)
    answer, data = live.board.answer, live.board.data
    assert answer is not None
    assert answer.result is not None
    assert data is not None
    assert (answer.result.plan, answer.result.cost) == (found.plan, found.cost)
    assert [one.value for one in answer.result.outside] == [one.value for one in found.outside]
    watch.until(lambda: live.is_traced and live.stage == Stage.IDLE)
    front = tenbin.frontier(tenbin.simulate(case), n_points=20)
    data = live.board.data
    assert data is not None
    assert {tuple(view.plan.items()) for view in data.views} >= {tuple(point.plan.items()) for point in front.points}
    watch.until(lambda: len(watch.kept) == 2)  # at once, and with its frontier
    assert [one.question for one in watch.kept] == [question, question]
    assert data.views[data.own].plan == found.plan


def test_the_last_question_is_the_one_that_is_answered(case: Case, live: Live, watch: Watch) -> None:
    asked = [Question(limit=f"{share}%") for share in range(95, 60, -1)]
    for question in asked:
        live.ask(case, question)
    watch.until(answered(live, asked[-1]))
    watch.until(lambda: len(watch.kept) >= 2 and watch.kept[-1].question == asked[-1])
    assert live.board.answer is not None
    assert live.board.answer.question == asked[-1]


def test_other_prices_and_effects_give_other_answers(case: Case, live: Live, watch: Watch) -> None:
    question = Question(limit="70%")
    live.ask(case, question)
    watch.until(lambda: live.is_traced)
    before = live.board
    frames = tenbin.to_frames(case)
    measures = frames["measures"].astype(object)
    measures["capex"] = 9_999_999
    dear = tenbin.load({**frames, "measures": measures})
    live.ask(dear, question)
    watch.until(lambda: live.board.version == before.version + 1 and live.is_traced and live.stage == Stage.IDLE)
    after = live.board
    assert before.answer is not None
    assert before.answer.result is not None
    assert after.answer is not None
    assert after.answer.result is not None
    assert after.answer.result.cost == tenbin.optimise(tenbin.simulate(dear), ["tvar95=70%"]).cost
    assert after.answer.result.cost.npv > before.answer.result.cost.npv
    assert after.data is not None
    assert before.data is not None
    dearest = max(view.per_year for view in before.data.views)
    assert max(view.per_year for view in after.data.views) > dearest  # the frontier is of the new prices


@pytest.mark.parametrize(
    ("question", "means"),
    [
        (Question(aim=Aim.BUDGET, budget="2M"), {"budget": "2M/year", "metric": "tvar95"}),
        (Question(limit="3M", metric="aal"), {"targets": ["aal=3M"]}),
    ],
)
def test_every_aim_is_what_the_command_does(case: Case, live: Live, watch: Watch, question: Question, means: dict) -> None:
    live.ask(case, question)
    watch.until(lambda: live.board.answer is not None and live.board.answer.is_checked)
    found = tenbin.optimise(tenbin.simulate(case), **means)
    answer = live.board.answer
    assert answer is not None
    assert answer.result is not None
    assert (answer.result.plan, answer.result.objective) == (found.plan, found.objective)


def test_what_cannot_be_is_told_and_the_next_question_is_answered(case: Case, live: Live, watch: Watch) -> None:
    for wrong in (Question(limit="nonsense"), Question(aim=Aim.LEVEL, level="no such"), Question(require=("X9.999",))):
        live.ask(case, wrong)
        watch.until(answered(live, wrong))
        assert live.board.answer is not None
        assert live.board.answer.error is not None
        assert live.board.data is None
    beyond = Question(limit="1")
    live.ask(case, beyond)
    watch.until(answered(live, beyond))
    assert live.board.answer is not None
    assert live.board.answer.result is not None
    assert live.board.answer.result.status == "infeasible"
    right = Question(limit="80%")
    live.ask(case, right)
    watch.until(answered(live, right))
    assert live.board.answer.has_plan


def test_a_failure_inside_is_told_and_ends_nothing(
    case: Case, live: Live, watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    question = Question(limit="80%")
    with monkeypatch.context() as patch:
        patch.setattr("tenbin.app.live.optimise", broken)
        live.ask(case, question)
        watch.until(answered(live, question))
        assert live.board.answer is not None
        assert live.board.answer.error is not None
    assert "broken on purpose" in caplog.text
    again = replace(question, limit="81%")
    live.ask(case, again)
    watch.until(answered(live, again))
    assert live.board.answer.has_plan


def test_the_frontier_can_be_left_and_gone_on_with(case: Case, live: Live, watch: Watch) -> None:
    live.pause(True)
    question = Question(limit="80%")
    live.ask(case, question)
    watch.until(lambda: live.stage == Stage.IDLE and live.board.answer is not None and live.board.answer.is_checked)
    assert live.traced[0] == 0
    live.pause(False)
    watch.until(lambda: live.is_traced)
    assert live.traced[0] == live.traced[1]
