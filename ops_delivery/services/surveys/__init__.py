"""Surveys: asked, answered, reckoned (5.4.c)."""
