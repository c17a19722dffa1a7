"""Independent computations for the tests: plain numpy, scipy and pandas, no code of tenbin's.

``tables`` reads a case's frames, ``cases`` and ``law_cases`` make them, ``cost`` prices a plan, ``plans`` lists all of them;
``laws`` and ``frequency`` are the laws of one loss and of a year's number of events, ``risk`` gives expected losses and exact
compound distributions by Fourier transform, ``panjer`` the same by recursion, ``sampling`` plain draws and tests of fit,
``worlds`` belief about parameters. Each has a ``broken`` argument or another law to be put in: a deliberate mistake, for the
negative controls (the comparison that accepts the product must reject the mistake). ``brute`` alone uses tenbin, to evaluate.
"""
