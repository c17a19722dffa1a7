"""Where a label may stand: near its mark, on nothing else; in a row, near where it belongs."""

from __future__ import annotations

import math

__all__ = ["Placer", "spread"]

Point = tuple[float, float]

STEP = 3.0
"""Points between two samples of a line."""

FAR = 18.0
"""A label farther from its mark than this gets a line to it."""

RADII = (9.0, 16.0, 26.0, 38.0, 52.0, 68.0, 86.0, 106.0, 130.0, 160.0)
ANGLES = (30, 0, 60, 90, 45, 15, 75, -30, 120, 150, 180, -60, -90, -135, 210)
"""In degrees; up and to the right first, where a falling convex curve leaves room."""


class Placer:
    """What is taken on a sheet of ``width`` × ``height`` points, and the free place nearest to a mark."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._samples: list[Point] = []
        self._boxes: list[tuple[float, float, float, float]] = []

    def line(self, start: Point, end: Point) -> None:
        """Take a line."""
        length = math.dist(start, end)
        n = max(1, math.ceil(length / STEP))
        self._samples += [tuple(a + (b - a) * k / n for a, b in zip(start, end, strict=True)) for k in range(n + 1)]  # type: ignore[misc]

    def dot(self, place: Point, radius: float) -> None:
        """Take a dot."""
        x, y = place
        self._boxes.append((x - radius, y - radius, x + radius, y + radius))

    def find(self, mark: Point, size: tuple[float, float]) -> tuple[float, float, Point | None]:
        """Take the best place for a text of this size.

        Returns
        -------
        Its left and bottom edge, and where on it, in shares of its size, a line to its mark should end; None: it needs none.
        """
        best, least = (0.0, 0.0, math.inf), math.inf
        for rank, radius in enumerate(RADII):
            for turn, angle in enumerate(ANGLES):
                left, bottom = self._at(mark, size, radius, angle)
                box = (left, bottom, left + size[0], bottom + size[1])
                badness = self._badness(box) + self._crossed(mark, box, radius) + rank + 0.05 * turn
                if badness < least:
                    least, best = badness, (left, bottom, radius)
            if least < rank + 1:
                break
        left, bottom, radius = best
        box = (left, bottom, left + size[0], bottom + size[1])
        self._boxes.append(box)
        if radius <= FAR:
            return left, bottom, None
        end = _nearest(mark, box)
        self.line(mark, end)
        return left, bottom, ((end[0] - left) / size[0], (end[1] - bottom) / size[1])

    @staticmethod
    def _at(mark: Point, size: tuple[float, float], radius: float, angle: float) -> Point:
        """The corner of a box whose nearest edge is ``radius`` away from the mark at an angle."""
        across, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        x, y = mark[0] + radius * across, mark[1] + radius * up
        return x - size[0] * (1 - across) / 2, y - size[1] * (1 - up) / 2

    def _crossed(self, mark: Point, box: tuple[float, float, float, float], radius: float) -> float:
        """How many boxes the line from a mark to its label goes through, but the mark's own."""
        if radius <= FAR:
            return 0.0
        end = _nearest(mark, box)
        through = 0
        for a, b, c, d in self._boxes:
            own = a <= mark[0] <= c and b <= mark[1] <= d
            steps = [tuple(m + (e - m) * k / 20 for m, e in zip(mark, end, strict=True)) for k in range(21)]
            through += not own and any(a < x < c and b < y < d for x, y in steps)
        return 30.0 * through

    def _badness(self, box: tuple[float, float, float, float]) -> float:
        left, bottom, right, top = box
        outside = max(0.0, -left) + max(0.0, right - self.width) + max(0.0, 2 - bottom) + max(0.0, top - self.height)
        hits = sum(left - 2 < x < right + 2 and bottom - 1 < y < top + 1 for x, y in self._samples)
        overlap = 0.0
        for a, b, c, d in self._boxes:
            overlap += max(0.0, min(right, c) - max(left, a) + 2) * max(0.0, min(top, d) - max(bottom, b) + 2)
        return 1000 * outside + 10 * hits + 3 * overlap


def _nearest(mark: Point, box: tuple[float, float, float, float]) -> Point:
    """The point of a box nearest to a mark."""
    left, bottom, right, top = box
    return min(max(mark[0], left), right), min(max(mark[1], bottom), top)


def spread(wanted: list[float], widths: list[float], room: float) -> list[float]:
    """Places as near as can be to those wanted (ascending), each with its width to itself, within ``room`` where that is enough."""
    clusters: list[tuple[list[int], float, float]] = []  # members, centre, width
    for n, (want, wide) in enumerate(zip(wanted, widths, strict=True)):
        cluster = ([n], min(max(want, wide / 2), room - wide / 2), wide)
        while clusters and clusters[-1][1] + clusters[-1][2] / 2 > cluster[1] - cluster[2] / 2:
            before = clusters.pop()
            members, both = before[0] + cluster[0], before[2] + cluster[2]
            centre = sum(wanted[m] for m in members) / len(members)
            cluster = (members, max(min(centre, room - both / 2), both / 2), both)
        clusters.append(cluster)
    places = []
    for members, centre, both in clusters:
        at = centre - both / 2
        for member in members:
            places.append(at + widths[member] / 2)
            at += widths[member]
    return places
