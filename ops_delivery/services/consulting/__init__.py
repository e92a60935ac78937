"""Consulting plans, reports and recommendations (6.5, 8.6)."""
