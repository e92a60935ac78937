"""The dispatch board and an engineer's own day (5.3.a)."""
