"""Deterministic checks: text in, findings out."""
