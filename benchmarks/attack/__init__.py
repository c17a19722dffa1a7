"""Ways to show a certificate false: plans found otherwise, that are cheaper than its bound and meet its limits."""
