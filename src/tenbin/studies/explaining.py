"""Results that look absurd, explained with their numbers: said only where they apply."""

from __future__ import annotations
