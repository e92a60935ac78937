"""Triggers that fire, and who is told (6.3.e)."""
