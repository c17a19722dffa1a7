"""A run's folder and its manifest: written whole or not at all, never overwritten."""

from tenbin.storage.runs import Run, find_run, input_hashes, list_runs, results_root, write_run

__all__ = ["Run", "find_run", "input_hashes", "list_runs", "results_root", "write_run"]
