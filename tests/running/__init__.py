"""Helpers for tests that run tenbin as people do."""
