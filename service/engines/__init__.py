"""Engines: what produces text."""
