"""Service clocks: planned, stored, explained, planned anew (5.3.b, 5.3.d)."""
