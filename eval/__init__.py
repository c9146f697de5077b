"""Measuring text that exists: recipes and items, checks, report."""
