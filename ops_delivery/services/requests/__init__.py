"""A request from its report to its acceptance (5.3.c, 6.3)."""
