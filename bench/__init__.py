"""Measurements that a person runs; each prints one JSON object as its last line."""
