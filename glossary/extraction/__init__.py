"""Candidate terms of a benchmark, by statistics."""
