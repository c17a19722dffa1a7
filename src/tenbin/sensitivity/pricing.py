"""What plans cost in worlds of uncertain prices, and given one of the prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel
from tenbin.model import AMOUNTS, Case
from tenbin.sensitivity.guesses import Guess
from tenbin.simulation import Worlds

__all__ = ["WorldCosts"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class WorldCosts:
    """A case's prices in worlds.

    model : at the likely amounts. amounts : by name, shape (n_worlds, n_items), or (1, n_items) where nothing is uncertain.
    """

    model: CostModel
    amounts: dict[str, FloatArray] = field(repr=False)

    @classmethod
    def of(cls, case: Case, worlds: Worlds | None = None) -> WorldCosts:
        """Prices in worlds; without any, at the likely amounts."""
        model = CostModel.of(replace(case, study=replace(case.study, n_worlds=1)))
        likely = dict(zip(AMOUNTS, (model.capex, model.opex, model.initial_days, model.yearly_days), strict=True))
        drawn = worlds.amounts if worlds is not None else ()
        n_worlds = worlds.n_worlds if worlds is not None and drawn else 1
        amounts = {name: np.repeat(values[None, :], n_worlds, axis=0) for name, values in likely.items()}
        place = {key: n for n, key in enumerate((*model.rows, *((name, "") for name in model.capabilities)))}
        for key, name, values in drawn:
            if likely[name][place[key]] > 0:  # what is spent stays spent
                amounts[name][:, place[key]] = values
        return cls(model, amounts)

    def per_year(self, chosen: BoolArray) -> FloatArray:
        """A plan's cost per year in each world, shape (n_worlds,); (1,) where nothing is uncertain."""
        items = self.model.chosen_items(chosen)
        npv = sum(self.amounts[name][:, items].sum(axis=1) * weight for name, weight in self._weights.items())
        return np.asarray((npv - self._subsidy(items)) / self.model.annuity)

    def given(self, chosen: BoolArray, guess: Guess, values: FloatArray, weight: FloatArray | None = None) -> FloatArray | None:
        """A plan's cost per year given each value of a price, over the worlds of the others; None where it pays no such price.

        Parameters
        ----------
        values : shape (n_values,). weight : of the worlds, summing to 1; alike unless given.
        """
        items, i = self.model.chosen_items(chosen), guess.place
        own = self.amounts[guess.amount][:, i]
        if not items[i] or not own.any():
            return None
        share = np.full(len(own), 1 / len(own)) if weight is None else weight
        cost = float(
            share @ (self.per_year(chosen) * self.model.annuity + self._subsidy(items) - self._weights[guess.amount] * own)
        )
        change = self._subsidies(items, i, values, share) if guess.amount == "capex" else float(share @ self._subsidy(items))
        return np.asarray((cost + self._weights[guess.amount] * values - change) / self.model.annuity)

    @property
    def _weights(self) -> dict[str, float]:
        """What one unit of an amount adds to the npv before subsidies."""
        rate, annuity = self.model.day_rate, self.model.annuity
        return dict(zip(AMOUNTS, (1.0, annuity, rate, annuity * rate), strict=True))

    def _subsidy(self, items: BoolArray) -> FloatArray:
        paid = np.zeros(len(self.amounts["capex"]))
        for _, share, cap, eligible in self.model.subsidies:
            there = [i for i in eligible if items[i]]
            paid += np.minimum(share * self.amounts["capex"][:, there].sum(axis=1), cap)
        return paid

    def _subsidies(self, items: BoolArray, item: int, values: FloatArray, weight: FloatArray) -> FloatArray:
        """What the subsidies pay given each value of an item's capex, shape (n_values,)."""
        paid = np.zeros(len(values))
        for _, share, cap, eligible in self.model.subsidies:
            there = [i for i in eligible if items[i] and i != item]
            others = self.amounts["capex"][:, there].sum(axis=1)
            own = values if item in eligible else np.zeros(len(values))
            paid += weight @ np.minimum(share * (others[:, None] + own[None, :]), cap)
        return paid
