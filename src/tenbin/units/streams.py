"""Random streams, one for each thing that is drawn.

A stream's key is (seed, purpose, kind, id, world, block). So adding, removing or reordering scenarios never changes
another scenario's draws, and no result depends on threads or on the order in which blocks are drawn.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b

import numpy as np

__all__ = ["Purpose", "stream"]


class Purpose(StrEnum):
    """What the years are drawn for; studies and their validation never share a draw."""

    STUDY = "study"
    VALIDATE = "validate"
    VALIDATE_AGAIN = "validate-again"
    SEARCH = "search"
    ROBUST = "robust"
    REPLICATE = "replicate"


def stream(seed: int, purpose: Purpose, kind: str, name: str, world: int = 0, block: int = 0) -> np.random.Generator:
    """Return the generator of one thing that is drawn: the same key always gives the same numbers.

    Parameters
    ----------
    seed : the study's seed, 0 or more.
    kind : ``scenario``, ``trigger``, ``factor`` … : ids of different kinds never collide.
    name : the id of the thing drawn; for a trigger edge ``a→b``.
    world : index of the draw of the uncertain parameters.
    block : index of the block of years inside that world.
    """
    key = "\x1f".join((str(seed), purpose.value, kind, name, str(world), str(block)))
    digest = blake2b(key.encode(), digest_size=32).digest()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(np.frombuffer(digest, np.uint32).tolist())))
