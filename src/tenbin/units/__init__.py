"""What stands below everything: amounts and shares as people write them, random streams keyed by purpose."""

from tenbin.units.amounts import (
    Money,
    format_amount,
    format_date,
    format_frequency,
    format_rate,
    format_share,
    parse_amount,
    parse_number,
    parse_share,
)
from tenbin.units.memory import format_memory, installed_memory, parse_memory, usable_memory
from tenbin.units.streams import Purpose, Switchable, stream, stream_states

__all__ = [
    "Money",
    "Purpose",
    "Switchable",
    "format_amount",
    "format_date",
    "format_frequency",
    "format_memory",
    "format_rate",
    "format_share",
    "installed_memory",
    "parse_amount",
    "parse_memory",
    "parse_number",
    "parse_share",
    "stream",
    "stream_states",
    "usable_memory",
]
