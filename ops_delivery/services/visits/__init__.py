"""Visits on site and remote sessions (7.2, 7.3)."""
