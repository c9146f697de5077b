"""How sure a number is: intervals, tests and claims of equivalence, all clustered by item."""
