"""Small cases built without any file, for tests of single functions."""

from tenbin.model import (
    Case,
    Catalogue,
    Component,
    CostTable,
    Factor,
    Fixed,
    Gamma,
    Layer,
    Lognormal,
    Range,
    Scenario,
    Severity,
    Trigger,
)


def linked_case(fixed: bool = False) -> Case:
    """Four scenarios: A triggers B, B triggers D; A and C share a systemic factor."""
    laws = [Lognormal(2e6, 1.2), Gamma(1e6, 1.0), Fixed(4e6) if fixed else Lognormal(1e6, 0.7), Lognormal(5e6, 1.0)]
    rates = [0.8, 0.5, 0.02 if fixed else 1.2, 0.1]
    scenarios = tuple(
        Scenario(
            id=name,
            layer=n % 3 + 1,
            components=("data",) if n % 2 else ("people",),
            frequency=Range(rates[n]),
            severity=Severity(laws[n]),
            factor="F" if name in "AC" else "",
        )
        for n, name in enumerate("ABCD")
    )
    return Case(
        name="linked",
        catalogue=Catalogue(
            "none",
            tuple(Layer(n, str(n), str(n)) for n in (1, 2, 3)),
            (Component("people", "ヒト", "People"), Component("data", "データ", "Data")),
            (),
        ),
        scenarios=scenarios,
        effects=(),
        costs=CostTable("none", ()),
        triggers=(Trigger("A", "B", 0.4), Trigger("B", "D", 0.3)),
        factors=(Factor("F", 0.6),),
    )
