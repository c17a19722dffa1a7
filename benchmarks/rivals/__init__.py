"""Other ways to the cheapest plan, each on the same event table: greedy, genetic, extensive form, another solver."""
