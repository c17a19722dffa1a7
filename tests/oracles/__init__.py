"""Independent computations for the tests: plain numpy, scipy and pandas, no code of tenbin's.

``tables`` reads a case's frames, ``cases`` makes them, ``cost`` prices a plan, ``plans`` lists all of them, ``risk``
gives expected losses and exact compound distributions. Each has a ``broken`` argument: a deliberate mistake, for the
negative controls (the comparison that accepts the product must reject the mistake).
"""
