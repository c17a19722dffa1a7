"""From the same parameters to annual losses and metrics: tenbin and other tools, each a process that serves requests.

They run as ``python -m benchmarks.engines.NAME`` under the control of ``benchmarks/risk_peers.py``; those of other tools must not
import tenbin, which is not installed where they run.
"""
