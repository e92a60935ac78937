"""Agreements assessed by what was measured (5.2.g)."""
