"""A bootstrap sample of the years: every year drawn is the same year again, under whatever plan."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cases_by_hand import linked_case
from tenbin.evaluation import Evaluator
from tenbin.simulation import EventTable, simulate_case
from tenbin.simulation.resample import draw_years, resample_years, take_years

N = 23_000  # two blocks of 10,000 and one of 3,000


@pytest.fixture(scope="module")
def events() -> EventTable:
    return simulate_case(linked_case(), N, 3, n_threads=1)


def reductions() -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    nothing = (np.zeros((1, 4)), np.zeros((1, 4)))
    return [nothing, *((rng.uniform(0, 1.5, (1, 4)), rng.uniform(0, 1.5, (1, 4))) for _ in range(4))]


def flat(events: EventTable, drawn: list[np.ndarray]) -> np.ndarray:
    """The years drawn, numbered through all blocks."""
    return np.concatenate([b.place.first_trial + y for b, y in zip(events.blocks, drawn, strict=True)])


def same_years(events: EventTable, other: EventTable, years: np.ndarray) -> bool:
    """Whether each year of the other table costs what the year that it copies costs, under every plan and scope."""
    before, after = Evaluator(events), Evaluator(other)
    return all(
        np.allclose(after.annual_loss(phi, gamma, scope), before.annual_loss(phi, gamma, scope)[years], rtol=1e-12, atol=0)
        for phi, gamma in reductions()
        for scope in (None, (False, True, False, True))
    )


def test_the_years_drawn_cost_what_they_cost(events: EventTable) -> None:
    drawn = draw_years(events, np.random.default_rng(5))
    assert same_years(events, take_years(events, drawn), flat(events, drawn))


def test_the_same_generator_gives_the_same_sample(events: EventTable) -> None:
    drawn = flat(events, draw_years(events, np.random.default_rng(5)))
    first, second = (resample_years(events, np.random.default_rng(5)) for _ in range(2))
    assert first.key == second.key != events.key
    assert first.memo is not events.memo, "what was learnt of other years is no use here"
    assert same_years(events, first, drawn)
    assert resample_years(events, np.random.default_rng(6)).key != first.key


def test_every_year_once_is_the_table_itself(events: EventTable) -> None:
    same = take_years(events, [np.arange(block.place.n_years) for block in events.blocks])
    for before, after in zip(events.blocks, same.blocks, strict=True):
        for name in ("severity", "tau", "trial", "parent", "start"):
            assert np.array_equal(getattr(before, name), getattr(after, name)), name
            assert getattr(before, name).dtype == getattr(after, name).dtype, name


def test_one_year_all_the_time_and_years_without_an_event(events: EventTable) -> None:
    for place in range(60):
        drawn = [np.full(block.place.n_years, place) for block in events.blocks]
        one = take_years(events, drawn)
        if place < 3:
            assert same_years(events, one, flat(events, drawn))
        counted = [int((b.trial == place).sum()) * b.place.n_years for b in events.blocks]
        assert [b.n_events for b in one.blocks] == counted


def test_blocks_stay_sound(events: EventTable) -> None:
    sample = resample_years(events, np.random.default_rng(1))
    for before, block in zip(events.blocks, sample.blocks, strict=True):
        assert block.place == before.place
        assert block.start[0] == 0
        assert block.start[-1] == block.n_events == len(block.severity) == len(block.trial)
        for begin, end in zip(block.start[:-1], block.start[1:], strict=True):
            assert (np.diff(block.tau[begin:end]) <= 0).all()
        assert block.trial.max() < block.place.n_years
        own = block.n_events - len(block.parent)
        assert own == block.start[4]  # four scenarios
        assert np.array_equal(block.trial[block.parent], block.trial[own:])
        assert (block.parent < np.arange(own, block.n_events)).all()


def shifted(events: EventTable, drawn: list[np.ndarray]) -> EventTable:
    """A broken sample: effects whose causes are those of the year before."""
    sample = take_years(events, drawn)
    return replace(sample, blocks=tuple(replace(b, parent=np.roll(b.parent, 1)) for b in sample.blocks))


def mixed(events: EventTable, drawn: list[np.ndarray]) -> EventTable:
    """A broken sample: events drawn one by one, so that years fall apart."""
    sample = take_years(events, drawn)
    rng = np.random.default_rng(0)
    return replace(sample, blocks=tuple(replace(b, trial=rng.permutation(b.trial)) for b in sample.blocks))


def unsorted(events: EventTable, drawn: list[np.ndarray]) -> EventTable:
    """A broken sample: the second copies at the end of the table, behind smaller marks."""
    sample = take_years(events, drawn)
    blocks = []
    for block in sample.blocks:
        tau, severity, trial = block.tau.copy(), block.severity.copy(), block.trial.copy()
        here = slice(block.start[2], block.start[3])
        order = np.random.default_rng(0).permutation(int(block.start[3] - block.start[2]))
        tau[here], severity[here], trial[here] = tau[here][order], severity[here][order], trial[here][order]
        blocks.append(replace(block, tau=tau, severity=severity, trial=trial))
    return replace(sample, blocks=tuple(blocks))


@pytest.mark.parametrize("broken", [shifted, mixed, unsorted])
def test_controls_broken_samples_are_seen(
    events: EventTable, broken: Callable[[EventTable, list[np.ndarray]], EventTable]
) -> None:
    drawn = draw_years(events, np.random.default_rng(5))
    assert not same_years(events, broken(events, drawn), flat(events, drawn))


def test_the_spread_of_the_mean_is_the_standard_error(events: EventTable) -> None:
    """The mean over bootstrap samples has variance Σ_b n_b² (s_b²/n_b) / N²; its estimate of R samples errs by √(2/(R − 1))."""
    phi, gamma = reductions()[0]
    loss = Evaluator(events).annual_loss(phi, gamma)
    runs = 200
    rng = np.random.default_rng(9)
    means = [loss[flat(events, draw_years(events, rng))].mean() for _ in range(runs)]
    parts = [loss[b.place.first_trial : b.place.first_trial + b.place.n_years] for b in events.blocks]
    error = np.sqrt(sum(len(part) * part.var() for part in parts)) / len(loss)
    assert abs(np.var(means, ddof=1) / error**2 - 1) < 4 * np.sqrt(2 / (runs - 1))
    assert abs(np.mean(means) - loss.mean()) < 4 * error / np.sqrt(runs)
