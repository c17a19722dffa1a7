"""Excel workbooks: a case to fill in and to read back, what is wrong marked in a copy, results with native charts, actions.

``opening`` reads (behind ``guard``), ``casebook`` writes a case, ``marking`` marks one, ``resultbook`` writes what a run found,
``actions`` reads what was typed beside its measures. ``layout`` says which columns a sheet has; the words are in ``workbook.toml``.
"""
