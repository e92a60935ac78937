"""Complaints: received, handled by somebody independent, answered (5.4.d, 5.5.c)."""
