"""Languages and, from here on up, everything that knows what a term is."""
