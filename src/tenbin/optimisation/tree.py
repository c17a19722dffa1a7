"""The master, part by part: a part that holds nothing cheaper stays closed, whatever is learned elsewhere.

Cuts only take plans away and the ceiling only falls, so a plan that turns out to miss a limit reopens nothing: only its own
part is solved again, with the new cut. As one model the whole master was solved again for each such plan (measured: 17
solves of 1,000 nodes each).
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.answer import Answer, AnswerKind
from tenbin.optimisation.mip import SIDE_BY_SIDE, Relaxation
from tenbin.optimisation.problem import Problem

__all__ = ["Tree"]

FloatArray = NDArray[np.float64]

MAX_NODES = 200
"""Nodes that the solver may open in one of the first parts before that is split; twice as many after each split, so that what
was spent on a part that had to be split is never most of the work."""


@dataclass(order=True, slots=True)
class _Part:
    """A part of the space of plans: rows held at 0 or 1, and a bound on the cost of what is in it."""

    bound: float
    number: int
    fixed: dict[int, bool] = field(compare=False)


class Tree:
    """Parts of the master that may still hold a plan cheaper than the ceiling.

    free : only the rows whose x costs least to move are left open, that many; the others stay at what the relaxation says.
    """

    def __init__(self, problem: Problem, free: int | None = None) -> None:
        self.problem = problem
        self.n = 0
        self.parts: list[_Part] = []
        self.relaxation = problem.master.relaxation() if problem.master.workers else Relaxation(-math.inf)
        self.held: dict[int, bool] = {} if free is None else self.relaxation.settled(free)
        root = _Part(self.relaxation.bound, 0, {})
        if self.relaxation.x is not None:
            self._split(root, root.bound)
        else:
            self._push(root.bound, {})
        self.is_stopped = False

    @property
    def is_whole(self) -> bool:
        """Whether what it says holds for every plan."""
        return not self.held

    @property
    def is_closed(self) -> bool:
        return not self.parts

    @property
    def bound(self) -> float:
        """What nothing in the open parts costs less than; infinite when none is open."""
        return min((part.bound for part in self.parts), default=math.inf)

    def _push(self, bound: float, fixed: dict[int, bool], number: int | None = None) -> None:
        if number is None:
            number = self.n
            self.n += 1
        heapq.heappush(self.parts, _Part(bound, number, fixed))

    def close(self, number: int) -> None:
        """Take a part as searched: its cheapest plan is known."""
        self.parts = [part for part in self.parts if part.number != number]
        heapq.heapify(self.parts)

    def step(self, ceiling: float, time_limit: float) -> list[tuple[int, Answer]]:
        """Solve the most promising parts below a ceiling: their numbers and answers.

        What was found has to be cut off, to lower the ceiling, or its part to be closed.
        """
        master = self.problem.master
        master.set_ceiling(ceiling)
        if not master.workers:
            return self._whole(ceiling, time_limit)
        forced = self.held | self.relaxation.forced(ceiling)
        taken: list[_Part] = []
        while self.parts and len(taken) < SIDE_BY_SIDE:
            part = heapq.heappop(self.parts)
            if part.bound < ceiling and all(forced.get(row, value) is value for row, value in part.fixed.items()):
                taken.append(part)
        deepest = max((len(part.fixed) for part in taken), default=0)
        nodes = MAX_NODES * 2 ** max(0, deepest // 2 - 1)
        answers = master.solve_parts([forced | part.fixed for part in taken], nodes, time_limit) if taken else []
        for part, answer in zip(taken, answers, strict=True):
            bound = max(part.bound, answer.bound)
            if answer.kind is AnswerKind.OPTIMAL:
                self._push(bound, part.fixed, part.number)
            elif answer.kind is AnswerKind.LIMIT:
                self._split(part, bound)
            elif answer.kind is not AnswerKind.INFEASIBLE:
                self.is_stopped = True
                self._push(bound, part.fixed, part.number)
        return [(part.number, answer) for part, answer in zip(taken, answers, strict=True)]

    def _whole(self, ceiling: float, time_limit: float) -> list[tuple[int, Answer]]:
        """Without HiGHS: the master as one."""
        answer = self.problem.master.solve(time_limit=time_limit)
        self.parts.clear()
        if answer.kind is AnswerKind.OPTIMAL and answer.bound < ceiling:
            self._push(answer.bound, {}, 0)
        elif answer.kind not in (AnswerKind.OPTIMAL, AnswerKind.INFEASIBLE):
            self.is_stopped = True
            self._push(answer.bound, {}, 0)
        return [(0, answer)]

    def _split(self, part: _Part, bound: float) -> None:
        """Into four, on the two rows whose choice the relaxation leaves most open, dear ones first."""
        open_rows = self._undecided(part)
        children: list[dict[int, bool]] = [dict(part.fixed)]
        for row in open_rows[:2]:
            children = [{**child, row: value} for child in children for value in (True, False)]
        for child in children:
            if not self._contradicts(child):
                self._push(bound, child)

    def _undecided(self, part: _Part) -> list[int]:
        problem = self.problem
        x = problem.master.relaxation(part.fixed).x if part.fixed else self.relaxation.x
        price = problem.costs.npv_weight[: len(problem.rows)]
        score = price.copy() if x is None else np.minimum(x, 1 - x) * price
        score[list(part.fixed)] = -1.0
        return [int(row) for row in np.argsort(-score, kind="stable") if row not in part.fixed]

    def _contradicts(self, fixed: dict[int, bool]) -> bool:
        return any(sum(fixed.get(row, False) for row in rows) > 1 for rows in self.problem.by_measure.values())
