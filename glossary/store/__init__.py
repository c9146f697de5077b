"""Where glossaries are kept: the port, its records and its errors."""
