"""Scoring: metrics by name, and the scores of items."""
