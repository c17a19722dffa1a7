"""A run's folder and its manifest: written whole or not at all, never overwritten."""

from tenbin.storage.finding import Run, find_run, keep_json, list_runs, read_json
from tenbin.storage.folders import RunFolder, new_run, results_root
from tenbin.storage.manifest import input_hashes

__all__ = ["Run", "RunFolder", "find_run", "input_hashes", "keep_json", "list_runs", "new_run", "read_json", "results_root"]
