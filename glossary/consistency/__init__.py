"""How source terms are rendered in parallel text, and where that varies."""
