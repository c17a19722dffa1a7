"""Tables → a checked case: every rule of interface.md, every problem at once, whatever the container."""

from tenbin.inputs.asking import parse_budget, parse_choice, parse_days, parse_plan, parse_target, parse_targets
from tenbin.inputs.reading import read_case
from tenbin.inputs.writing import write_case, write_tables

__all__ = [
    "parse_budget",
    "parse_choice",
    "parse_days",
    "parse_plan",
    "parse_target",
    "parse_targets",
    "read_case",
    "write_case",
    "write_tables",
]
