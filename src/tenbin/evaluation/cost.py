"""What a plan costs, recomputed from the plan alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Capability, Case, MeasureLevel, Plan
from tenbin.simulation import Worlds

__all__ = ["Cost", "CostByYear", "CostModel", "cost_by_year", "cost_of"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cost:
    """A plan's cost, in the case's currency and in days (interface.md, Cost)."""

    npv: float
    per_year: float
    first_year: float
    first_year_cash: float
    days_first_year: float
    days_per_year: float
    capex: float
    opex: float
    subsidy: float

    def to_dict(self) -> dict[str, float]:
        """As in the JSON documents."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CostByYear:
    """What a plan costs in each year of the horizon, undiscounted, in the case's currency; shape (horizon_years,) each.

    effort : internal days at the day rate. subsidy : what comes in, ≥ 0, in year one. The sum of capex, opex and effort less
    subsidy, discounted to year one, is the npv.
    """

    capex: FloatArray
    opex: FloatArray
    effort: FloatArray
    subsidy: FloatArray

    @property
    def total(self) -> FloatArray:
        """What each year costs in all."""
        return np.asarray(self.capex + self.opex + self.effort - self.subsidy)


@dataclass(frozen=True, slots=True)
class CostModel:
    """A case's prices as arrays over items: the rows of the cost table first, then the shared capabilities.

    capex, initial_days : shape (n_items,), what is still to be paid, given what is in place. opex, yearly_days : the same.
    needs : shape (n_needs, 2), pairs of a row and the item of a capability that it needs.
    subsidies : share, cap and the items whose capex is eligible.
    """

    rows: tuple[tuple[str, str], ...]
    capabilities: tuple[str, ...]
    capex: FloatArray
    opex: FloatArray
    initial_days: FloatArray
    yearly_days: FloatArray
    needs: NDArray[np.int64]
    subsidies: tuple[tuple[str, float, float, tuple[int, ...]], ...]
    day_rate: float
    annuity: float
    horizon_years: int

    @classmethod
    def of(cls, case: Case, today: date | None = None) -> CostModel:
        """Prices of a case's cost table; a subsidy past its date (compared with ``today``, else the case's day) pays nothing.

        In several worlds an amount with a range counts with its mean over belief, which the least cost on average asks for; a
        subsidy is worked out from these means.
        """
        today = today or case.study.prices_on or date.today()
        table, firm = case.costs, case.organisation
        items: list[MeasureLevel | Capability] = [*table.rows, *table.capabilities]
        n_rows = len(table.rows)
        rank = {row.key: r for r, row in enumerate(table.rows)}
        spent = np.zeros(len(items), np.bool_)
        in_place = {(row.id, row.level) for row in case.status if row.in_place}
        for key in in_place & rank.keys():
            for r, row in enumerate(table.rows):
                if row.measure == key[0] and r <= rank[key]:
                    spent[r] = True
        for b, capability in enumerate(table.capabilities):
            spent[n_rows + b] = (capability.id, "") in in_place
        number = {capability.id: n_rows + b for b, capability in enumerate(table.capabilities)}
        needs = [(r, number[name]) for r, row in enumerate(table.rows) for name in row.shared]
        subsidies = []
        for subsidy in table.subsidies:
            eligible = tuple(i for i, item in enumerate(items) if item.subsidy == subsidy.id and not spent[i])
            valid = subsidy.valid_until is None or subsidy.valid_until >= today
            subsidies.append((subsidy.id, subsidy.share if valid else 0.0, subsidy.cap, eligible))
        discount = 1 / (1 + firm.discount_rate)

        def amounts(name: str) -> list[float]:
            return [item.range_of(name).mean if case.study.n_worlds > 1 else getattr(item, name) for item in items]

        return cls(
            rows=tuple(rank),
            capabilities=tuple(number),
            capex=np.where(spent, 0.0, amounts("capex")),
            opex=np.array(amounts("opex")),
            initial_days=np.where(spent, 0.0, amounts("effort_initial")),
            yearly_days=np.array(amounts("effort_yearly")),
            needs=np.array(needs, np.int64).reshape(-1, 2),
            subsidies=tuple(subsidies),
            day_rate=firm.day_rate,
            annuity=sum(discount**t for t in range(firm.horizon_years)),
            horizon_years=firm.horizon_years,
        )

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    @property
    def npv_weight(self) -> FloatArray:
        """Each item's part in the npv before subsidies."""
        paid = self.capex + self.initial_days * self.day_rate
        yearly = self.opex + self.yearly_days * self.day_rate
        return np.asarray(paid + yearly * self.annuity)

    def chosen_items(self, chosen: NDArray[np.bool_] | Iterable[bool]) -> NDArray[np.bool_]:
        """The rows chosen and the capabilities that they need, shape (n_items,)."""
        items = np.zeros(len(self.capex), np.bool_)
        items[: self.n_rows] = chosen
        if len(self.needs):
            items[self.needs[items[self.needs[:, 0]], 1]] = True
        return items

    def subsidy(self, items: NDArray[np.bool_]) -> float:
        """What the subsidies pay in year one."""
        paid = 0.0
        for _, share, cap, eligible in self.subsidies:
            capex = sum(float(self.capex[i]) for i in eligible if items[i])
            paid += min(share * capex, cap)
        return paid

    def npv(self, chosen: NDArray[np.bool_]) -> float:
        """The npv of the chosen rows: what the optimiser minimises."""
        items = self.chosen_items(chosen)
        return float(self.npv_weight[items].sum()) - self.subsidy(items)

    def items_many(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """``chosen_items`` of several plans, as 0 and 1: (n_plans, n_rows) → (n_plans, n_items)."""
        items = np.zeros((len(chosen), len(self.capex)))
        items[:, : self.n_rows] = chosen
        for row, item in self.needs:
            np.maximum(items[:, item], items[:, row], out=items[:, item])
        return items

    def npv_many(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """The npv of several plans: (n_plans, n_rows) → (n_plans,)."""
        items = self.items_many(chosen)
        npv = items @ self.npv_weight
        for _, share, cap, eligible in self.subsidies:
            npv -= np.minimum(share * (items[:, list(eligible)] @ self.capex[list(eligible)]), cap)
        return np.asarray(npv)

    def cost(self, chosen: NDArray[np.bool_]) -> Cost:
        """Every figure of the chosen rows' cost."""
        items = self.chosen_items(chosen)
        subsidy = self.subsidy(items)
        capex, opex = float(self.capex[items].sum()), float(self.opex[items].sum())
        initial, yearly = float(self.initial_days[items].sum()), float(self.yearly_days[items].sum())
        each_year = opex + yearly * self.day_rate
        paid = capex + initial * self.day_rate - subsidy
        npv = float(self.npv_weight[items].sum()) - subsidy
        return Cost(
            npv=npv,
            per_year=npv / self.annuity,
            first_year=paid + each_year,
            first_year_cash=capex + opex,
            days_first_year=initial + yearly,
            days_per_year=yearly,
            capex=capex,
            opex=opex,
            subsidy=subsidy,
        )

    def by_year(self, chosen: NDArray[np.bool_]) -> CostByYear:
        """What the chosen rows cost in each year of the horizon."""
        items = self.chosen_items(chosen)
        years = np.arange(self.horizon_years)
        capex, opex = float(self.capex[items].sum()), float(self.opex[items].sum())
        initial, yearly = float(self.initial_days[items].sum()), float(self.yearly_days[items].sum())
        return CostByYear(
            capex=np.where(years == 0, capex, 0.0),
            opex=np.full(len(years), opex),
            effort=(np.where(years == 0, initial, 0.0) + yearly) * self.day_rate,
            subsidy=np.where(years == 0, self.subsidy(items), 0.0),
        )

    def in_worlds(self, worlds: Worlds) -> Iterator[CostModel]:
        """The prices in each world, without what is in place as here."""
        number = {
            **{key: r for r, key in enumerate(self.rows)},
            **{(name, ""): self.n_rows + b for b, name in enumerate(self.capabilities)},
        }
        columns = {
            "capex": self.capex,
            "opex": self.opex,
            "effort_initial": self.initial_days,
            "effort_yearly": self.yearly_days,
        }
        for world in range(worlds.n_worlds):
            drawn = {name: values.copy() for name, values in columns.items()}
            for key, name, values in worlds.amounts:
                if columns[name][number[key]] > 0:  # else it is spent
                    drawn[name][number[key]] = values[world]
            yield replace(
                self,
                capex=drawn["capex"],
                opex=drawn["opex"],
                initial_days=drawn["effort_initial"],
                yearly_days=drawn["effort_yearly"],
            )

    def rows_of(self, plan: Plan) -> NDArray[np.bool_]:
        """Which rows a plan chooses, shape (n_rows,); ``KeyError`` when one of them has no price."""
        number = {key: r for r, key in enumerate(self.rows)}
        chosen = np.zeros(self.n_rows, np.bool_)
        for key in plan.items():
            chosen[number[key]] = True
        return chosen


def cost_of(case: Case, plan: Plan, today: date | None = None) -> Cost:
    """The cost of a plan of a case; ``KeyError`` when a row of it has no price."""
    model = CostModel.of(case, today)
    return model.cost(model.rows_of(plan))


def cost_by_year(case: Case, plan: Plan) -> CostByYear:
    """What a plan of a case costs in each year of the horizon; ``KeyError`` when a row of it has no price."""
    model = CostModel.of(case)
    return model.by_year(model.rows_of(plan))
