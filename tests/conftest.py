"""Puts the folder of the tests on the path, so that ``from oracles import cost`` works whatever the import mode."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)
