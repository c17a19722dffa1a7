"""Excel workbooks: the template of a case, reading it, marking its errors, and the results."""
