"""From a case to an event table: the only place that draws years and worlds.

The inherent years are drawn once. Each event keeps its severity, its trial and a mark ``tau`` ~ Exp(1). Under a plan with
log reduction ``phi`` of its scenario's frequency it survives iff ``tau > phi``, which has probability exp(−phi): exact
Poisson thinning. Events of one block and scenario are held with the largest ``tau`` first, so survivors are a prefix.

phi, gamma : log reductions −ln(1 − effect) of a scenario's frequency and severity, summed over a plan's measures.
tau : an event's mark; drawn in order by Rényi's representation of exponential order statistics.
"""

from tenbin.simulation.blocks import BLOCK_YEARS, BlockPlan, plan_blocks, world_sizes
from tenbin.simulation.draw import Block, Rooms, draw_block
from tenbin.simulation.structure import Structure, structure_of
from tenbin.simulation.table import EventTable, default_threads, same_years, simulate_case
from tenbin.simulation.worlds import Worlds, draw_designs, draw_worlds

__all__ = [
    "BLOCK_YEARS",
    "Block",
    "BlockPlan",
    "EventTable",
    "Rooms",
    "Structure",
    "Worlds",
    "default_threads",
    "draw_block",
    "draw_designs",
    "draw_worlds",
    "plan_blocks",
    "same_years",
    "simulate_case",
    "structure_of",
    "world_sizes",
]
