"""Tables → a checked case: every rule of the interface, every problem at once, whatever the container.

A *container* (``containers``) gives raw tables of text and nested settings: a folder of CSV files (``folder``) or a mapping
of DataFrames (``frames``). ``schema`` says how each column's cells are read (``cells``), ``tables`` reads them row by row and
keeps every problem, ``crosschecks``, ``costchecks`` and ``crosswalks`` hold the rules between rows and tables, ``building``
makes the case.
``asking`` reads what is asked of a case; ``writing`` is the way back, without loss.
"""

from tenbin.inputs.asking import parse_target, parse_targets
from tenbin.inputs.branding import read_brand
from tenbin.inputs.choosing import parse_budget, parse_choice, parse_days, parse_plan
from tenbin.inputs.reading import is_workbook, read_case
from tenbin.inputs.writing import write_case, write_tables

__all__ = [
    "is_workbook",
    "parse_budget",
    "parse_choice",
    "parse_days",
    "parse_plan",
    "parse_target",
    "parse_targets",
    "read_brand",
    "read_case",
    "write_case",
    "write_tables",
]
