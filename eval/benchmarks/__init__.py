"""Benchmark recipes and the items that they describe."""
