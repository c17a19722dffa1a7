"""Frameworks as data: the bundled one, and a user's own from a CSV file of the same columns."""

from tenbin.catalogue.actions import ActionText, action_texts
from tenbin.catalogue.loading import BUNDLED, load_catalogue
from tenbin.catalogue.standards import standard_titles

__all__ = ["BUNDLED", "ActionText", "action_texts", "load_catalogue", "standard_titles"]
