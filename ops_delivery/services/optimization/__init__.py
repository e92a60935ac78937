"""Optimization plans and their trial runs (6.4, 8.5)."""
