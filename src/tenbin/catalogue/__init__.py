"""Frameworks as data: the bundled one, and a user's own from a CSV file of the same columns."""

from tenbin.catalogue.loading import BUNDLED, load_catalogue

__all__ = ["BUNDLED", "load_catalogue"]
