"""Amounts that were agreed: what was drawn on them, planned, left, expired and beyond (5.3.a, 5.4.a)."""
